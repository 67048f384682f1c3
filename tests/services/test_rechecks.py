"""The recheck of a low: asked for whatever else is known, once, and put off by nothing but a reading taken since."""

import uuid

from server.models.base import db
from server.models.people import Person as Row
from tests.makers import Person, World, entry
from tests.services.test_alerts import NOON, alerts, at, patient, run_due, states, told
from tests.services.test_episodes import file_at
from tests.services.test_unheard_dangers import correct


def recheck_comes(world: World, ming: Person) -> tuple[str, list[str]]:
    """The alert's level once a recheck was asked for and did not come, and who was asked."""
    for minutes in range(3, 31):
        run_due(world, minutes)
    alert = alerts(ming)[0]
    return alert["level"], told(alert, "patient")


def test_it_is_asked_for_though_a_later_low_was_somebody_elses(world: World) -> None:
    ming = patient(world)
    correct(ming, ming.file("glucose", value=3.5)["entry"], not_mine=True)
    world.clock(at(2))
    ming.file("glucose", at(-3), value=3.4)
    assert recheck_comes(world, ming) == ("critical_low", [ming.id])


def test_it_is_asked_for_beside_a_later_low_that_was_imported(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", at(-2), value=3.4, source="import")
    ming.file("glucose", at(-4), value=3.5)
    assert recheck_comes(world, ming) == ("critical_low", [ming.id])


def test_many_lows_synced_late_ask_once_how_the_person_is(world: World) -> None:
    ming = patient(world)
    ming.post("/entries/sync", {"entries": [entry("glucose", at(-120 + 5 * each), value=3.4) for each in range(12)]})
    # A phone that sends them one by one asks no more often.
    for each in range(3):
        world.clock(at(1 + each))
        ming.file("glucose", at(-50 + each), value=3.4)
    assert told(alerts(ming)[0], "patient") == [ming.id]


def test_neither_a_correction_nor_an_older_reading_puts_it_off(world: World) -> None:
    ming = patient(world)
    filed = ming.file("glucose", value=3.5)["entry"]
    world.clock(at(10))
    correct(ming, filed, value=2.8)
    ming.file("glucose", at(-1), value=3.6)
    for minutes in (15, 20):
        run_due(world, minutes)
    assert alerts(ming)[0]["level"] == "emergency_low"


def test_a_reading_taken_since_is_a_recheck_and_asks_for_the_next(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=3.5)
    file_at(world, ming, 10, 3.6)
    for minutes in (15, 20, 24):
        run_due(world, minutes)
    assert (alerts(ming)[0]["level"], told(alerts(ming)[0], "patient")) == ("low", [])
    for minutes in (25, 30):
        run_due(world, minutes)
    assert (alerts(ming)[0]["level"], told(alerts(ming)[0], "patient")) == ("critical_low", [ming.id])


def test_an_elder_whose_phone_carries_nothing_is_asked_through_who_acts_for_them(world: World) -> None:
    son, group = world.person("son"), world.group()
    elder = son.brings(group)["person_id"]
    with world.app.app_context():
        db.session.get_one(Row, uuid.UUID(elder)).phone = "13800138000"
        db.session.commit()
    sms = world.app.extensions["tangying"].sms
    sms.unreachable.add("13800138000")
    world.clock(NOON)
    for one in (son, world.manager):
        one.sign_in()
    world.manager.file("glucose", person_id=elder, value=3.5)
    run_due(world, 15)
    [alert] = son.get(f"/alerts?person_id={elder}")["items"]
    assert states(alert, "patient") == [(elder, "sms", "failed"), (son.id, "wechat", "delivered")]
    bodies = [one["body"] for one in world.ask("GET", "/dev/outbox")["items"] if one["to"] == son.id]
    assert any("再测一次血糖" in body and "请现在给" in body for body in bodies)
