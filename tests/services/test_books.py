"""Whatever is done in whatever order, the ledger is what the published rules make of the facts, and the boards follow."""

import collections
import itertools
import math
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.makers import Person, World, day, entry

CAPS = {"meal": (3, 3), "exercise": (6, 1), "glucose": (6, 1)}
MILESTONES = {3: 10, 7: 30, 14: 50, 21: 70, 28: 100}


def _expected(entries: list[dict[str, Any]], made_up: set[int], paused: set[int]) -> tuple[int, int, int]:
    """(points, check-ins, longest run) by the rules read afresh from product's words, sharing no code with the server."""
    counted = collections.defaultdict(collections.Counter)
    for one in entries:
        if one["counts"]:
            counted[(one["day"])][one["kind"]] += 1
    numbers = {str(day(n)): n for n in range(1, 29)}
    points = check_ins = 0
    complete = set()
    for date, kinds in counted.items():
        for kind, count in kinds.items():
            each, cap = CAPS[kind]
            points += each * min(count, cap)
            check_ins += min(count, cap)
        if len(kinds) == 3:
            complete.add(numbers[date])
            points += 10
    days = ["whole" if n in complete | made_up else "away" if n in paused else "broken" for n in range(1, 29)]
    blocks = [list(block) for broken, block in itertools.groupby(days, lambda d: d == "broken") if not broken]
    longest = max((block.count("whole") for block in blocks), default=0)
    points += sum(paid for run, paid in MILESTONES.items() if longest >= run)
    eligible = max(28 - days.count("away"), 14)
    if days.count("whole") >= math.ceil(21 * eligible / 28):
        points += 100
    return points, check_ins, longest


class Camp(RuleBasedStateMachine):
    """One patient's camp: filing, editing, deleting, making up and pausing while the days go by."""

    world: World
    group: Any
    names = itertools.count()

    def __init__(self) -> None:
        super().__init__()
        self.number = 1
        self.world.clock(f"{day(1)}T08:00:00+08:00")
        self.person: Person = self.world.patient(f"p{next(self.names)}", self.group)
        self.made_up: set[int] = set()
        self.paused: set[int] = set()
        self.ids: list[str] = []

    def _sync(self, drafts: list[dict[str, Any]]) -> None:
        answer = self.person.post("/entries/sync", {"entries": drafts})
        assert answer.status == 200, answer.json
        assert {r["status"] for r in answer["results"]} == {"created"}
        self.ids += [draft["id"] for draft in drafts]

    @rule(kinds=st.lists(st.sampled_from(sorted(CAPS)), min_size=1, max_size=5), back=st.integers(0, 2))
    def file(self, kinds: list[str], back: int) -> None:
        """File some entries of today or of a day or two ago, in time or late."""
        at = f"{day(max(1, self.number - back))}T07:30:00+08:00"
        self._sync([entry(kind, at) for kind in kinds])

    @rule(days=st.integers(1, 3), hour=st.sampled_from(["08", "11", "13", "20"]))
    def pass_time(self, days: int, hour: str) -> None:
        """Days go by, whole ones for the most part."""
        for _ in range(days):
            if self.number < 28:
                self.number += 1
                self.world.clock(f"{day(self.number)}T{hour}:00:00+08:00")
                self._sync([entry(kind, f"{day(self.number)}T07:00:00+08:00") for kind in sorted(CAPS)])

    @rule()
    def skip_a_day(self) -> None:
        """A day without an entry."""
        if self.number < 28:
            self.number += 1
            self.world.clock(f"{day(self.number)}T14:00:00+08:00")

    @precondition(lambda self: self.ids)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """Delete an entry, old or new."""
        gone = data.draw(st.sampled_from(self.ids))
        self.ids.remove(gone)
        assert self.person.ask("DELETE", f"/entries/{gone}").status == 200

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), back=st.integers(0, 3))
    def move(self, data: st.DataObject, back: int) -> None:
        """Move an entry to another day."""
        moved = data.draw(st.sampled_from(self.ids))
        at = f"{day(max(1, self.number - back))}T06:00:00+08:00"
        assert self.person.ask("PATCH", f"/entries/{moved}", {"occurred_at": at}).status == 200

    @rule(back=st.integers(1, 4))
    def make_up(self, back: int) -> None:
        """Spend a make-up card, where the camp lets one."""
        number = max(1, self.number - back)
        answer = self.person.post("/streaks/makeups", {"enrolment_id": self.person.enrolment["id"], "day": str(day(number))})
        assert answer.status in (201, 409)
        if answer.status == 201:
            self.made_up.add(number)

    @rule(back=st.integers(-2, 2), length=st.integers(1, 3))
    def pause(self, back: int, length: int) -> None:
        """Take some days off, where the camp lets one."""
        first = min(max(1, self.number - back), 28)
        last = min(first + length - 1, 28)
        answer = self.person.post(f"/enrolments/{self.person.enrolment['id']}/pause", {
            "from": str(day(first)), "to": str(day(last)), "reason": "出差"})
        assert answer.status in (200, 409)
        if answer.status == 200:
            self.paused |= set(range(first, last + 1))

    @invariant()
    def the_books_are_right(self) -> None:
        """Ledger, balance and boards are what the facts are worth."""
        entries, after = [], ""
        while True:
            page = self.person.get(f"/entries?limit=100{after}")
            entries += page["items"]
            if page["next"] is None:
                break
            after = f"&after={page['next']}"
        points, check_ins, longest = _expected(entries, self.made_up, self.paused)
        lines, after = [], ""
        while True:
            ledger = self.person.get(f"/points/me?limit=100{after}")
            lines += ledger["lines"]["items"]
            if ledger["lines"]["next"] is None:
                break
            after = f"&after={ledger['lines']['next']}"
        assert ledger["balance"] == sum(line["points"] for line in lines) == points
        board = f"/leaderboards?class_id={self.group['id']}&limit=1&metric="
        assert self.person.get(board + "points")["me"]["score"] == points
        assert self.person.get(board + "check_ins")["me"]["score"] == check_ins
        assert self.person.get(board + "streak")["me"]["score"] == longest


def test_the_books_are_right_after_every_step_in_any_order(world: World) -> None:
    Camp.world, Camp.group = world, world.group(capacity=1000)
    run_state_machine_as_test(Camp, settings=settings(max_examples=15, stateful_step_count=25, deadline=None))
