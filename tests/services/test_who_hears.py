"""Who hears of a danger, in which order, and what keeps nobody from hearing: those on duty, their phone, and the family."""

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from server.models import alerts as alert_rows
from server.models.base import db
from server.models.people import RoleGrant
from tests.makers import Person, World, entry
from tests.services.test_alerts import NOON, alerts, at, daughter, patient, run_due, states, told
from tests.services.test_unheard_dangers import correct, ends_role

PHONE = "021-5550100"


def settle(world: World, **fields: Any) -> None:
    """Change the organisation's settings."""
    answer = world.admin.ask("PATCH", f"/organisations/{world.organisation_id}", fields)
    assert answer.status == 200, answer.json


def without_admins(world: World) -> None:
    """The organisation loses every admin, as by a fault in the tables: nobody may take the last one's role away."""
    with world.app.app_context():
        db.session.execute(sa.update(RoleGrant).where(RoleGrant.role == "admin").values(ended_at=RoleGrant.granted_at))
        db.session.commit()


def rung(world: World) -> list[str]:
    """The numbers that were called, in order."""
    return [number for number, _ in world.app.extensions["tangying"].voice.read_out]


def faints(ming: Person) -> dict[str, Any]:
    """The entry of a low that is as bad as can be: no missed recheck makes it worse."""
    return ming.file("glucose", value="LO", symptoms=["confused"])["entry"]


def doctor(world: World) -> Person:
    """A doctor of the hospital."""
    return world.with_role("dai", "doctor", "organisation", world.organisation_id, "D-1")


def test_a_doctor_who_took_it_up_hears_that_it_goes_on(world: World) -> None:
    ming, dai = patient(world), doctor(world)
    ming.file("glucose", value=2.8)
    run_due(world, 15)
    dai.post(f"/alerts/{alerts(ming)[0]['id']}/acknowledge", {"note": "打过电话"})
    world.clock(at(20))
    ming.file("glucose", value=2.8)
    run_due(world, 21)
    assert (dai.id, "wechat", "delivered") in states(alerts(ming)[0], "manager")


def test_the_phone_on_duty_rings_where_there_is_no_admin_and_is_told_of_a_correction(world: World) -> None:
    ming = patient(world)
    settle(world, duty_phone=PHONE)
    without_admins(world)
    filed = faints(ming)
    rang = len(rung(world))
    for minutes in (15, 30, 45):
        run_due(world, minutes)
    assert rung(world)[rang:] == [PHONE]
    assert states(alerts(ming)[0], "duty") == [(None, "duty_phone", "delivered")]
    correct(ming, filed, value=6.0, symptoms=[])
    run_due(world, 46)
    assert (None, "duty_phone", "delivered") in states(alerts(ming)[0], "cleared")
    assert "已更正" in world.app.extensions["tangying"].voice.read_out[-1][1]


def test_the_last_step_tells_the_list_in_order_rings_the_phone_and_then_the_admin(world: World) -> None:
    ming, dai = patient(world), doctor(world)
    # Somebody who reminds, and is on call tonight: a role anywhere in the organisation will do.
    zhu = world.with_role("zhu", "assistant", "class", ming.enrolment["class"]["id"])
    settle(world, duty_phone=PHONE, on_duty=[zhu.id, dai.id])
    faints(ming)
    rang = len(rung(world))
    for minutes in (15, 30):
        run_due(world, minutes)
    assert [one[:2] for one in states(alerts(ming)[0], "duty")] == [
        (zhu.id, "wechat"), (dai.id, "wechat"), (zhu.id, "duty_phone"), (world.admin.id, "wechat")]
    assert rung(world)[rang:] == [PHONE]
    alert = alerts(zhu)[0]
    assert zhu.post(f"/alerts/{alert['id']}/acknowledge", {"note": "在打电话"})["acknowledged"]["by"] == zhu.id


def test_who_lost_their_role_stands_on_no_list(world: World) -> None:
    ming = patient(world)
    zhu = world.with_role("zhu", "assistant", "organisation", world.organisation_id)
    settle(world, on_duty=[zhu.id])
    ends_role(world, zhu)
    faints(ming)
    for minutes in (15, 30):
        run_due(world, minutes)
    assert told(alerts(ming)[0], "duty") == [world.admin.id]
    assert alerts(zhu) == []
    assert world.admin.get(f"/organisations/{world.organisation_id}")["on_duty"] == []


def test_a_phone_on_duty_is_somebody_who_watches(world: World) -> None:
    ming = patient(world)
    settle(world, duty_phone=PHONE)
    ends_role(world, world.manager)
    without_admins(world)
    assert not any("没有工作人员" in step for step in ming.file("glucose", value=2.5)["advice"]["steps"])


def test_an_admin_who_cannot_be_reached_is_not_the_last_one_where_the_phone_rang(world: World) -> None:
    ming = patient(world)
    second = world.with_role("zong", "admin", "organisation", world.organisation_id)
    settle(world, duty_phone=PHONE)
    wechat = world.app.extensions["tangying"].wechat
    reachable = wechat.tell
    wechat.tell = lambda openid, text: openid != "admin" and reachable(openid, text)
    faints(ming)
    for minutes in (15, 30):
        run_due(world, minutes)
    wechat.tell = reachable
    assert set(states(alerts(ming)[0], "duty")) == {
        (world.admin.id, "duty_phone", "delivered"), (world.admin.id, "wechat", "failed"), (second.id, "wechat", "delivered")}


def test_nobody_is_on_duty_for_themselves(world: World) -> None:
    group = world.group()
    near = world.with_role("nian", "health_manager", "class", group["id"])
    near.join(group)
    world.clock(NOON)
    for one in (near, world.manager, world.admin):
        one.sign_in()
    near.file("glucose", value=2.5)
    alert = alerts(near)[0]
    assert told(alert, "manager") == [world.manager.id]
    assert near.post(f"/alerts/{alert['id']}/acknowledge", {"note": "我没事"}).status == 403


def test_who_is_the_only_one_on_duty_is_told_on_their_card_that_nobody_watches(world: World) -> None:
    group = world.group()
    ends_role(world, world.manager)
    world.admin.join(group)
    world.clock(NOON)
    world.admin.sign_in()
    assert any("没有工作人员" in step for step in world.admin.file("glucose", value=2.5)["advice"]["steps"])


def test_of_an_earlier_class_and_the_one_of_now_those_of_now_hear(world: World) -> None:
    [ming] = world.graduates("ming")
    group = world.group()
    for name, where in (("old", ming.enrolment["class"]["id"]), ("new", group["id"])):
        world.with_role(name, "health_manager", "class", where)
    ming.join(group)
    world.clock(NOON)
    ming.sign_in()
    ming.file("glucose", value=2.5)
    assert told(alerts(ming)[0], "manager") == [world.person("new").id]


def test_family_of_whom_nobody_could_be_reached_is_tried_again_and_not_after(world: World) -> None:
    world.clock(NOON)
    ming = world.person("ming")
    ming.sign_in()
    ming.consent()
    fei = daughter(world, ming, "danger")
    ming.file("glucose", value="HI")
    wechat = world.app.extensions["tangying"].wechat
    reachable, wechat.tell = wechat.tell, lambda _openid, _text: False
    run_due(world, 1)
    wechat.tell = reachable
    for minutes in (16, 31, 46, 61, 76):
        run_due(world, minutes)
    assert states(alerts(ming)[0], "family") == [(fei.id, "wechat", "failed"), (fei.id, "wechat", "delivered")]


def broken(*_: object, **__: object) -> Any:
    """What nobody thought of."""
    raise ValueError("a fault that nobody thought of")


@pytest.mark.parametrize("part", ["silent", "heard_again", "due"])
def test_a_fault_in_any_part_of_the_watch_keeps_no_alarm_from_leaving(world: World, monkeypatch: pytest.MonkeyPatch,
                                                                   part: str) -> None:
    ming = patient(world)
    ming.file("glucose", value=2.8)
    monkeypatch.setattr(alert_rows, part, broken)
    run_due(world, 1)
    assert states(alerts(ming)[0], "manager") == [(world.manager.id, "wechat", "delivered")]


def test_an_address_that_cannot_be_read_keeps_no_other_telling_from_leaving(world: World,
                                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    ming.file("glucose", value=2.8)
    was = alert_rows.openid_of

    def sealed(session: Any, person_id: uuid.UUID) -> str | None:
        return broken() if str(person_id) == fei.id else was(session, person_id)

    monkeypatch.setattr(alert_rows, "openid_of", sealed)
    run_due(world, 1)
    assert states(alerts(ming)[0], "manager") == [(world.manager.id, "wechat", "delivered")]
    monkeypatch.setattr(alert_rows, "openid_of", was)
    run_due(world, 4)
    assert states(alerts(ming)[0], "family") == [(fei.id, "wechat", "delivered")]


def test_a_job_that_fails_keeps_no_other_from_being_done(world: World) -> None:
    ming = patient(world)
    world.manager.post(f"/people/{ming.id}/messages", {"severity": "critical", "subject": "化验", "body": "请今天来医院。"})
    world.clock(at(1))
    with world.without("redemptions"):
        assert world.ask("POST", "/dev/run-due", {}).status >= 500
    [letter] = world.manager.get(f"/people/{ming.id}/messages")["items"]
    assert letter["told"][0]["state"] == "delivered"


def test_the_same_reading_sent_again_says_again_that_nobody_watches(world: World) -> None:
    ming = world.person("ming")
    ming.consent()
    draft = entry("glucose", world.now, value=2.5)
    first, again = (ming.post("/entries", draft) for _ in range(2))
    assert (first.status, again.status, first["advice"]) == (201, 200, again["advice"])
    assert "没有工作人员" in first["advice"]["steps"][-1]
    walk = entry("exercise", world.now)
    assert [ming.post("/entries", walk)["advice"]["level"] for _ in range(2)] == ["caution", "caution"]
