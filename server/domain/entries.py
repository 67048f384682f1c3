"""What an entry is, when it is kept and whether it counts."""

import datetime as dt
from collections.abc import Mapping

from server.domain.camps import Calendar
from server.domain.refusals import Refusal

FUTURE_TOLERANCE = dt.timedelta(minutes=5)
OLDEST = dt.datetime(1970, 1, 2, tzinfo=dt.UTC)
SOURCES = ("manual", "meter", "cgm", "import", "phone")
MEAL_SLOTS = ("breakfast", "lunch", "dinner", "snack")
INTENSITIES = ("low", "medium", "high")

# Why an entry counts or does not: a stable code, and the sentence shown beside it.
COUNTS = "counts"
REASONS = {
    COUNTS: "计入打卡。",
    "not_enrolled": "不在训练营中，已存入健康档案。",
    "outside_camp": "不在营期之内，已存入健康档案。",
    "before_joining": "入营之前的记录，已存入健康档案。",
    "day_closed": "这一天已经结束，已存入健康档案，不计打卡。",
    "not_mine": "不是本人的数据，不计打卡。",
}


def check_when(occurred_at: dt.datetime, now: dt.datetime, advice: Mapping | None = None) -> None:
    """Refuse an entry from more than 5 minutes ahead (entry_in_future) or before 1970 (entry_too_old)."""
    if occurred_at > now + FUTURE_TOLERANCE:
        raise Refusal("entry_in_future", advice=advice)
    if occurred_at < OLDEST:
        raise Refusal("entry_too_old", advice=advice)


def counts_reason(day: dt.date, calendar: Calendar | None, joined_day: dt.date | None, filed_at: dt.datetime, *,
                  not_mine: bool = False) -> str:
    """Why an entry for that day, filed then, counts or does not. `calendar` is None for somebody in no camp."""
    if not_mine:
        return "not_mine"
    if calendar is None or joined_day is None:
        return "not_enrolled"
    if not calendar.holds(day):
        return "outside_camp"
    if day < joined_day:
        return "before_joining"
    return "day_closed" if calendar.is_closed(day, filed_at) else COUNTS


COMMON_FIELDS = ("occurred_at", "note", "source")
FIELDS = {
    "glucose": ("value", "unit", "slot", "hours_after", "ketone_mmol_l", "urine_ketone", "symptoms", "not_mine"),
    "meal": ("slot", "text", "foods", "photo_id"),
    "exercise": ("activity", "minutes", "intensity", "rest"),
    "lesson": ("lesson_id",),
}
# A null empties these; every other field of a kind keeps a value.
MAY_BE_EMPTY = frozenset({"note", "hours_after", "ketone_mmol_l", "urine_ketone", "symptoms", "not_mine", "text", "foods",
                          "photo_id", "activity", "minutes", "intensity", "rest"})


def check_change(kind: str, changes: Mapping[str, object]) -> None:
    """Let a change pass that names only fields of this kind. Raises kind_fixed, field_of_other_kind, entry_incomplete."""
    if changes.get("kind", kind) != kind:
        raise Refusal("kind_fixed")
    for field, value in changes.items():
        if field != "kind" and field not in FIELDS[kind] and field not in COMMON_FIELDS:
            raise Refusal("field_of_other_kind", field=field)
        if value is None and field not in MAY_BE_EMPTY:
            raise Refusal("entry_incomplete")


def is_whole(draft: Mapping[str, object]) -> bool:
    """Whether an entry says enough: a meal what was eaten, an exercise its three facts, a rest its reason."""
    if draft["kind"] == "meal":
        return any(draft.get(field) for field in ("text", "foods", "photo_id"))
    if draft["kind"] == "exercise":
        if draft.get("rest") and draft.get("note"):
            return True
        return all(draft.get(field) for field in ("activity", "minutes", "intensity"))
    return True
