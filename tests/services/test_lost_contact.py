"""Lost contact: three days of a running camp without anything of somebody who is not away."""

import datetime as dt
from typing import Any

import pytest

from server.services.alarms import watching
from tests.makers import Person, World, day, entry
from tests.services.test_alerts import alerts, at, patient, run_due


def noticed(world: World, *people: Person, instant: str) -> list[list[str]]:
    """The levels of each one's alerts after what is due by then."""
    world.clock(instant)
    for one in people:
        one.sign_in()
    assert world.ask("POST", "/dev/run-due", {}).status == 200
    return [[alert["level"] for alert in alerts(one)] for one in people]


# Joined ten days before the camp: silence begins with it.
@pytest.mark.parametrize(("instant", "expected"), [
    (f"{day(1)}T00:05:00+08:00", []), (f"{day(3)}T23:59:59+08:00", []), (f"{day(4)}T00:00:00+08:00", ["lost_contact"])])
def test_silence_begins_with_the_camp(world: World, instant: str, expected: list[str]) -> None:
    world.clock("2026-02-20T10:00:00+08:00")
    world.admin.sign_in()
    assert noticed(world, world.patient(), instant=instant) == [expected]


def test_days_away_are_no_silence(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(1)}T12:00:00+08:00")
    ming.sign_in()
    ming.file("meal")
    pause = {"from": str(day(2)), "to": str(day(5)), "reason": "住院"}
    assert ming.post(f"/enrolments/{ming.enrolment['id']}/pause", pause).status == 200
    assert noticed(world, ming, instant=f"{day(8)}T12:00:00+08:00") == [[]]
    assert noticed(world, ming, instant=f"{day(9)}T00:00:01+08:00") == [["lost_contact"]]


def test_those_who_are_in_no_running_camp_keep_no_other_from_being_missed(world: World,
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "BATCH", 1)
    world.clock("2026-02-20T10:00:00+08:00")
    world.admin.sign_in()
    later = world.group(world.camp(dt.date(2026, 4, 1)), "后来班")
    for number in range(10):
        world.person(f"p{number}").join(later)
    world.clock("2026-03-01T20:00:00+08:00")
    world.admin.sign_in()
    group = world.group()
    people = [world.patient(f"ming{number}", group) for number in range(11)]
    assert noticed(world, *people, instant="2026-03-09T12:00:00+08:00") == [["lost_contact"]] * 11


def test_one_silent_person_with_a_fault_keeps_no_other_from_being_noticed(world: World,
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    group = world.group()
    ming, fei = world.patient("ming", group), world.patient("fei", group)
    was = watching.episodes.add

    def broken(session: Any, call: Any, cause: Any) -> Any:
        if str(cause.person_id) == ming.id:
            raise ValueError("a fault that nobody thought of")
        return was(session, call, cause)

    monkeypatch.setattr(watching.episodes, "add", broken)
    assert noticed(world, ming, fei, instant="2026-03-09T12:00:00+08:00") == [[], ["lost_contact"]]


def test_what_was_taken_before_the_alarm_and_synced_after_it_is_heard(world: World) -> None:
    ming = patient(world)
    ming.file("meal")
    run_due(world, 3 * 1440 + 5)
    assert alerts(ming)[0]["level"] == "lost_contact"
    world.clock(at(3 * 1440 + 60))
    ming.sign_in()
    ming.post("/entries/sync", {"entries": [entry("meal", at(3 * 1440 - 30))]})
    run_due(world, 3 * 1440 + 61)
    assert alerts(ming)[0]["closed_why"] == "heard"


def test_who_sends_what_is_old_is_there(world: World) -> None:
    ming = patient(world)
    ming.file("meal")
    world.clock(at(3 * 1440))
    ming.sign_in()
    ming.post("/entries/sync", {"entries": [entry("meal", at(-30))]})
    run_due(world, 3 * 1440 + 5)
    assert alerts(ming) == []
