"""A purchase pays for having what the plan needs, never for more."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import purchases
from server.domain.refusals import Refusal

RULE = {"each": 20, "cap": 40}


@pytest.mark.parametrize(("strips", "needed", "paid", "points"), [
    (0, 35, 0, 20), (34, 35, 20, 20), (35, 35, 20, 0), (0, 35, 40, 0), (0, 35, 30, 10), (0, 0, 0, 0), (900, 35, 0, 0)])
def test_a_purchase_pays_within_the_cap_until_the_plan_is_covered(strips, needed, paid, points):
    assert purchases.worth(RULE, strips, needed, paid) == points


@given(st.lists(st.integers(0, 500), max_size=20), st.integers(0, 100))
def test_however_much_is_bought_the_cap_holds_and_nothing_is_paid_once_the_plan_is_covered(bought, needed):
    strips = paid = 0
    for more in bought:
        points = purchases.worth(RULE, strips, needed, paid)
        assert points == 0 or strips < needed
        strips, paid = strips + more, paid + points
    assert paid <= RULE["cap"]


def test_the_strips_a_plan_needs_have_a_quarter_to_spare():
    assert purchases.strips_needed({"1": {"meal": 1, "glucose": 1}, "2": {"glucose": 2}, "3": {"meal": 1}}) == 4


@pytest.mark.parametrize(("day", "passes"), [(dt.date(2026, 3, 4), True), (dt.date(2026, 3, 5), False),
                                             (dt.date(2025, 12, 4), True), (dt.date(2025, 12, 3), False)])
def test_a_purchase_lies_in_the_last_ninety_days(day, passes):
    outcome = contextlib.nullcontext() if passes else pytest.raises(Refusal, match="purchase_day")
    with outcome:
        purchases.check_day(day, dt.date(2026, 3, 4))


@pytest.mark.parametrize(("sku", "strips"), [("strips-25", 50), ("strip 10", 20), ("某牌试纸50片", 100), ("meter-G3", 0),
                                             ("血糖仪", 0), ("GS-300", 100)])
def test_packs_hold_what_their_name_says_and_a_meter_none(sku, strips):
    assert purchases.strips_in(sku, 2) == strips
