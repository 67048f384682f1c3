"""What becomes of a dangerous reading: its level whoever typed it how, what ends it, and when it is worse."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import alarms, alerts
from server.domain.glucose import Patient, Reading

MMOL = st.integers(6, 555).map(lambda tenths: Decimal(tenths) / 10)
PREGNANT = Patient(diabetes_type="gestational")


def draft(value, unit="mmol/L", **more):
    """A glucose draft."""
    return {"kind": "glucose", "value": value if isinstance(value, str) else Decimal(str(value)), "unit": unit, **more}


def level_of(reading, patient):
    """The level that the answer shows first."""
    return next(iter(alarms.alert_levels(reading, patient).values()), None)


@given(MMOL, MMOL, st.sets(st.sampled_from(alerts.SYMPTOMS)))
def test_of_two_lows_the_lower_is_never_the_lesser_alarm(one, other, symptoms):
    lower, higher = sorted((one, other))
    levels = [level_of(draft(value, symptoms=sorted(symptoms)), Patient()) for value in (lower, higher)]
    if levels[1] and alarms.kind_of(levels[1]) == "low":
        assert alarms.rank(levels[0]) >= alarms.rank(levels[1])


@given(MMOL, MMOL, st.sets(st.sampled_from(alerts.SYMPTOMS)))
def test_of_two_highs_the_higher_is_never_the_lesser_alarm(one, other, symptoms):
    lower, higher = sorted((one, other))
    levels = [level_of(draft(value, symptoms=sorted(symptoms)), Patient()) for value in (lower, higher)]
    if levels[0] and alarms.kind_of(levels[0]) == "high":
        assert alarms.rank(levels[1]) >= alarms.rank(levels[0])


@given(MMOL, st.sampled_from(alerts.SYMPTOMS))
def test_a_symptom_never_makes_an_alarm_smaller(value, symptom):
    without, with_it = (level_of(draft(value, symptoms=signs), Patient()) for signs in ([], [symptom]))
    assert alarms.rank(with_it) >= alarms.rank(without)


@given(MMOL)
def test_somebody_elses_reading_raises_none_and_ends_none(value):
    theirs = draft(value, not_mine=True)
    assert alarms.alert_levels(theirs, Patient()) == {}
    assert not any(alarms.ends(kind, theirs) for kind in ("low", "high", "ketone"))


@given(MMOL, st.sampled_from(["low", "high"]))
def test_a_reading_that_raises_an_alarm_ends_none_of_its_kind(value, kind):
    level = level_of(draft(value), Patient())
    if level and alarms.kind_of(level) == kind:
        assert not alarms.ends(kind, draft(value))


@pytest.mark.parametrize(("value", "unit", "slot", "hears"), [
    (3.2, "mmol/L", None, True), (3.3, "mmol/L", None, False), (58, "mg/dL", None, True), (59, "mg/dL", None, False),
    (11.0, "mmol/L", None, False), (11.1, "mmol/L", None, True), (200, "mg/dL", None, True), (6.9, "mmol/L", "fasting", False),
    (7.0, "mmol/L", "fasting", True), (126, "mg/dL", "fasting", True), (7.0, "mmol/L", "bedtime", False)])
def test_in_pregnancy_the_nurse_hears_the_same_day(value, unit, slot, hears):
    reading = draft(value, unit, slot=slot)
    assert alarms.nurse_hears(reading, PREGNANT) is hears
    assert alarms.nurse_hears(reading, Patient()) is False


@pytest.mark.parametrize(("value", "unit", "extreme"), [
    (27.7, "mmol/L", False), (27.8, "mmol/L", True), (499, "mg/dL", False), (500, "mg/dL", True), ("HI", "mmol/L", True)])
def test_one_reading_of_27_8_is_the_doctors_at_once(value, unit, extreme):
    assert alarms.is_extreme(draft(value, unit)) is extreme


def test_what_is_published_is_what_the_rule_goes_by():
    for row in alerts.THRESHOLDS:
        signs = row.get("with", [])
        for unit, name in (("mmol/L", "mmol_l"), ("mg/dL", "mg_dl")):
            step = Decimal("0.1") if unit == "mmol/L" else Decimal(1)
            if f"below_{name}" in row:
                edge = Decimal(str(row[f"below_{name}"]))
                inside, outside = edge - step, edge
            elif f"from_{name}" in row:
                edge = Decimal(str(row[f"from_{name}"]))
                inside, outside = edge, edge - step
            else:
                continue
            levels = [alerts.level_of(Reading(value, unit), signs[:1] if signs else ()) for value in (inside, outside)]
            assert (levels[0], levels[1] == row["level"]) == (row["level"], False)


def test_ketones_are_an_emergency_at_any_glucose_and_end_below_1_5():
    assert level_of(draft(6.0, ketone_mmol_l=Decimal("3.0")), Patient()) == "emergency_ketone"
    assert level_of(draft(6.0, ketone_mmol_l=Decimal("2.9")), Patient()) is None
    assert [alarms.ends("ketone", draft(6.0, ketone_mmol_l=Decimal(value))) for value in ("1.4", "1.5")] == [True, False]


@pytest.mark.parametrize(("value", "more", "patient", "levels"), [
    (9.0, {"ketone_mmol_l": Decimal("2.5")}, Patient("type1"), {"ketone": "critical_high"}),
    (9.0, {"urine_ketone": "1+"}, PREGNANT, {"ketone": "critical_high"}),
    # A high that is no worse is in it, a worse one is not, and a low never.
    (17.0, {"ketone_mmol_l": Decimal("2.5")}, Patient("type1"), {"ketone": "critical_high"}),
    ("HI", {"ketone_mmol_l": Decimal("2.5")}, Patient("type1"), {"high": "emergency_high", "ketone": "critical_high"}),
    ("HI", {"ketone_mmol_l": Decimal("3.0")}, Patient(), {"ketone": "emergency_ketone"}),
    (3.5, {"ketone_mmol_l": Decimal("2.5")}, Patient("type1"), {"low": "low", "ketone": "critical_high"}),
    (2.8, {"ketone_mmol_l": Decimal("3.4")}, Patient(), {"ketone": "emergency_ketone", "low": "critical_low"}),
    (9.0, {"ketone_mmol_l": Decimal("2.5")}, Patient(), {})])
def test_ketones_are_an_alert_of_their_own_which_no_glucose_ends(value, more, patient, levels):
    reading = draft(value, **more)
    assert list(alarms.alert_levels(reading, patient).items()) == list(levels.items())
    assert not alarms.ends("ketone", draft(9.0), "critical_high")


@pytest.mark.parametrize(("level", "symptoms", "ended"), [
    ("high", ["vomiting"], True), ("critical_high", [], True), ("critical_high", ["vomiting"], False),
    ("emergency_high", ["drowsy"], False)])
def test_a_very_high_episode_ends_with_a_reading_without_a_symptom(level, symptoms, ended):
    assert alarms.ends("high", draft(13.8, symptoms=symptoms), level) is ended


NOW = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)


@pytest.mark.parametrize("readings, first", [
    # (level, hours ago; None when nobody knows, and it may be now)
    ([], None), ([("low", 30)], "low"), ([("emergency_high", 30), ("low", 1)], "low"),
    ([("critical_low", 3), ("high", 1)], "critical_low"), ([("emergency_high", 20), ("critical_low", 0)], "critical_low"),
    ([("critical_low", 1), ("critical_high", 0)], "critical_high"),
    ([("critical_high", 0), ("critical_low", 0)], "critical_low"),
    ([("critical_high", 0), ("critical_low", None)], "critical_low"),
    ([("critical_low", 40), ("critical_high", 30)], "critical_high")])
def test_of_many_cards_a_fresh_and_serious_one_is_shown_and_then_the_latest(readings, first):
    cards = [(alerts.CARDS[level], ago if ago is None else NOW - dt.timedelta(hours=ago)) for level, ago in readings]
    for order in (cards, cards[::-1]):
        found = alarms.foremost([*order, (None, NOW)], NOW)
        assert (found and found["level"]) == first


def test_the_steps_come_one_after_the_other_up_to_the_furthest_reached():
    assert [alarms.steps_to(*reached) for reached in ((), (None,), ("manager",), (None, "doctor"), ("duty", "doctor"))] == [
        ("manager",), ("manager",), ("manager",), ("manager", "doctor"), ("manager", "doctor", "duty")]
    assert [alarms.next_step(reached) for reached in (None, "manager", "doctor", "duty")] == ["doctor", "doctor", "duty", None]
