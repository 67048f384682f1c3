"""Joining, pausing and leaving: what is asked first, what an enrolment is, and how long a pause may be."""

import datetime as dt

import pytest

from server.domain.camps import Calendar
from server.domain.enrolments import check_pause, first_status, marks_with, no_marks, plan_on, shown_status, watched
from server.domain.refusals import Refusal
from server.domain.templates import TEMPLATES

CAMP = Calendar("Asia/Shanghai", dt.date(2026, 3, 2), 28)
QUESTIONS = [{"id": "pregnant", "ask_staff_when": True}, {"id": "can_walk", "ask_staff_when": False}]
OWN_DAYS = 7
DAY_TEN = dt.datetime.fromisoformat("2026-03-11T09:00+08:00")


def day(number):
    return CAMP.day_numbered(number)


@pytest.mark.parametrize(("screening", "status"), [
    ({}, "active"),
    ({"pregnant": False}, "active"),
    ({"pregnant": False, "can_walk": True}, "active"),
    ({"pregnant": True}, "applied"),
    # Not every question worries about a yes.
    ({"can_walk": False}, "applied"),
    ({"pregnant": True, "can_walk": True}, "applied"),
])
def test_one_applies_only_when_an_answer_asks_for_staff(screening, status):
    assert first_status(screening, QUESTIONS) == status


def test_an_answer_to_no_question_is_refused():
    with pytest.raises(Refusal, match="screening_unknown") as refused:
        first_status({"pregnant": False, "rich": True}, QUESTIONS)
    assert "rich" in refused.value.says()


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))
def test_whoever_worries_nobody_joins_a_shipped_camp_at_once(template):
    calm = {question["id"]: not question["ask_staff_when"] for question in template["screening"]}
    assert first_status(calm, template["screening"]) == "active"
    for question in template["screening"]:
        assert first_status({**calm, question["id"]: question["ask_staff_when"]}, template["screening"]) == "applied"


@pytest.mark.parametrize(("status", "paused", "now", "shown"), [
    ("active", [], "2026-03-11T09:00+08:00", "active"),
    ("active", [(10, 12)], "2026-03-10T23:59:59+08:00", "active"),
    ("active", [(10, 12)], "2026-03-11T00:00:00+08:00", "paused"),
    ("active", [(10, 12)], "2026-03-13T23:59:59+08:00", "paused"),
    ("active", [(10, 12)], "2026-03-14T00:00:00+08:00", "active"),
    ("active", [(3, 3), (10, 10)], "2026-03-11T09:00+08:00", "paused"),
    # The last day of the camp still runs while it is open.
    ("active", [], "2026-03-30T11:59:59+08:00", "active"),
    ("active", [], "2026-03-30T12:00:00+08:00", "finished"),
    ("applied", [], "2026-03-11T09:00+08:00", "applied"),
    ("withdrawn", [(10, 12)], "2026-03-11T09:00+08:00", "withdrawn"),
    ("closed", [], "2026-03-30T12:00:00+08:00", "closed"),
])
def test_what_an_enrolment_is_follows_the_clock_while_it_is_active(status, paused, now, shown):
    pauses = [(day(first), day(last)) for first, last in paused]
    assert shown_status(status, CAMP, pauses, dt.datetime.fromisoformat(now)) == shown


@pytest.mark.parametrize(("number", "plan"), [(1, "daily"), (4, "daily"), (5, "four_a_week"), (9, "four_a_week"),
                                              (10, "daily"), (28, "daily")])
def test_a_day_keeps_the_plan_that_was_in_force_on_it(number, plan):
    assert plan_on([[1, "daily"], [5, "four_a_week"], [10, "daily"]], number) == plan


# Each row: first and last day of the pause, pauses so far as (first, last, by staff); today is day 10.
@pytest.mark.parametrize(("first", "last", "so_far"), [
    (10, 10, []),
    (10, 16, []),
    (20, 26, []),
    # Up to two days back.
    (8, 14, []),
    (10, 12, [(1, 4, False)]),
    # What staff gave for the hospital does not use up one's own days.
    (10, 16, [(1, 9, True)]),
    (28, 28, []),
])
def test_one_pauses_by_oneself_up_to_seven_days_from_two_days_back(first, last, so_far):
    pauses = [(day(a), day(b), staff) for a, b, staff in so_far]
    assert check_pause(day(first), day(last), CAMP, pauses, OWN_DAYS, DAY_TEN, by_staff=False) is None


@pytest.mark.parametrize(("first", "last", "so_far", "code"), [
    (12, 11, [], "pause_backwards"),
    (0, 3, [], "pause_outside_camp"),
    (28, 29, [], "pause_outside_camp"),
    (7, 8, [], "pause_too_early"),
    (10, 17, [], "pause_too_long"),
    (10, 13, [(1, 4, False)], "pause_too_long"),
    (10, 10, [(1, 3, False), (5, 8, False)], "pause_too_long"),
    (10, 12, [(12, 13, False)], "pause_overlaps"),
    (10, 12, [(8, 10, True)], "pause_overlaps"),
    (10, 14, [(11, 12, True)], "pause_overlaps"),
])
def test_a_pause_is_refused_with_its_reason(first, last, so_far, code):
    pauses = [(day(a), day(b), staff) for a, b, staff in so_far]
    with pytest.raises(Refusal, match=code):
        check_pause(day(first), day(last), CAMP, pauses, OWN_DAYS, DAY_TEN, by_staff=False)


@pytest.mark.parametrize(("first", "last"), [(1, 28), (1, 9), (11, 28)])
def test_staff_pause_any_length_for_the_hospital(first, last):
    assert check_pause(day(first), day(last), CAMP, [], OWN_DAYS, DAY_TEN, by_staff=True) is None


@pytest.mark.parametrize(("first", "last", "code"), [
    (12, 11, "pause_backwards"),
    (20, 40, "pause_outside_camp"),
    (3, 9, "pause_overlaps"),
])
def test_staff_too_pause_forwards_inside_the_camp_and_once(first, last, code):
    with pytest.raises(Refusal, match=code):
        check_pause(day(first), day(last), CAMP, [(day(5), day(5), False)], OWN_DAYS, DAY_TEN, by_staff=True)


def test_an_enrolment_begins_with_nothing_filed_and_remembers_each_day():
    assert no_marks(CAMP) == "-" * 28
    assert marks_with(no_marks(CAMP), CAMP, {day(1): "C", day(28): "P", day(2): "s"}) == "Cs" + "-" * 25 + "P"


# Where somebody was and is, in order, and which of it watches over them, foremost first.
WATCHED = [
    ([], []), (["withdrawn", "closed", "declined"], []), (["finished", "active"], [1, 0]), (["active", "applied"], [0, 1]),
    (["finished", "applied"], [0, 1]), (["finished", "finished", "withdrawn"], [1, 0]), (["applied"], [0]),
]


@pytest.mark.parametrize(("statuses", "expected"), WATCHED)
def test_whoever_has_somebody_now_watches_before_who_had_them_and_who_has_yet_to_let_them_in(statuses, expected):
    places = [(number, None, None, status) for number, status in enumerate(statuses)]
    assert [place[0] for place in watched(places)] == expected
