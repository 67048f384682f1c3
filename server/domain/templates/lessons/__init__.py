"""The lessons of a camp, one for each day, picked from texts that are each written once.

Written by this project after the calendar in docs/clinical.md; no clinician has reviewed it yet.
No text names an amount of a medicine or a product, or promises that diabetes goes away.
"""

from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from server.domain.templates.lessons import birth, eating, living, measuring, moving, prediabetes, pregnancy, type1

TEXTS: dict[str, dict[str, Any]] = {
    **measuring.TEXTS,
    **eating.TEXTS,
    **moving.TEXTS,
    **living.TEXTS,
    **prediabetes.TEXTS,
    **type1.TEXTS,
    **pregnancy.TEXTS,
    **birth.TEXTS,
}


def lesson_id(template: str, day: int) -> str:
    """The id of that day's lesson: always the same, so that seeding twice adds nothing."""
    return str(uuid5(NAMESPACE_URL, f"urn:tangying:lesson:{template}:{day}"))


def lessons_of(template: str, calendar: Iterable[str]) -> list[dict[str, Any]]:
    """One lesson for each day, in order; `calendar` names the text of day 1, 2, 3 …"""
    return [{"id": lesson_id(template, day), "day": day, **TEXTS[name]} for day, name in enumerate(calendar, start=1)]
