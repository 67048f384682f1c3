"""How people put what is no question for the knowledge base: groups that stand beside its topics as it is looked through."""

from server.domain.questions.asked.crises import CRISES
from server.domain.questions.asked.dangers import DANGERS
from server.domain.questions.asked.doses import DOSES
from server.domain.questions.asked.nowhere import NOWHERE
from server.domain.questions.asked.others import OTHERS_DATA
from server.domain.questions.asked.small_talk import SMALL_TALK

__all__ = ["CRISES", "DANGERS", "DOSES", "NOWHERE", "OTHERS_DATA", "SMALL_TALK"]
