"""Points become gifts: held, sent or given back."""

import datetime as dt

import pytest

from tests.makers import FIRST_DAY, World, day


@pytest.fixture
def rich(world: World):
    """Somebody with a hundred points."""
    ming = world.patient()
    grant(world, ming, 100)
    return ming


def grant(world: World, person, points: int) -> None:
    answer = world.admin.post("/points/adjustments", {
        "enrolment_id": person.enrolment["id"], "points": points, "reason": "测试"})
    assert answer.status == 201


def offer(world: World, **changes):
    answer = world.admin.post("/rewards", {"name": "保温杯", "points": 60, "stock": 3, "audience": "patient", **changes})
    assert answer.status == 201, answer.json
    return answer.json


def purse(person) -> tuple[int, int]:
    shown = person.points()
    return shown["balance"], shown["held"]


def stock(world: World, reward) -> int:
    return next(one["stock"] for one in world.admin.get("/rewards?limit=100")["items"] if one["id"] == reward["id"])


def test_points_are_held_then_spent_once(world: World, rich) -> None:
    reward = offer(world)
    held = rich.post(f"/rewards/{reward['id']}/redemptions", {"address": "上海市长乐路 1 号"})
    assert (held.status, held["status"], held["address"]) == (201, "held", "上海市长乐路 1 号")
    assert (purse(rich), stock(world, reward)) == ((100, 60), 2)
    path = f"/rewards/redemptions/{held['id']}"
    assert rich.post(f"{path}/settle", {}).status == 403
    settled = world.admin.post(f"{path}/settle", {"courier": "顺丰 SF1"})
    assert (settled.status, settled["status"], settled["courier"]) == (200, "settled", "顺丰 SF1")
    assert purse(rich) == (40, 0)
    for again in ("settle", "release"):
        assert world.admin.post(f"{path}/{again}", {}).code == "redemption_not_held"
    assert purse(rich) == (40, 0)
    lines = rich.points()["lines"]["items"]
    assert [line["points"] for line in lines if line["reason"] == "redemption"] == [-60]
    assert sum(line["points"] for line in lines) == 40
    board = rich.get(f"/leaderboards?class_id={rich.enrolment['class_id']}&metric=points")
    assert board["me"]["score"] == 0, "what is spent or given by hand moves no board"


def test_a_released_hold_gives_points_and_stock_back(world: World, rich) -> None:
    reward = offer(world)
    held = rich.post(f"/rewards/{reward['id']}/redemptions", {})
    assert rich.post(f"/rewards/redemptions/{held['id']}/release")["status"] == "released"
    assert (purse(rich), stock(world, reward)) == ((100, 0), 3)


def test_a_hold_comes_back_by_itself_after_seven_days(world: World, rich) -> None:
    reward = offer(world)
    held = rich.post(f"/rewards/{reward['id']}/redemptions", {})
    world.clock(held["expires_at"].replace("Z", "+00:00"))
    refused = world.admin.post(f"/rewards/redemptions/{held['id']}/settle", {})
    assert (refused.status, refused.code) == (409, "redemption_not_held")
    assert world.admin.post("/dev/run-due", {})["ran"]["release_rewards"] == 1
    assert world.admin.post("/dev/run-due", {})["ran"]["release_rewards"] == 0
    assert (purse(rich), stock(world, reward)) == ((100, 0), 3)
    assert rich.get("/rewards/redemptions")["items"][0]["status"] == "released"


def test_what_cannot_be_paid_or_is_gone_is_refused_and_holds_nothing(world: World, rich) -> None:
    dear, gone = offer(world, points=101), offer(world, stock=0)
    assert rich.post(f"/rewards/{dear['id']}/redemptions", {}).code == "not_enough_points"
    assert rich.post(f"/rewards/{gone['id']}/redemptions", {}).code == "out_of_stock"
    assert (purse(rich), stock(world, dear)) == ((100, 0), 3)
    cheap = offer(world)
    assert rich.post(f"/rewards/{cheap['id']}/redemptions", {}).status == 201
    assert rich.post(f"/rewards/{cheap['id']}/redemptions", {}).code == "not_enough_points"


def test_a_correction_below_what_is_held_blocks_and_never_breaks(world: World, rich) -> None:
    reward = offer(world)
    held = rich.post(f"/rewards/{reward['id']}/redemptions", {})
    grant(world, rich, -150)
    assert purse(rich) == (-50, 60)
    assert rich.post(f"/rewards/{offer(world, points=0)['id']}/redemptions", {}).status == 201
    assert rich.post(f"/rewards/{offer(world, points=1)['id']}/redemptions", {}).code == "not_enough_points"
    assert world.admin.post(f"/rewards/redemptions/{held['id']}/settle", {}).code == "not_enough_points"
    assert rich.get("/rewards/redemptions?status=held")["items"], "a refused settling leaves it held"
    grant(world, rich, 150)
    assert world.admin.post(f"/rewards/redemptions/{held['id']}/settle", {})["status"] == "settled"
    assert purse(rich) == (40, 0)


def test_a_stage_and_an_audience_are_kept(world: World, rich) -> None:
    assert rich.post(f"/rewards/{offer(world, stage='habit', points=1)['id']}/redemptions", {}).code == "stage_not_reached"
    assert rich.post(f"/rewards/{offer(world, audience='family', points=1)['id']}/redemptions", {}).code == "reward_not_for_you"
    eve = world.person("eve")
    assert eve.post(f"/rewards/{offer(world)['id']}/redemptions", {}).status == 404
    shown = {one["name"] for one in rich.get("/rewards")["items"]}
    assert shown == {"保温杯"}
    assert eve.get("/rewards")["items"] == []


def test_the_hundred_and_eighty_first_day_after_the_camp_is_too_late(world: World, rich) -> None:
    reward = offer(world, points=1)
    world.clock(f"{FIRST_DAY + dt.timedelta(days=27 + 181)}T08:00:00+08:00")
    assert rich.post(f"/rewards/{reward['id']}/redemptions", {}).code == "points_expired"
    world.clock(f"{FIRST_DAY + dt.timedelta(days=27 + 180)}T20:00:00+08:00")
    rich.sign_in()
    assert rich.post(f"/rewards/{reward['id']}/redemptions", {}).status == 201


def test_only_an_admin_fills_the_catalogue_and_no_medicine_gets_in(world: World, rich) -> None:
    draft = {"name": "保温杯", "points": 60, "stock": 3, "audience": "patient"}
    assert rich.post("/rewards", draft).status == 403
    assert world.manager.post("/rewards", draft).status == 403
    assert world.admin.post("/rewards", {**draft, "name": "二甲双胍"}).code == "reward_medicine"
    reward = offer(world)
    path = f"/rewards/{reward['id']}"
    assert world.admin.ask("PATCH", path, {"name": "胰岛素"}).code == "reward_medicine"
    assert world.admin.ask("PATCH", path, {"stock": 9, "closed": True}).json["stock"] == 9
    assert rich.post(f"{path}/redemptions", {}).code == "out_of_stock"
    assert rich.get("/rewards")["items"] == []


def test_a_relative_earns_by_days_of_cheering_and_looking(world: World, rich) -> None:
    rich.consent("family")
    code = rich.post("/people/me/family-invites", {"sees": ["progress"]})["code"]
    aunt = world.person("aunt")
    assert aunt.post("/people/family", {"code": code, "relation": "姑姑"}).status == 201
    scarf = offer(world, name="围巾", audience="family", points=8)
    assert aunt.post(f"/rewards/{scarf['id']}/redemptions", {}).status in (404, 409)
    for number in (1, 2):
        world.clock(f"{day(number)}T09:00:00+08:00")
        aunt.sign_in()
        for _ in range(3):
            aunt.get(f"/people/{rich.id}/shared")
            aunt.post(f"/people/{rich.id}/cheers", {"words": "加油"})
        shown = aunt.get("/rewards")
        assert shown["family_points"] == number * 5
    assert shown["family_rules"] == {"cheer": 3, "look": 2}
    held = aunt.post(f"/rewards/{scarf['id']}/redemptions", {"address": "北京"})
    assert held.status == 201
    assert aunt.get("/rewards")["family_points"] == 2
    assert aunt.post(f"/rewards/{scarf['id']}/redemptions", {}).code == "not_enough_points"
    world.admin.sign_in()
    assert world.admin.post(f"/rewards/redemptions/{held['id']}/settle", {})["status"] == "settled"
    assert aunt.get("/rewards")["family_points"] == 2
    assert purse(rich) == (100, 0), "a relative spends nothing of the patient's"


def test_a_doctor_is_thanked_once_and_gets_a_gift_only_under_an_agreement(world: World) -> None:
    doctor = world.with_role("doctor", "doctor", "organisation", world.organisation_id, "110")
    draft = {"name": "感谢信", "points": 0, "stock": 9, "audience": "doctor"}
    thanks = offer(world, **draft)
    assert thanks["form"] == "thanks"
    assert doctor.post(f"/rewards/{thanks['id']}/redemptions", {}).status == 201
    assert doctor.post(f"/rewards/{thanks['id']}/redemptions", {}).code == "already_exists"
    assert world.admin.post("/rewards", {**draft, "form": "gift"}).code == "doctor_agreement_needed"
    assert world.admin.post("/rewards", {**draft, "points": 5}).code == "doctor_not_scored"
    world.admin.ask("PATCH", f"/organisations/{world.organisation_id}", {
        "doctor_agreement": {"number": "2026-1", "valid_until": "2026-12-31"}})
    assert world.admin.post("/rewards", {**draft, "form": "gift"}).status == 201


def test_an_address_is_seen_by_its_owner_and_who_sends_the_gift(world: World, rich) -> None:
    rich.post(f"/rewards/{offer(world)['id']}/redemptions", {"address": "上海市长乐路 1 号"})
    listed = f"/rewards/redemptions?organisation_id={world.organisation_id}"
    assert world.admin.get(listed)["items"][0]["address"] == "上海市长乐路 1 号"
    assert world.manager.get(listed).status == 403
    assert rich.get(listed).status == 404
    assert world.manager.get("/rewards/redemptions")["items"] == []


def test_praise_needs_consent_and_goes_with_it(world: World, rich) -> None:
    draft = {"enrolment_id": rich.enrolment["id"], "words": "连续三天打卡，真棒！"}
    assert world.manager.post("/rewards/spotlights", draft).code == "story_consent_required"
    given = rich.consent("public_story")
    assert rich.post("/rewards/spotlights", draft).status == 403
    assert world.manager.post("/rewards/spotlights", {**draft, "words": "空腹血糖 5.6"}).code == "story_unfit"
    posted = world.manager.post("/rewards/spotlights", draft)
    listed = f"/rewards/spotlights?class_id={rich.enrolment['class_id']}"
    hong = world.person("hong").join({"join_code": world.admin.get(f"/classes/{rich.enrolment['class_id']}")["join_code"]})
    approve = f"/rewards/spotlights/{posted['id']}/approve"
    # The consent promises that each is read before it is shown: until then it is for the patient's eyes alone.
    assert [[one["shown"] for one in person.get(listed)["items"]] for person in (rich, hong, world.manager)] == [[False], [], []]
    assert [person.post(approve).status for person in (hong, world.manager, rich, rich)] == [404, 403, 200, 200]
    assert [one["words"] for one in hong.get(listed)["items"]] == [draft["words"]]
    assert world.person("eve").get(listed).status == 404
    assert rich.ask("DELETE", f"/consents/{given['id']}").status == 204
    assert world.manager.get(listed)["items"] == []
    rich.consent("public_story")
    shown = rich.get(listed)["items"]
    assert rich.ask("DELETE", f"/rewards/spotlights/{shown[0]['id']}").status == 204
    assert rich.get(listed)["items"] == []


def test_who_cares_for_an_elder_without_wechat_redeems_for_them(world: World) -> None:
    son, group = world.person("son"), world.group()
    enrolment = son.brings(group)
    elder = enrolment["person_id"]
    world.admin.post("/points/adjustments", {"enrolment_id": enrolment["id"], "points": 70, "reason": "测试"})
    reward = offer(world)
    path = f"/rewards/{reward['id']}/redemptions"
    assert son.post(path, {}).status == 404, "the son himself is no patient"
    held = son.post(path, {"person_id": elder, "address": "上海市长乐路 1 号"})
    assert (held.status, held["person_id"]) == (201, elder)
    assert son.get(f"/points/me?person_id={elder}")["held"] == 60
    assert [one["name"] for one in son.get(f"/rewards?person_id={elder}")["items"]] == ["保温杯"]
    assert [one["id"] for one in son.get(f"/rewards/redemptions?person_id={elder}")["items"]] == [held["id"]]
    eve = world.person("eve")
    assert [eve.post(path, {"person_id": elder}).status, eve.get(f"/rewards/redemptions?person_id={elder}").status] == [404, 404]
    assert son.post(f"/rewards/redemptions/{held['id']}/release", {})["status"] == "released"


def test_a_deed_is_worth_something_with_one_organisation_alone(world: World, rich) -> None:
    rich.consent("family")
    code = rich.post("/people/me/family-invites", {"sees": ["danger"]})["code"]
    aunt = world.person("aunt")
    aunt.post("/people/family", {"code": code, "relation": "姑姑"})
    world.clock(f"{day(1)}T09:00:00+08:00")
    aunt.sign_in()
    aunt.post(f"/people/{rich.id}/cheers", {})
    rich.sign_in()
    rich.post(f"/enrolments/{rich.enrolment['id']}/withdraw", {})
    made = world.app.test_cli_runner().invoke(args=["create-organisation", "新医院"])
    boss = world.person("boss")
    there = boss.post("/people/me/roles", {"code": made.output.split("邀请码：")[1][:10]})["scope_id"]
    boss.post(f"/people/{world.manager.id}/roles", {"role": "health_manager", "scope_type": "organisation", "scope_id": there})
    camp = boss.post("/camps", {"organisation_id": there, "template": "standard-28", "name": "新营", "starts_on": str(FIRST_DAY)})
    assert boss.post(f"/camps/{camp['id']}/open").status == 200
    rich.join(boss.post("/classes", {"camp_id": camp["id"], "name": "新班", "capacity": 9}))
    world.clock(f"{day(2)}T09:00:00+08:00")
    aunt.sign_in()
    aunt.post(f"/people/{rich.id}/cheers", {})
    assert aunt.get("/rewards")["family_points"] == 2 * 3
