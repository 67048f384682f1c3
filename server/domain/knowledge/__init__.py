"""The knowledge base that is shipped: 131 topics, each with its question, other ways to put it, and an answer.

No clinician has reviewed these texts: `reviewed_on` is empty until one has. Organisations edit, review and publish their
own wording over them.
"""

from server.domain.knowledge import camping, families, food, living, monitoring, moving, targets
from server.domain.knowledge.topic import ENDING, Topic

TOPICS: tuple[Topic, ...] = (
    *monitoring.TOPICS, *targets.TOPICS, *food.TOPICS, *moving.TOPICS, *living.TOPICS, *families.TOPICS, *camping.TOPICS)

__all__ = ["ENDING", "TOPICS", "Topic"]
