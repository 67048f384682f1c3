"""Who a person is: the words of the profile, and a birth that must have come."""

import datetime as dt

import pytest

from server.domain.people import (
    BASES,
    DEFAULT_QUIET_HOURS,
    DIABETES_TYPES,
    MEDICINES,
    TREATMENTS,
    after_quiet_hours,
    check_birth,
)
from server.domain.refusals import Refusal

TODAY = dt.date(2026, 3, 10)


@pytest.mark.parametrize("birth_on", [None, TODAY, dt.date(1926, 3, 10), dt.date(2024, 2, 29)])
def test_a_birth_that_has_come_passes(birth_on):
    assert check_birth(birth_on, TODAY) is None


@pytest.mark.parametrize("birth_on", [dt.date(2026, 3, 11), dt.date(2062, 3, 10)])
def test_nobody_is_born_tomorrow(birth_on):
    with pytest.raises(Refusal, match="birth_in_future"):
        check_birth(birth_on, TODAY)


def test_the_words_of_a_profile_are_those_of_the_contract():
    assert DIABETES_TYPES == ("type1", "type2", "gestational", "prediabetes", "unknown")
    assert TREATMENTS == ("lifestyle", "oral", "basal_insulin", "premixed_insulin", "intensive_insulin", "pump")
    assert MEDICINES == ("metformin", "sulfonylurea", "glinide", "acarbose", "sglt2", "dpp4", "glp1", "tzd", "steroid",
                         "basal", "premixed", "rapid")
    assert BASES == ("guardian", "carer")
    assert DEFAULT_QUIET_HOURS == {"from": "21:30", "to": "06:30"}


SHANGHAI = dt.timezone(dt.timedelta(hours=8))
NAP = {"from": "12:00", "to": "14:00"}


# Quiet hours, the day and time in Shanghai, and when the person may be disturbed, None for at once.
@pytest.mark.parametrize(("quiet_hours", "at", "expected"), [
    (DEFAULT_QUIET_HOURS, (10, 21, 29), None), (DEFAULT_QUIET_HOURS, (10, 21, 30), (11, 6, 30)),
    (DEFAULT_QUIET_HOURS, (11, 0, 0), (11, 6, 30)), (DEFAULT_QUIET_HOURS, (11, 6, 29), (11, 6, 30)),
    (DEFAULT_QUIET_HOURS, (11, 6, 30), None), (NAP, (10, 11, 59), None), (NAP, (10, 12, 0), (10, 14, 0)),
    (NAP, (10, 14, 0), None), (NAP, (10, 23, 0), None), ({"from": "08:00", "to": "08:00"}, (10, 8, 0), None)])
def test_quiet_hours_may_run_over_midnight(quiet_hours, at, expected):
    day, hour, minute = at
    now = dt.datetime(2026, 3, day, hour, minute, 5 if expected else 0, tzinfo=SHANGHAI)
    wanted = now if expected is None else dt.datetime(2026, 3, *expected, tzinfo=SHANGHAI)
    assert after_quiet_hours(quiet_hours, now.astimezone(dt.UTC)) == wanted
