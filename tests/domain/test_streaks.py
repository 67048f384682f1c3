"""Complete days, runs, levels and make-up cards; beside them an oracle that reads the product's words one by one."""

import datetime as dt
import math
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import streaks
from server.domain.camps import Calendar
from server.domain.refusals import Refusal
from server.domain.templates import TEMPLATES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
CAMP = Calendar("Asia/Shanghai", dt.date(2026, 3, 2), 28)
MAKEUP = {"cards": 2, "within_days": 3}
LEVELS = TEMPLATES["standard-28"]["rules"]["certificates"]
DAILY = {"meal": 1, "exercise": 1, "glucose": 1}


def at(text):
    return dt.datetime.fromisoformat(f"{text}+08:00")


def month(*parts):
    """The marks of 28 days that begin so; nothing was filed on the rest."""
    return "".join(parts).ljust(28, "-")


@pytest.mark.parametrize(("asked", "counted", "complete"), [
    (DAILY, {"meal": 1, "exercise": 1, "glucose": 1}, True),
    (DAILY, {"meal": 3, "exercise": 1, "glucose": 1}, True),
    (DAILY, {"meal": 3, "exercise": 1}, False),
    (DAILY, {}, False),
    # A lesson is a bonus: it neither is asked nor stands in for what is.
    (DAILY, {"meal": 1, "exercise": 1, "lesson": 1}, False),
    ({"meal": 1, "exercise": 1}, {"meal": 1, "exercise": 1}, True),
    ({"meal": 1, "exercise": 1, "glucose": 4}, {"meal": 1, "exercise": 1, "glucose": 3}, False),
])
def test_a_day_is_complete_when_all_that_the_plan_asks_was_counted(asked, counted, complete):
    assert streaks.is_complete(asked, counted) is complete


@pytest.mark.parametrize(("complete", "made_up", "paused", "counted", "mark"), [
    (True, False, False, 3, "C"),
    (False, True, False, 1, "M"),
    (False, False, True, 0, "P"),
    (False, False, False, 2, "s"),
    (False, False, False, 0, "-"),
    # A paused day that is complete is complete, and so is a made-up day that a late correction completes.
    (True, False, True, 3, "C"),
    (True, True, False, 3, "C"),
    # What was filed on a paused day is kept, and the day stays a paused one.
    (False, False, True, 2, "P"),
])
def test_what_a_day_was(complete, made_up, paused, counted, mark):
    assert streaks.mark_of(complete=complete, made_up=made_up, paused=paused, counted=counted) == mark


@pytest.mark.parametrize(("day", "state"), [
    (1, "before_joining"),
    (2, "complete"),
    (3, "missed"),
    (4, "partial"),
    (5, "made_up"),
    # Yesterday is open until noon, whether something was filed or not.
    (6, "open"),
    (7, "open"),
    # A pause may be planned ahead.
    (8, "paused"),
    (9, "future"),
    (28, "future"),
])
def test_every_day_says_what_it_is(day, state):
    marks = month("-C-sMs-P")
    assert streaks.states(marks, CAMP, joined_number=2, now=at("2026-03-08T09:00"))[day - 1] == state


@pytest.mark.parametrize(("now", "states"), [
    ("2026-03-01T20:00", ["future", "future"]),
    ("2026-03-02T00:00", ["open", "future"]),
    ("2026-03-03T11:59:59", ["open", "open"]),
    ("2026-03-03T12:00:00", ["missed", "open"]),
    ("2026-03-04T12:00:00", ["missed", "missed"]),
])
def test_a_day_is_missed_only_when_it_has_closed(now, states):
    assert streaks.states(month(), CAMP, joined_number=1, now=at(now))[:2] == states


@pytest.mark.parametrize(("marks", "now", "current", "longest"), [
    ("", "2026-03-02T08:00", 0, 0),
    ("CCC", "2026-03-04T20:00", 3, 3),
    # An open day never breaks ...
    ("CCC-", "2026-03-05T20:00", 3, 3),
    # ... also when a later one is complete already: yesterday may still be filed until noon.
    ("CC-C", "2026-03-05T09:00", 3, 3),
    ("CC-C", "2026-03-05T12:00", 1, 2),
    ("CCC-", "2026-03-06T12:00", 0, 3),
    ("CCCs", "2026-03-06T12:00", 0, 3),
    ("CMC", "2026-03-04T20:00", 3, 3),
    ("CCPPC", "2026-03-06T20:00", 3, 3),
    ("CCPPPP", "2026-03-07T20:00", 2, 2),
    ("PP", "2026-03-03T20:00", 0, 0),
    ("CCCC-CC", "2026-03-08T20:00", 2, 4),
    # A pause that follows a broken day mends nothing.
    ("CC-P", "2026-03-05T20:00", 0, 2),
    ("C" * 28, "2026-06-01T20:00", 28, 28),
])
def test_a_streak_goes_back_from_the_last_day_that_is_complete_or_closed(marks, now, current, longest):
    states = streaks.states(month(marks), CAMP, joined_number=1, now=at(now))
    assert (streaks.current_run(states), streaks.longest_shown(states)) == (current, longest)


@pytest.mark.parametrize(("marks", "runs", "longest"), [
    ("CCC", [1, 2, 3], 3),
    ("CMC", [1, 2, 3], 3),
    ("CPPC", [1, 1, 1, 2], 2),
    ("CC-C", [1, 2, 0, 1], 2),
    ("CCsC", [1, 2, 0, 1], 2),
    ("PC", [0, 1], 1),
    ("", [], 0),
])
def test_a_paused_day_adds_nothing_and_a_made_up_day_adds_one(marks, runs, longest):
    assert streaks.runs(marks) == runs
    assert streaks.longest_run(marks) == longest


def oracle_is(mark, number, joined, now):
    """One day's state by the words of the product alone; a day of the camp closes 12 hours after it ends."""
    begins = at("2026-03-02T00:00") + dt.timedelta(days=number - 1)
    if number < joined:
        return "before_joining"
    if mark in "CMP":
        return {"C": "complete", "M": "made_up", "P": "paused"}[mark]
    if now < begins:
        return "future"
    if now < begins + dt.timedelta(hours=36):
        return "open"
    return "partial" if mark == "s" else "missed"


def oracle_run(states, last):
    """How many whole days are met walking back from that day until a broken one."""
    whole = 0
    for state in states[last::-1]:
        if state in ("missed", "partial", "before_joining"):
            return whole
        whole += state in ("complete", "made_up")
    return whole


camp_marks = st.text("CCCCMPs-", min_size=28, max_size=28)
camp_clock = st.integers(-48, 31 * 24).map(lambda hours: at("2026-03-02T00:00") + dt.timedelta(hours=hours))


@given(marks=camp_marks, joined=st.integers(1, 4), now=camp_clock)
def test_streaks_are_what_a_patient_reader_of_the_rules_would_count(marks, joined, now):
    states = streaks.states(marks, CAMP, joined, now)
    expected = [oracle_is(mark, number, joined, now) for number, mark in enumerate(marks, start=1)]
    assert states == expected
    settled = [n for n, state in enumerate(expected) if state not in ("open", "future")]
    current = oracle_run(expected, settled[-1]) if settled else 0
    assert streaks.current_run(states) == current
    assert streaks.longest_shown(states) == max(oracle_run(expected, n) for n in range(28)) >= current


@given(marks=camp_marks)
def test_runs_without_a_clock_are_counted_back_from_each_day(marks):
    closed = [oracle_is(mark, number, 1, at("2026-12-01T00:00")) for number, mark in enumerate(marks, start=1)]
    assert streaks.runs(marks) == [oracle_run(closed, n) for n in range(28)]


@pytest.mark.parametrize(("joined", "paused", "made_up", "complete", "levels"), [
    (1, 0, 0, 20, []),
    (1, 0, 0, 21, ["结营"]),
    (1, 0, 0, 24, ["结营"]),
    (1, 0, 0, 25, ["结营", "优秀"]),
    (1, 0, 0, 28, ["结营", "优秀", "全勤"]),
    # A made-up day counts for 结营 and 优秀, not for 全勤.
    (1, 0, 1, 20, ["结营"]),
    (1, 0, 1, 27, ["结营", "优秀"]),
    # Joined on day 3: 26 of 28 are eligible, so 19.5 → 20, 23.2 → 24, and every one of 26.
    (3, 0, 0, 19, []),
    (3, 0, 0, 20, ["结营"]),
    (3, 0, 0, 24, ["结营", "优秀"]),
    (3, 0, 0, 26, ["结营", "优秀", "全勤"]),
    # Seven days away is the most that 全勤 bears: 21 eligible, 15.75 → 16 and 18.75 → 19.
    (1, 7, 0, 16, ["结营"]),
    (1, 7, 0, 19, ["结营", "优秀"]),
    (1, 7, 0, 21, ["结营", "优秀", "全勤"]),
    (1, 8, 0, 20, ["结营", "优秀"]),
    (3, 5, 0, 21, ["结营", "优秀", "全勤"]),
    (3, 6, 0, 20, ["结营", "优秀"]),
    # At least half of the camp is asked about, however long the hospital took: 14 eligible, 10.5 → 11.
    (1, 14, 0, 10, []),
    (1, 14, 0, 11, ["结营"]),
    (1, 17, 0, 10, []),
    (1, 17, 0, 11, ["结营"]),
    (1, 20, 0, 8, []),
])
def test_levels_scale_with_the_days_a_person_could_take_part_in(joined, paused, made_up, complete, levels):
    marks = month("-" * (joined - 1), "P" * paused, "M" * made_up, "C" * complete)
    assert [level for level, _ in streaks.levels_reached(marks, joined, LEVELS)] == levels


def test_a_level_is_reached_on_the_day_that_made_it_enough():
    assert streaks.levels_reached("C" * 28, 1, LEVELS) == [("结营", 21), ("优秀", 25), ("全勤", 28)]
    assert streaks.levels_reached(month("----", "C" * 24), 1, LEVELS) == [("结营", 25)]


@given(marks=camp_marks, joined=st.integers(1, 3))
def test_levels_are_what_the_formula_of_the_product_says(marks, joined):
    marks = "-" * (joined - 1) + marks[joined - 1:]
    away = joined - 1 + marks.count("P")
    eligible = max(28 - away, 14)
    whole = marks.count("C") + marks.count("M")
    expected = [name for name, days in (("结营", 21), ("优秀", 25)) if whole >= math.ceil(Fraction(days * eligible, 28))]
    if marks.count("C") == 28 - away and away <= 7:
        expected.append("全勤")
    assert [level for level, _ in streaks.levels_reached(marks, joined, LEVELS)] == expected


@given(marks=camp_marks, number=st.integers(1, 28))
def test_one_more_complete_day_never_costs_a_level(marks, number):
    better = marks[:number - 1] + "C" + marks[number:]
    before, after = (streaks.levels_reached(each, 1, LEVELS) for each in (marks, better))
    assert {level for level, _ in before} <= {level for level, _ in after}


@pytest.mark.parametrize("state", ["missed", "partial"])
@pytest.mark.parametrize(("used", "now"), [
    (0, "2026-03-03T12:00:00"),
    (1, "2026-03-06T11:59:59"),
])
def test_a_broken_day_is_made_up_within_three_days_after_it_closed(state, used, now):
    assert streaks.check_makeup(state, CAMP.starts_on, CAMP, MAKEUP, used, at(now)) is None


@pytest.mark.parametrize(("state", "used", "now", "code"), [
    ("complete", 0, "2026-03-03T12:00:00", "makeup_not_needed"),
    ("made_up", 1, "2026-03-03T12:00:00", "makeup_not_needed"),
    ("before_joining", 0, "2026-03-03T12:00:00", "makeup_not_needed"),
    # Whoever can still file needs no card.
    ("open", 0, "2026-03-03T11:59:59", "day_open"),
    ("future", 0, "2026-03-01T12:00:00", "day_open"),
    ("missed", 0, "2026-03-06T12:00:01", "makeup_too_late"),
    ("partial", 0, "2026-03-20T12:00:00", "makeup_too_late"),
    ("missed", 2, "2026-03-03T12:00:00", "makeup_none_left"),
])
def test_a_card_is_refused_with_its_reason(state, used, now, code):
    with pytest.raises(Refusal, match=code):
        streaks.check_makeup(state, CAMP.starts_on, CAMP, MAKEUP, used, at(now))


@pytest.mark.parametrize(
    "state", ["complete", "made_up", "partial", "missed", "paused", "open", "future", "before_joining"])
def test_every_day_can_say_why(state):
    said = streaks.why(state, DAILY, {"meal": 1})
    assert CHINESE.search(said)
    assert said.endswith("。")


def test_a_day_whose_entries_came_after_it_had_closed_says_so():
    late = {"glucose": 6, "meal": 1, "lesson": 1}
    missed = streaks.why("missed", DAILY, {}, late)
    assert missed == ("这天的打卡是结束以后才记的（饮食 1 次、血糖 6 次），都在健康档案里，不计打卡；"
                      "计划是饮食 1 次、运动 1 次、血糖 1 次。")
    partial = streaks.why("partial", DAILY, {"meal": 1}, {"glucose": 1})
    assert partial == "已完成一部分，还差运动 1 次、血糖 1 次；这天结束以后才记的（血糖 1 次）在健康档案里，不计打卡。"
    for state in ("missed", "partial"):
        assert streaks.why(state, DAILY, {}, {"lesson": 1}) == streaks.why(state, DAILY, {})
    assert streaks.why("made_up", DAILY, {}, late) == streaks.why("made_up", DAILY, {})


@pytest.mark.parametrize(("asked", "counted", "says", "hides"), [
    (DAILY, {"meal": 2}, ["运动 1 次", "血糖 1 次"], ["饮食"]),
    (DAILY, {}, ["饮食 1 次", "运动 1 次", "血糖 1 次"], []),
    ({"meal": 1, "exercise": 1, "glucose": 4}, {"meal": 1, "exercise": 1, "glucose": 1}, ["血糖 3 次"], ["饮食", "运动"]),
    # A plan that asks for no test never says that one is missing.
    ({"meal": 1, "exercise": 1}, {"meal": 1}, ["运动 1 次"], ["血糖"]),
])
def test_a_day_that_is_not_whole_says_what_is_missing(asked, counted, says, hides):
    for state in ("open", "partial", "missed"):
        said = streaks.why(state, asked, counted)
        assert all(words in said for words in says)
        assert not any(words in said for words in hides)
