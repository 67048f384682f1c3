"""A purchase is uploaded once, decided by a person, and worth points within published caps."""

import io

from PIL import Image

from tests.makers import FIRST_DAY, World

BOUGHT = {"sku": "strips-50", "quantity": 1, "bought_on": str(FIRST_DAY), "where": "大药房"}
NOON = f"{FIRST_DAY}T12:00:00+08:00"


def bought(person, where: str = "大药房", **changes):
    answer = person.post("/purchases", {**BOUGHT, "where": where, **changes})
    assert answer.status == 201, answer.json
    return answer.json


def test_a_confirmed_purchase_is_paid_once_within_the_published_cap(world: World) -> None:
    ming = world.patient()
    rule = world.admin.get(f"/camps/{ming.enrolment['camp_id']}")["rules"]["points"]["purchase"]
    world.clock(NOON)
    papers = [bought(ming, where) for where in ("一店", "二店", "三店", "四店")]
    for number, paper in enumerate(papers, start=1):
        confirmed = world.admin.post(f"/purchases/{paper['id']}/confirm", {"strips": 5})
        assert confirmed["status"] == "confirmed"
        assert ming.points()["balance"] == min(number * rule["each"], rule["cap"])
        assert world.admin.post(f"/purchases/{paper['id']}/confirm", {}).code == "purchase_decided"
        assert world.admin.post(f"/purchases/{paper['id']}/refuse", {"reason": "重复"}).code == "purchase_decided"
    assert ming.points()["balance"] == rule["cap"]
    assert ming.get(f"/leaderboards?class_id={ming.enrolment['class_id']}&metric=points")["me"]["score"] == 0


def test_more_strips_than_the_plan_needs_earn_nothing_more(world: World) -> None:
    ming = world.patient(plan="four_a_week")
    world.clock(NOON)
    first, second = bought(ming, "一店", quantity=20), bought(ming, "二店")
    assert world.admin.post(f"/purchases/{first['id']}/confirm", {})["points"] == 20
    assert world.admin.post(f"/purchases/{second['id']}/confirm", {})["points"] == 0


def test_the_same_purchase_again_is_refused_until_staff_have_refused_the_first(world: World) -> None:
    ming, hong = world.patient("ming"), None
    world.clock(NOON)
    first = bought(ming)
    again = ming.post("/purchases", {**BOUGHT, "where": "大 药房 "})
    assert (again.status, again.code) == (409, "already_exists")
    assert world.admin.post(f"/purchases/{first['id']}/refuse", {"reason": "看不清"})["refused_because"] == "看不清"
    assert bought(ming)["id"] != first["id"]
    hong = world.patient("hong")
    assert bought(hong)["status"] == "waiting", "somebody else may buy the same"
    assert ming.points()["balance"] == 0


def test_who_decides_and_who_sees(world: World) -> None:
    ming = world.patient()
    world.clock(NOON)
    paper = bought(ming)
    assistant = world.with_role("zhu", "assistant", "organisation", world.organisation_id)
    listed = f"/purchases?organisation_id={world.organisation_id}"
    for person, status in ((assistant, 200), (world.admin, 200), (world.manager, 403), (ming, 404)):
        assert person.get(listed).status == status, person.name
    assert ming.post(f"/purchases/{paper['id']}/confirm", {}).status == 403
    assert world.person("eve").post(f"/purchases/{paper['id']}/confirm", {}).status == 404
    assert assistant.post(f"/purchases/{paper['id']}/confirm", {})["points"] == 20
    assert ming.get("/purchases")["items"][0]["status"] == "confirmed"


def test_a_day_to_come_an_old_one_and_a_strange_photo_are_refused(world: World) -> None:
    ming = world.patient()
    world.clock(NOON)
    for changes, code in (({"bought_on": "2026-03-03"}, "purchase_day"), ({"bought_on": "2025-11-30"}, "purchase_day"),
                          ({"receipt_photo_id": "00000000-0000-4000-8000-000000000000"}, "photo_unknown")):
        assert ming.post("/purchases", {**BOUGHT, **changes}).code == code
    assert ming.get("/purchases")["items"] == []
    assert world.person("eve").post("/purchases", BOUGHT).code == "enrolment_not_active"


def test_one_receipt_is_one_purchase_whoever_sends_its_picture(world: World) -> None:
    group = world.group()
    ming, hong = world.patient("ming", group), world.patient("hong", group)
    world.clock(NOON)
    picture = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(picture, "PNG")
    other = io.BytesIO()
    Image.effect_noise((64, 64), 50).save(other, "PNG")

    def sent(person, content: io.BytesIO) -> str:
        answer = person.send("/photos", content.getvalue(), "image/png")
        assert answer.status == 201, answer.json
        return answer["id"]

    for person in (ming, hong):
        person.sign_in()
    first = bought(ming, "一店", receipt_photo_id=sent(ming, picture))
    again = {**BOUGHT, "where": "二店", "receipt_photo_id": sent(hong, picture)}
    assert hong.post("/purchases", again).code == "already_exists"
    assert bought(hong, "二店", receipt_photo_id=sent(hong, other))["status"] == "waiting"
    # What staff have refused may be sent again.
    world.admin.sign_in()
    world.admin.post(f"/purchases/{first['id']}/refuse", {"reason": "看不清"})
    assert hong.post("/purchases", {**again, "where": "三店"}).status == 201


def test_a_meter_uses_up_no_strips(world: World) -> None:
    ming = world.patient()
    world.clock(NOON)
    meter, strips = bought(ming, sku="meter-G3"), bought(ming, sku="strips-25")
    world.admin.sign_in()
    assert [world.admin.post(f"/purchases/{one['id']}/confirm", {})["strips"] for one in (meter, strips)] == [0, 25]
