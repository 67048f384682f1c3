"""When the next one hears: nothing that rings meanwhile puts a step off, and a danger that gets worse rings anew for everybody
it has come to."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest

from tests.makers import World
from tests.services.test_alerts import NOON, alerts, at, daughter, patient, run_due, states, told
from tests.services.test_episodes import doctor_of, file_at
from tests.services.test_unheard_dangers import correct


def minutes_of(alert: dict[str, Any], step: str) -> list[int]:
    """At which minutes after noon somebody was told at that step."""
    noon = dt.datetime.fromisoformat(NOON)
    return sorted({round((dt.datetime.fromisoformat(one["at"]) - noon).total_seconds() / 60)
                   for one in alert["told"] if one["step"] == step})


def pass_by(world: World, minutes: Iterable[int]) -> None:
    """Do what is due at each of these minutes after noon."""
    for each in minutes:
        run_due(world, each)


def test_a_recheck_that_does_not_come_puts_nobody_off(world: World) -> None:
    ming, _ = patient(world), doctor_of(world)
    daughter(world, ming, "danger")
    ming.file("glucose", value=2.8)
    pass_by(world, range(1, 61))
    alert = alerts(ming)[0]
    assert {step: minutes_of(alert, step) for step in ("manager", "family", "doctor", "duty")} == {
        "manager": [0, 20], "family": [0, 20], "doctor": [15, 20], "duty": [30]}


@pytest.mark.parametrize(("minute", "expected"), [
    (14, {"manager": [0, 14], "doctor": [15], "duty": [30]}), (16, {"manager": [0, 16], "doctor": [15, 16], "duty": [30]}),
    (36, {"manager": [0, 36], "doctor": [15, 36], "duty": [30, 36]})])
def test_a_worse_reading_puts_nobody_off_and_rings_anew_for_everybody_it_has_come_to(world: World, minute: int,
                                                                                       expected: dict) -> None:
    ming, _ = patient(world), doctor_of(world)
    ming.file("glucose", value=2.8)
    for each in range(1, minute):
        run_due(world, each)
        if each % 13 == 0:
            # Measured again each time and no worse: no recheck is missed.
            file_at(world, ming, each, 2.8)
    file_at(world, ming, minute, "LO", symptoms=["drowsy"])
    pass_by(world, range(minute, 60))
    alert = alerts(ming)[0]
    assert {step: minutes_of(alert, step) for step in expected} == expected


def test_a_telling_that_fails_late_puts_nobody_off(world: World) -> None:
    ming, _ = patient(world), doctor_of(world)
    world.with_role("nian", "health_manager", "class", ming.enrolment["class"]["id"])
    ming.file("glucose", value="LO", symptoms=["confused"])
    wechat = world.app.extensions["tangying"].wechat
    reachable, wechat.tell = wechat.tell, lambda openid, text: openid != "nian" and reachable(openid, text)
    pass_by(world, (14, 15, 30))
    wechat.tell = reachable
    assert {step: minutes_of(alerts(ming)[0], step) for step in ("manager", "doctor", "duty")} == {
        "manager": [0, 14], "doctor": [15], "duty": [30]}


def test_who_took_it_up_as_the_doctor_hears_at_once_that_it_is_worse(world: World) -> None:
    ming, dai = patient(world), doctor_of(world)
    ming.file("glucose", value=2.8)
    run_due(world, 15)
    dai.post(f"/alerts/{alerts(ming)[0]['id']}/acknowledge", {"note": "在打电话"})
    file_at(world, ming, 18, "LO", symptoms=["drowsy"])
    pass_by(world, (32, 33))
    alert = alerts(ming)[0]
    assert {step: minutes_of(alert, step) for step in ("manager", "doctor", "duty")} == {
        "manager": [0, 18], "doctor": [15, 18], "duty": [33]}


def test_a_danger_that_comes_again_after_it_was_over_begins_with_the_first_step(world: World) -> None:
    ming, _ = patient(world), doctor_of(world)
    ming.file("glucose", value=2.8)
    run_due(world, 15)
    file_at(world, ming, 16, 6.0)
    file_at(world, ming, 18, 2.8)
    pass_by(world, (32, 33))
    assert (minutes_of(alerts(ming)[0], "manager"), minutes_of(alerts(ming)[0], "doctor")) == ([0, 18], [15, 33])


def test_a_very_high_reading_that_the_doctor_takes_up_neither_comes_to_the_last_step(world: World) -> None:
    ming, dai = patient(world), doctor_of(world)
    ming.file("glucose", value=17.0)
    pass_by(world, (120, 239))
    assert (told(alerts(ming)[0], "doctor"), told(alerts(ming)[0], "duty")) == ([dai.id], [])
    run_due(world, 240)
    assert told(alerts(ming)[0], "duty") == [world.admin.id]


def test_of_very_high_readings_the_second_brings_the_doctor_and_no_further_one_rings(world: World) -> None:
    ming, dai = patient(world), doctor_of(world)
    file_at(world, ming, 0, 17.0)
    file_at(world, ming, 30, 17.2)
    dai.post(f"/alerts/{alerts(ming)[0]['id']}/acknowledge", {"note": "已电话"})
    for minutes, value in ((60, 17.1), (90, 16.9), (120, 16.8)):
        file_at(world, ming, minutes, value)
    alert = alerts(ming)[0]
    assert (minutes_of(alert, "manager"), minutes_of(alert, "doctor")) == ([0, 30], [30])
    assert alert["acknowledged"]["by"] == dai.id
    # From 27.8 on it is worse than what they took up, once.
    for minutes, value in ((130, 27.8), (140, 28.5)):
        file_at(world, ming, minutes, value)
    assert minutes_of(alerts(ming)[0], "doctor") == [30, 130]


def test_a_correction_rings_for_nobody_who_was_reached(world: World) -> None:
    ming, _ = patient(world), doctor_of(world)
    filed = ming.file("glucose", value="LO", symptoms=["confused"])["entry"]
    pass_by(world, (1, 15, 16, 30, 31))
    world.clock(at(32))
    correct(ming, filed, symptoms=[])
    pass_by(world, range(33, 90, 3))
    alert = alerts(ming)[0]
    assert (minutes_of(alert, "manager"), minutes_of(alert, "cleared")) == ([0], [32])
    assert {state for _, _, state in states(alert, "cleared")} == {"delivered"}
