"""What still stands of an alert, and who hears of it: causes corrected, moved, imported, overtaken, or ended by a reading
that is gone."""

import threading
from typing import Any

import pytest

from server.models import causes as cause_rows
from tests.makers import Person, World, entry
from tests.services.test_alerts import alerts, at, daughter, patient, run_due, states, told
from tests.services.test_unheard_dangers import correct, ends_role, remove

NIGHT = "2026-03-03T23:00:00+08:00"


def file_at(world: World, person: Person, minutes: int, value: Any, **more: Any) -> dict[str, Any]:
    """The entry of a reading so many minutes after noon."""
    world.clock(at(minutes))
    answer = person.file("glucose", value=value, **more)
    assert answer.status == 201, answer.json
    return answer["entry"]


def doctor_of(world: World) -> Person:
    """A doctor of the hospital."""
    return world.with_role("dai", "doctor", "organisation", world.organisation_id, "D-1")


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


def test_a_reading_in_range_without_a_ketone_is_no_recovery_from_ketones(world: World) -> None:
    ming, doctor = patient(world), doctor_of(world)
    ming.ask("PATCH", "/people/me", {"diabetes_type": "type1"})
    file_at(world, ming, 0, 9.0, ketone_mmol_l=2.5)
    file_at(world, ming, 5, 9.0)
    assert [(one["level"], one["closed_at"]) for one in alerts(ming)] == [("critical_high", None)]
    run_due(world, 125)
    assert told(alerts(ming)[0], "doctor") == [doctor.id]
    file_at(world, ming, 130, 9.0, ketone_mmol_l=0.4)
    assert alerts(ming)[0]["closed_why"] == "recovered"


def test_ketones_synced_late_beside_a_reading_in_range_ring(world: World) -> None:
    ming = patient(world)
    ming.ask("PATCH", "/people/me", {"diabetes_type": "type1"})
    ming.post("/entries/sync", {"entries": [entry("glucose", at(-20), value=9.0),
                                            entry("glucose", at(-30), value=9.0, ketone_mmol_l=2.5)]})
    assert told(alerts(ming)[0], "manager") == [world.manager.id]
    assert "酮体偏高" in world.ask("GET", "/dev/outbox")["items"][0]["body"]


def test_raised_ketones_beside_a_low_are_heard_of_and_on_the_card(world: World) -> None:
    ming = patient(world)
    ming.ask("PATCH", "/people/me", {"diabetes_type": "type1"})
    card = ming.file("glucose", value=3.5, ketone_mmol_l=2.5)["advice"]
    assert (card["level"], "酮体" in card["steps"][-1]) == ("low", True)
    assert {one["level"]: told(one, "manager") for one in alerts(ming)} == {"low": [], "critical_high": [world.manager.id]}


def test_without_staff_the_card_of_a_low_beside_ketones_says_so(world: World) -> None:
    ming = world.person("ming")
    ming.consent()
    ming.ask("PATCH", "/people/me", {"diabetes_type": "type1"})
    steps = ming.file("glucose", value=3.5, ketone_mmol_l=2.5)["advice"]["steps"]
    assert ["没有工作人员" in step for step in steps].count(True) == 1


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


def test_a_correction_lifts_no_level_from_an_import_that_rang_for_nobody(world: World) -> None:
    ming = patient(world)
    first = file_at(world, ming, 0, 3.5)
    file_at(world, ming, 2, 2.5, source="import")
    world.clock(at(3))
    correct(ming, first, value=3.6, not_mine=True)
    assert alerts(ming)[0]["level"] == "low"
    file_at(world, ming, 4, 2.5)
    assert told(alerts(ming)[0], "manager") == [world.manager.id]


def test_a_level_raised_for_want_of_a_recheck_is_not_lowered_by_another_readings_correction(world: World) -> None:
    ming = patient(world)
    file_at(world, ming, 0, 3.5)
    for minutes in (15, 20):
        run_due(world, minutes)
    other = file_at(world, ming, 22, 3.6)
    correct(ming, other, not_mine=True)
    assert [(one["level"], told(one, "cleared")) for one in alerts(ming)] == [("critical_low", [])]


def test_a_level_raised_for_want_of_a_recheck_falls_with_the_reading_that_it_was_raised_from(world: World) -> None:
    ming = patient(world)
    filed = file_at(world, ming, 0, 2.8)
    for minutes in (15, 20):
        run_due(world, minutes)
    assert alerts(ming)[0]["level"] == "emergency_low"
    correct(ming, filed, value=3.5)
    assert [(one["level"], sorted(told(one, "cleared"))) for one in alerts(ming)] == [
        ("critical_low", sorted([world.manager.id, world.admin.id]))]


@pytest.mark.parametrize(("value", "closed"), [(7.0, True), (14.0, False)])
def test_what_is_corrected_before_the_morning_is_told_to_nobody(world: World, value: float, closed: bool) -> None:
    ming = patient(world, NIGHT)
    filed = ming.file("glucose", value=17.0)["entry"]
    world.clock("2026-03-03T23:10:00+08:00")
    correct(ming, filed, value=value)
    for hour, day in ((23, 3), (8, 4), (11, 4)):
        night(world, hour, 15, day)
    alert = alerts(ming)[0]
    assert (alert["closed_at"] is not None, alert["told"]) == (closed, [])


def test_what_is_over_before_the_morning_is_not_told_in_the_morning_as_if_it_were_now(world: World) -> None:
    ming = patient(world, NIGHT)
    ming.file("glucose", value=17.0)
    world.clock("2026-03-03T23:30:00+08:00")
    better = ming.file("glucose", value=8.0)["entry"]
    night(world, 23, 35)
    assert (alerts(ming)[0]["closed_why"], alerts(ming)[0]["told"]) == ("recovered", [])
    # Without the reading that ended it, it is told in the morning after all.
    remove(ming, better)
    night(world, 8, 5, day=4)
    assert states(alerts(ming)[0], "manager") == [(world.manager.id, "wechat", "delivered")]


def test_an_alert_moved_to_another_hour_and_cleared_there_tells_who_was_told_and_is_closed(world: World) -> None:
    ming = patient(world)
    filed = file_at(world, ming, 0, 2.8)
    run_due(world, 1)
    correct(ming, filed, occurred_at=at(-14 * 60))
    assert sorted((one["closed_why"] or "open", told(one, "cleared")) for one in alerts(ming)) == [
        ("corrected", [world.manager.id]), ("open", [])]
    correct(ming, filed, value=6.0)
    assert [one["closed_why"] for one in alerts(ming)] == ["corrected"] * 2


def test_a_low_moved_to_before_a_reading_that_ends_it_is_over(world: World) -> None:
    ming = patient(world)
    file_at(world, ming, 0, 6.0)
    filed = file_at(world, ming, 10, 2.8)
    correct(ming, filed, occurred_at=at(-10))
    assert alerts(ming)[0]["closed_why"] == "recovered"


def test_a_critical_high_that_is_open_again_still_goes_on_to_the_doctor(world: World) -> None:
    ming, doctor = patient(world), doctor_of(world)
    file_at(world, ming, 0, 17.0)
    better = file_at(world, ming, 10, 8.0)
    world.clock(at(12))
    remove(ming, better)
    run_due(world, 131)
    assert told(alerts(ming)[0], "doctor") == []
    run_due(world, 132)
    assert told(alerts(ming)[0], "doctor") == [doctor.id]


def test_a_critical_low_overtaken_by_a_reading_that_is_deleted_rings(world: World) -> None:
    ming = patient(world)
    file_at(world, ming, 0, 3.5)
    better = file_at(world, ming, 20, 5.0)
    world.clock(at(22))
    ming.post("/entries/sync", {"entries": [entry("glucose", at(10), value=2.5)]})
    assert (alerts(ming)[0]["level"], told(alerts(ming)[0], "manager")) == ("low", [])
    remove(ming, better)
    alert = alerts(ming)[0]
    assert (alert["closed_at"], alert["level"], told(alert, "manager")) == (None, "critical_low", [world.manager.id])


def test_a_critical_low_stands_again_behind_a_milder_one_when_what_lay_between_is_deleted(world: World) -> None:
    ming = patient(world)
    file_at(world, ming, 0, 2.9)
    better = file_at(world, ming, 15, 6.0)
    file_at(world, ming, 90, 3.5)
    assert (alerts(ming)[0]["level"], told(alerts(ming)[0], "manager")) == ("low", [world.manager.id])
    remove(ming, better)
    assert (alerts(ming)[0]["level"], told(alerts(ming)[0], "manager")) == ("critical_low", [world.manager.id] * 2)


@pytest.mark.parametrize(("first", "then", "closed"), [
    ({"value": "HI"}, ["vomiting", "drowsy"], None), ({"value": 17.0}, ["vomiting"], None), ({"value": 17.0}, [], "recovered"),
    ({"value": 14.0}, ["hunger"], "recovered")])
def test_a_very_high_reading_is_not_over_while_a_symptom_is_named(world: World, first: dict, then: list,
                                                                  closed: str | None) -> None:
    ming = patient(world)
    file_at(world, ming, 0, **first)
    file_at(world, ming, 10, 13.8, symptoms=then)
    assert alerts(ming)[0]["closed_why"] == closed


@pytest.mark.parametrize("before", [[(0, 2.5, "import")], [(0, 2.9, "manual"), (15, 6.0, "manual")]])
def test_a_mild_low_does_not_ring_as_the_critical_one_that_was_imported_or_is_over(world: World, before: list) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    for minutes, value, source in before:
        file_at(world, ming, minutes, value, source=source)
    rung = told(alerts(ming)[0], "family")
    file_at(world, ming, 90, 3.5)
    alert = alerts(ming)[0]
    assert (alert["level"], told(alert, "family")) == ("low", rung)
    assert rung in ([], [fei.id])


def test_a_low_that_was_corrected_from_a_critical_one_does_not_go_on_to_the_doctor(world: World) -> None:
    ming, doctor = patient(world), doctor_of(world)
    filed = file_at(world, ming, 0, 2.8)
    run_due(world, 1)
    correct(ming, filed, value=3.8)
    file_at(world, ming, 10, 3.8)
    run_due(world, 16)
    assert doctor.id not in [one["who"] for one in alerts(ming)[0]["told"]]


def test_of_two_readings_with_tighter_limits_the_second_ends_nothing(world: World) -> None:
    ming, doctor = patient(world), doctor_of(world)
    answer = doctor.ask("PUT", f"/people/{ming.id}/targets", {"limits": {"low_below": 4.5}})
    assert answer.status == 200, answer.json
    file_at(world, ming, 0, 2.8)
    file_at(world, ming, 5, 4.2)
    assert [(one["level"], one["closed_at"], told(one, "manager")) for one in alerts(ming)] == [
        ("critical_low", None, [world.manager.id])]


def test_what_staff_closed_does_not_stand_again_with_the_next_reading(world: World) -> None:
    ming = patient(world)
    file_at(world, ming, 0, 2.8)
    world.manager.post(f"/alerts/{alerts(ming)[0]['id']}/acknowledge", {"note": "好了", "close": True})
    file_at(world, ming, 60, 3.6)
    assert [(one["level"], one["closed_at"], told(one, "manager")) for one in alerts(ming)] == [("low", None, [world.manager.id])]


def test_what_was_held_for_the_admin_is_taken_back_as_well(world: World) -> None:
    ming = patient(world, NIGHT)
    ends_role(world, world.manager)
    filed = ming.file("glucose", value=17.0)["entry"]
    assert told(alerts(ming)[0], "duty") == [world.admin.id]
    correct(ming, filed, value=7.0)
    night(world, 8, 5, day=4)
    assert alerts(ming)[0]["told"] == []


def test_who_takes_it_up_while_it_rings_anew_waits_until_it_has_rung(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ming = patient(world)
    file_at(world, ming, 0, 2.8)
    alert, look, taking = alerts(ming)[0]["id"], cause_rows.last_ending, []

    def take_up() -> None:
        with world.app.test_client() as client:
            client.post(f"/api/v1/alerts/{alert}/acknowledge", json={"note": "在打电话"},
                        headers={"Authorization": f"Bearer {world.manager.token}"})

    def looks(*given: Any, **more: Any) -> Any:
        # The episode that runs was read, and is about to ring.
        if not taking:
            taking.append(threading.Thread(target=take_up))
            taking[0].start()
            taking[0].join(0.5)
            assert taking[0].is_alive()
        return look(*given, **more)

    monkeypatch.setattr(cause_rows, "last_ending", looks)
    file_at(world, ming, 5, "LO", symptoms=["confused"])
    taking[0].join(10)
    assert alerts(ming)[0]["acknowledged"]["by"] == world.manager.id
