"""The figures of a person's own readings are those of published implementations, or are not told."""

import datetime as dt
import functools
import json
import math
import pathlib
import uuid
from decimal import Decimal

import pytest

from server.domain.glucose import HI, LO, MG_DL, MMOL_L, Patient, Reading
from server.domain.insights import fingersticks, measures, pairs, sensor
from server.domain.insights.mage import mage
from server.domain.insights.readings import MOST_DAYS, Told, plain, window
from server.domain.refusals import Refusal

DATA = pathlib.Path(__file__).parent.parent / "data"
R, PYTHON = "iglu_R_4.3.0", "iglu_python_0.4.3"
ADULT = Patient("type2", dt.date(1970, 1, 1))
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(hours=2)
# The file keeps ten decimals of R's figures.
LAST_DIGIT = 6e-11


@functools.cache
def kept(name: str) -> dict:
    return json.loads((DATA / name).read_text("utf-8"))


def near(expected: float, relative: float = 1e-9):
    return pytest.approx(expected, rel=relative, abs=LAST_DIGIT)


def all_subjects() -> dict[str, dict]:
    told = kept("reference_metrics.json")
    sets = [told["iglu_example_5"], told["iglu_example_hall"],
            *(told[name]["subjects"] for name in ("aim94_smbg", "shanghai_cbg", "shanghai_cgm"))]
    return {f"{number}-{name}": one for number, each in enumerate(sets) for name, one in each.items()}


def told_of(*values: float | str, unit: str = MG_DL, slot: str = "random", step: dt.timedelta = dt.timedelta(hours=6),
            first: dt.datetime = NOON) -> list[Told]:
    """Readings as typed, one a step."""
    return [told_at(first + number * step, value, unit, slot) for number, value in enumerate(values)]


def told_at(at: dt.datetime, value: float | str, unit: str = MMOL_L, slot: str = "random") -> Told:
    typed = value if isinstance(value, str) else Decimal(str(value))
    return Told(uuid.uuid4(), at, at.date(), slot, None, Reading(typed, unit))


def trace(seed: int, step: int, days: int, holes: list = (), level: float = 140, swing: float = 60,
          start: int = 483) -> tuple[list[float], list[float]]:
    """Minutes and values of a made-up sensor: waves, a wandering drift from a congruential generator, and silences."""
    state, drift, minutes, values = seed, 0.0, [], []
    for place in range(days * 1440 // step):
        minute = start + place * step
        state = (1103515245 * state + 12345) % 2**31
        drift = 0.9 * drift + (state / 2**31 - 0.5) * 12
        if any(first <= place < end for first, end in holes):
            continue
        day = minute / 1440
        wave = swing * math.sin(2 * math.pi * 3 * day) * (0.6 + 0.4 * math.sin(day)) + 18 * math.sin(2 * math.pi * day + 1)
        minutes.append(minute)
        values.append(float(round(max(40, min(400, level + wave + drift)))))
    return minutes, values


@pytest.mark.parametrize("name", sorted(kept("aim94_glucose.json")))
def test_forty_peoples_finger_sticks_give_the_figures_that_r_and_python_give(name):
    values = kept("aim94_glucose.json")[name]
    subject = kept("reference_metrics.json")["aim94_smbg"]["subjects"][name]
    told = fingersticks.summary(told_of(*values), ADULT)
    assert told["readings"] == subject[R]["n"]
    for theirs, tolerance in ((subject[R], 1e-4), (subject[PYTHON], 1e-9)):
        assert told["mean_mg_dl"] == near(theirs["mean"])
        assert told["mean_mmol_l"] * 18 == near(theirs["mean"])
        assert told["sd_mg_dl"] == near(theirs["SD"])
        assert told["cv_percent"] == near(theirs["CV"])
        assert told["ea1c_percent"] == near(theirs["eA1C"])
        assert told["in_range_percent"] == near(theirs["in_range_70_180"])
        assert told["low_percent"] == near(theirs["below_70"])
        assert told["very_low_percent"] == near(theirs["below_54"])
        assert told["high_percent"] == near(theirs["above_180"])
        assert told["very_high_percent"] == near(theirs["above_250"])
        assert told["lbgi"] == near(theirs["LBGI"], tolerance)
        assert told["hbgi"] == near(theirs["HBGI"], tolerance)


def test_every_published_mean_gives_its_published_gmi_ea1c_and_cv():
    subjects = all_subjects()
    assert len(subjects) > 150
    for name, one in subjects.items():
        for theirs in one.values():
            if "eA1C" in theirs and "mean" in theirs:
                assert measures.gmi_percent(theirs["mean"]) == near(theirs["GMI"]), name
                assert measures.ea1c_percent(theirs["mean"]) == near(theirs["eA1C"]), name
                # One reading has no spread.
                assert theirs["SD"] is None or 100 * theirs["SD"] / theirs["mean"] == near(theirs["CV"], 1e-8), name


def test_the_risk_index_of_a_sensor_is_the_published_one():
    told = [one[which] for one in all_subjects().values() for which in (R, PYTHON) if "GRI" in one[which]]
    assert len(told) == 22
    for one in told:
        shares = (one["below_54"], one["below_70"] - one["below_54"], one["above_180"] - one["above_250"], one["above_250"])
        assert measures.gri(*shares) == near(one["GRI"])
    assert measures.gri(40, 0, 0, 0) == 100  # and never more


@pytest.mark.parametrize("name", sorted(kept("sensor_metrics.json")))
def test_a_sensors_swings_are_measured_as_the_published_method_does(name):
    theirs = kept("sensor_metrics.json")[name]
    minutes, values = trace(**theirs["made_by"])
    assert len(values) == theirs["n"]
    assert mage(minutes, values) == near(theirs["MAGE"])
    assert measures.active_percent(minutes) == near(theirs["active_percent"])
    assert measures.risks(values) == (near(theirs["LBGI"]), near(theirs["HBGI"]))


def test_a_trace_without_an_excursion_has_no_amplitude():
    minutes = [5.0 * place for place in range(300)]
    assert mage(minutes, [110.0] * 300) is None
    assert mage(minutes[:5], [100.0, 180.0, 100.0, 180.0, 100.0]) is None
    assert measures.active_percent(minutes[:1]) == 0


def test_a_figure_is_not_told_before_there_is_enough_of_it():
    spread, risk, estimate = {"sd_mg_dl", "sd_mmol_l", "cv_percent"}, {"lbgi", "hbgi"}, {"ea1c_percent"}
    rows = [(1, spread | risk | estimate), (13, spread | risk | estimate), (14, risk | estimate), (27, risk | estimate),
            (28, estimate), (29, estimate)]
    for count, missing in rows:
        told = fingersticks.summary(told_of(*range(100, 100 + count)), ADULT)
        for name in missing:
            assert told[name] is None
            why = told["reasons"][name]
            assert (why["code"], why["have"]) == ("not_enough_readings", count)
            assert f"现在有 {count} 次" in why["text"]
        assert {name for name, value in told.items() if value is None} == missing == set(told["reasons"]) - {"pairs"}
    told = fingersticks.summary(told_of(*range(100, 130)), ADULT)
    assert set(told["reasons"]) == {"pairs"}
    assert any("不能代替化验" in sentence for sentence in told["caveats"])


def test_nobody_is_told_a_number_of_no_readings():
    told = fingersticks.summary([], ADULT)
    assert {told["reasons"][name]["code"] for name in ("mean_mmol_l", "in_target_percent", "low_percent")} == {"no_readings"}
    assert (told["readings"], told["judged"], told["caveats"], told["lows"]) == (0, 0, [], [])


def test_a_value_counts_as_it_was_typed_in_either_unit():
    # 5.6 mmol/L is 100.8 mg/dL, and 100 mg/dL is 5.5556 mmol/L: neither is rounded on the way.
    told = fingersticks.summary([*told_of(5.6, unit=MMOL_L), *told_of(100)], ADULT)
    assert told["mean_mg_dl"] == pytest.approx((100.8 + 100) / 2, rel=1e-15)
    assert told["mean_mmol_l"] == pytest.approx((5.6 + 100 / 18) / 2, rel=1e-15)
    # 70 mg/dL is 3.8889 mmol/L and no low; 3.8 mmol/L is one. 180 is in range, 10.1 is not.
    rows = [(70, MG_DL, 0), (69, MG_DL, 100), (3.9, MMOL_L, 0), (3.8, MMOL_L, 100)]
    for value, unit, low in rows:
        assert fingersticks.summary(told_of(value, unit=unit), ADULT)["low_percent"] == low
    rows = [(180, MG_DL, 100), (181, MG_DL, 0), (10.0, MMOL_L, 100), (10.1, MMOL_L, 0)]
    for value, unit, inside in rows:
        assert fingersticks.summary(told_of(value, unit=unit), ADULT)["in_range_percent"] == inside


def test_hi_and_lo_count_in_the_shares_and_in_no_mean():
    told = fingersticks.summary(told_of(100, HI, LO, LO), ADULT)
    assert (told["mean_mg_dl"], told["low_percent"], told["very_low_percent"], told["very_high_percent"]) == (100, 50, 50, 25)
    assert told["beyond_meter"] == {"hi": 1, "lo": 2}
    assert "有 3 次超出血糖仪范围" in told["caveats"][-1]
    assert [low["value"] for low in told["lows"]] == [LO, LO]


def test_the_share_in_target_is_of_those_that_have_a_target():
    # Fasting 7.0 is in target and 7.1 is not; 10.0 after a meal is in range and off target.
    told = [told_at(NOON, 7.0, slot="fasting"), told_at(NOON, 7.1, slot="fasting"), told_at(NOON, 10.0, slot="after_lunch")]
    summary = fingersticks.summary(told, ADULT)
    assert (summary["judged"], summary["in_target_percent"]) == (3, pytest.approx(100 / 3))
    pregnant = fingersticks.summary([*told, told_at(NOON, 6.0, slot="bedtime")], Patient("gestational"))
    assert pregnant["judged"] == 3
    old = fingersticks.summary(told, Patient("type2", dt.date(1945, 1, 1)))
    assert (old["in_target_percent"], old["reasons"]["in_target_percent"]["code"]) == (None, "target_not_set")
    nowhere = fingersticks.summary(told_of(6.0, unit=MMOL_L), Patient("gestational"))
    assert nowhere["reasons"]["in_target_percent"]["code"] == "no_target_for_these"


def decimals(figures) -> list[float]:
    if isinstance(figures, dict):
        figures = list(figures.values())
    return [one for each in figures for one in decimals(each)] if isinstance(figures, list) else (
        [figures] if isinstance(figures, float) else [])


def test_no_figure_is_told_with_a_tail():
    whole = fingersticks.summary([told_at(NOON, value, slot=slot) for value in (5.7, 10.1, 7.3, 4.4) * 8
                                  for slot in ("fasting", "after_breakfast")], ADULT)
    assert any(one != round(one, 10) for one in decimals(whole))
    told = plain(whole)
    assert decimals(told)
    assert all(one == round(one, 10) for one in decimals(told))
    fasting = next(slot for slot in told["slots"] if slot["slot"] == "fasting")
    assert (fasting["lowest_mmol_l"], fasting["highest_mmol_l"]) == (4.4, 10.1)
    traced = plain(sensor.summary(with_local_days(sensor_days(14)), ADULT, "Asia/Shanghai"))
    assert all(one == round(one, 10) for one in decimals(traced))


def test_a_pair_is_one_meal_of_one_day():
    at = [NOON + dt.timedelta(minutes=30 * step) for step in range(10)]
    rows = [
        ([(0, 6.0, "fasting"), (4, 8.5, "after_breakfast")], [("breakfast", 2.5)]),
        ([(0, 6.0, "before_lunch"), (4, 8.5, "after_breakfast")], []),
        # Of two in a slot the later one is the slot's.
        ([(0, 6.0, "before_lunch"), (1, 7.0, "before_lunch"), (4, 9.0, "after_lunch"), (5, 10.0, "after_lunch")],
         [("lunch", 3.0)]),
        # A reading before the meal that came after the one after it is of no use.
        ([(4, 9.0, "after_dinner"), (5, 6.0, "before_dinner")], []),
        ([(0, LO, "fasting"), (4, 9.0, "after_breakfast")], []),
    ]
    for typed, expected in rows:
        told = [told_at(at[step], value, slot=slot) for step, value, slot in typed]
        assert [(pair.meal, pair.delta_mmol_l) for pair in pairs.found(told)] == expected
    next_day = [told_at(NOON, 6.0, slot="fasting"), told_at(NOON + dt.timedelta(days=1), 9.0, slot="after_breakfast")]
    assert pairs.found(next_day) == []


def test_a_pair_in_two_units_is_not_rounded():
    pair = pairs.found([told_at(NOON, 108, MG_DL, "fasting"), told_at(LATER, 10.0, slot="after_breakfast")])
    assert pair[0].delta_mmol_l == pytest.approx(4.0)
    both = pairs.found([told_at(NOON, 100, MG_DL, "fasting"), told_at(LATER, 160, MG_DL, "after_breakfast")])
    assert both[0].delta_mmol_l == pytest.approx(60 / 18, rel=1e-15)
    assert pairs.summary(both) | {"by_meal": None} == {
        "n": 1, "mean_delta_mmol_l": both[0].delta_mmol_l, "notable_rises": 1, "falls": 0, "by_meal": None}


def sensor_days(days: int, *, step: int = 15, skip: int = 0) -> list[Told]:
    """A sensor's days; `skip` leaves out that share of every hundred values."""
    minutes, values = trace(7, step, days, start=0)
    keep = [place for place in range(len(values)) if place % 100 >= skip]
    return [told_at(dt.datetime(2026, 3, 1, 16, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes[place]), values[place], MG_DL)
            for place in keep]


def with_local_days(told: list[Told]) -> list[Told]:
    return [Told(one.entry_id, one.at, (one.at + dt.timedelta(hours=8)).date(), one.slot, None, one.reading) for one in told]


def test_times_in_range_are_told_of_fourteen_days_of_sensor_and_of_nothing_less():
    told = sensor.summary(with_local_days(sensor_days(14)), ADULT, "Asia/Shanghai")
    assert told["reasons"] == {}
    values = [one.mg_dl for one in sensor_days(14)]
    assert told["time_in_range_percent"] == pytest.approx(100 * sum(70 <= value <= 180 for value in values) / len(values))
    assert told["gmi_percent"] == pytest.approx(3.31 + 0.02392 * sum(values) / len(values))
    assert told["mage_mg_dl"] == mage([15.0 * place for place in range(len(values))], values)
    assert told["gri"] == pytest.approx(measures.gri(
        told["time_very_low_percent"], told["time_low_percent"] - told["time_very_low_percent"],
        told["time_high_percent"] - told["time_very_high_percent"], told["time_very_high_percent"]))
    short = sensor.summary(with_local_days(sensor_days(13)), ADULT, "Asia/Shanghai")
    assert {name for name in sensor.FIGURES if short[name] is None} == set(sensor.FIGURES) == set(short["reasons"])
    assert short["reasons"]["gri"]["code"] == "sensor_days"
    holey = sensor.summary(with_local_days(sensor_days(14, skip=35)), ADULT, "Asia/Shanghai")
    assert (holey["reasons"]["gri"]["code"], holey["mage_mg_dl"]) == ("sensor_gaps", None)
    blind = [Told(one.entry_id, one.at, one.day, one.slot, None, Reading(HI, MG_DL)) for one in with_local_days(sensor_days(14))]
    assert sensor.summary(blind, ADULT, "Asia/Shanghai")["reasons"]["gri"]["code"] == "not_enough_readings"


def test_a_few_values_a_day_are_no_sensor_trace_however_even_they_are():
    # The slowest sensor tells every 15 minutes; one that drifts a minute still covers its time.
    rows = [(1440, "sensor_gaps"), (60, "sensor_gaps"), (30, "sensor_gaps"), (16, None), (15, None), (5, None)]
    for step, code in rows:
        told = sensor.summary(with_local_days(sensor_days(15, step=step)), ADULT, "Asia/Shanghai")
        assert {why["code"] for why in told["reasons"].values()} == ({code} if code else set()), step
        assert (told["gmi_percent"] is None) is bool(code)


def test_a_low_of_a_sensor_is_a_stretch_that_lasted():
    def stretches(*readings: tuple[int, float | str]) -> list[tuple[int, int, object]]:
        told = [told_at(NOON + dt.timedelta(minutes=minute), value) for minute, value in readings]
        return [((low.at - NOON).total_seconds() // 60, low.minutes, low.lowest.reading.typed) for low in sensor.lows(told)]

    assert stretches((0, 5.0), (5, 3.8), (10, 3.1), (15, 3.5), (20, 4.0)) == [(5, 15, Decimal("3.1"))]
    assert stretches((0, 5.0), (5, 3.8), (10, 4.0)) == []
    assert stretches((0, 3.8), (15, 3.9), (30, 3.0), (45, LO), (60, 4.0)) == [(0, 15, Decimal("3.8")), (30, 30, LO)]
    # Silent for an hour: nobody knows, so it ends a step later.
    assert stretches((0, 3.5), (60, 3.4), (75, 5.0)) == [(0, 15, Decimal("3.5")), (60, 15, Decimal("3.4"))]
    assert stretches((0, 3.5)) == [(0, 15, Decimal("3.5"))]
    assert stretches() == []


def test_in_pregnancy_finger_sticks_are_shared_out_by_its_own_ranges():
    rows = [(2.9, "low_percent"), (3.4, "low_percent"), (3.5, "in_range_percent"), (7.8, "in_range_percent"),
            (7.9, "high_percent"), (9.0, "high_percent")]
    for value, name in rows:
        told = fingersticks.summary([told_at(NOON, value)], Patient("gestational"))
        assert {each: told[each] for each in ("low_percent", "in_range_percent", "high_percent")} == {
            "low_percent": 0, "in_range_percent": 0, "high_percent": 0, name: 100}
    # Below 3.9 is a low that is listed, for everybody.
    assert len(fingersticks.summary([told_at(NOON, 3.6)], Patient("gestational"))["lows"]) == 1


def test_in_pregnancy_a_sensor_has_narrower_ranges_and_no_gmi():
    told = sensor.summary(with_local_days(sensor_days(14)), Patient("gestational"), "Asia/Shanghai")
    values = [one.mg_dl for one in sensor_days(14)]
    assert told["time_in_range_percent"] == pytest.approx(100 * sum(63 <= value <= 140 for value in values) / len(values))
    assert (told["gmi_percent"], told["gri"]) == (None, None)
    assert {why["code"] for why in told["reasons"].values()} == {"not_in_pregnancy"}
    assert sensor.summary([], ADULT, "Asia/Shanghai") is None


def test_the_days_looked_at_end_today_unless_they_are_named():
    today, other = dt.date(2026, 3, 20), dt.date(2026, 3, 1)
    rows = [((None, None, None), (dt.date(2026, 3, 7), today)), ((None, None, 1), (today, today)),
            ((other, None, 5), (other, today)), ((None, other, 3), (dt.date(2026, 2, 27), other)),
            ((other, other, 9), (other, other)), ((dt.date(2026, 4, 1), None, None), (dt.date(2026, 4, 1), dt.date(2026, 4, 1)))]
    for asked, expected in rows:
        assert window(*asked, today) == expected
    for asked, code in (((today, other, None), "window_backwards"),
                        ((today - dt.timedelta(days=MOST_DAYS), today, None), "window_too_long")):
        with pytest.raises(Refusal) as refused:
            window(*asked, today)
        assert refused.value.code == code
    assert window(None, dt.date(1900, 1, 5), 14, today) == (dt.date(1900, 1, 1), dt.date(1900, 1, 5))
