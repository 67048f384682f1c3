"""A dangerous reading is a medical event: raised with the reading, told to those who must hear, and never forgotten."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from server.adapters.wechat import RealWeChat
from tests.makers import Person, World, entry

NOON = "2026-03-03T12:00:00+08:00"


def at(minutes: int, since: str = NOON) -> str:
    """The instant so many minutes after noon."""
    return (dt.datetime.fromisoformat(since) + dt.timedelta(minutes=minutes)).isoformat()


def patient(world: World, instant: str = NOON, **more: Any) -> Person:
    """A patient in a running camp, at that instant."""
    ming = world.patient(**more)
    world.clock(instant)
    for one in (ming, world.manager, world.admin):
        one.sign_in()
    return ming


def alerts(person: Person) -> list[dict[str, Any]]:
    """The alerts the person sees, newest first."""
    answer = person.get("/alerts")
    assert answer.status == 200, answer.json
    return answer["items"]


def told(alert: dict[str, Any], step: str) -> list[str]:
    """Who was told at that step."""
    return [one["who"] for one in alert["told"] if one["step"] == step]


def daughter(world: World, ming: Person, *sees: str) -> Person:
    """A relative who sees that of the patient."""
    ming.consent("family")
    code = ming.post("/people/me/family-invites", {"sees": list(sees)})["code"]
    fei = world.person("fei")
    fei.sign_in()
    assert fei.post("/people/family", {"code": code, "relation": "女儿"}).status == 201
    return fei


def test_a_critical_low_is_told_to_the_manager_and_the_family_that_hears_dangers(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    filed = ming.file("glucose", value=2.8)
    assert filed["advice"]["level"] == "critical_low"
    mine = alerts(ming)
    assert [(one["level"], one["entry_id"], one["about"], one["fresh"], one["closed_at"]) for one in mine] == [
        ("critical_low", filed["entry"]["id"], "self", True, None)]
    assert told(mine[0], "manager") == [world.manager.id]
    assert told(mine[0], "family") == [fei.id]
    assert alerts(world.manager) == alerts(fei) == alerts(world.admin) == mine
    assert alerts(world.person("stranger")) == []
    assert dt.datetime.fromisoformat(mine[0]["recheck_by"]) == dt.datetime.fromisoformat(at(15))


def test_family_that_sees_progress_alone_hears_nothing(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "progress")
    ming.file("glucose", value=2.8)
    assert told(alerts(ming)[0], "family") == []
    assert alerts(fei) == []
    assert fei.get(f"/alerts?person_id={ming.id}").status == 404


def test_a_leader_and_an_assistant_never_hear(world: World) -> None:
    ming = patient(world)
    leader = world.with_role("ling", "leader", "class", ming.enrolment["class"]["id"])
    ming.file("glucose", value=2.8)
    assert alerts(leader) == []
    alert = alerts(ming)[0]["id"]
    assert leader.post(f"/alerts/{alert}/acknowledge", {"note": "好"}).status == 403
    assert world.person("stranger").post(f"/alerts/{alert}/acknowledge", {"note": "好"}).status == 404


# Readings in order, minutes after noon, and the alerts at the end: level, open or why closed, how many tellings of staff.
EPISODES = [
    ([(0, 6.1)], []),
    ([(0, 3.8)], [("low", None, 0)]),
    ([(0, 3.8), (15, 3.8)], [("low", None, 0)]),
    ([(0, 3.8), (15, 4.0)], [("low", "recovered", 0)]),
    ([(0, 3.8), (15, 2.9)], [("critical_low", None, 1)]),
    ([(0, 2.9), (15, 2.8)], [("critical_low", None, 1)]),
    ([(0, 2.9), (15, 3.8)], [("critical_low", None, 1)]),
    # What was overcome and comes again is worse than what was.
    ([(0, 2.9), (15, 6.0), (90, 2.9)], [("critical_low", None, 2)]),
    ([(0, 3.8), (721, 3.8)], [("low", None, 0), ("low", None, 0)]),
    ([(0, 14.0)], [("high", None, 0)]),
    ([(0, 14.0), (30, 13.8)], [("high", "recovered", 0)]),
    ([(0, 17.0)], [("critical_high", None, 1)]),
    ([(0, 17.0), (30, 3.5)], [("low", None, 0), ("critical_high", None, 1)]),
    # From the 27.8th millimole on, and the second time in a day, the doctor hears too; here there is none.
    ([(0, 2.9), (30, 17.0)], [("critical_high", None, 1), ("critical_low", "recovered", 1)]),
]


@pytest.mark.parametrize(("readings", "expected"), EPISODES)
def test_readings_of_one_kind_within_twelve_hours_are_one_episode(world: World, readings: list, expected: list) -> None:
    ming = patient(world)
    for minutes, value in readings:
        world.clock(at(minutes))
        assert ming.file("glucose", value=value).status == 201
    assert [(one["level"], one["closed_why"], len(told(one, "manager"))) for one in alerts(ming)] == expected


def test_somebody_elses_reading_raises_nothing(world: World) -> None:
    ming = patient(world)
    assert ming.file("glucose", value=2.5, not_mine=True)["advice"]["level"] == "critical_low"
    assert alerts(ming) == []


@pytest.mark.parametrize(("field", "level"), [
    ({"value": 6.0, "ketone_mmol_l": 3.0}, "emergency_ketone"), ({"value": 2.5, "symptoms": ["confused"]}, "emergency_low"),
    ({"value": "HI"}, "emergency_high"), ({"value": "LO"}, "critical_low"),
    ({"value": 18.0, "symptoms": ["vomiting"]}, "emergency_high"), ({"value": 53, "unit": "mg/dL"}, "critical_low")])
def test_every_danger_of_the_table_tells_the_manager_at_once(world: World, field: dict, level: str) -> None:
    ming = patient(world)
    ming.file("glucose", **field)
    alert = alerts(ming)[0]
    assert (alert["level"], told(alert, "manager")) == (level, [world.manager.id])


def test_an_old_or_imported_low_messages_nobody_and_one_that_was_overcome_is_closed(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", at(-14 * 60), value=2.8)
    ming.file("glucose", at(-30), value=6.0)
    ming.file("glucose", at(-60), value=2.7)
    old, overcome = alerts(ming)[1], alerts(ming)[0]
    assert [(one["told"], one["fresh"]) for one in (old, overcome)] == [([], False)] * 2
    assert overcome["closed_why"] == "recovered"
    world.clock(at(24 * 60))
    ming.sign_in()
    ming.file("glucose", value=2.5, source="import")
    assert alerts(ming)[0]["told"] == []
    ming.file("glucose", value=2.5)
    assert told(alerts(ming)[0], "manager") == [world.manager.id]


def test_a_low_synced_late_asks_how_the_person_is_now(world: World) -> None:
    ming = patient(world)
    ming.post("/entries/sync", {"entries": [entry("glucose", at(-120), value=3.5)]})
    alert = alerts(ming)[0]
    assert (alert["fresh"], told(alert, "patient")) == (True, [ming.id])
    assert "现在感觉" in world.ask("GET", "/dev/outbox")["items"][0]["body"]


def test_an_edit_that_clears_an_alert_tells_everyone_who_was_told(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    kept = ming.file("glucose", value=2.8)["entry"]["id"]
    assert ming.ask("PATCH", f"/entries/{kept}", {"value": 5.8}).status == 200
    alert = alerts(ming)[0]
    assert alert["closed_why"] == "corrected"
    assert set(told(alert, "cleared")) == {world.manager.id, fei.id}
    answer = ming.ask("PATCH", f"/entries/{kept}", {"value": 2.4})
    assert answer["advice"]["level"] == "critical_low"
    assert [one["closed_at"] for one in alerts(ming)] == [None]
    assert told(alerts(ming)[0], "manager") == [world.manager.id] * 2


def test_deleting_a_reading_never_hides_its_alert(world: World) -> None:
    ming = patient(world)
    kept = ming.file("glucose", value=2.8)["entry"]["id"]
    assert ming.ask("DELETE", f"/entries/{kept}").status == 200
    assert [(one["level"], one["closed_at"]) for one in alerts(world.manager)] == [("critical_low", None)]


def test_an_exercise_after_a_low_or_a_very_high_brings_a_caution(world: World) -> None:
    ming = patient(world)
    assert ming.file("exercise")["advice"] is None
    ming.file("glucose", value=3.5)
    world.clock(at(60))
    assert ming.file("exercise")["advice"]["level"] == "caution"
    world.clock(at(61))
    assert ming.file("exercise")["advice"] is None
    ming.file("glucose", value=16.7)
    told_now = ming.file("exercise")
    assert "120" in told_now["advice"]["steps"][1]


def test_outside_any_camp_the_card_says_that_nobody_watches(world: World) -> None:
    ming = world.person("ming")
    ming.consent()
    assert any("没有工作人员" in step for step in ming.file("glucose", value=2.5)["advice"]["steps"])
    hong = patient(world, NOON, name="hong")
    assert not any("没有工作人员" in step for step in hong.file("glucose", value=2.5)["advice"]["steps"])


def test_in_pregnancy_the_nurse_hears_the_same_day(world: World) -> None:
    ming = patient(world)
    nurse = world.with_role("nana", "nurse", "organisation", world.organisation_id, "N-1")
    ming.ask("PATCH", "/people/me", {"diabetes_type": "gestational"})
    assert ming.file("glucose", value=11.1)["advice"] is None
    assert told(alerts(ming)[0], "nurse") == [nurse.id]


def test_every_note_is_kept_and_only_staff_read_it(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    nan = world.with_role("nan", "nurse", "organisation", world.organisation_id, "N-1")
    zhu = world.with_role("zhu", "assistant", "class", ming.enrolment["class"]["id"])
    assert world.admin.ask("PATCH", f"/organisations/{world.organisation_id}", {"on_duty": [zhu.id]}).status == 200
    ming.file("glucose", value="LO", symptoms=["confused"])
    path = f"/alerts/{alerts(ming)[0]['id']}/acknowledge"
    for minutes in (15, 30):
        run_due(world, minutes)
    world.manager.post(path, {"note": "已打电话，老人吃了糖"})
    world.clock(at(31))
    nan.post(path, {"note": "复测 5.2，家人在身边"})
    world.clock(at(32))
    mine = [{"by": zhu.id, "at": "2026-03-03T04:32:00Z", "note": "我也在"}]
    assert zhu.post(path, {"note": "我也在"})["notes"] == mine
    both = [{"by": world.manager.id, "at": "2026-03-03T04:30:00Z", "note": "已打电话，老人吃了糖"},
            {"by": nan.id, "at": "2026-03-03T04:31:00Z", "note": "复测 5.2，家人在身边"}]
    for reader, read in ((world.manager, both + mine), (nan, both + mine), (world.admin, both + mine), (zhu, mine), (ming, []),
                         (fei, [])):
        [alert] = alerts(reader)
        assert (alert["notes"], alert["acknowledged"]["by"]) == (read, world.manager.id)
    # What rings again is to be taken up again, and what was written before is still read.
    ming.file("glucose", value="LO", symptoms=["seizure"])
    assert [(one["acknowledged"], one["notes"]) for one in alerts(nan)] == [(None, both + mine)]


def test_who_takes_it_up_first_is_kept_and_staff_may_close_it(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=2.8)
    alert = alerts(ming)[0]["id"]
    taken = world.manager.post(f"/alerts/{alert}/acknowledge", {"note": "打过电话"})
    assert (taken["acknowledged"]["by"], taken["closed_at"]) == (world.manager.id, None)
    again = world.admin.post(f"/alerts/{alert}/acknowledge", {"note": "好", "close": True})
    assert (again["acknowledged"]["by"], again["closed_why"]) == (world.manager.id, "staff")
    assert ming.post(f"/alerts/{alert}/acknowledge", {"note": "好"}).status == 403


def test_the_cards_are_there_for_anybody_with_thresholds_that_have_a_source(world: World) -> None:
    answer = world.ask("GET", "/alerts/cards")
    assert all(row["source"] for row in answer["thresholds"])
    assert {row["level"] for row in answer["thresholds"]} == {card["level"] for card in answer["cards"]}


def run_due(world: World, minutes: int) -> None:
    """Let so many minutes after noon have passed, and do what is due by then."""
    world.clock(at(minutes))
    assert world.ask("POST", "/dev/run-due", {}).status == 200


def states(alert: dict[str, Any], step: str) -> list[tuple[str, str, str]]:
    """Who was told at that step, how, and whether it reached them."""
    return [(one["who"], one["how"], one["state"]) for one in alert["told"] if one["step"] == step]


def phones(world: World, person: Person) -> tuple[Any, Any, str]:
    """The twins that reach phones, and the person's number, bound now."""
    phone = person.post("/session/phone", {"code": person.name})["phone"]
    parts = world.app.extensions["tangying"]
    return parts.sms, parts.voice, phone


def test_a_low_without_a_recheck_is_asked_for_and_then_one_step_worse(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=3.5)
    run_due(world, 14)
    assert told(alerts(ming)[0], "patient") == []
    run_due(world, 15)
    assert told(alerts(ming)[0], "patient") == [ming.id]
    run_due(world, 19)
    assert alerts(ming)[0]["level"] == "low"
    run_due(world, 20)
    alert = alerts(ming)[0]
    assert (alert["level"], states(alert, "manager")) == ("critical_low", [(world.manager.id, "wechat", "delivered")])


def test_of_an_elder_without_wechat_it_is_the_carer_who_is_asked_to_measure_again(world: World) -> None:
    son, group = world.person("son"), world.group()
    elder = son.brings(group)["person_id"]
    world.clock(NOON)
    for one in (son, world.manager, world.admin):
        one.sign_in()
    assert son.file("glucose", person_id=elder, value=3.5).status == 201
    run_due(world, 15)
    [alert] = son.get(f"/alerts?person_id={elder}")["items"]
    assert states(alert, "patient") == [(son.id, "wechat", "delivered")]


def test_a_recheck_that_came_raises_nothing(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=3.5)
    world.clock(at(12))
    ming.file("glucose", value=3.7)
    run_due(world, 26)
    assert alerts(ming)[0]["level"] == "low"
    world.clock(at(27))
    ming.file("glucose", value=3.9)
    run_due(world, 90)
    assert (alerts(ming)[0]["level"], alerts(ming)[0]["closed_why"]) == ("low", "recovered")


def test_nobody_takes_it_up_so_the_doctor_and_then_the_phone_on_duty_ring(world: World) -> None:
    ming = patient(world)
    doctor = world.with_role("dai", "doctor", "organisation", world.organisation_id, "D-1")
    world.admin.ask("PATCH", f"/organisations/{world.organisation_id}", {"duty_phone": "021-5550100"})
    ming.file("glucose", value="LO", symptoms=["confused"])
    run_due(world, 14)
    assert told(alerts(ming)[0], "doctor") == []
    run_due(world, 15)
    assert states(alerts(ming)[0], "doctor") == [(doctor.id, "wechat", "delivered")]
    run_due(world, 30)
    assert sorted(states(alerts(ming)[0], "duty")) == sorted([
        (world.admin.id, "duty_phone", "delivered"), (world.admin.id, "wechat", "delivered")])
    assert world.app.extensions["tangying"].voice.read_out[-1][0] == "021-5550100"


def test_what_was_taken_up_goes_no_further(world: World) -> None:
    ming = patient(world)
    doctor = world.with_role("dai", "doctor", "organisation", world.organisation_id, "D-1")
    ming.file("glucose", value="HI")
    world.manager.post(f"/alerts/{alerts(ming)[0]['id']}/acknowledge", {"note": "在打电话"})
    run_due(world, 60)
    assert doctor.id not in [one["who"] for one in alerts(ming)[0]["told"]]


def test_who_cannot_be_reached_is_written_down_and_the_next_one_is_told(world: World) -> None:
    ming = patient(world)
    near = world.with_role("nian", "health_manager", "class", ming.enrolment["class"]["id"])
    sms, voice, phone = phones(world, near)
    sms.unreachable.add(phone)
    voice.silent.add(phone)
    parts, wechat = world.app.extensions["tangying"], world.app.extensions["tangying"].wechat
    world.app.extensions["tangying"] = dataclasses.replace(parts, wechat=RealWeChat("app", "secret"))
    try:
        ming.file("glucose", value=2.5)
        run_due(world, 1)
    finally:
        world.app.extensions["tangying"] = dataclasses.replace(parts, wechat=wechat)
    assert set(states(alerts(ming)[0], "manager")) == {
        (near.id, "voice", "failed"), (near.id, "sms", "failed"), (near.id, "wechat", "no_channel"),
        (world.manager.id, "wechat", "no_channel")}
    # Nobody is left at this step, nor a doctor: the last step is taken without waiting.
    assert states(alerts(ming)[0], "duty") == [(world.admin.id, "wechat", "no_channel")]


def test_a_critical_high_at_night_waits_for_the_service_hours_and_two_of_them_bring_the_doctor(world: World) -> None:
    night = "2026-03-03T23:00:00+08:00"
    ming = patient(world, night)
    doctor = world.with_role("dai", "doctor", "organisation", world.organisation_id, "D-1")
    ming.file("glucose", value=17.0)
    run_due(world, 11 * 60 + 5)
    assert states(alerts(ming)[0], "manager") == [(world.manager.id, "wechat", "waiting")]
    world.clock("2026-03-04T08:00:00+08:00")
    world.ask("POST", "/dev/run-due", {})
    assert states(alerts(ming)[0], "manager") == [(world.manager.id, "wechat", "delivered")]
    assert told(alerts(ming)[0], "doctor") == []
    world.clock("2026-03-04T10:00:00+08:00")
    world.ask("POST", "/dev/run-due", {})
    assert told(alerts(ming)[0], "doctor") == [doctor.id]


@pytest.mark.parametrize("values", [(27.8,), (17.0, 18.0)])
def test_a_very_high_reading_or_a_second_high_one_is_the_doctors_at_once(world: World, values: tuple) -> None:
    ming = patient(world)
    doctor = world.with_role("dai", "doctor", "organisation", world.organisation_id, "D-1")
    for minute, value in enumerate(values):
        world.clock(at(minute))
        assert told((alerts(ming) or [{"told": []}])[0], "doctor") == []
        ming.file("glucose", value=value)
    assert told(alerts(ming)[0], "doctor") == [doctor.id]


def test_of_whom_nothing_comes_for_three_days_the_manager_hears_until_something_comes(world: World) -> None:
    ming = patient(world)
    ming.file("meal")
    run_due(world, 3 * 1440)
    assert alerts(ming) == []
    run_due(world, 3 * 1440 + 1)
    run_due(world, 3 * 1440 + 2)
    assert [(one["level"], one["entry_id"], told(one, "manager")) for one in alerts(ming)] == [
        ("lost_contact", None, [world.manager.id])]
    ming.file("meal")
    run_due(world, 3 * 1440 + 3)
    assert alerts(ming)[0]["closed_why"] == "heard"


def test_on_the_last_day_the_patient_is_told_once_who_watches_from_tomorrow(world: World) -> None:
    ming = patient(world)
    for hour in (9, 10):
        world.clock(f"2026-03-29T{hour:02}:00:00+08:00")
        world.ask("POST", "/dev/run-due", {})
    ming.sign_in()
    written = [one["body"] for one in ming.get("/people/me/messages")["items"] if one["kind"] == "who_watches"]
    assert len(written) == 1
    assert "健康管理师" in written[0]


def test_an_open_alert_keeps_a_camp_from_the_archive(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", value=2.8)
    camp, alert = ming.enrolment["camp"]["id"], alerts(ming)[0]["id"]
    world.clock("2026-04-02T12:00:00+08:00")
    for one in (world.admin, world.manager):
        one.sign_in()
    assert world.admin.post(f"/camps/{camp}/archive").code == "alerts_open"
    world.manager.post(f"/alerts/{alert}/acknowledge", {"note": "已随访", "close": True})
    assert world.admin.post(f"/camps/{camp}/archive").status == 200
