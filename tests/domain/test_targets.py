"""Whose target is which, where it comes from, and how far a nurse or doctor may move it."""

import datetime as dt
from decimal import Decimal

import pytest

from server.domain import alerts, glucose, targets
from server.domain.glucose import HI, LO, MG_DL, MMOL_L, Limits, Own, Patient, Reading
from server.domain.refusals import Refusal

TODAY = dt.date(2026, 3, 2)
OLD, ADULT = dt.date(1945, 1, 1), dt.date(1970, 1, 1)


def own(ranges: dict | None = None, limits: dict | None = None, *, frail: bool = False) -> Own:
    told = {group: {"from_mmol_l": low, "below_mmol_l": high} for group, (low, high) in (ranges or {}).items()}
    return targets.own_of(told, limits or {}, frail=frail)


def texts(patient: Patient) -> dict[str, str | None]:
    return {row["group"]: row["text"] and row["text"].removesuffix("）").partition(" mmol/L（")[0]
            for row in targets.in_force(patient, TODAY)}


def reading(value: str, unit: str = MMOL_L) -> Reading:
    return Reading(value if value in (HI, LO) else Decimal(value), unit)


# What is shown beside a reading is what the reading is judged by.
@pytest.mark.parametrize(("patient", "expected"), [
    (Patient("type2", ADULT), {"fasting": "4.4–7.0", "before_meal": "3.9–9.9", "after_meal": "3.9–9.9", "night": "3.9–9.9"}),
    (Patient("type1", ADULT), {"fasting": "4.4–7.0", "random": "3.9–9.9"}),
    # In pregnancy too a target begins where the alert ends.
    (Patient("gestational", ADULT), {"fasting": "3.9–5.2", "after_meal_1h": "3.9–7.7", "after_meal": "3.9–6.6", "bedtime": None}),
    (Patient("prediabetes", ADULT), {"fasting": "3.9–6.0", "after_meal": "3.9–7.7", "random": None}),
    # Nobody old or frail has a target before somebody sets one, and then only that one.
    (Patient("type2", OLD), dict.fromkeys(targets.GROUPS)),
    (Patient("type2", ADULT, own=own(frail=True)), dict.fromkeys(targets.GROUPS)),
    (Patient("type2", OLD, own=own({"fasting": ("5.0", "8.5")})), {"fasting": "5.0–8.4", "after_meal": None}),
    (Patient("type2", ADULT, own=own({"fasting": ("5.0", "8.0")})), {"fasting": "5.0–7.9", "after_meal": "3.9–9.9"}),
    # A tightened alert takes its part of a default, and where nothing is left there is none.
    (Patient("type2", ADULT, own=own(limits={"low_below": "5.6"})), {"fasting": "5.6–7.0", "after_meal": "5.6–9.9"}),
    (Patient("gestational", ADULT, own=own(limits={"low_below": "5.6"})), {"fasting": None, "after_meal": "5.6–6.6"}),
])
def test_a_target_goes_by_type_and_by_person(patient, expected):
    assert {group: texts(patient)[group] for group in expected} == expected


def test_every_target_says_where_it_comes_from():
    mine = Patient("gestational", ADULT, own=own({"night": ("4.0", "6.7")}))
    rows = {row["group"]: (row["source"], row["cites"]) for row in targets.in_force(mine, TODAY)}
    assert rows["night"] == (targets.STAFF, None)
    assert rows["fasting"] == (targets.DEFAULT, targets.PREGNANCY)
    assert rows["bedtime"] == (None, None)
    adult = {row["cites"] for row in targets.in_force(Patient("unknown", ADULT), TODAY)}
    assert adult == {targets.ADULT}
    assert (targets.waits(Patient("type2", OLD), TODAY), targets.waits(mine, TODAY)) == (True, False)
    assert not targets.waits(Patient("type2", OLD, own=own({"fasting": ("5.0", "8.5")})), TODAY)


@pytest.mark.parametrize(("value", "unit", "slot", "verdict"), [
    ("4.9", MMOL_L, "fasting", False), ("5.0", MMOL_L, "fasting", True), ("7.9", MMOL_L, "fasting", True),
    ("8.0", MMOL_L, "fasting", False),
    # In mg/dL as typed: 8.0 mmol/L is 144.
    ("89", MG_DL, "fasting", False), ("90", MG_DL, "fasting", True), ("143", MG_DL, "fasting", True),
    ("144", MG_DL, "fasting", False),
    # The other slots keep their default, and a low is off target whatever was set.
    ("9.9", MMOL_L, "random", True), ("3.8", MMOL_L, "random", False), (HI, MMOL_L, "fasting", None),
])
def test_a_reading_is_judged_by_the_persons_own_target(value, unit, slot, verdict):
    mine = Patient("type2", ADULT, own=own({"fasting": ("5.0", "8.0")}))
    assert glucose.on_target(reading(value, unit), slot, None, mine, TODAY) is verdict


def test_with_the_old_a_set_target_is_judged_and_nothing_else():
    old = Patient("type2", OLD, own=own({"fasting": ("5.0", "8.5")}))
    assert glucose.on_target(reading("8.4"), "fasting", None, old, TODAY) is True
    assert glucose.on_target(reading("8.4"), "bedtime", None, old, TODAY) is None
    assert glucose.on_target(reading("3.0"), "bedtime", None, old, TODAY) is None


@pytest.mark.parametrize(("patient", "value", "unit", "slot"), [
    (Patient("gestational"), "3.6", MMOL_L, "fasting"), (Patient("gestational"), "69", MG_DL, "after_lunch"),
    (Patient("gestational"), "3.8", MMOL_L, "bedtime"),
    (Patient("type2", own=own(limits={"low_below": "5.6"})), "5.0", MMOL_L, "fasting"),
    (Patient("type2", own=own(limits={"low_below": "5.6"})), "5.5", MMOL_L, "random"),
    (Patient("type2", own=own(limits={"high_from": "10.0"})), "180", MG_DL, "after_dinner"),
    (Patient("prediabetes", own=own(limits={"low_below": "5.6"})), "5.5", MMOL_L, "after_lunch")])
def test_no_answer_praises_a_value_and_rings_for_it(patient, value, unit, slot):
    mine = reading(value, unit)
    assert alerts.level_of(mine, patient=patient) in ("low", "high")
    verdict = glucose.on_target(mine, slot, None, patient, TODAY)
    assert verdict is not True
    assert glucose.hints(mine, verdict, patient, TODAY, glucose.target_for(slot, None, patient, TODAY)) == []


def test_a_hint_says_on_which_side_of_ones_own_target_a_reading_lies():
    mine = Patient("type2", ADULT, own=own({"fasting": ("6.0", "9.0")}))
    target = glucose.target_for("fasting", None, mine, TODAY)
    for value, word in (("5.5", "偏低"), ("9.5", "偏高")):
        said = glucose.hints(reading(value), False, mine, TODAY, target)
        assert [word in sentence for sentence in said] == [True], value


@pytest.mark.parametrize(("limits", "value", "level"), [
    ({}, "4.2", None), ({"low_below": "4.5"}, "4.2", "low"), ({"low_below": "4.5"}, "4.5", None),
    ({"critical_low_below": "3.5"}, "3.4", "critical_low"), ({}, "3.4", "low"),
    ({"high_from": "11.1"}, "11.1", "high"), ({}, "11.1", None),
    ({"critical_high_from": "15.0"}, "15.0", "critical_high"), ({}, "15.0", "high"),
    # Nothing moves what a meter cannot count.
    ({"low_below": "5.6", "high_from": "10.0"}, HI, "emergency_high"), ({"low_below": "5.6"}, LO, "critical_low"),
])
def test_tightened_limits_ring_earlier(limits, value, level):
    assert alerts.level_of(reading(value), patient=Patient(own=own(limits=limits))) == level


def test_a_tightened_limit_counts_in_either_unit():
    tight = Patient(own=own(limits={"low_below": "4.5"}))
    assert alerts.level_of(reading("80", MG_DL), patient=tight) == "low"
    assert alerts.level_of(reading("81", MG_DL), patient=tight) is None


# Loosened, switched off, or in the place of another level: refused.
@pytest.mark.parametrize("limits", [
    {"critical_low_below": "2.9"}, {"critical_low_below": "0.6"}, {"critical_low_below": "4.0"}, {"low_below": "3.8"},
    {"low_below": "5.7"}, {"high_from": "14.0"}, {"high_from": "9.9"}, {"critical_high_from": "16.8"},
    {"critical_high_from": "13.8"}])
def test_a_limit_is_tightened_and_never_loosened(limits):
    with pytest.raises(Refusal) as refused:
        targets.check(own(limits=limits))
    assert refused.value.code == "limit_loosened"
    assert "只能收紧" in refused.value.says()


@pytest.mark.parametrize(("ranges", "limits"), [
    ({"fasting": ("3.8", "7.0")}, {}), ({"fasting": ("5.0", "14.0")}, {}), ({"fasting": ("7.0", "5.0")}, {}),
    ({"fasting": ("5.0", "5.9")}, {}),
    # A target may not begin where this person's own alert still rings.
    ({"fasting": ("4.4", "7.0")}, {"low_below": "4.5"}), ({"random": ("4.4", "11.2")}, {"high_from": "11.1"})])
def test_a_target_lies_between_the_alerts(ranges, limits):
    with pytest.raises(Refusal) as refused:
        targets.check(own(ranges, limits))
    assert refused.value.code == "target_unsafe"


def test_what_keeps_a_person_safe_is_taken():
    tightest = {name: most if "low" in name else least for name, (_, least, most) in targets.LIMITS.items()}
    targets.check(own(limits=tightest))
    targets.check(own({"fasting": ("3.9", "13.9"), "night": ("5.0", "6.0")}))
    assert own() == Own()
    # The table that says how far starts from everybody's limits.
    everybody = Limits()
    for name, (_, least, most) in targets.LIMITS.items():
        assert getattr(everybody, name)[0] == (least if "low" in name else most)
        assert targets.threshold(getattr(everybody, name)[0]) == getattr(everybody, name)
    assert [row["tightened"] for row in targets.limits_in_force(own(limits={"low_below": "4.5"}).limits)] == [
        False, True, False, False]


@pytest.mark.parametrize(("patient", "set_to", "expected"), [
    (Patient("type2", ADULT), None, "7.0"), (Patient("type2", ADULT), "8.0", "8.0"), (Patient("type2", OLD), None, None),
    (Patient("type2", OLD), "8.0", "8.0"),
    (Patient("gestational", ADULT), None, None), (Patient("prediabetes", ADULT), None, None)])
def test_the_hba1c_aimed_at(patient, set_to, expected):
    aimed = targets.hba1c_below_percent(Decimal(set_to) if set_to else None, patient, TODAY)
    assert aimed == (Decimal(expected) if expected else None)


def test_a_target_and_how_far_it_may_go_are_said_in_both_units():
    said = {row["group"]: row["text"] for row in targets.in_force(Patient("type2", ADULT), TODAY)}
    assert (said["fasting"], said["after_meal"]) == ("4.4–7.0 mmol/L（80–126 mg/dL）", "3.9–9.9 mmol/L（70–179 mg/dL）")
    for ranges, limits, words in (({"fasting": ("3.0", "7.0")}, {}, "3.9 mmol/L（70 mg/dL）到 13.9 mmol/L（250 mg/dL）之间"),
                                  ({}, {"low_below": "3.5"}, "3.9 mmol/L（70 mg/dL）到 5.6 mmol/L（101 mg/dL）之间")):
        with pytest.raises(Refusal) as refused:
            targets.check(own(ranges, limits))
        assert words in refused.value.says()
