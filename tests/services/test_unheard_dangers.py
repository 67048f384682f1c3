"""Ways in which a dangerous reading could be filed and nobody hear of it; each is shut."""

import contextlib
import dataclasses
import uuid
from collections.abc import Iterator

import sqlalchemy as sa

from server.adapters.wechat import OfflineWeChat, RealWeChat, WeChat
from server.models.base import db
from server.models.people import RoleGrant
from tests.makers import Person, World, entry
from tests.services.test_alerts import NOON, alerts, at, patient, phones, run_due, states, told


@contextlib.contextmanager
def wechat_is(world: World, wechat: WeChat) -> Iterator[None]:
    """Meanwhile WeChat is that one."""
    parts = world.app.extensions["tangying"]
    world.app.extensions["tangying"] = dataclasses.replace(parts, wechat=wechat)
    try:
        yield
    finally:
        world.app.extensions["tangying"] = dataclasses.replace(parts, wechat=parts.wechat)


class BreaksOnce(OfflineWeChat):
    """WeChat on a day when the first message meets a fault that nobody thought of."""

    def __init__(self) -> None:
        self.broken = False

    def tell(self, openid: str, text: str) -> bool | None:
        """Whether it was read, after the first."""
        if not self.broken:
            self.broken = True
            raise ValueError("a fault that nobody thought of")
        return super().tell(openid, text)


def ends_role(world: World, person: Person) -> None:
    """Take the person's role away."""
    with world.app.app_context():
        grant = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.person_id == uuid.UUID(person.id)))
    answer = world.admin.ask("DELETE", f"/people/{person.id}/roles/{grant}")
    assert answer.status == 200, answer.json


def remove(person: Person, filed: dict) -> None:
    """Delete an entry."""
    answer = person.ask("DELETE", f"/entries/{filed['id']}")
    assert answer.status == 200, answer.json


def correct(person: Person, filed: dict, **fields: object) -> None:
    """Change an entry."""
    answer = person.ask("PATCH", f"/entries/{filed['id']}", fields)
    assert answer.status == 200, answer.json


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


def test_without_the_reading_that_ended_it_a_low_is_open_again_and_its_recheck_due(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=3.5)
    world.clock(at(10))
    better = ming.file("glucose", value=5.0)["entry"]
    assert alerts(ming)[0]["closed_why"] == "recovered"
    remove(ming, better)
    assert (alerts(ming)[0]["closed_at"], alerts(ming)[0]["recheck_by"] is not None) == (None, True)
    for minutes in (25, 31):
        run_due(world, minutes)
    assert (alerts(ming)[0]["level"], told(alerts(ming)[0], "manager")) == ("critical_low", [world.manager.id])


def test_a_reading_that_turns_out_to_be_somebody_elses_ends_no_low(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=2.8)
    world.clock(at(10))
    better = ming.file("glucose", value=5.0)["entry"]
    correct(ming, better, not_mine=True)
    assert alerts(ming)[0]["closed_at"] is None


def test_a_low_that_another_reading_ended_too_stays_closed(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=2.8)
    world.clock(at(10))
    better = ming.file("glucose", value=5.0)["entry"]
    world.clock(at(20))
    ming.file("glucose", value=6.0)
    remove(ming, better)
    assert alerts(ming)[0]["closed_why"] == "recovered"


def test_a_low_beside_ketones_is_an_alert_of_its_own_and_its_recheck_comes(world: World) -> None:
    ming = patient(world)
    filed = ming.file("glucose", value=2.8, ketone_mmol_l=3.4)
    assert filed["advice"]["level"] == "emergency_ketone"
    assert "15–20 克糖" in filed["advice"]["steps"][0]
    assert sorted(one["level"] for one in alerts(ming)) == ["critical_low", "emergency_ketone"]
    world.clock(at(10))
    ming.file("glucose", value=5.0)
    assert {one["level"]: one["closed_why"] for one in alerts(ming)} == {"critical_low": "recovered", "emergency_ketone": None}


def test_a_low_and_ketones_typed_by_mistake_are_both_taken_back(world: World) -> None:
    ming = patient(world)
    filed = ming.file("glucose", value=2.8, ketone_mmol_l=3.4)["entry"]
    correct(ming, filed, value=8.2, ketone_mmol_l=0.1)
    assert [one["closed_why"] for one in alerts(ming)] == ["corrected", "corrected"]


def test_who_nobody_could_reach_is_tried_for_again_until_somebody_is_reached(world: World) -> None:
    ming = patient(world)
    with wechat_is(world, RealWeChat("app", "secret")):
        ming.file("glucose", value=2.8)
        for minutes in (1, 16, 31):
            run_due(world, minutes)
        assert {state for _, _, state in states(alerts(ming)[0], "manager")} == {"no_channel"}
    run_due(world, 46)
    assert states(alerts(ming)[0], "manager")[-1] == (world.manager.id, "wechat", "delivered")


def test_two_very_high_readings_within_a_day_reach_the_doctor_in_whatever_order_they_come(world: World) -> None:
    ming = patient(world)
    doctor = world.with_role("dai", "doctor", "organisation", world.organisation_id, "D-1")
    ming.file("glucose", value=17.0)
    assert told(alerts(ming)[0], "doctor") == []
    ming.file("glucose", at(-180), value=18.0)
    assert told(alerts(ming)[0], "doctor") == [doctor.id]


def test_one_very_high_reading_moved_to_another_hour_is_still_one(world: World) -> None:
    ming = patient(world)
    world.with_role("dai", "doctor", "organisation", world.organisation_id, "D-1")
    filed = ming.file("glucose", value=17.0)["entry"]
    correct(ming, filed, occurred_at=at(-60))
    assert told(alerts(ming)[0], "doctor") == []


def test_of_a_very_high_reading_with_neither_manager_nor_doctor_the_admin_hears(world: World) -> None:
    ming = patient(world)
    ends_role(world, world.manager)
    ming.file("glucose", value=17.0)
    assert told(alerts(ming)[0], "duty") == [world.admin.id]


def test_the_guardian_of_a_child_hears_of_every_low_and_high(world: World) -> None:
    mother, group = world.person("mother"), world.group()
    child = mother.brings(group, "陈红", full_name="陈小明", birth_on="2017-05-01", basis="guardian")["person_id"]
    world.clock(NOON)
    for one in (mother, world.manager, world.admin):
        one.sign_in()
    assert world.manager.file("glucose", value=3.5, person_id=child).status == 201
    [low] = mother.get(f"/alerts?person_id={child}")["items"]
    assert (low["level"], told(low, "family")) == ("low", [mother.id])
    mother.file("glucose", value=15.0, person_id=child)
    assert {one["level"]: told(one, "family") for one in mother.get(f"/alerts?person_id={child}")["items"]} == {
        "high": [], "low": [mother.id]}


def test_who_lost_their_role_overnight_is_not_told_in_the_morning(world: World) -> None:
    ming = patient(world, "2026-03-03T23:00:00+08:00")
    ming.file("glucose", value=17.0)
    ends_role(world, world.manager)
    world.clock("2026-03-04T09:30:00+08:00")
    world.ask("POST", "/dev/run-due", {})
    alert = alerts(ming)[0]
    assert "delivered" not in [one["state"] for one in alert["told"] if one["who"] == world.manager.id]
    assert told(alert, "duty")[:1] == [world.admin.id]


def test_who_was_told_may_still_take_it_up_after_the_patient_left(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=2.8)
    alert = alerts(ming)[0]["id"]
    assert ming.post(f"/enrolments/{ming.enrolment['id']}/withdraw", {"reason": "搬家"}).status == 200
    assert [one["id"] for one in alerts(world.manager)] == [alert]
    assert world.manager.post(f"/alerts/{alert}/acknowledge", {"note": "联系上了", "close": True}).status == 200
    assert (alerts(world.manager), world.manager.get(f"/alerts?person_id={ming.id}").status) == ([], 404)


def test_one_telling_that_nobody_thought_of_keeps_no_other_from_leaving(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=2.8)
    fei = world.patient("fei")
    fei.file("glucose", value=2.7)
    with wechat_is(world, BreaksOnce()):
        run_due(world, 1)
        assert sorted(one["state"] for who in (ming, fei) for one in alerts(who)[0]["told"]) == ["delivered", "waiting"]
        run_due(world, 5)
    assert {one["state"] for who in (ming, fei) for one in alerts(who)[0]["told"]} == {"delivered"}


def test_the_low_that_ends_a_sync_rings_whatever_came_before_it(world: World) -> None:
    ming = patient(world)
    readings = [(-50, 6.0), (-40, 6.1), (-30, 2.5), (-20, 5.5), (-10, 5.6), (-5, 2.4)]
    ming.post("/entries/sync", {"entries": [entry("glucose", at(minutes), value=value) for minutes, value in readings]})
    [alert] = alerts(ming)
    assert (alert["closed_at"], alert["level"], told(alert, "manager")) == (None, "critical_low", [world.manager.id])
