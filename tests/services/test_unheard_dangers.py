"""Ways in which a dangerous reading could be filed and nobody hear of it; each is shut."""

from tests.makers import World
from tests.services.test_alerts import alerts, at, patient, phones, run_due, states, told


def test_a_critical_low_after_one_that_was_taken_up_is_told_and_waits_for_an_answer_again(world: World) -> None:
    ming = patient(world)
    doctor = world.with_role("dai", "doctor", "organisation", world.organisation_id, "D-1")
    ming.file("glucose", value=2.8)
    world.manager.post(f"/alerts/{alerts(ming)[0]['id']}/acknowledge", {"note": "打过电话"})
    world.clock(at(60))
    ming.file("glucose", value=2.8)
    alert = alerts(ming)[0]
    assert (alert["acknowledged"], told(alert, "manager")) == (None, [world.manager.id] * 2)
    run_due(world, 75)
    assert told(alerts(ming)[0], "doctor") == [doctor.id]


def test_a_critical_low_after_one_that_staff_closed_rings_anew(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=2.8)
    world.manager.post(f"/alerts/{alerts(ming)[0]['id']}/acknowledge", {"note": "好了", "close": True})
    world.clock(at(60))
    ming.file("glucose", value=2.8)
    assert (alerts(ming)[0]["closed_at"], told(alerts(ming)[0], "manager")) == (None, [world.manager.id] * 2)


def test_an_imported_critical_low_does_not_make_the_next_one_seem_known(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=3.5)
    world.clock(at(2))
    ming.file("glucose", value=2.5, source="import")
    assert told(alerts(ming)[0], "manager") == []
    world.clock(at(4))
    ming.file("glucose", value=2.5)
    assert told(alerts(ming)[0], "manager") == [world.manager.id]


def test_a_low_before_joining_does_not_keep_the_camps_staff_from_the_next(world: World) -> None:
    group = world.group()
    ming = world.person("ming")
    ming.consent()
    ming.file("glucose", value=3.5)
    ming.join(group)
    ming.file("glucose", value=2.5)
    assert told(alerts(ming)[0], "manager") == [world.manager.id]


def test_a_very_high_reading_in_pregnancy_still_goes_on_to_the_doctor(world: World) -> None:
    ming = patient(world)
    for name, role in (("nana", "nurse"), ("dai", "doctor")):
        world.with_role(name, role, "organisation", world.organisation_id, "N-1")
    ming.ask("PATCH", "/people/me", {"diabetes_type": "gestational"})
    ming.file("glucose", value=17.0)
    assert told(alerts(ming)[0], "nurse") == [world.person("nana").id]
    run_due(world, 120)
    assert told(alerts(ming)[0], "doctor") == [world.person("dai").id]


def test_in_pregnancy_the_nurse_hears_of_the_second_low_when_the_first_was_not_hers(world: World) -> None:
    ming = patient(world)
    nurse = world.with_role("nana", "nurse", "organisation", world.organisation_id, "N-1")
    ming.ask("PATCH", "/people/me", {"diabetes_type": "gestational"})
    ming.file("glucose", value=3.5)
    assert told(alerts(ming)[0], "nurse") == []
    world.clock(at(5))
    ming.file("glucose", value=3.2)
    assert told(alerts(ming)[0], "nurse") == [nurse.id]


def test_an_old_low_whose_time_is_put_right_to_now_rings(world: World) -> None:
    ming = patient(world)
    kept = ming.file("glucose", at(-13 * 60), value=2.5)["entry"]["id"]
    assert alerts(ming)[0]["told"] == []
    assert ming.ask("PATCH", f"/entries/{kept}", {"occurred_at": world.now}).status == 200
    assert told(alerts(ming)[0], "manager") == [world.manager.id]


def test_a_recheck_that_one_channel_does_not_carry_goes_on_in_its_own_words(world: World) -> None:
    ming = patient(world)
    sms, voice, phone = phones(world, world.manager)
    voice.silent.add(phone)
    kept = ming.file("glucose", value=2.5)["entry"]["id"]
    run_due(world, 1)
    assert states(alerts(ming)[0], "manager") == [(world.manager.id, "voice", "failed"), (world.manager.id, "sms", "delivered")]
    assert "严重低血糖" in sms.sent[-1][1]
    ming.ask("PATCH", f"/entries/{kept}", {"value": 5.8})
    parts = world.app.extensions["tangying"].wechat
    before, parts.tell = parts.tell, lambda _openid, _text: False
    try:
        run_due(world, 2)
    finally:
        parts.tell = before
    assert "已更正" in sms.sent[-1][1]


def test_every_low_is_asked_to_be_measured_again(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=3.5)
    run_due(world, 15)
    ming.file("glucose", value=3.6)
    run_due(world, 30)
    assert told(alerts(ming)[0], "patient") == [ming.id] * 2


def test_what_fails_among_the_due_keeps_nobody_from_being_told(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=2.5)
    world.clock(at(1))
    with world.without("redemptions"):
        assert world.ask("POST", "/dev/run-due", {}).status >= 500
    assert states(alerts(ming)[0], "manager") == [(world.manager.id, "wechat", "delivered")]
