"""What still stands of an alert, and who hears of it."""

import pytest

from tests.makers import Person, World
from tests.services.test_alerts import alerts, patient, states, told

NIGHT = "2026-03-03T23:00:00+08:00"


def pregnant(world: World, instant: str) -> tuple[Person, Person]:
    """A pregnant patient and the hospital's nurse."""
    ming = patient(world, instant)
    nurse = world.with_role("nana", "nurse", "organisation", world.organisation_id, "N-1")
    ming.ask("PATCH", "/people/me", {"diabetes_type": "gestational"})
    return ming, nurse


def night(world: World, hour: int, minute: int = 0, day: int = 3) -> None:
    """Let it be that hour, and do what is due by then."""
    world.clock(f"2026-03-{day:02}T{hour:02}:{minute:02}:00+08:00")
    assert world.ask("POST", "/dev/run-due", {}).status == 200


@pytest.mark.parametrize("fields", [{"value": 2.8}, {"value": "HI"}, {"value": 12.0, "ketone_mmol_l": 3.2}])
def test_in_pregnancy_the_nurse_hears_of_what_rings_at_once_too(world: World, fields: dict) -> None:
    ming, nurse = pregnant(world, NIGHT)
    ming.file("glucose", **fields)
    night(world, 23, 1)
    assert states(alerts(ming)[0], "nurse") == [(nurse.id, "wechat", "delivered")]


def test_whoever_heard_as_the_manager_does_not_hear_again_as_the_nurse(world: World) -> None:
    ming = patient(world)
    ming.ask("PATCH", "/people/me", {"diabetes_type": "gestational"})
    ming.file("glucose", value=2.8)
    assert (told(alerts(ming)[0], "manager"), told(alerts(ming)[0], "nurse")) == ([world.manager.id], [])


@pytest.mark.parametrize(("filed", "heard"), [
    ("2026-03-03T20:30:00+08:00", "2026-03-03T20:31:00+08:00"), ("2026-03-04T02:00:00+08:00", "2026-03-04T08:00:00+08:00")])
def test_in_pregnancy_the_nurse_hears_the_same_day_though_service_is_over(world: World, filed: str, heard: str) -> None:
    ming, nurse = pregnant(world, filed)
    ming.file("glucose", value=3.2)
    world.clock(heard)
    world.ask("POST", "/dev/run-due", {})
    assert states(alerts(ming)[0], "nurse") == [(nurse.id, "wechat", "delivered")]


def test_in_pregnancy_the_nurse_hears_in_the_morning_of_what_was_overcome_at_night(world: World) -> None:
    ming, nurse = pregnant(world, "2026-03-04T02:00:00+08:00")
    ming.file("glucose", value=3.2)
    world.clock("2026-03-04T02:15:00+08:00")
    ming.file("glucose", value=5.0)
    night(world, 8, day=4)
    assert states(alerts(ming)[0], "nurse") == [(nurse.id, "wechat", "delivered")]
