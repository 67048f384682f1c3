"""The ledger as a difference: what a day and a camp are worth, and what is posted to bring it there."""

import collections
import datetime as dt
import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.camps import asked_on
from server.domain.points import Fact, Key, camp_should_hold, check_ins, day_should_hold, difference
from server.domain.templates import TEMPLATES

STANDARD = TEMPLATES["standard-28"]["rules"]
POINTS, LEVELS = STANDARD["points"], STANDARD["certificates"]
DAILY = {"meal": 1, "exercise": 1, "glucose": 1}
NO_TEST = {"meal": 1, "exercise": 1}
MIDNIGHT = dt.datetime(2026, 3, 1, 16, tzinfo=dt.UTC)


def fact(kind, hour=8, number=0):
    """A counted entry at that hour; `number` sets its id apart."""
    return Fact(uuid.UUID(int=number), kind, MIDNIGHT + dt.timedelta(hours=hour))


def day(*kinds):
    """A day's facts, one an hour in the order given."""
    return [fact(kind, hour, hour) for hour, kind in enumerate(kinds, start=1)]


def worth(facts, asked=None, rules=POINTS):
    """What the day pays, by reason."""
    paid = collections.Counter()
    for key, points in day_should_hold(7, facts, DAILY if asked is None else asked, rules).items():
        paid[key.reason] += points
    return dict(paid)


@pytest.mark.parametrize(("kinds", "asked", "paid"), [
    ([], DAILY, {}),
    (["meal"], DAILY, {"meal": 3}),
    (["meal"] * 3, DAILY, {"meal": 9}),
    (["meal"] * 4, DAILY, {"meal": 9}),
    (["exercise"] * 2, DAILY, {"exercise": 6}),
    (["glucose"] * 8, DAILY, {"glucose": 6}),
    (["lesson"] * 2, DAILY, {"lesson": 4}),
    (["meal", "exercise", "glucose"], DAILY, {"meal": 3, "exercise": 6, "glucose": 6, "complete_day": 10}),
    (["meal", "meal", "meal", "exercise", "glucose", "lesson"], DAILY,
     {"meal": 9, "exercise": 6, "glucose": 6, "lesson": 4, "complete_day": 10}),
    # A lesson is a bonus and completes nothing.
    (["meal", "exercise", "lesson"], DAILY, {"meal": 3, "exercise": 6, "lesson": 4}),
    # No test was asked: the reading earns nothing, the complete day earns its points on top.
    (["meal", "exercise"], NO_TEST, {"meal": 3, "exercise": 6, "complete_day": 16}),
    (["meal", "exercise", "glucose"], NO_TEST, {"meal": 3, "exercise": 6, "complete_day": 16}),
    (["glucose"], NO_TEST, {}),
    (["meal", "glucose"], NO_TEST, {"meal": 3}),
    # Four tests a day pay what one pays; three of four complete nothing.
    (["meal", "exercise"] + ["glucose"] * 3, {**DAILY, "glucose": 4}, {"meal": 3, "exercise": 6, "glucose": 6}),
    (["meal", "exercise"] + ["glucose"] * 4, {**DAILY, "glucose": 4},
     {"meal": 3, "exercise": 6, "glucose": 6, "complete_day": 10}),
])
def test_a_day_is_paid_for_what_was_done(kinds, asked, paid):
    assert worth(day(*kinds), asked) == paid


def test_a_cap_pays_the_earliest_by_when_it_happened_and_not_by_when_it_was_filed():
    # The ids run the other way, so that only the hour can tell.
    late, early, noon, dawn = (fact("meal", hour, 100 - hour) for hour in (20, 7, 12, 5))
    paid = day_should_hold(7, [late, early, noon, dawn], DAILY, POINTS)
    assert paid == {Key("meal", str(each.entry_id), 7): 3 for each in (early, noon, dawn)}


def test_of_two_entries_at_one_instant_the_smaller_id_is_paid():
    twins = [fact("exercise", 8, number) for number in (9, 2, 5)]
    assert list(day_should_hold(7, twins, DAILY, POINTS)) == [Key("exercise", str(uuid.UUID(int=2)), 7)]


def test_a_camp_that_pays_nothing_for_meals_posts_no_empty_lines():
    rules = {**POINTS, "meal": {"each": 0, "daily_cap": 3}, "complete_day": 0}
    assert worth(day("meal", "exercise", "glucose"), rules=rules) == {"exercise": 6, "glucose": 6}


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))
def test_every_plan_can_earn_the_same_on_every_day(template):
    rules = template["rules"]
    everything = day(*["meal", "exercise", "glucose", "lesson"] * 20)
    for number in range(1, template["days"] + 1):
        plans = [asked_on(rules, plan, number) for plan in rules["plans"]]
        most = {sum(worth(everything, asked, rules["points"]).values()) for asked in plans}
        # Doing just what is asked pays every plan the same, too.
        least = {sum(worth(day(*collections.Counter(asked).elements()), asked, rules["points"]).values())
                 for asked in plans}
        assert len(most) == len(least) == 1


def lines_of(marks):
    """Milestones and finish as {(reason, run): (day, points)}."""
    held = camp_should_hold(marks.ljust(28, "-"), 1, POINTS, LEVELS)
    return {(key.reason, key.about): (key.day_number, points) for key, points in held.items()}


@pytest.mark.parametrize(("marks", "lines"), [
    ("", {}),
    ("CC", {}),
    ("CCC", {("milestone", "3"): (3, 10)}),
    ("CCCCCCC", {("milestone", "3"): (3, 10), ("milestone", "7"): (7, 30)}),
    # A second run of three is not paid again.
    ("CCC-CCC", {("milestone", "3"): (3, 10)}),
    ("CC-CCC", {("milestone", "3"): (6, 10)}),
    # A made-up day adds to the run, a paused day keeps it.
    ("CMC", {("milestone", "3"): (3, 10)}),
    ("CCPPC", {("milestone", "3"): (5, 10)}),
    ("CCsCC", {}),
    # Seven in two runs are no run of seven.
    ("CCCC-CCC", {("milestone", "3"): (3, 10)}),
    # The finish is paid once, with the lowest level, on the day that reached it.
    ("CCCCCC-" * 3 + "CCC", {("milestone", "3"): (3, 10), ("finish", ""): (24, 100)}),
    ("C" * 28, {("milestone", "3"): (3, 10), ("milestone", "7"): (7, 30), ("milestone", "14"): (14, 50),
                ("milestone", "21"): (21, 70), ("milestone", "28"): (28, 100), ("finish", ""): (21, 100)}),
])
def test_a_milestone_is_paid_once_on_the_day_a_run_first_reaches_it(marks, lines):
    assert lines_of(marks) == lines


@given(marks=st.text("CCCCCCMPs-", min_size=28, max_size=28))
def test_the_milestones_paid_are_those_that_the_longest_run_reaches(marks):
    whole = [block.count("C") + block.count("M") for block in re.split("[s-]", marks)]
    reached = {str(run) for run in (3, 7, 14, 21, 28) if run <= max(whole)}
    assert {about for reason, about in lines_of(marks) if reason == "milestone"} == reached


def test_a_made_up_day_pays_nothing_itself():
    assert worth([]) == {}
    assert worth(day("meal")) == {"meal": 3}


def test_a_broken_day_takes_its_milestone_back_and_a_late_entry_restores_it():
    seven = camp_should_hold("C" * 7 + "-" * 21, 1, POINTS, LEVELS)
    broken = camp_should_hold("CCCsCCC" + "-" * 21, 1, POINTS, LEVELS)
    assert difference(broken, seven) == {Key("milestone", "7", 7): -30}
    assert difference(seven, broken) == {Key("milestone", "7", 7): 30}


def test_a_milestone_that_moves_to_another_day_is_taken_there_and_given_here():
    early = camp_should_hold("CCC" + "-" * 25, 1, POINTS, LEVELS)
    late = camp_should_hold("-CCC" + "-" * 24, 1, POINTS, LEVELS)
    assert difference(late, early) == {Key("milestone", "3", 4): 10, Key("milestone", "3", 3): -10}


keys = st.builds(Key, st.sampled_from(["meal", "glucose", "complete_day", "milestone"]),
                 st.sampled_from(["", "a", "b", "7"]), st.integers(1, 5))
ledgers = st.dictionaries(keys, st.integers(-200, 200), max_size=12)


@given(should=ledgers, holds=ledgers)
def test_what_is_held_and_what_is_posted_come_to_what_should_be_held(should, holds):
    posted = difference(should, holds)
    after = collections.Counter(holds)
    after.update(posted)
    assert {key: points for key, points in after.items() if points} == {k: p for k, p in should.items() if p}
    assert all(posted.values())


@given(should=ledgers, holds=ledgers)
def test_running_it_again_posts_nothing_and_going_back_posts_the_opposite(should, holds):
    assert difference(should, should) == {}
    assert difference(holds, should) == {key: -points for key, points in difference(should, holds).items()}


some_facts = st.lists(st.builds(fact, st.sampled_from(["meal", "exercise", "glucose", "lesson"]),
                                st.integers(0, 23), st.integers(0, 10**6)), max_size=12, unique_by=lambda f: f.entry_id)
some_plan = st.sampled_from([DAILY, NO_TEST, {**DAILY, "glucose": 4}])


def oracle(facts, asked):
    """What a day pays, counted kind by kind as the product publishes it."""
    total = 0
    for kind, each, cap in (("meal", 3, 3), ("exercise", 6, 1), ("glucose", 6, 1), ("lesson", 4, 1)):
        here = [each for f in facts if f.kind == kind]
        total += sum(here[:cap]) if kind != "glucose" or "glucose" in asked else 0
    if all(sum(f.kind == kind for f in facts) >= wanted for kind, wanted in asked.items()):
        total += 10 if "glucose" in asked else 16
    return total


@given(facts=some_facts, asked=some_plan)
def test_a_day_pays_what_the_published_table_says(facts, asked):
    assert sum(day_should_hold(7, facts, asked, POINTS).values()) == oracle(facts, asked)


@given(facts=some_facts, asked=some_plan, data=st.data())
def test_the_order_of_filing_changes_nothing_and_deleting_gives_back_exactly_what_was_given(facts, asked, data):
    full = day_should_hold(7, facts, asked, POINTS)
    assert day_should_hold(7, data.draw(st.permutations(facts)), asked, POINTS) == full
    kept = data.draw(st.lists(st.sampled_from(facts), unique_by=id)) if facts else []
    held = collections.Counter(full)
    held.update(difference(day_should_hold(7, kept, asked, POINTS), held))
    assert sum(held.values()) == oracle(kept, asked)
    held.update(difference(full, held))
    assert +held == full


@pytest.mark.parametrize(("counted", "check_in_count"), [
    ({}, 0),
    ({"meal": 2}, 2),
    ({"meal": 5}, 3),
    ({"meal": 3, "exercise": 1, "glucose": 1, "lesson": 1}, 6),
    ({"meal": 9, "exercise": 9, "glucose": 9, "lesson": 9}, 6),
])
def test_check_ins_are_the_entries_up_to_the_daily_caps(counted, check_in_count):
    assert check_ins(counted, POINTS) == check_in_count
