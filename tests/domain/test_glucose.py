"""Glucose: both units by one constant, HI and LO, bands, targets, hints, and the question about an odd value."""

import datetime as dt
from decimal import Decimal

import pytest

from server.domain.glucose import (
    MG_DL,
    MG_DL_PER_MMOL_L,
    MMOL_L,
    SLOTS,
    Patient,
    Reading,
    band,
    check_plausible,
    conditions,
    hints,
    on_target,
    slot_by_hour,
    to_mmol_l,
)
from server.domain.refusals import Refusal
from tests.domain.boundary import CASES, NAMES

TODAY = dt.date(2026, 3, 10)
every_case = pytest.mark.parametrize("case", CASES, ids=NAMES)


def reading(typed, unit=MMOL_L):
    """A reading of what a meter shows: a text like 5.6, HI or LO."""
    return Reading(typed if typed in ("HI", "LO") else Decimal(typed), unit)


@pytest.mark.parametrize(("mg_dl", "mmol_l"), [
    ("54", "3.0"), ("69", "3.8"), ("70", "3.9"), ("126", "7.0"), ("180", "10.0"), ("250", "13.9"), ("300", "16.7"),
    # Where other constants in use (18.0156, 18.0182) would say 5.5 and 7.0.
    ("100", "5.6"), ("127", "7.1"),
])
def test_one_constant_stands_between_the_units(mg_dl, mmol_l):
    assert MG_DL_PER_MMOL_L == 18
    assert to_mmol_l(Decimal(mg_dl), MG_DL) == Decimal(mmol_l)
    assert reading(mg_dl, MG_DL).mmol_l == Decimal(mmol_l)


def test_every_value_is_rounded_half_up_to_one_decimal_in_whole_numbers():
    for mg_dl in range(10, 1001):
        tenths = (mg_dl * 20 + 18) // 36
        assert to_mmol_l(Decimal(mg_dl), MG_DL) * 10 == tenths


def test_a_value_in_mmol_comes_back_from_mg_unchanged():
    for tenths in range(6, 556):
        value = Decimal(tenths) / 10
        assert to_mmol_l(value, MMOL_L) == to_mmol_l(value * MG_DL_PER_MMOL_L, MG_DL) == value


@pytest.mark.parametrize(("typed", "unit", "is_below_3_9", "is_above_3_9"), [
    ("3.8", MMOL_L, True, False),
    ("3.9", MMOL_L, False, False),
    ("4.0", MMOL_L, False, True),
    ("69", MG_DL, True, False),
    # 70 mg/dL is 3.8889 mmol/L, and is not low: a reading is judged in the unit it was typed in.
    ("70", MG_DL, False, False),
    ("71", MG_DL, False, True),
    ("LO", MMOL_L, True, False),
    ("LO", MG_DL, True, False),
    ("HI", MMOL_L, False, True),
    ("HI", MG_DL, False, True),
])
def test_a_reading_is_compared_as_it_was_typed(typed, unit, is_below_3_9, is_above_3_9):
    shown = reading(typed, unit)
    assert shown.below("3.9", 70) is is_below_3_9
    assert shown.at_least("3.9", 70) is not is_below_3_9
    assert shown.above("3.9", 70) is is_above_3_9


@pytest.mark.parametrize("typed", ["HI", "LO"])
def test_hi_and_lo_are_values_of_their_own(typed):
    assert reading(typed).mmol_l is None
    assert check_plausible(reading(typed), None) is None


@pytest.mark.parametrize(("typed", "unit"), [
    ("0.6", MMOL_L), ("1.0", MMOL_L), ("33.4", MMOL_L), ("55.5", MMOL_L),
    ("10", MG_DL), ("600", MG_DL), ("1000", MG_DL)])
def test_a_value_that_a_meter_could_show_is_kept(typed, unit):
    assert check_plausible(reading(typed, unit), None) is None


@pytest.mark.parametrize(("typed", "unit", "meant"), [
    # A real slip of a published data set: the unit, or the decimal point.
    ("113.6", MMOL_L, ["113.6 mg/dL", "11.4 mmol/L"]),
    ("56", MMOL_L, ["56 mg/dL", "5.6 mmol/L"]),
    ("126", MMOL_L, ["126 mg/dL", "12.6 mmol/L"]),
    ("0.5", MMOL_L, ["5.0 mmol/L"]),
    ("5.6", MG_DL, ["5.6 mmol/L", "56 mg/dL"]),
    ("1200", MG_DL, ["120 mg/dL"]),
    ("55.6", MMOL_L, []), ("9", MG_DL, []), ("1001", MG_DL, []), ("5000", MMOL_L, []),
])
def test_an_odd_value_is_answered_with_a_question(typed, unit, meant):
    card = {"level": "critical_high"}
    with pytest.raises(Refusal, match="glucose_implausible") as refused:
        check_plausible(reading(typed, unit), card)
    question = refused.value.says()
    assert question.startswith(f"{typed} {unit}")
    assert all(value in question for value in meant)
    assert not meant or question.endswith("？")
    assert refused.value.errors == {"value": [question]}
    assert refused.value.advice == card


# Where finger-sticks really peak in a day, and the hours between.
@pytest.mark.parametrize(("hour", "slot"), [
    (2, "night"), (6, "fasting"), (9, "after_breakfast"), (11, "before_lunch"), (13, "after_lunch"),
    (16, "before_dinner"), (19, "after_dinner"), (21, "bedtime"), (23, "bedtime")])
def test_a_slot_is_suggested_by_the_hour(hour, slot):
    assert slot_by_hour(hour) == slot


def test_every_hour_has_a_slot():
    assert {slot_by_hour(hour) for hour in range(24)} <= set(SLOTS)


@every_case
def test_a_threshold_case_has_its_band(case):
    assert band(case.reading, case.patient.diabetes_type) == case.band


@every_case
def test_a_threshold_case_has_its_verdict(case):
    assert on_target(case.reading, case.slot, case.hours_after, case.patient, TODAY) is case.on_target


@every_case
def test_a_threshold_case_has_its_hint(case):
    said = hints(case.reading, case.on_target, case.patient, TODAY)
    assert bool(said) or not case.remark.endswith(("_hint", "suggest_venous_test"))
    assert any("静脉血" in hint for hint in said) is (case.remark == "suggest_venous_test")
    assert case.remark != "none" or said == []


@pytest.mark.parametrize(("typed", "unit", "diabetes_type", "expected"), [
    ("LO", MMOL_L, "type2", "very_low"),
    ("HI", MG_DL, "type2", "very_high"),
    ("2.9", MMOL_L, "type2", "very_low"), ("3.0", MMOL_L, "type2", "low"),
    ("3.8", MMOL_L, "unknown", "low"), ("3.9", MMOL_L, "unknown", "in_range"),
    ("10.0", MMOL_L, "type1", "in_range"), ("10.1", MMOL_L, "type1", "high"),
    ("13.9", MMOL_L, "type2", "high"), ("14.0", MMOL_L, "type2", "very_high"),
    ("53", MG_DL, "type2", "very_low"), ("54", MG_DL, "type2", "low"),
    ("69", MG_DL, "type2", "low"), ("70", MG_DL, "type2", "in_range"),
    ("180", MG_DL, "type2", "in_range"), ("181", MG_DL, "type2", "high"),
    ("250", MG_DL, "type2", "high"), ("251", MG_DL, "type2", "very_high"),
    # In pregnancy 3.5 to 7.8 (63 to 140).
    ("3.4", MMOL_L, "gestational", "low"), ("3.5", MMOL_L, "gestational", "in_range"),
    ("7.8", MMOL_L, "gestational", "in_range"), ("7.9", MMOL_L, "gestational", "high"),
    ("63", MG_DL, "gestational", "in_range"), ("141", MG_DL, "gestational", "high"),
])
def test_bands_are_those_of_the_consensus(typed, unit, diabetes_type, expected):
    assert band(reading(typed, unit), diabetes_type) == expected


@pytest.mark.parametrize(("diabetes_type", "slot", "hours_after", "typed", "verdict"), [
    # 4.4-7.0 holds both its ends.
    ("type2", "fasting", None, "4.3", False), ("type2", "fasting", None, "4.4", True),
    ("type2", "fasting", None, "7.0", True), ("type2", "fasting", None, "7.1", False),
    # "<10.0" does not hold its end, though 10.0 lies in the band.
    ("type2", "after_lunch", 2, "9.9", True), ("type2", "after_lunch", 2, "10.0", False),
    ("type2", "random", None, "9.9", True),
    # Type 1, and who does not know, go by the numbers of type 2 until staff set a target.
    ("type1", "fasting", None, "7.0", True), ("unknown", "bedtime", None, "10.0", False),
    ("gestational", "fasting", None, "5.2", True), ("gestational", "fasting", None, "5.3", False),
    ("gestational", "after_dinner", 1, "7.7", True), ("gestational", "after_dinner", 1, "7.8", False),
    ("gestational", "after_dinner", 2, "6.6", True), ("gestational", "after_dinner", 2, "6.7", False),
    ("gestational", "bedtime", None, "6.0", None),
    # A low is off target at any hour.
    ("gestational", "bedtime", None, "3.4", False), ("prediabetes", "random", None, "3.8", False),
    ("prediabetes", "fasting", None, "6.0", True), ("prediabetes", "fasting", None, "6.1", False),
    ("prediabetes", "after_lunch", 2, "7.8", False),
    # What is not settled has no verdict.
    ("type2", "random", None, "HI", None), ("type2", "random", None, "LO", None),
    ("type2", "random", None, "33.3", False), ("type2", "random", None, "33.4", None),
])
def test_a_verdict_follows_the_default_targets(diabetes_type, slot, hours_after, typed, verdict):
    assert on_target(reading(typed), slot, hours_after, Patient(diabetes_type), TODAY) is verdict


@pytest.mark.parametrize(("birth_on", "treatments", "medicines", "verdict"), [
    (None, (), (), True),
    ("1951-03-11", (), (), True),
    ("1951-03-10", (), (), None),
    ("1961-03-10", ("oral",), ("metformin",), True),
    ("1961-03-10", ("oral",), ("sulfonylurea",), None),
    ("1961-03-10", ("oral",), ("glinide",), None),
    ("1961-03-10", ("basal_insulin",), (), None),
    ("1961-03-10", ("pump",), (), None),
    ("1961-03-11", ("premixed_insulin",), (), True),
])
def test_the_old_and_those_at_risk_get_no_verdict_by_default(birth_on, treatments, medicines, verdict):
    born = birth_on and dt.date.fromisoformat(birth_on)
    patient = Patient("type2", born, treatments, medicines)
    assert on_target(reading("6.0"), "fasting", None, patient, TODAY) is verdict


@pytest.mark.parametrize(("typed", "unit", "treatments", "medicines", "minds_a_low"), [
    ("3.9", MMOL_L, ("oral",), ("sulfonylurea",), True),
    ("4.3", MMOL_L, ("oral",), ("glinide",), True),
    ("4.3", MMOL_L, ("pump",), (), True),
    ("79", MG_DL, ("intensive_insulin",), (), True),
    ("4.4", MMOL_L, ("pump",), (), False),
    # Below 3.9 it is an alert, and no longer a hint.
    ("3.8", MMOL_L, ("pump",), (), False),
    ("4.0", MMOL_L, ("oral",), ("metformin",), False),
])
def test_who_takes_what_can_cause_a_low_is_told_when_it_is_near(typed, unit, treatments, medicines, minds_a_low):
    patient = Patient("type2", None, treatments, medicines)
    assert any("低血糖" in hint for hint in hints(reading(typed, unit), None, patient, TODAY)) is minds_a_low


@pytest.mark.parametrize(("typed", "unit", "treatments", "minds_a_low"), [
    ("4.9", MMOL_L, ("pump",), True),
    ("89", MG_DL, ("pump",), True),
    ("5.0", MMOL_L, ("pump",), False),
    ("90", MG_DL, ("pump",), False),
    # Nothing that they take lowers it.
    ("4.9", MMOL_L, ("lifestyle",), False),
])
def test_the_old_are_told_of_a_near_low_earlier(typed, unit, treatments, minds_a_low):
    patient = Patient("type2", dt.date(1940, 1, 1), treatments)
    assert any("低血糖" in hint for hint in hints(reading(typed, unit), None, patient, TODAY)) is minds_a_low


def test_treatments_are_kept_once_and_in_order():
    assert conditions(["oral", "pump", "oral"]) == ("oral", "pump")
