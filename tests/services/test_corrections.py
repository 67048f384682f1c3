"""What is typed onto a reading later: who hears of it as of one filed so, and who of the correction."""

from typing import Any

import pytest

from tests.makers import World
from tests.services.test_alerts import NOON, alerts, at, daughter, patient, run_due, told
from tests.services.test_episodes import doctor_of, file_at, pregnant
from tests.services.test_unheard_dangers import correct


def test_a_very_high_reading_corrected_to_27_8_reaches_the_doctor(world: World) -> None:
    ming, dai = patient(world), doctor_of(world)
    filed = ming.file("glucose", value=18.0)["entry"]
    correct(ming, filed, value=27.7)
    assert told(alerts(ming)[0], "doctor") == []
    correct(ming, filed, value=27.8)
    assert told(alerts(ming)[0], "doctor") == [dai.id]


def test_a_reading_that_was_the_doctors_by_mistake_keeps_the_next_one_from_nobody(world: World) -> None:
    ming, dai = patient(world), doctor_of(world)
    filed = ming.file("glucose", value=28.0)["entry"]
    correct(ming, filed, value=18.0)
    dai.post(f"/alerts/{alerts(ming)[0]['id']}/acknowledge", {"note": "已电话"})
    file_at(world, ming, 10, 28.0)
    assert told(alerts(ming)[0], "doctor") == [dai.id] * 2


def test_in_pregnancy_a_reading_corrected_below_3_3_reaches_the_nurse(world: World) -> None:
    ming, nurse = pregnant(world, NOON)
    filed = ming.file("glucose", value=3.6)["entry"]
    assert told(alerts(ming)[0], "nurse") == []
    correct(ming, filed, value=3.2)
    assert told(alerts(ming)[0], "nurse") == [nurse.id]


@pytest.mark.parametrize(("value", "minutes", "symptoms", "heard"), [
    (2.8, -2, ["confused"], True), (2.8, -2, ["hunger"], True), (18.0, -2, ["vomiting"], True), (2.8, -2, [], False),
    (2.8, -13 * 60, ["confused"], False)])
def test_symptoms_typed_onto_an_imported_reading_of_now_are_told(world: World, value: float, minutes: int, symptoms: list,
                                                                  heard: Any) -> None:
    ming = patient(world)
    filed = ming.file("glucose", at(minutes), value=value, source="import")["entry"]
    assert alerts(ming)[0]["told"] == []
    correct(ming, filed, symptoms=symptoms)
    assert told(alerts(ming)[0], "manager") == ([world.manager.id] if heard else [])
    # What was said stays said, whatever else is written about the reading.
    correct(ming, filed, note="在家")
    alert = alerts(ming)[0]
    assert (alert["closed_at"] is None, len(told(alert, "manager"))) == (heard or value == 2.8, int(heard))


def test_a_relative_whose_tie_has_ended_hears_of_no_correction(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    filed = ming.file("glucose", value=2.8)["entry"]
    run_due(world, 1)
    tie = ming.get("/people/me/family")["items"][0]["id"]
    assert ming.ask("DELETE", f"/people/me/family/{tie}").status == 200
    correct(ming, filed, value=6.0)
    run_due(world, 2)
    assert (told(alerts(ming)[0], "family"), told(alerts(ming)[0], "cleared")) == ([fei.id], [world.manager.id])


def test_a_correction_that_waits_reaches_no_relative_whose_tie_has_ended_meanwhile(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    filed = ming.file("glucose", value=2.8)["entry"]
    correct(ming, filed, value=6.0)
    tie = ming.get("/people/me/family")["items"][0]["id"]
    assert ming.ask("DELETE", f"/people/me/family/{tie}").status == 200
    run_due(world, 1)
    assert "delivered" not in [one["state"] for one in alerts(ming)[0]["told"] if one["who"] == fei.id]
