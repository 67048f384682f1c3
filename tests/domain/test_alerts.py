"""What one reading means at once, and the card that says what to do: no refusal hides a danger."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.alerts import (
    CARDS,
    CONFIRM_STEP,
    HOW_NOW_STEP,
    KETONES_BESIDE_STEP,
    KETONES_RAISED,
    LATE,
    LOW_BESIDE_STEP,
    NOBODY_STEP,
    OVER,
    SYMPTOMS,
    UNIT_STEP,
    advice_for,
    advice_for_refused,
    card_of,
    cards,
    kinds_of,
    late_card,
    level_of,
)
from server.domain.glucose import MG_DL, MMOL_L, Patient, Reading
from tests.domain.boundary import CASES, NAMES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
DOSE = re.compile(r"\d\s*(单位|毫克|mg\b(?!/dL)|U\b)")
# A glucose with a decimal that is not said in both units; a ketone has but one.
ALONE, KETONE = re.compile(r"\d+\.\d(?! mmol/L（\d+ mg/dL）)"), re.compile("血酮[^。；，]*")
EMERGENCIES = {"emergency_low", "emergency_high", "emergency_ketone"}
# How bad each is. What a person hears may only grow with it.
WORSE_LOW = [None, "low", "critical_low", "emergency_low"]
WORSE_HIGH = [None, "high", "critical_high", "emergency_high"]


def reading(typed, unit=MMOL_L):
    return Reading(typed if typed in ("HI", "LO") else Decimal(typed), unit)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_threshold_case_has_its_level(case):
    assert level_of(case.reading, patient=case.patient) == case.level
    advice = advice_for(case.level, case.reading)
    asks_again = advice is not None and CONFIRM_STEP in advice["steps"]
    assert asks_again is (case.remark == "critical_high_confirm_value")


@pytest.mark.parametrize(("typed", "unit", "level"), [
    ("LO", MMOL_L, "critical_low"), ("LO", MG_DL, "critical_low"),
    ("0.6", MMOL_L, "critical_low"), ("2.9", MMOL_L, "critical_low"), ("53", MG_DL, "critical_low"),
    ("3.0", MMOL_L, "low"), ("3.8", MMOL_L, "low"), ("54", MG_DL, "low"), ("69", MG_DL, "low"),
    ("3.9", MMOL_L, None), ("70", MG_DL, None), ("13.8", MMOL_L, None), ("249", MG_DL, None),
    ("13.9", MMOL_L, "high"), ("16.6", MMOL_L, "high"), ("250", MG_DL, "high"), ("299", MG_DL, "high"),
    ("16.7", MMOL_L, "critical_high"), ("300", MG_DL, "critical_high"), ("55.5", MMOL_L, "critical_high"),
    ("HI", MMOL_L, "emergency_high"), ("HI", MG_DL, "emergency_high"),
])
def test_a_level_begins_at_its_threshold_in_either_unit(typed, unit, level):
    assert level_of(reading(typed, unit)) == level


@pytest.mark.parametrize(("typed", "symptoms", "level"), [
    ("2.9", ["needed_help"], "emergency_low"),
    ("2.9", ["drowsy"], "emergency_low"),
    ("LO", ["confused"], "emergency_low"),
    ("2.9", ["sweating", "seizure"], "emergency_low"),
    # The body's ordinary alarm is no loss of consciousness.
    ("2.9", ["sweating", "shaking", "hunger"], "critical_low"),
    ("3.2", ["drowsy"], "low"),
    ("5.6", ["drowsy"], None),
    ("16.7", ["vomiting"], "emergency_high"),
    ("16.7", ["deep_breathing"], "emergency_high"),
    ("16.7", ["fruity_breath"], "emergency_high"),
    ("16.7", ["drowsy"], "emergency_high"),
    ("16.7", ["blurred_vision"], "critical_high"),
    ("16.6", ["vomiting"], "high"),
])
def test_symptoms_turn_a_critical_reading_into_an_emergency(typed, symptoms, level):
    assert level_of(reading(typed), symptoms) == level


@pytest.mark.parametrize(("typed", "ketone", "urine", "symptoms", "patient", "level"), [
    # At any glucose, for anybody.
    ("5.6", "3.0", None, [], Patient(), "emergency_ketone"),
    ("5.6", None, "2+", [], Patient(), "emergency_ketone"),
    ("5.6", None, "4+", [], Patient("type2"), "emergency_ketone"),
    ("17.0", "3.5", None, ["vomiting"], Patient("type1"), "emergency_ketone"),
    ("5.6", "2.9", None, [], Patient("type1"), "critical_high"),
    ("5.6", "1.5", None, [], Patient("gestational"), "critical_high"),
    ("5.6", "1.5", None, [], Patient("type2", medicines=("sglt2",)), "critical_high"),
    ("5.6", "1.5", None, ["vomiting"], Patient("type2"), "critical_high"),
    ("5.6", None, "1+", [], Patient("type1"), "critical_high"),
    # Without a symptom and without a risk it is nothing yet.
    ("5.6", "2.9", None, [], Patient("type2", medicines=("metformin",)), None),
    ("5.6", None, "1+", [], Patient("type2"), None),
    ("5.6", "1.4", None, ["vomiting"], Patient("type1"), None),
    ("5.6", None, "±", ["vomiting"], Patient("type1"), None),
    ("5.6", None, "0", [], Patient("type1"), None),
    ("14.0", "0.5", "0", [], Patient("type1"), "high"),
    ("HI", "1.6", None, [], Patient("type1"), "emergency_high"),
])
def test_ketones_are_a_danger_at_any_glucose(typed, ketone, urine, symptoms, patient, level):
    assert level_of(reading(typed), symptoms, ketone and Decimal(ketone), urine, patient) == level


@pytest.mark.parametrize(("typed", "level", "title", "beside"), [
    ("3.5", "low", CARDS["low"]["title"], True), ("2.8", "critical_low", CARDS["critical_low"]["title"], True),
    ("17.0", "critical_high", CARDS["critical_high"]["title"], False),
    # Of a glucose that is not very high the card of raised ketones says nothing else.
    ("9.0", "critical_high", "酮体偏高：请今天就医", False), ("14.0", "critical_high", "酮体偏高：请今天就医", False)])
def test_the_card_of_raised_ketones_speaks_of_them(typed, level, title, beside):
    card = card_of(reading(typed), (), Decimal("2.5"), None, Patient("type1"))
    assert (card["level"], card["title"], "酮体也偏高" in card["steps"][-1]) == (level, title, beside)
    assert not any(DOSE.search(words) for words in card["steps"])


@given(tenths=st.integers(6, 555), symptoms=st.lists(st.sampled_from(SYMPTOMS), max_size=3), other=st.integers(6, 555))
def test_a_lower_low_and_a_higher_high_are_never_less_of_a_danger(tenths, symptoms, other):
    down, up = sorted((Decimal(tenths) / 10, Decimal(other) / 10))
    lower, higher = level_of(Reading(down, MMOL_L), symptoms), level_of(Reading(up, MMOL_L), symptoms)
    if higher in WORSE_LOW:
        assert lower in WORSE_LOW[WORSE_LOW.index(higher):]
    if lower in WORSE_HIGH:
        assert higher in WORSE_HIGH[WORSE_HIGH.index(lower):]


@pytest.mark.parametrize("level", CARDS)
def test_a_card_says_in_plain_chinese_what_to_do_now(level):
    card = advice_for(level)
    assert set(card) == {"level", "title", "steps", "call_120"}
    assert card["level"] == level
    assert card["call_120"] is (level in EMERGENCIES)
    assert all(CHINESE.search(words) for words in [card["title"], *card["steps"]])
    assert not any(DOSE.search(words) for words in card["steps"])
    assert json.loads(json.dumps(card)) == card


def test_every_level_that_one_reading_can_reach_has_its_card():
    assert set(CARDS) == {"low", "critical_low", "emergency_low", "high", "critical_high", "emergency_high",
                          "emergency_ketone"}
    assert advice_for(None) is None


@pytest.mark.parametrize(("level", "words"), [
    ("low", ["15–20 克", "15 分钟", "阿卡波糖", "葡萄糖", "磺脲", "24 小时"]),
    ("critical_low", ["15–20 克", "15 分钟", "120"]),
    # Nobody who has fainted is fed.
    ("emergency_low", ["120", "不要喂"]),
    ("high", ["洗", "再测", "酮体"]),
    ("critical_high", ["再测", "呕吐", "今天"]),
    ("emergency_high", ["120", "急诊"]),
    ("emergency_ketone", ["120", "急诊", "血糖不高也要去"]),
])
def test_a_card_holds_the_first_steps_of_its_level(level, words):
    said = CARDS[level]["title"] + "".join(CARDS[level]["steps"])
    assert [word for word in words if word not in said] == []


@pytest.mark.parametrize(("typed", "unit", "asks_again"), [
    ("1.0", MMOL_L, True), ("1.1", MMOL_L, False), ("33.3", MMOL_L, False), ("33.4", MMOL_L, True),
    ("19", MG_DL, True), ("20", MG_DL, False), ("599", MG_DL, False), ("600", MG_DL, True),
    # A meter that says so has said all it can.
    ("HI", MMOL_L, False), ("LO", MMOL_L, False),
])
def test_a_value_that_is_rarely_true_is_treated_first_and_asked_about_last(typed, unit, asks_again):
    shown = reading(typed, unit)
    card = advice_for(level_of(shown), shown)
    assert (card["steps"][-1] == CONFIRM_STEP) is asks_again
    assert all(CONFIRM_STEP not in shipped["steps"] for shipped in CARDS.values())


@pytest.mark.parametrize(("value", "unit", "level"), [
    (2.9, MMOL_L, "critical_low"),
    (3.8, MMOL_L, "low"),
    (Decimal("16.7"), MMOL_L, "critical_high"),
    (53, MG_DL, "critical_low"),
    (300, MG_DL, "critical_high"),
    ("HI", MMOL_L, "emergency_high"),
    ("LO", MG_DL, "critical_low"),
    # Dangerous in the other unit, whatever is meant.
    (2.9, MG_DL, "critical_low"),
    (350, MMOL_L, "critical_high"),
    # Refused as implausible, and dangerous as typed all the same.
    (113.6, MMOL_L, "critical_high"),
    (0.5, MMOL_L, "critical_low"),
    (9, MG_DL, "critical_low"),
    (1200, MG_DL, "critical_high"),
    # A unit that nobody knows, or none.
    (2.9, None, "critical_low"),
    (2.9, "mmol", "critical_low"),
    (2.9, ["mg/dL"], "critical_low"),
    (350, {}, "critical_high"),
    # Where nobody knows the unit, or the value is impossible in it, a low goes first.
    (30, None, "critical_low"),
    (54, None, "low"),
    (60, MMOL_L, "low"),
    (30, MMOL_L, "critical_high"),
    # A number sent as text is refused, and is no less a danger.
    ("2.6", MMOL_L, "critical_low"),
    (" lo ", MMOL_L, "critical_low"),
    ("hi", None, "emergency_high"),
])
def test_a_refused_reading_carries_its_card(value, unit, level):
    assert advice_for_refused(value, unit)["level"] == level


def test_a_number_that_is_a_low_in_one_unit_and_a_high_in_the_other_asks_for_a_look_at_the_meter():
    assert advice_for_refused(30, None)["steps"] == [UNIT_STEP, *CARDS["critical_low"]["steps"]]
    assert UNIT_STEP not in [*advice_for_refused(2.9, None)["steps"], *advice_for_refused(350, None)["steps"],
                             *advice_for_refused("LO", None)["steps"]]


@pytest.mark.parametrize(("value", "unit"), [
    (5.6, MMOL_L), (100, MG_DL), (9.9, MMOL_L), (5.6, None), (100, "mmol"), (7, 7),
    # No reading at all.
    (None, MMOL_L), (True, MMOL_L), ([], MMOL_L), ([2.9], MMOL_L), ({"value": 2.9}, MMOL_L), ("", MMOL_L),
    ("很低", MMOL_L), ("NaN", MMOL_L), (float("nan"), MMOL_L), (float("inf"), MG_DL), ("-Infinity", MG_DL),
    (0, MMOL_L), (-2.9, MMOL_L),
    # As mg/dL these would be lower than a meter shows: sugar would harm whoever has them in mmol/L.
    (10.5, MMOL_L), (16.6, MMOL_L),
])
def test_what_is_harmless_or_no_reading_brings_no_card(value, unit):
    assert advice_for_refused(value, unit) is None


@given(tenths=st.integers(6, 555))
def test_whatever_is_dangerous_when_filed_is_dangerous_when_refused(tenths):
    for value, unit in ((tenths / 10, MMOL_L), (tenths * 1.8, MG_DL)):
        level = level_of(Reading(Decimal(str(value)), unit))
        if level not in (None, "high"):
            assert advice_for_refused(value, unit)["level"] == level


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.decimals()
anything = plain | st.lists(plain, max_size=1) | st.dictionaries(st.just("value"), plain, max_size=1)


@given(value=anything, unit=anything | st.sampled_from([MMOL_L, MG_DL]))
def test_whatever_arrives_is_answered(value, unit):
    card = advice_for_refused(value, unit)
    assert card is None or card["level"] in CARDS


def sayings(told: object) -> list[str]:
    """Every text in what is published."""
    if isinstance(told, dict):
        return [text for one in told.values() for text in sayings(one)]
    return [told] if isinstance(told, str) else [text for one in told for text in sayings(one)] if isinstance(told, list) else []


def test_no_card_names_a_glucose_in_one_unit_alone():
    published = cards()
    texts = sayings([published[name] for name in ("cards", "confirm", "cautions", "late", "over")])
    texts += [UNIT_STEP, NOBODY_STEP, *sayings(KETONES_RAISED), LOW_BESIDE_STEP, KETONES_BESIDE_STEP]
    assert {text for text in texts if ALONE.search(KETONE.sub("", text))} == set()
    assert any("3.9 mmol/L（70 mg/dL）" in text for text in texts)


def test_a_late_card_speaks_of_every_danger_that_is_not_over():
    both = card_of(reading("2.8", MMOL_L), ketone_mmol_l=Decimal("3.2"))
    assert kinds_of(both) == ["ketone", "low"]
    stands = late_card(both, (), stands=True)
    assert (stands["steps"][0], stands["call_120"], LOW_BESIDE_STEP in stands["steps"]) == (HOW_NOW_STEP, True, False)
    assert [LATE["low"]["steps"][1] in stands["steps"], LOW_BESIDE_STEP in late_card(both, ["low"], stands=True)["steps"]] == [
        True, False]
    low = late_card(both, ["ketone"], stands=True)
    assert (low["title"], low["steps"], low["over"]) == (LATE["low"]["title"], LATE["low"]["steps"], False)
    over = late_card(both, ["ketone", "low"], stands=True)
    assert (over["over"], over["call_120"], over["title"]) == (True, False, OVER["ketone"]["title"])


@pytest.mark.parametrize("level", CARDS)
def test_no_late_card_orders_sugar_and_all_are_plain(level):
    late, over = late_card(CARDS[level], (), stands=False), late_card(CARDS[level], kinds_of(CARDS[level]), stands=False)
    for card in (late, over):
        assert all(CHINESE.search(words) for words in [card["title"], *card["steps"]])
        assert not any(words.startswith(("立刻吃", "吃 15")) for words in card["steps"])
        assert json.loads(json.dumps(card)) == card
    assert late["steps"][0] == HOW_NOW_STEP
