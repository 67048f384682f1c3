"""When an organisation's people answer."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from server.domain import organisations
from server.domain.organisations import DEFAULT_SERVICE_HOURS
from server.domain.refusals import Refusal

OFFICE = {"from": "09:00", "to": "17:00", "weekdays": [1, 2, 3, 4, 5], "timezone": "Asia/Shanghai"}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"{text}:00+08:00").astimezone(dt.UTC)


@pytest.mark.parametrize(("now", "opens"), [
    ("2026-03-02T08:59", "2026-03-02T09:00"),
    ("2026-03-02T09:00", "2026-03-02T09:00"),
    ("2026-03-02T16:59", "2026-03-02T16:59"),
    # The end belongs to the evening.
    ("2026-03-02T17:00", "2026-03-03T09:00"),
    # A Friday evening waits for Monday.
    ("2026-03-06T18:00", "2026-03-09T09:00"),
])
def test_an_office_answers_in_its_hours(now, opens):
    assert organisations.opens_at(OFFICE, at(now)) == at(opens)
    assert organisations.is_open(OFFICE, at(now)) is (now == opens)


@pytest.mark.parametrize(("now", "opens"), [
    ("2026-03-02T00:10", "2026-03-02T09:00"), ("2026-03-02T12:00", "2026-03-02T12:00"),
    # Who is to hear the same day hears at once when nobody answers any more that day.
    ("2026-03-02T17:00", "2026-03-02T17:00"), ("2026-03-07T12:00", "2026-03-07T12:00")])
def test_the_same_day_does_not_wait_for_tomorrow(now, opens):
    assert organisations.opens_today(OFFICE, at(now)) == at(opens)


@pytest.mark.parametrize(("now", "hours", "due"), [
    ("2026-03-02T10:00", 2, "2026-03-02T12:00"),
    ("2026-03-02T15:00", 2, "2026-03-02T17:00"),
    ("2026-03-02T16:00", 2, "2026-03-03T10:00"),
    ("2026-03-06T16:30", 2, "2026-03-09T10:30"),
    ("2026-03-07T12:00", 2, "2026-03-09T11:00"),
    # Longer than a week of office.
    ("2026-03-02T09:00", 80, "2026-03-13T17:00"),
])
def test_closed_hours_do_not_count(now, hours, due):
    assert organisations.due_after(OFFICE, at(now), dt.timedelta(hours=hours)) == at(due)


@given(some.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1), timezones=some.just(dt.UTC)),
       some.sets(some.integers(1, 7), min_size=1), some.integers(1, 40))
def test_what_is_due_is_due_while_somebody_answers(now, weekdays, hours):
    service = DEFAULT_SERVICE_HOURS | {"weekdays": sorted(weekdays)}
    due = organisations.due_after(service, now, dt.timedelta(hours=hours))
    assert due >= now + dt.timedelta(hours=hours)
    assert organisations.is_open(service, due - dt.timedelta(seconds=1))


@pytest.mark.parametrize(("change", "code"), [
    ({"to": "08:00"}, "hours_invalid"), ({"to": "07:00"}, "hours_invalid"), ({"weekdays": [1, 1]}, "hours_invalid"),
    ({"timezone": "Asia/Nowhere"}, "timezone_unknown"), ({"timezone": "../etc"}, "timezone_unknown"),
])
def test_hours_that_are_none_are_refused(change, code):
    with pytest.raises(Refusal) as refused:
        organisations.check_service_hours(DEFAULT_SERVICE_HOURS | change)
    assert refused.value.code == code
