"""A camp's days: where they begin and end, how long they stay open, and what the clock makes of the camp."""

import datetime as dt
import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.camps import Calendar, asked_on, calendar_of, merge_patch, minutes_of, proposed_plan, status, zone
from server.domain.glucose import uses_insulin
from server.domain.refusals import Refusal
from server.domain.templates import TEMPLATES

SHANGHAI, NEW_YORK, BERLIN = "Asia/Shanghai", "America/New_York", "Europe/Berlin"
FIRST = dt.date(2026, 3, 2)
SECOND = dt.timedelta(seconds=1)


def calendar(timezone=SHANGHAI, starts_on=FIRST, days=28, day_starts_at="00:00", grace_hours=12):
    return calendar_of({"day_starts_at": day_starts_at, "grace_hours": grace_hours}, timezone, starts_on, days)


def at(text):
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(("timezone", "starts_at", "instant", "day"), [
    (SHANGHAI, "00:00", "2026-03-02T23:59:59+08:00", "2026-03-02"),
    (SHANGHAI, "00:00", "2026-03-03T00:00:00+08:00", "2026-03-03"),
    # The phone's own zone moves nothing: the same instants, written elsewhere.
    (SHANGHAI, "00:00", "2026-03-02T15:59:59Z", "2026-03-02"),
    (SHANGHAI, "00:00", "2026-03-02T06:00:00-10:00", "2026-03-03"),
    (SHANGHAI, "00:00", "2026-03-02T23:59:59.999999+08:00", "2026-03-02"),
    (SHANGHAI, "03:00", "2026-03-03T02:59:59+08:00", "2026-03-02"),
    (SHANGHAI, "03:00", "2026-03-03T03:00:00+08:00", "2026-03-03"),
    (NEW_YORK, "00:00", "2026-03-02T04:59:59Z", "2026-03-01"),
    (NEW_YORK, "00:00", "2026-03-02T05:00:00Z", "2026-03-02"),
    # After the spring change midnight in New York is an hour earlier in UTC.
    (NEW_YORK, "00:00", "2026-03-09T03:59:59Z", "2026-03-08"),
    (NEW_YORK, "00:00", "2026-03-09T04:00:00Z", "2026-03-09"),
    (NEW_YORK, "03:00", "2026-03-08T01:59:59-05:00", "2026-03-07"),
    (NEW_YORK, "03:00", "2026-03-08T03:00:00-04:00", "2026-03-08"),
    # In autumn 01:30 comes twice; both belong to the day that had begun at midnight.
    (NEW_YORK, "00:00", "2026-11-01T01:30:00-04:00", "2026-11-01"),
    (NEW_YORK, "00:00", "2026-11-01T01:30:00-05:00", "2026-11-01"),
    (BERLIN, "03:00", "2026-10-25T01:59:59Z", "2026-10-24"),
    (BERLIN, "03:00", "2026-10-25T02:00:00Z", "2026-10-25"),
    (SHANGHAI, "00:00", "2028-02-28T16:00:00Z", "2028-02-29"),
    (SHANGHAI, "00:00", "2028-02-29T16:00:00Z", "2028-03-01"),
    (SHANGHAI, "00:00", "2026-02-28T16:00:00Z", "2026-03-01"),
    (SHANGHAI, "03:00", "2027-01-01T02:00:00+08:00", "2026-12-31"),
])
def test_midnight_belongs_to_the_camp_and_not_to_utc_or_a_phone(timezone, starts_at, instant, day):
    assert calendar(timezone, day_starts_at=starts_at).day_of(at(instant)) == dt.date.fromisoformat(day)


@pytest.mark.parametrize(("timezone", "starts_at", "day", "hours"), [
    (SHANGHAI, "00:00", "2026-03-08", 24),
    (NEW_YORK, "00:00", "2026-03-08", 23),
    (NEW_YORK, "00:00", "2026-11-01", 25),
    (BERLIN, "00:00", "2026-03-29", 23),
    (BERLIN, "00:00", "2026-10-25", 25),
    # When the day begins at three, the night of the change belongs to the day before.
    (NEW_YORK, "03:00", "2026-03-07", 23),
    (NEW_YORK, "03:00", "2026-03-08", 24),
    (BERLIN, "03:00", "2026-10-24", 25),
    (SHANGHAI, "00:00", "2028-02-29", 24),
])
def test_a_day_lasts_as_long_as_its_zone_says(timezone, starts_at, day, hours):
    camp, day = calendar(timezone, day_starts_at=starts_at), dt.date.fromisoformat(day)
    assert camp.end_of(day) - camp.start_of(day) == dt.timedelta(hours=hours)


@given(
    timezone=st.sampled_from([SHANGHAI, NEW_YORK, BERLIN, "Africa/Cairo", "America/Havana", "Australia/Lord_Howe"]),
    starts_at=st.sampled_from(["00:00", "00:30", "02:30", "03:00", "23:30"]),
    instant=st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2032, 1, 1), timezones=st.just(dt.UTC)),
)
def test_every_instant_lies_in_exactly_the_day_it_is_given(timezone, starts_at, instant):
    camp = calendar(timezone, day_starts_at=starts_at)
    day = camp.day_of(instant)
    assert camp.start_of(day) <= instant < camp.end_of(day)
    assert camp.day_of(instant.astimezone(zoneinfo.ZoneInfo("Pacific/Auckland"))) == day


@pytest.mark.parametrize(("timezone", "grace_hours", "day", "closes_at"), [
    (SHANGHAI, 12, "2026-03-02", "2026-03-03T12:00:00+08:00"),
    (SHANGHAI, 0, "2026-03-02", "2026-03-03T00:00:00+08:00"),
    (SHANGHAI, 12, "2028-02-29", "2028-03-01T12:00:00+08:00"),
    (SHANGHAI, 12, "2026-03-31", "2026-04-01T12:00:00+08:00"),
    # Grace is twelve hours of time: the wall clock reads 13:00 on the day that lost an hour in the night.
    (NEW_YORK, 12, "2026-03-07", "2026-03-08T13:00:00-04:00"),
    (BERLIN, 12, "2026-10-24", "2026-10-25T11:00:00+01:00"),
])
def test_a_day_is_open_until_its_grace_is_over_to_the_second(timezone, grace_hours, day, closes_at):
    camp, day, closes_at = calendar(timezone, grace_hours=grace_hours), dt.date.fromisoformat(day), at(closes_at)
    assert camp.closes_at(day) == closes_at
    assert not camp.is_closed(day, closes_at - SECOND)
    assert camp.is_closed(day, closes_at)


def test_a_camp_is_as_long_as_its_days_over_a_leap_day_and_a_month_end():
    camp = calendar(starts_on=dt.date(2028, 2, 5))
    assert camp.ends_on == dt.date(2028, 3, 3)
    assert camp.number_of(dt.date(2028, 2, 29)) == 25
    assert camp.day_numbered(26) == dt.date(2028, 3, 1)
    assert [camp.number_of(camp.day_numbered(n)) for n in range(1, 29)] == list(range(1, 29))
    assert [camp.holds(camp.day_numbered(n)) for n in (0, 1, 28, 29)] == [False, True, True, False]
    assert [camp.number_of(day) for day in (dt.date(2028, 2, 4), dt.date(2028, 2, 3))] == [0, -1]


@pytest.mark.parametrize(("now", "closed"), [
    ("2026-02-01T08:00:00+08:00", 0),
    ("2026-03-03T11:59:59+08:00", 0),
    ("2026-03-03T12:00:00+08:00", 1),
    ("2026-03-29T12:00:00+08:00", 27),
    ("2026-03-30T11:59:59+08:00", 27),
    ("2026-03-30T12:00:00+08:00", 28),
    ("2027-03-30T12:00:00+08:00", 28),
])
def test_days_close_one_after_another_and_no_further_than_the_camp(now, closed):
    assert calendar().last_closed_number(at(now)) == closed


def test_two_days_are_open_at_once_when_grace_is_longer_than_a_day():
    camp = calendar(grace_hours=36)
    assert camp.last_closed_number(at("2026-03-05T11:59:59+08:00")) == 1
    assert camp.last_closed_number(at("2026-03-05T12:00:00+08:00")) == 2


@pytest.mark.parametrize(("opened", "archived", "now", "says"), [
    (False, False, "2026-02-01T08:00:00+08:00", "draft"),
    # A camp that nobody opened does not start by itself.
    (False, False, "2026-03-10T08:00:00+08:00", "draft"),
    (True, False, "2026-03-01T23:59:59+08:00", "enrolling"),
    (True, False, "2026-03-02T00:00:00+08:00", "running"),
    # The last day still runs while it is open, its grace included.
    (True, False, "2026-03-30T11:59:59+08:00", "running"),
    (True, False, "2026-03-30T12:00:00+08:00", "finished"),
    (True, True, "2026-03-30T12:00:00+08:00", "archived"),
])
def test_what_a_camp_is_follows_the_clock(opened, archived, now, says):
    assert status(calendar(), opened, archived, at(now)) == says


@pytest.mark.parametrize(("camp", "now", "takes"), [
    (calendar(), "2026-01-01T08:00:00+08:00", True),
    (calendar(), "2026-03-04T23:59:59+08:00", True),
    # The end of the third day, not the end of its grace.
    (calendar(), "2026-03-05T00:00:00+08:00", False),
    (calendar(day_starts_at="03:00"), "2026-03-05T02:59:59+08:00", True),
])
def test_one_may_join_until_the_end_of_the_third_day(camp, now, takes):
    assert camp.takes_members(at(now)) is takes


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../../etc/passwd", "Asia", "asia\0shanghai", "糖营"])
def test_a_zone_that_nobody_knows_is_refused(name):
    with pytest.raises(Refusal, match="timezone_unknown"):
        zone(name)


@pytest.mark.parametrize(("wall", "minutes"), [("00:00", 0), ("03:00", 180), ("23:59", 1439)])
def test_a_wall_time_is_so_many_minutes_after_midnight(wall, minutes):
    assert minutes_of(wall) == minutes
    assert calendar(day_starts_at=wall) == Calendar(SHANGHAI, FIRST, 28, minutes, 12)


@pytest.mark.parametrize(("day", "asked"), [
    ({"meal": 1, "exercise": 1, "glucose": 1, "lesson": "l-1"}, {"meal": 1, "exercise": 1, "glucose": 1}),
    ({"meal": 1, "exercise": 1}, {"meal": 1, "exercise": 1}),
    # Asking none is the same as not naming the kind, or a plan could pay twice for one reading.
    ({"meal": 1, "exercise": 1, "glucose": 0}, {"meal": 1, "exercise": 1}),
    ({"meal": 3, "glucose": 4}, {"meal": 3, "glucose": 4}),
])
def test_a_plan_asks_what_its_day_names_and_never_a_lesson(day, asked):
    assert asked_on({"plans": {"daily": {"days": {"7": day}}}}, "daily", 7) == asked


@pytest.mark.parametrize(("treatments", "medicines", "plan"), [
    ([], [], "four_a_week"),
    (["lifestyle"], [], "four_a_week"),
    (["oral"], ["metformin", "sulfonylurea"], "four_a_week"),
    (["lifestyle", "oral"], [], "four_a_week"),
    (["oral", "basal_insulin"], [], "daily"),
    (["premixed_insulin"], [], "daily"),
    (["intensive_insulin"], [], "daily"),
    (["pump"], [], "daily"),
    # Insulin named among the medicines alone is insulin.
    (["oral"], ["rapid"], "daily"),
    ([], ["basal"], "daily"),
])
def test_four_tests_a_week_are_proposed_unless_insulin_is_used(treatments, medicines, plan):
    chosen = TEMPLATES["standard-28"]
    on_insulin = uses_insulin(treatments, medicines)
    assert proposed_plan(chosen, chosen["rules"]["plans"], on_insulin=on_insulin) == plan


def test_a_camp_that_dropped_the_proposed_plan_proposes_one_it_has():
    assert proposed_plan(TEMPLATES["standard-28"], {"gentle": {}}, on_insulin=True) == "gentle"


@pytest.mark.parametrize(("target", "patch", "merged"), [
    ({"meal": 3}, {"meal": 5}, {"meal": 5}),
    ({"meal": 3}, {"exercise": 6}, {"meal": 3, "exercise": 6}),
    ({"meal": 3}, {"meal": None}, {}),
    ({"meal": 3, "lesson": 4}, {"meal": None}, {"lesson": 4}),
    ({"meal": 3}, {"glucose": None}, {"meal": 3}),
    ({"points": {"meal": 3, "lesson": 4}}, {"points": {"meal": 5, "lesson": None}}, {"points": {"meal": 5}}),
    # A list is replaced whole, never merged, and keeps its nulls.
    ({"levels": [1, 2]}, {"levels": [3, None]}, {"levels": [3, None]}),
    ({"levels": [1]}, {"levels": {"a": 1}}, {"levels": {"a": 1}}),
    ({"grace": 12}, {"grace": {"hours": 6}}, {"grace": {"hours": 6}}),
    ({"grace": {"hours": 6}}, {"grace": 12}, {"grace": 12}),
    # Nulls inside a new object say what to leave out, and are not kept.
    ({}, {"a": {"b": {"c": None}}}, {"a": {"b": {}}}),
    ({"a": None}, {"b": 1}, {"a": None, "b": 1}),
    ({"a": 1}, {}, {"a": 1}),
    ({"a": 1}, ["b"], ["b"]),
    ({"a": 1}, None, None),
    ({"a": 1}, "b", "b"),
    (["a"], {"b": 1, "c": None}, {"b": 1}),
])
def test_rules_are_changed_by_a_merge_patch(target, patch, merged):
    before = repr(target)
    assert merge_patch(target, patch) == merged
    assert repr(target) == before
