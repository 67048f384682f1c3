"""An entry as it arrives, as it is stored and as it is shown."""

import datetime as dt
import types
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from server.domain import alerts, entries, exercise, glucose, meals
from server.domain.camps import DEFAULT_TIMEZONE, Calendar, zone
from server.domain.glucose import Patient, Reading
from server.domain.lessons import LESSONS
from server.domain.refusals import Refusal

# Free text is sealed together, in one column.
WORDS = ("note", "text", "foods", "photo_id", "activity")
PLAIN = ("ketone_mmol_l", "urine_ketone", "not_mine", "minutes", "intensity", "rest")
EMPTY = dict.fromkeys((*PLAIN, "slot", "hours_after", "glucose_typed", "glucose_unit", "glucose_mmol_l", "on_target",
                       "symptoms", "lesson_id", "words"))


def reading_of(draft: dict[str, Any]) -> Reading | None:
    """The reading in a draft, None for another kind."""
    return Reading(draft["value"], draft["unit"]) if draft["kind"] == "glucose" else None


def advice_of(draft: dict[str, Any], patient: Patient) -> dict[str, Any] | None:
    """The card that a draft's reading asks for, None for anything harmless. Another person's reading asks for one too."""
    reading = reading_of(draft)
    if reading is None:
        return None
    return alerts.card_of(reading, draft.get("symptoms") or (), draft.get("ketone_mmol_l"), draft.get("urine_ketone"), patient)


def check(draft: dict[str, Any], now: dt.datetime, advice: dict[str, Any] | None) -> None:
    """Let a draft pass that can be kept. Raises entry_in_future, entry_too_old, glucose_implausible, lesson_unknown."""
    entries.check_when(draft["occurred_at"], now, advice)
    reading = reading_of(draft)
    if reading is not None:
        # An impossible value is likely one of the other unit, unless symptoms or ketones say what it is.
        is_emergency = advice is not None and advice["call_120"]
        glucose.check_plausible(reading, advice if is_emergency else
                                alerts.advice_for_refused(reading.typed, reading.unit) or advice)
    if draft["kind"] == "lesson" and draft["lesson_id"] not in LESSONS:
        raise Refusal("lesson_unknown")


def columns(draft: dict[str, Any], calendar: Calendar | None, patient: Patient, day: dt.date) -> dict[str, Any]:
    """The columns that hold what the draft says, its verdict included."""
    values: dict[str, Any] = {**EMPTY, **{name: draft.get(name) for name in PLAIN}}
    values["words"] = {name: draft[name] for name in WORDS if draft.get(name)} or None
    values["lesson_id"] = draft.get("lesson_id")
    values["symptoms"] = draft.get("symptoms") or None
    values["slot"] = draft.get("slot")
    reading = reading_of(draft)
    if reading is not None:
        hour = draft["occurred_at"].astimezone(zone(calendar.timezone if calendar else DEFAULT_TIMEZONE)).hour
        slot = draft.get("slot") or glucose.slot_by_hour(hour)
        hours_after = draft.get("hours_after") or (2 if slot in glucose.AFTER_MEAL else None)
        values |= {"slot": slot, "hours_after": hours_after, "glucose_typed": str(reading.typed),
                   "glucose_unit": reading.unit, "glucose_mmol_l": reading.mmol_l,
                   "on_target": glucose.on_target(reading, slot, hours_after, patient, day)}
    return values


def draft_of(row: sa.Row) -> dict[str, Any]:
    """The draft that would be stored as this row: what a change starts from."""
    words = row.words or {}
    draft = {"kind": row.kind, "occurred_at": row.occurred_at, "source": row.source, "slot": row.slot,
             "hours_after": row.hours_after, "symptoms": row.symptoms, "lesson_id": row.lesson_id,
             **{name: getattr(row, name) for name in PLAIN}, **{name: words.get(name) for name in WORDS}}
    if draft["photo_id"]:
        draft["photo_id"] = uuid.UUID(draft["photo_id"])
    if row.kind == "glucose":
        draft |= {"value": typed_value(row.glucose_typed), "unit": row.glucose_unit}
    return draft


def typed_value(typed: str) -> Decimal | str:
    """The value as typed: a Decimal, HI or LO."""
    return typed if typed in (glucose.HI, glucose.LO) else Decimal(typed)


def view(row: sa.Row | types.SimpleNamespace, patient: Patient) -> dict[str, Any]:
    """The entry as its owner sees it."""
    words = row.words or {}
    shown = {"id": row.id, "kind": row.kind, "person_id": row.person_id, "filed_by": row.filed_by,
             "enrolment_id": row.enrolment_id, "occurred_at": row.occurred_at, "recorded_at": row.recorded_at,
             "day": row.day, "counts": row.counts, "counts_reason": row.counts_reason, "source": row.source,
             "note": words.get("note"), "version": row.version}
    return shown | _KIND_VIEWS[row.kind](row, words, patient)


def _glucose_view(row: sa.Row, _words: dict, patient: Patient) -> dict[str, Any]:
    reading = Reading(typed_value(row.glucose_typed), row.glucose_unit)
    target = glucose.target_for(row.slot, row.hours_after, patient, row.day)
    return {"value": reading.typed, "unit": row.glucose_unit, "glucose_mmol_l": row.glucose_mmol_l, "slot": row.slot,
            "hours_after": row.hours_after, "band": glucose.band(reading, patient.diabetes_type),
            "on_target": row.on_target, "hints": glucose.hints(reading, row.on_target, patient, row.day, target),
            "ketone_mmol_l": row.ketone_mmol_l, "urine_ketone": row.urine_ketone, "symptoms": row.symptoms or [],
            "not_mine": bool(row.not_mine)}


def _meal_view(row: sa.Row, words: dict, _patient: Patient) -> dict[str, Any]:
    counted = meals.count(words.get("text"), words.get("foods") or ())
    return {"slot": row.slot, "text": words.get("text"), "foods": words.get("foods") or [], "photo_id": words.get("photo_id"),
            "carbohydrate_g": counted.carbohydrate_g, "carbohydrate_certainty": counted.certainty,
            "energy_kcal": counted.energy_kcal, "foods_read": counted.read, "asks": counted.asks}


def _exercise_view(row: sa.Row, words: dict, patient: Patient) -> dict[str, Any]:
    shown = {"activity": words.get("activity"), "minutes": row.minutes, "intensity": row.intensity, "rest": bool(row.rest)}
    if row.rest or not (words.get("activity") and row.minutes and row.intensity):
        return shown
    return shown | exercise.energy(words["activity"], row.minutes, row.intensity, patient.weight_kg)


def _lesson_view(row: sa.Row, _words: dict, _patient: Patient) -> dict[str, Any]:
    return {"lesson_id": row.lesson_id}


_KIND_VIEWS = {"glucose": _glucose_view, "meal": _meal_view, "exercise": _exercise_view, "lesson": _lesson_view}


def new_row(draft: dict[str, Any], values: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The whole row of a new entry; `more` brings what the draft cannot know."""
    return {"id": draft["id"], "kind": draft["kind"], "occurred_at": draft["occurred_at"], "source": draft["source"],
            "version": 1, "deleted_at": None, **values, **more}


def tombstone() -> dict[str, Any]:
    """The columns of a deleted entry: nothing is left that was measured or written."""
    return {**EMPTY, "counts": False}


def ids(drafts: list[dict[str, Any]]) -> list[uuid.UUID]:
    """The ids of these drafts, in order."""
    return [draft["id"] for draft in drafts]
