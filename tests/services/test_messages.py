"""A staff message reaches the patient first, unless the patient chose before that family hears, and agreed. It is read in
the app, and nothing of it leaves."""

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from server.adapters.wechat import RealWeChat
from server.domain.messages import FIRST, ROUTES, SEVERITIES
from server.models.base import db
from server.models.messages import Message
from server.models.people import RoleGrant, Tie
from tests.makers import Answer, Person, World, day
from tests.services.test_alerts import alerts, at, daughter, patient, phones, run_due, told
from tests.services.test_unheard_dangers import ends_role, wechat_is
from tests.services.test_who_watches import second_hospital, their_group

# Severity, whom the patient chose, whether there is family under consent, and who hears in order.
TABLE = [
    ("routine", "patient", True, ["ming"]), ("routine", "family", True, ["ming"]),
    ("serious", "patient", True, ["ming"]), ("serious", "family", True, ["fei", "ming"]),
    ("serious", "family", False, ["ming"]), ("critical", "patient", True, ["ming", "fei"]),
    ("critical", "patient", False, ["ming"]), ("critical", "family", True, ["fei", "ming"]),
]


def test_every_severity_and_every_choice_has_a_route() -> None:
    assert set(ROUTES) == {(severity, first) for severity in SEVERITIES for first in FIRST}


@pytest.mark.parametrize(("severity", "first", "agreed", "expected"), TABLE)
def test_who_hears_follows_severity_choice_and_consent(world: World, severity: str, first: str, *, agreed: bool,
                                                       expected: list[str]) -> None:
    ming, fei = world.patient(), world.person("fei")
    assert ming.ask("PATCH", "/people/me", {"serious_news_first": first})["serious_news_first"] == first
    ming.consent("family")
    code = ming.post("/people/me/family-invites", {})["code"]
    fei.post("/people/family", {"code": code, "relation": "女儿"})
    if not agreed:
        given = next(one["id"] for one in ming.get("/consents")["items"] if one["purpose"] == "family")
        ming.ask("DELETE", f"/consents/{given}")
    answer = world.manager.post(f"/people/{ming.id}/messages", {"severity": severity, "subject": "眼底", "body": "请复诊"})
    names = {ming.id: "ming", fei.id: "fei"}
    assert [names[one["who"]] for one in answer["told"]] == expected
    told = [row for row in world.admin.get("/audit?limit=100")["items"] if row["verb"] == "message.tell"]
    assert len(told) == len(expected)


def test_only_health_staff_in_reach_may_write(world: World) -> None:
    ming = world.patient()
    draft = {"severity": "routine", "subject": "好", "body": "好"}
    assert world.admin.post(f"/people/{ming.id}/messages", draft).status == 403
    assert world.person("stranger").post(f"/people/{ming.id}/messages", draft).status == 404


def write(world: World, ming: Person, severity: str = "critical") -> Answer:
    """The manager writes to the patient."""
    return world.manager.post(f"/people/{ming.id}/messages", {
        "severity": severity, "subject": "化验", "body": "血钾偏高，\n请今天来医院。"})


def inbox(person: Person, query: str = "") -> list[dict[str, Any]]:
    """What was written to the person."""
    answer = person.get(f"/people/me/messages{query}")
    assert answer.status == 200, answer.json
    return answer["items"]


def reached(world: World, ming: Person) -> list[tuple[str, str, str]]:
    """Of the last message to the patient: as what each was told, how a nudge left, and how far it got."""
    answer = world.manager.get(f"/people/{ming.id}/messages")
    assert answer.status == 200, answer.json
    return [(one["as"], one["how"], one["state"]) for one in answer["items"][0]["told"]]


def nudges(world: World, template: str) -> list[dict[str, Any]]:
    """What left of that kind."""
    return [one for one in world.ask("GET", "/dev/outbox?limit=100")["items"] if one["template"] == template]


def test_it_is_read_in_the_app_and_a_nudge_says_nothing_of_it(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    answer = write(world, ming)
    assert [(one["as"], one["how"], one["state"], one["read_at"]) for one in answer["told"]] == [
        ("patient", "app", "waiting", None), ("family", "app", "waiting", None)]
    run_due(world, 1)
    assert reached(world, ming) == [("patient", "wechat", "delivered"), ("family", "wechat", "delivered")]
    assert {one["body"] for one in nudges(world, "message_critical")} == {"您有一条新消息，请打开小程序看。"}
    [kept] = inbox(ming)
    assert (kept["subject"], kept["body"], kept["severity"], kept["kind"]) == (
        "化验", "血钾偏高，\n请今天来医院。", "critical", "staff")
    assert (kept["from_id"], kept["person_id"], kept["as"]) == (world.manager.id, ming.id, "patient")
    assert [(one["as"], one["person_id"], one["body"]) for one in inbox(fei)] == [("family", ming.id, kept["body"])]
    assert inbox(world.person("stranger")) == inbox(world.admin) == []


def test_looking_is_reading_and_who_wrote_sees_it(world: World) -> None:
    ming = patient(world)
    write(world, ming)
    assert [inbox(ming)[0]["read_at"] is None for _ in range(2)] == [True, False]
    world.clock(at(30))
    inbox(ming)
    [letter] = world.manager.get(f"/people/{ming.id}/messages")["items"]
    assert letter["told"][0]["read_at"] == inbox(ming)[0]["read_at"]
    assert "body" not in letter
    assert world.admin.get(f"/people/{ming.id}/messages").status == 403
    assert ming.get(f"/people/{ming.id}/messages").status == 403
    assert world.person("stranger").get(f"/people/{ming.id}/messages").status == 404


def test_messages_come_newest_first_page_by_page(world: World) -> None:
    ming = patient(world)
    for minutes, severity in enumerate(SEVERITIES):
        world.clock(at(minutes))
        write(world, ming, severity)
    first = ming.get("/people/me/messages?limit=2")
    rest = ming.get(f"/people/me/messages?limit=2&after={first['next']}")
    assert [one["severity"] for one in [*first["items"], *rest["items"]]] == ["critical", "serious", "routine"]
    sent = world.manager.get(f"/people/{ming.id}/messages?limit=2")
    rest = world.manager.get(f"/people/{ming.id}/messages?limit=2&after={sent['next']}")
    assert [one["severity"] for one in [*sent["items"], *rest["items"]]] == ["critical", "serious", "routine"]


def test_a_relative_reads_nothing_more_once_the_tie_has_ended(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    write(world, ming)
    tie = ming.get("/people/me/family")["items"][0]["id"]
    assert ming.ask("DELETE", f"/people/me/family/{tie}").status == 200
    run_due(world, 1)
    assert inbox(fei) == []
    assert reached(world, ming) == [("patient", "wechat", "delivered"), ("family", "app", "no_channel")]


# What WeChat and the person's phone carry, and what became of the nudge.
CARRIED = [("nothing", False, ("wechat", "failed")), ("nothing", True, ("sms", "delivered")),
           ("unset", False, ("wechat", "no_channel")), ("unset", True, ("sms", "delivered"))]


@pytest.mark.parametrize(("wechat", "has_phone", "expected"), CARRIED)
def test_what_became_of_the_nudge_is_told_as_it_was(world: World, wechat: str, *, has_phone: bool,
                                                    expected: tuple[str, str]) -> None:
    ming = patient(world)
    if has_phone:
        phones(world, ming)
    dumb = RealWeChat("app", "secret")
    if wechat == "nothing":
        dumb.tell = lambda _openid, _text: False
    write(world, ming)
    with wechat_is(world, dumb):
        run_due(world, 1)
    assert reached(world, ming) == [("patient", *expected)]


def test_who_has_no_wechat_reads_through_their_carer(world: World) -> None:
    son, group = world.person("son"), world.group()
    elder = son.brings(group)["person_id"]
    world.manager.post(f"/people/{elder}/messages", {"severity": "critical", "subject": "化验", "body": "请来医院。"})
    world.ask("POST", "/dev/run-due", {})
    [left] = nudges(world, "message_critical")
    assert (left["to"], "照护" in left["body"]) == (son.id, True)
    assert inbox(son) == []
    assert [one["body"] for one in inbox(son, f"?person_id={elder}")] == ["请来医院。"]
    assert world.person("stranger").get(f"/people/me/messages?person_id={elder}").status == 404


@pytest.mark.parametrize(("severity", "state"), [("routine", "waiting"), ("serious", "waiting"), ("critical", "delivered")])
def test_only_what_is_critical_wakes_anybody(world: World, severity: str, state: str) -> None:
    ming = patient(world, "2026-03-03T23:00:00+08:00")
    write(world, ming, severity)
    run_due(world, 11 * 60 + 1)
    assert reached(world, ming)[0][2] == state
    assert len(inbox(ming)) == 1
    world.clock("2026-03-04T06:30:00+08:00")
    world.ask("POST", "/dev/run-due", {})
    assert reached(world, ming)[0][2] == "delivered"


@pytest.mark.parametrize(("subject", "body"), [("药", "胰岛素加到14个单位吧"), ("二甲双胍先停两天", "下周再看")])
def test_a_message_speaks_of_no_dose_without_the_licence(world: World, subject: str, body: str) -> None:
    ming = world.patient()
    refused = world.manager.post(f"/people/{ming.id}/messages", {"severity": "routine", "subject": subject, "body": body})
    assert refused.code == "reply_names_dose"
    assert ming.get("/people/me/messages")["items"] == []


def test_words_lie_sealed(world: World) -> None:
    ming = patient(world)
    write(world, ming)
    with world.app.app_context():
        [row] = db.session.execute(sa.text("SELECT subject, body FROM messages")).all()
        assert db.session.scalar(sa.select(Message.subject)) == "化验"
    assert "化验".encode() not in bytes(row.subject)
    assert "血钾".encode() not in bytes(row.body)


def test_on_the_last_day_it_is_kept_for_the_patient_once_who_watches_from_tomorrow(world: World) -> None:
    ming = patient(world)
    for hour in (0, 9, 10):
        world.clock(f"{day(28)}T{hour:02}:00:00+08:00")
        world.ask("POST", "/dev/run-due", {})
        # Nobody is woken at midnight for that.
        assert len(nudges(world, "who_watches")) == 1
    ming.sign_in()
    assert [(one["kind"], one["from_id"], "健康管理师" in one["body"]) for one in inbox(ming)] == [("who_watches", None, True)]


@pytest.mark.parametrize("woken", [day(29), day(32), day(40)])
def test_who_watches_is_told_also_when_the_clock_slept_over_the_last_day(world: World, woken: dt.date) -> None:
    ming = patient(world)
    for hour in (9, 10):
        world.clock(f"{woken}T{hour:02}:00:00+08:00")
        world.ask("POST", "/dev/run-due", {})
    ming.sign_in()
    [said] = inbox(ming)
    assert said["body"].startswith("训练营已经结束。之后由本机构的健康管理师")


def test_who_left_before_the_end_is_told_nothing_of_it(world: World) -> None:
    ming = patient(world)
    assert ming.post(f"/enrolments/{ming.enrolment['id']}/withdraw", {"reason": "搬家"}).status == 200
    world.clock(f"{day(28)}T09:00:00+08:00")
    world.ask("POST", "/dev/run-due", {})
    ming.sign_in()
    assert inbox(ming) == []


def test_who_watches_after_the_camp_is_told_truly_to_each(world: World) -> None:
    group = world.group()
    near = world.with_role("nian", "health_manager", "class", group["id"])
    ends_role(world, world.manager)
    with world.app.app_context():
        db.session.execute(sa.update(RoleGrant).where(RoleGrant.person_id == uuid.UUID(world.admin.id))
                           .values(ended_at=RoleGrant.granted_at))
        db.session.commit()
    ming = world.patient("ming", group)
    near.join(group)
    world.clock(f"{day(28)}T09:00:00+08:00")
    world.ask("POST", "/dev/run-due", {})
    world.clock(f"{day(32)}T09:00:00+08:00")
    world.ask("POST", "/dev/run-due", {})
    for person, watched in ((ming, True), (near, False)):
        person.sign_in()
        [said] = inbox(person)
        person.file("glucose", value=2.5)
        mine = next(one for one in alerts(person) if one["person"] == person.id)
        assert (bool(told(mine, "manager")), "没有人看" not in said["body"]) == (watched, watched)


def test_staff_of_another_hospital_see_nothing_of_what_this_one_wrote(world: World) -> None:
    [ming] = world.graduates("ming")
    world.manager.sign_in()
    write(world, ming)
    boss, manager, other = second_hospital(world)
    ming.join(their_group(boss, other))
    path = f"/people/{ming.id}/messages"
    assert (manager.get(path)["items"], len(world.manager.get(path)["items"])) == ([], 1)
    assert manager.post(path, {"severity": "routine", "subject": "好", "body": "好"}).status == 201
    assert [one["from_id"] for who in (manager, world.manager) for one in who.get(path)["items"]] == [
        manager.id, world.manager.id]


def test_who_acts_for_somebody_reads_nothing_that_reached_them_as_family_of_another(world: World) -> None:
    ming = patient(world)
    fei, carer = daughter(world, ming, "danger"), world.person("carer")
    with world.app.app_context():
        # Nobody acts for somebody with WeChat yet; the tie is made where the interface makes none.
        db.session.add(Tie(id=uuid.uuid4(), person_id=uuid.UUID(fei.id), holder_id=uuid.UUID(carer.id), basis="carer",
                           relation="女儿", created_at=dt.datetime.fromisoformat(world.now)))
        db.session.commit()
    write(world, ming)
    assert (inbox(carer, f"?person_id={fei.id}"), len(inbox(fei))) == ([], 1)
