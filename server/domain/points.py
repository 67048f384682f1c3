"""The ledger as a difference: what should be there, less what is.

`should_hold` says what a day's facts, and the marks of the whole camp, are worth under the published rules. What is
posted is `difference(should, holds)`. Adding, correcting, deleting, importing, pausing, making up and healing after a
crash are this one mechanism.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from server.domain import streaks


class Key(NamedTuple):
    """What a ledger line is for: the reason, the thing it is about ('' for none) and the number of the camp day."""

    reason: str
    about: str
    day_number: int


@dataclasses.dataclass(frozen=True)
class Fact:
    """One counted entry of a day."""

    entry_id: uuid.UUID
    kind: str
    occurred_at: dt.datetime


def day_should_hold(number: int, facts: Iterable[Fact], asked: Mapping[str, int], rules: Mapping[str, Any]) -> dict[Key, int]:
    """What one day's counted entries are worth.

    `rules` is the camp's `points`. A kind pays `each` for its first `daily_cap` entries by `occurred_at` (then id). On
    a day whose plan asks for no test a glucose entry earns nothing, and the complete day earns the reading's points on
    top, so that every plan can earn the same.
    """
    lines: dict[Key, int] = {}
    counted: dict[str, int] = {}
    for fact in sorted(facts, key=lambda f: (f.occurred_at, f.entry_id)):
        counted[fact.kind] = counted.get(fact.kind, 0) + 1
        untested = fact.kind == "glucose" and "glucose" not in asked
        if counted[fact.kind] <= rules[fact.kind]["daily_cap"] and not untested:
            lines[Key(fact.kind, str(fact.entry_id), number)] = rules[fact.kind]["each"]
    if streaks.is_complete(asked, counted):
        reading = 0 if "glucose" in asked else rules["glucose"]["each"] * rules["glucose"]["daily_cap"]
        lines[Key("complete_day", "", number)] = rules["complete_day"] + reading
    return {key: points for key, points in lines.items() if points}


def camp_should_hold(marks: str, joined_number: int, points: Mapping[str, Any], levels: list[dict]) -> dict[Key, int]:
    """What the run and the finish are worth: each milestone once, on the day a run first reaches it, and the finish
    once, on the day the lowest certificate level is reached."""
    lines: dict[Key, int] = {}
    lengths = streaks.runs(marks)
    for run, paid in points["milestones"].items():
        if int(run) in lengths:
            lines[Key("milestone", run, lengths.index(int(run)) + 1)] = paid
    reached = streaks.levels_reached(marks, joined_number, levels[:1])
    if reached:
        lines[Key("finish", "", reached[0][1])] = points["finish"]
    return {key: paid for key, paid in lines.items() if paid}


def difference(should: Mapping[Key, int], holds: Mapping[Key, int]) -> dict[Key, int]:
    """The lines to post so that the ledger holds what it should: only keys whose sum must change."""
    keys = [*should, *(key for key in holds if key not in should)]
    changes = {key: should.get(key, 0) - holds.get(key, 0) for key in keys}
    return {key: change for key, change in changes.items() if change}


def check_ins(counted: Mapping[str, int], rules: Mapping[str, Any]) -> int:
    """How many of a day's entries are check-ins on a board: those up to each kind's daily cap. `rules` is the camp's
    `points`."""
    return sum(min(count, rules[kind]["daily_cap"]) for kind, count in counted.items())
