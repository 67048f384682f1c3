"""Who watches over somebody between camps and hospitals, and where some of the staff are missing."""

import datetime as dt
import uuid

from server.models.base import db
from server.models.people import RoleGrant
from tests.makers import Person, World
from tests.services.test_alerts import alerts, patient, run_due, states, told
from tests.services.test_episodes import doctor_of
from tests.services.test_unheard_dangers import ends_role


def second_hospital(world: World) -> tuple[Person, Person, str]:
    """Admin and health manager of another hospital, and its id."""
    other = world.person("owner").post("/organisations", {"name": "第二医院"})["id"]
    boss, manager = world.person("boss"), world.person("hm2")
    with world.app.app_context():
        for who, role in ((boss, "admin"), (manager, "health_manager")):
            db.session.add(RoleGrant(id=uuid.uuid4(), person_id=uuid.UUID(who.id), role=role, scope_type="organisation",
                                     scope_id=uuid.UUID(other), organisation_id=uuid.UUID(other),
                                     granted_by=uuid.UUID(boss.id), granted_at=dt.datetime.fromisoformat(world.now)))
        db.session.commit()
    return boss, manager, other


def their_group(boss: Person, other: str) -> dict:
    """A class of an open camp of that hospital."""
    camp = boss.post("/camps", {"organisation_id": other, "template": "standard-28", "name": "二营", "starts_on": "2026-03-02"})
    opened = boss.post(f"/camps/{camp['id']}/open")
    assert opened.status == 200, opened.json
    return {**boss.post("/classes", {"camp_id": camp["id"], "name": "二班", "capacity": 50}).json, "camp": opened.json}


def test_an_application_elsewhere_takes_the_watch_from_nobody_until_it_is_let_in(world: World) -> None:
    [ming] = world.graduates("ming")
    boss, manager, other = second_hospital(world)
    group = their_group(boss, other)
    question = group["camp"]["screening"][0]
    ming.join(group, screening={question["id"]: question["ask_staff_when"]})
    assert ming.enrolment["status"] == "applied"
    ming.file("glucose", value=2.5)
    assert told(alerts(ming)[0], "manager") == [world.manager.id]
    answer = manager.post(f"/enrolments/{ming.enrolment['id']}/approve")
    assert answer.status == 200, answer.json
    ming.file("glucose", value=2.5, symptoms=["confused"])
    assert told(alerts(ming)[0], "manager") == [world.manager.id, manager.id]


def test_in_pregnancy_the_doctor_hears_where_there_is_neither_nurse_nor_manager(world: World) -> None:
    ming, dai = patient(world), doctor_of(world)
    ming.ask("PATCH", "/people/me", {"diabetes_type": "gestational"})
    ends_role(world, world.manager)
    steps = ming.file("glucose", value=3.1)["advice"]["steps"]
    assert not any("没有工作人员" in step for step in steps)
    # Whom no channel carries, the next one stands in for.
    wechat = world.app.extensions["tangying"].wechat
    reachable, wechat.tell = wechat.tell, lambda openid, text: openid != "dai" and reachable(openid, text)
    run_due(world, 1)
    wechat.tell = reachable
    assert states(alerts(ming)[0], "nurse") == [(dai.id, "wechat", "failed"), (world.admin.id, "wechat", "delivered")]


def test_in_pregnancy_the_card_of_a_low_says_when_nobody_hears_of_it(world: World) -> None:
    ming = world.person("ming")
    ming.consent()
    ming.ask("PATCH", "/people/me", {"diabetes_type": "gestational"})
    assert ["没有工作人员" in ming.file("glucose", value=value)["advice"]["steps"][-1] for value in (3.1, 3.6)] == [True, False]
