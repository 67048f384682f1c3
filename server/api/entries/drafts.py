"""What an entry is filed and changed with, and the card owed with its refusal."""

from typing import Any

import marshmallow
from marshmallow import ValidationError, fields

from server.api.contract import OneOf
from server.api.fields import Glucose, Several, Tenth
from server.api.views import Choice, Flag, Id, Instant, Schema, Text, Whole
from server.domain import alerts, entries
from server.domain.camps import KINDS
from server.domain.glucose import FILING_RANGE, HI, LO, MG_DL, MMOL_L, SLOTS, UNITS
from server.domain.refusals import Refusal

GLUCOSE_BY_UNIT = [
    {"properties": {"unit": {"enum": [unit]}, "value": {"anyOf": [
        {"type": "number", "minimum": float(FILING_RANGE[unit][0]), "maximum": float(FILING_RANGE[unit][1])},
        {"type": "string", "enum": [HI, LO]}]}}} for unit in (MMOL_L, MG_DL)]


class Draft(Schema):
    """What every entry has."""

    id = Id(required=True)
    occurred_at = Instant(required=True)
    source = Choice(entries.SOURCES, load_default="manual")
    note = Text(0, 500, lines=True)
    person_id = Id()


class GlucoseDraft(Draft):
    """One glucose reading, its value and unit as the person typed them."""

    also = {"anyOf": GLUCOSE_BY_UNIT}
    kind = Choice(("glucose",), required=True)
    value = Glucose(required=True)
    unit = Choice(UNITS, required=True)
    slot = Choice(SLOTS)
    hours_after = Whole(1, 2)
    ketone_mmol_l = Tenth("0", "30")
    urine_ketone = Choice(alerts.URINE_KETONES)
    symptoms = Several(Choice(alerts.SYMPTOMS), len(alerts.SYMPTOMS))
    not_mine = Flag()


class Food(Schema):
    """One food and its grams."""

    name = Text(1, 40, required=True)
    grams = Tenth("0.1", "5000", required=True)


class MealDraft(Draft):
    """One meal: what was eaten in free text, as foods, as a photo, or more than one of them."""

    also = {"anyOf": [{"required": ["text"]}, {"required": ["foods"]}, {"required": ["photo_id"]}]}
    kind = Choice(("meal",), required=True)
    slot = Choice(entries.MEAL_SLOTS, required=True)
    text = Text(2, 500, lines=True)
    foods = Several(fields.Nested(Food), 40, least=1)
    photo_id = Id()


class ExerciseDraft(Draft):
    """One exercise, or a stated rest with its reason in the note."""

    also = {"anyOf": [{"required": ["activity", "minutes", "intensity"]},
                      {"required": ["rest", "note"],
                       "properties": {"rest": {"const": True}, "note": {"type": "string", "minLength": 1}}}]}
    kind = Choice(("exercise",), required=True)
    activity = Text(1, 40)
    minutes = Whole(1, 600)
    intensity = Choice(entries.INTENSITIES)
    rest = Flag()


class LessonDraft(Draft):
    """One finished lesson."""

    kind = Choice(("lesson",), required=True)
    lesson_id = Text(1, 64, required=True)


class WholeMealDraft(MealDraft):
    """A meal that says what was eaten."""

    @marshmallow.validates_schema
    def check_whole(self, draft: dict[str, Any], **_: Any) -> None:
        """Refuse a meal that says nothing."""
        if not entries.is_whole(draft):
            raise ValidationError("请写一写吃了什么，或者传一张照片。", "text")


class WholeExerciseDraft(ExerciseDraft):
    """An exercise with activity, minutes and intensity, or a rest with a note."""

    @marshmallow.validates_schema
    def check_whole(self, draft: dict[str, Any], **_: Any) -> None:
        """Refuse an exercise without its facts."""
        if not entries.is_whole(draft):
            raise ValidationError("请填写运动项目、时长和强度；休息一天要写一句原因。", "minutes")


ENTRY = OneOf("kind", {"glucose": GlucoseDraft, "meal": WholeMealDraft, "exercise": WholeExerciseDraft,
                       "lesson": LessonDraft})


def refused_advice(body: Any) -> dict[str, Any] | None:
    """The card owed with any refusal of a body that holds a dangerous reading."""
    if not isinstance(body, dict):
        return None
    if isinstance(body.get("entries"), list):
        return next(filter(None, map(refused_advice, body["entries"][:100])), None)
    return alerts.advice_for_refused(body.get("value"), body.get("unit"))


class SyncItem(fields.Field):
    """One item of a sync: an open object, loaded strictly by itself, so that a bad one spoils no other.

    Loads as the draft, or as the Refusal that its shape deserves.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError("要是一条记录。")
        try:
            return ENTRY.load(value)
        except ValidationError as error:
            known = value.get("id") if isinstance(value.get("id"), str) else None
            return Refusal("invalid", errors=error.messages_dict, advice=refused_advice(value), id=known)


class SyncDraft(Schema):
    """1 to 100 entries."""

    entries = Several(SyncItem(metadata={"type": "object"}), 100, least=1, required=True)


class EntryChanges(Schema):
    """Fields to change; which of them an entry has depends on its kind. null empties those that may be empty."""

    kind = Choice(KINDS)
    occurred_at = Instant()
    source = Choice(entries.SOURCES)
    note = Text(0, 500, lines=True, allow_none=True)
    value = Glucose()
    unit = Choice(UNITS)
    slot = Choice((*SLOTS, *entries.MEAL_SLOTS))
    hours_after = Whole(1, 2, allow_none=True)
    ketone_mmol_l = Tenth("0", "30", allow_none=True)
    urine_ketone = Choice(alerts.URINE_KETONES, allow_none=True)
    symptoms = Several(Choice(alerts.SYMPTOMS), len(alerts.SYMPTOMS), allow_none=True)
    not_mine = Flag(allow_none=True)
    text = Text(2, 500, lines=True, allow_none=True)
    foods = Several(fields.Nested(Food), 40, least=1, allow_none=True)
    photo_id = Id(allow_none=True)
    activity = Text(1, 40, allow_none=True)
    minutes = Whole(1, 600, allow_none=True)
    intensity = Choice(entries.INTENSITIES, allow_none=True)
    rest = Flag(allow_none=True)
    lesson_id = Text(1, 64)
