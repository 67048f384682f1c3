"""The command that compares the books with the facts finds a fault, and mends it."""

import sqlalchemy as sa

from server.models.base import db
from server.models.points import Balance
from server.models.standings import Standing
from tests.makers import World, day


def _recount(world: World, *arguments: str):
    return world.app.test_cli_runner().invoke(args=["recount", *arguments])


def test_books_that_are_right_stay_as_they_are(world: World) -> None:
    ming = world.patient()
    for number in (1, 2, 3):
        ming.live_day(day(number))
    result = _recount(world)
    assert (result.exit_code, "0 人不一致" in result.output) == (0, True), result.exception or result.output


def test_a_fault_is_found_said_and_mended(world: World) -> None:
    ming = world.patient()
    ming.live_day(day(1))
    with world.app.app_context():
        db.session.execute(sa.update(Balance).values(points=1000))
        db.session.execute(sa.update(Standing).where(Standing.period == "camp").values(points=7))
        db.session.commit()
    assert ming.points()["balance"] == 1000
    found = _recount(world)
    assert (found.exit_code, "balance 1000 should be 25" in found.output) == (1, True)
    assert ming.points()["balance"] == 1000
    assert _recount(world, "--mend").exit_code == 0
    assert ming.points()["balance"] == 25
    assert ming.get(f"/leaderboards?class_id={ming.enrolment['class_id']}")["me"]["score"] == 25
    assert _recount(world).exit_code == 0


def test_the_operator_makes_an_organisation_and_its_admin(world: World) -> None:
    made = world.app.test_cli_runner().invoke(args=["create-organisation", "新医院"])
    assert made.exit_code == 0
    code = made.output.split("邀请码：")[1][:10]
    boss = world.person("boss")
    assert boss.post("/people/me/roles", {"code": code})["role"] == "admin"
    assert [o["name"] for o in boss.get("/organisations")["items"]] == ["新医院"]
    again = world.app.test_cli_runner().invoke(args=["create-organisation", "新医院"])
    assert again.exit_code == 1


def test_points_held_for_nothing_are_found_and_mended(world: World) -> None:
    ming = world.patient()
    ming.live_day(day(1))
    with world.app.app_context():
        db.session.execute(sa.update(Balance).values(held=9))
        db.session.commit()
    assert "held 9 should be 0" in _recount(world).output
    assert _recount(world, "--mend").exit_code == 0
    assert ming.points()["held"] == 0
