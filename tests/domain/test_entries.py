"""When an entry is kept, whether it counts and why, what may be changed, and what makes it whole."""

import datetime as dt

import pytest

from server.domain.camps import Calendar
from server.domain.entries import REASONS, check_change, check_when, counts_reason, is_whole
from server.domain.refusals import Refusal

CAMP = Calendar("Asia/Shanghai", dt.date(2026, 3, 2), 28)
NOW = dt.datetime(2026, 3, 10, 8, tzinfo=dt.UTC)


def after(**passed):
    return NOW + dt.timedelta(**passed)


@pytest.mark.parametrize("occurred_at", [
    NOW,
    after(minutes=5),
    after(days=-400),
    dt.datetime(1999, 1, 1, tzinfo=dt.UTC),
    # The same instant, written by a phone elsewhere.
    after(minutes=5).astimezone(dt.timezone(dt.timedelta(hours=-10))),
])
def test_every_plausible_entry_is_kept_however_late(occurred_at):
    assert check_when(occurred_at, NOW) is None


@pytest.mark.parametrize(("occurred_at", "code"), [
    (after(minutes=5, microseconds=1), "entry_in_future"),
    (after(days=1), "entry_in_future"),
    (dt.datetime(1969, 12, 31, tzinfo=dt.UTC), "entry_too_old"),
])
def test_an_entry_from_the_future_or_before_all_time_is_refused_and_hides_no_danger(occurred_at, code):
    card = {"level": "critical_low"}
    with pytest.raises(Refusal, match=code) as refused:
        check_when(occurred_at, NOW, card)
    assert refused.value.advice == card


@pytest.mark.parametrize(("day", "joined", "filed_at", "reason"), [
    ("2026-03-02", "2026-03-02", "2026-03-02T08:00:00+08:00", "counts"),
    # To the second: the day's end and twelve hours.
    ("2026-03-02", "2026-03-02", "2026-03-03T11:59:59+08:00", "counts"),
    ("2026-03-02", "2026-03-02", "2026-03-03T12:00:00+08:00", "day_closed"),
    ("2026-03-29", "2026-03-02", "2026-03-30T11:59:59+08:00", "counts"),
    ("2026-03-29", "2026-03-02", "2026-03-30T12:00:00+08:00", "day_closed"),
    ("2026-03-01", "2026-03-01", "2026-03-01T20:00:00+08:00", "outside_camp"),
    ("2026-03-30", "2026-03-02", "2026-03-30T08:00:00+08:00", "outside_camp"),
    ("2026-03-02", "2026-03-03", "2026-03-03T08:00:00+08:00", "before_joining"),
    ("2026-03-03", "2026-03-03", "2026-03-03T08:00:00+08:00", "counts"),
    ("2026-03-02", None, "2026-03-02T08:00:00+08:00", "not_enrolled"),
])
def test_an_entry_counts_in_the_camp_once_joined_and_while_its_day_is_open(day, joined, filed_at, reason):
    joined_day = joined and dt.date.fromisoformat(joined)
    filed_at = dt.datetime.fromisoformat(filed_at)
    assert counts_reason(dt.date.fromisoformat(day), CAMP, joined_day, filed_at) == reason


def test_an_entry_of_somebody_in_no_camp_is_kept_and_does_not_count():
    assert counts_reason(CAMP.starts_on, None, None, NOW) == "not_enrolled"


def test_a_reading_of_somebody_else_does_not_count():
    assert counts_reason(dt.date(2026, 3, 10), CAMP, CAMP.starts_on, NOW) == "counts"
    assert counts_reason(dt.date(2026, 3, 10), CAMP, CAMP.starts_on, NOW, not_mine=True) == "not_mine"


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_a_sentence_that_blames_nobody(reason):
    assert REASONS[reason].endswith("。")
    # Whoever filed late is told that nothing is lost.
    assert reason in ("counts", "not_mine") or "已存入健康档案" in REASONS[reason]


@pytest.mark.parametrize(("kind", "changes"), [
    ("glucose", {"value": 5.6, "unit": "mmol/L", "slot": "fasting"}),
    ("glucose", {"occurred_at": NOW, "note": "饭后", "source": "meter"}),
    ("glucose", {"kind": "glucose", "symptoms": None, "ketone_mmol_l": None, "note": None}),
    ("meal", {"text": "米饭 100 克", "slot": "lunch", "foods": None}),
    ("exercise", {"minutes": 30, "activity": "散步", "intensity": "low"}),
    ("exercise", {"rest": True, "note": "脚疼", "minutes": None}),
    ("lesson", {"occurred_at": NOW}),
    ("meal", {}),
])
def test_an_entry_is_corrected_within_its_kind(kind, changes):
    assert check_change(kind, changes) is None


@pytest.mark.parametrize(("kind", "changes", "code"), [
    ("meal", {"kind": "exercise"}, "kind_fixed"),
    ("meal", {"value": 5.6}, "field_of_other_kind"),
    ("glucose", {"minutes": 30}, "field_of_other_kind"),
    ("lesson", {"slot": "lunch"}, "field_of_other_kind"),
    # Nobody moves an entry to another person, or to another day by naming the day.
    ("meal", {"person_id": "somebody"}, "field_of_other_kind"),
    ("meal", {"day": "2026-03-02"}, "field_of_other_kind"),
    ("meal", {"counts": True}, "field_of_other_kind"),
    ("glucose", {"value": None}, "entry_incomplete"),
    ("glucose", {"unit": None}, "entry_incomplete"),
    ("meal", {"occurred_at": None}, "entry_incomplete"),
    ("lesson", {"lesson_id": None}, "entry_incomplete"),
])
def test_a_change_that_is_no_correction_is_refused(kind, changes, code):
    with pytest.raises(Refusal, match=code):
        check_change(kind, changes)


@pytest.mark.parametrize(("draft", "whole"), [
    ({"kind": "meal", "slot": "lunch", "text": "面条"}, True),
    ({"kind": "meal", "slot": "lunch", "foods": [{"name": "米饭", "grams": 100}]}, True),
    ({"kind": "meal", "slot": "lunch"}, False),
    ({"kind": "meal", "slot": "lunch", "text": "", "foods": []}, False),
    ({"kind": "exercise", "activity": "散步", "minutes": 30, "intensity": "low"}, True),
    ({"kind": "exercise", "activity": "散步", "minutes": 30}, False),
    # A stated rest with a reason is an exercise; a rest without one is not.
    ({"kind": "exercise", "rest": True, "note": "脚疼"}, True),
    ({"kind": "exercise", "rest": True}, False),
    ({"kind": "exercise", "note": "脚疼"}, False),
    ({"kind": "glucose", "value": 5.6, "unit": "mmol/L"}, True),
    ({"kind": "lesson", "lesson_id": "l-1"}, True),
])
def test_an_entry_says_enough(draft, whole):
    assert is_whole(draft) is whole
