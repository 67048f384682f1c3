"""What an organisation settles, and who is on duty in it."""

import uuid

from server.models import people as people_rows
from server.models.base import db
from tests.makers import World

HOURS = {"from": "09:00", "to": "17:30", "weekdays": [1, 2, 3, 4, 5], "timezone": "Asia/Shanghai"}


def test_an_admin_settles_the_hours_and_staff_read_them(world: World) -> None:
    path = f"/organisations/{world.organisation_id}"
    before = world.manager.get(path)
    assert before["service_hours"]["from"] == "08:00"
    assert before["issuer"] == "示范医院"
    changed = world.admin.ask("PATCH", path, {"service_hours": HOURS, "duty_phone": "021-5550100",
                                       "signatories": [{"name": "李医生", "title": "主任"}]})
    assert changed.status == 200
    shown = world.manager.get(path)
    assert shown["service_hours"] == HOURS
    assert shown["duty_phone"] == "021-5550100"
    assert shown["signatories"] == [{"name": "李医生", "title": "主任"}]
    assert world.admin.ask("PATCH", path, {"service_hours": None}).json["service_hours"] == before["service_hours"]


def test_an_admin_settles_who_is_on_duty_and_in_which_order(world: World) -> None:
    path = f"/organisations/{world.organisation_id}"
    zhu = world.with_role("zhu", "assistant", "organisation", world.organisation_id)
    before = world.admin.get(path)
    assert before["on_duty"] == []
    changed = world.admin.ask("PATCH", path, {"on_duty": [zhu.id, world.manager.id, zhu.id]})
    assert (changed["on_duty"], changed["version"]) == ([zhu.id, world.manager.id], before["version"] + 1)
    assert world.admin.ask("PATCH", path, {"on_duty": [world.manager.id, zhu.id], "duty_phone": None})["version"] == before[
        "version"] + 2
    assert world.manager.get(path)["on_duty"] == [world.manager.id, zhu.id]
    refused = world.admin.ask("PATCH", path, {"on_duty": [zhu.id, world.person("stranger").id]})
    assert (refused.status, refused.code) == (409, "not_staff")
    assert world.manager.ask("PATCH", path, {"on_duty": []}).status == 403
    assert world.admin.get(path)["on_duty"] == [world.manager.id, zhu.id]
    assert world.admin.ask("PATCH", path, {"on_duty": None})["on_duty"] == []


def test_a_leader_and_staff_of_another_hospital_are_on_no_list(world: World) -> None:
    owner = world.person("owner")
    second = owner.post("/organisations", {"name": "第二医院"})["id"]
    path = f"/organisations/{world.organisation_id}"
    leader = world.with_role("ling", "leader", "class", world.group()["id"])
    for each in (leader.id, owner.id, second):
        assert world.admin.ask("PATCH", path, {"on_duty": [each]}).code == "not_staff"


def test_hours_that_end_before_they_begin_are_refused(world: World) -> None:
    refused = world.admin.ask("PATCH", f"/organisations/{world.organisation_id}", {"service_hours": HOURS | {"to": "08:00"}})
    assert (refused.status, refused.code) == (409, "hours_invalid")


def test_a_stranger_learns_nothing_of_an_organisation_and_staff_change_nothing(world: World) -> None:
    path = f"/organisations/{world.organisation_id}"
    eve = world.person("eve")
    assert eve.get(path).status == 404
    assert eve.ask("PATCH", path, {"duty_phone": "110"}).status == 404
    assert world.manager.ask("PATCH", path, {"duty_phone": "021-5550100"}).status == 403


def test_a_name_in_use_is_refused(world: World) -> None:
    world.person("owner").post("/organisations", {"name": "第二医院"})
    refused = world.admin.ask("PATCH", f"/organisations/{world.organisation_id}", {"name": "第二医院"})
    assert (refused.status, refused.code) == (409, "already_exists")


def test_the_nearest_on_duty_is_asked_first(world: World) -> None:
    group = world.group()
    nurse, doctor, far = (world.person(name) for name in ("nurse", "doctor", "far"))
    for person, role, kind, scope in ((far, "nurse", "organisation", world.organisation_id),
                                      (doctor, "doctor", "camp", group["camp_id"]), (nurse, "nurse", "class", group["id"]),
                                      (nurse, "nurse", "camp", group["camp_id"])):
        assert world.admin.post(f"/people/{person.id}/roles", {
            "role": role, "scope_type": kind, "scope_id": scope, "credential": "110"}).status == 201
    with world.app.app_context():
        found = people_rows.on_duty(db.session(), ("doctor", "nurse"), {
            "class": uuid.UUID(group["id"]), "camp": uuid.UUID(group["camp_id"]),
            "organisation": uuid.UUID(world.organisation_id)})
        db.session.remove()
    assert [(str(person), role, scope) for person, role, scope in found] == [
        (nurse.id, "nurse", "class"), (doctor.id, "doctor", "camp"), (far.id, "nurse", "organisation")]
