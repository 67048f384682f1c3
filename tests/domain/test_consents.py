"""Agreement: whole years of age, and who agrees for a child."""

import datetime as dt

import pytest

from server.domain.consents import PURPOSES, age_years, check_giver
from server.domain.refusals import Refusal

TODAY = dt.date(2026, 3, 10)


def date(text):
    return dt.date.fromisoformat(text)


def test_consent_is_asked_for_each_purpose_by_itself():
    assert PURPOSES == ("care", "family", "board", "sponsor_share", "marketing", "research", "public_story")


@pytest.mark.parametrize(("born", "today", "years"), [
    ("2012-03-10", "2026-03-09", 13),
    ("2012-03-10", "2026-03-10", 14),
    ("2026-03-10", "2026-03-10", 0),
    ("1951-12-31", "2026-01-01", 74),
    # Born on a leap day: a birthday on it, and on 1 March in other years.
    ("2012-02-29", "2028-02-28", 15),
    ("2012-02-29", "2028-02-29", 16),
    ("2012-02-29", "2026-02-28", 13),
    ("2012-02-29", "2026-03-01", 14),
])
def test_age_is_counted_in_whole_years(born, today, years):
    assert age_years(date(born), date(today)) == years


@pytest.mark.parametrize(("given_by", "guardian", "born"), [
    ("self", None, "2012-03-10"),
    ("self", None, "1950-01-01"),
    # Whoever has not said when they were born is not taken for a child.
    ("self", None, None),
    ("guardian", "陈红", "2012-03-11"),
    ("guardian", "陈红", "2026-03-01"),
])
def test_fourteen_and_older_agree_for_themselves_and_a_guardian_for_a_child(given_by, guardian, born):
    assert check_giver(given_by, guardian, born and date(born), TODAY) is None


@pytest.mark.parametrize(("given_by", "guardian", "born", "code"), [
    ("self", None, "2012-03-11", "guardian_needed"),
    # A name alone makes no guardian of the child.
    ("self", "陈红", "2020-01-01", "guardian_needed"),
    ("guardian", None, "2012-03-11", "guardian_name_needed"),
    ("guardian", "", "2012-03-11", "guardian_name_needed"),
])
def test_a_child_cannot_agree_alone_and_a_guardian_has_a_name(given_by, guardian, born, code):
    with pytest.raises(Refusal, match=code):
        check_giver(given_by, guardian, date(born), TODAY)
