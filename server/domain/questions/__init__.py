"""The responder: pure, without a model that nobody can look into. Every reply names the rule that gave it."""

from server.domain.questions.indexing import Index
from server.domain.questions.responding import HOUSE, Reply, build_index, respond, tells_dose
from server.domain.questions.synonyms import SYNONYMS

__all__ = ["HOUSE", "SYNONYMS", "Index", "Reply", "build_index", "respond", "tells_dose"]
