"""How people put the questions of each topic, by slug."""

from server.domain.knowledge.asked import camping, eating, families, food, living, monitoring, moving, targets

ASKED: dict[str, str] = {
    **monitoring.ASKED, **targets.ASKED, **food.ASKED, **eating.ASKED, **moving.ASKED, **living.ASKED, **families.ASKED, **camping.ASKED}
