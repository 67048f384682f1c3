"""Boards: their periods, their ranks and the names on them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.leaderboards import (
    name_on_board,
    period_from,
    period_to,
    periods_of,
    periods_of_camp,
    ranks,
    week_of,
)


def date(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(("day", "monday"), [
    ("2026-03-02", "2026-03-02"),
    ("2026-03-08", "2026-03-02"),
    ("2026-03-09", "2026-03-09"),
    # A week does not care for a month's end, a leap day or the new year.
    ("2028-02-29", "2028-02-28"),
    ("2028-03-05", "2028-02-28"),
    ("2027-01-01", "2026-12-28"),
])
def test_a_week_begins_on_monday(day, monday):
    assert week_of(date(day)) == date(monday)


@pytest.mark.parametrize(("period", "first", "last"), [
    ("day", "2026-03-12", "2026-03-12"),
    ("week", "2026-03-09", "2026-03-15"),
    ("camp", "2026-03-04", "2026-03-31"),
])
def test_a_period_holds_its_day(period, first, last):
    since = period_from(period, date("2026-03-12"), camp_starts_on=date("2026-03-04"))
    assert since == date(first)
    assert period_to(period, since, camp_ends_on=date("2026-03-31")) == date(last)


def test_a_day_counts_in_its_day_its_week_and_its_camp():
    assert dict(periods_of(date("2026-03-12"), date("2026-03-04"))) == {
        "day": date("2026-03-12"), "week": date("2026-03-09"), "camp": date("2026-03-04")}


def test_a_camp_that_starts_on_wednesday_has_five_weeks():
    periods = periods_of_camp(date("2026-03-04"), 28)
    assert [since for period, since in periods if period == "week"] == [
        date(monday) for monday in ("2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30")]
    assert [since for period, since in periods if period == "camp"] == [date("2026-03-04")]
    assert len([since for period, since in periods if period == "day"]) == 28


@given(starts_on=st.dates(dt.date(2026, 1, 1), dt.date(2029, 1, 1)), days=st.integers(1, 60))
def test_the_periods_of_a_camp_are_those_of_its_days_and_each_is_there_once(starts_on, days):
    of_days = {period for n in range(days) for period in periods_of(starts_on + dt.timedelta(days=n), starts_on)}
    of_camp = periods_of_camp(starts_on, days)
    assert set(of_camp) == of_days
    assert len(of_camp) == len(of_days)


@pytest.mark.parametrize(("scores", "ranked"), [
    ([30, 20, 20, 10], [1, 2, 2, 4]),
    ([30, 20, 10], [1, 2, 3]),
    ([20, 20, 20], [1, 1, 1]),
    ([20, 20, 20, 0, 0], [1, 1, 1, 4, 4]),
    # On the first day everybody stands at nothing, and is listed.
    ([0, 0], [1, 1]),
    ([5, -3], [1, 2]),
    ([], []),
])
def test_equal_scores_share_a_rank_and_the_next_is_skipped(scores, ranked):
    assert list(ranks(scores)) == ranked


@given(board=st.lists(st.integers(0, 6), min_size=1, max_size=40).map(lambda s: sorted(s, reverse=True)),
       size=st.integers(1, 10), data=st.data())
def test_a_page_from_the_middle_ranks_as_the_whole_board_does(board, size, data):
    start = data.draw(st.integers(0, len(board) - 1))
    page = board[start:start + size]
    above, level = sum(score > page[0] for score in board), board.count(page[0])
    assert list(ranks(page, above, level)) == [1 + sum(other > score for other in board) for score in page]


@pytest.mark.parametrize(("visible", "is_me", "name"), [
    (True, False, "小明"),
    (True, True, "小明"),
    # Who said no appears to others without a name, and finds their own place all the same.
    (False, False, "匿名糖友"),
    (False, True, "小明"),
])
def test_who_said_no_appears_without_a_name(visible, is_me, name):
    assert name_on_board("小明", visible=visible, is_me=is_me) == name
