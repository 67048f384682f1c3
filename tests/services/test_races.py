"""Many at the same instant: one row, one award, the last seat to one person. On SQLite and on PostgreSQL."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.makers import Answer, World, entry

THREADS = 8


def _at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Run the act so many times, as many at the same instant as there are threads."""
    gate = threading.Barrier(THREADS)

    def run(number: int) -> Any:
        if number < THREADS:
            gate.wait(10)
        return act(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(count)))


def _ask(world: World, token: str, path: str, body: Any) -> Answer:
    with world.app.test_client() as client:
        response = client.post(f"/api/v1{path}", json=body, headers={"Authorization": f"Bearer {token}"})
        return Answer(response.status_code, response.json, response.headers)


def test_the_same_entry_posted_at_the_same_instant_is_one_row_and_one_award(world: World) -> None:
    ming = world.patient()
    world.clock("2026-03-02T20:00:00+08:00")
    ming.sign_in()
    for _ in range(5):
        draft = entry("meal", world.now)
        answers = _at_once(THREADS, lambda _, draft=draft: _ask(world, ming.token, "/entries", draft))
        assert sorted(a.status for a in answers) == [200] * (THREADS - 1) + [201]
    assert len(ming.get("/entries")["items"]) == 5
    assert ming.points()["balance"] == 9


def test_forty_parallel_posts_earn_exactly_what_is_due(world: World) -> None:
    ming = world.patient()
    world.clock("2026-03-02T20:00:00+08:00")
    ming.sign_in()
    kinds = ("meal", "exercise", "glucose", "meal")
    drafts = [entry(kinds[number % 4], world.now) for number in range(40)]
    answers = _at_once(40, lambda number: _ask(world, ming.token, "/entries", drafts[number]))
    assert [a.status for a in answers] == [201] * 40
    points = ming.points()
    assert points["balance"] == 9 + 6 + 6 + 10
    assert sum(line["points"] for line in points["lines"]["items"]) == 31
    assert sum(a["points_earned"] for a in answers) == 31
    board = ming.get(f"/leaderboards?class_id={ming.enrolment['class_id']}&metric=check_ins")
    assert board["me"]["score"] == 5


def test_the_last_seat_goes_to_one_person(world: World) -> None:
    group = world.group(capacity=3)
    people = [world.person(f"p{number}") for number in range(THREADS)]
    for person in people:
        person.consent()
    draft = {"join_code": group["join_code"], "board_visible": True}
    answers = _at_once(THREADS, lambda number: _ask(world, people[number].token, "/enrolments", draft))
    assert sorted(a.status for a in answers) == [201] * 3 + [409] * (THREADS - 3)
    assert world.admin.get(f"/classes/{group['id']}")["seats_taken"] == 3


def test_one_person_signing_in_first_on_many_phones_is_one_person(world: World) -> None:
    answers = _at_once(THREADS, lambda _: _ask(world, "", "/session", {"code": "dev:newcomer"}))
    assert {a.status for a in answers} == {201}
    assert len({a["person"]["id"] for a in answers}) == 1


def test_two_phones_cannot_join_twice(world: World) -> None:
    ming = world.person("ming")
    ming.consent()
    draft = {"join_code": world.group()["join_code"], "board_visible": True}
    answers = _at_once(THREADS, lambda _: _ask(world, ming.token, "/enrolments", draft))
    assert sorted(a.status for a in answers) == [201] + [409] * (THREADS - 1)


def test_many_dangerous_lows_at_the_same_instant_are_one_episode_that_rings_once(world: World) -> None:
    ming = world.patient()
    world.clock("2026-03-02T20:00:00+08:00")
    ming.sign_in()
    drafts = [entry("glucose", world.now, value=2.8) for _ in range(THREADS)]
    answers = _at_once(THREADS, lambda number: _ask(world, ming.token, "/entries", drafts[number]))
    assert [a.status for a in answers] == [201] * THREADS
    [alert] = ming.get("/alerts")["items"]
    world.manager.sign_in()
    assert [one["who"] for one in alert["told"]] == [world.manager.id]


def test_a_cry_for_help_that_is_sent_many_times_at_once_is_one_alert(world: World) -> None:
    ming = world.patient()
    world.clock("2026-03-02T20:00:00+08:00")
    ming.sign_in()
    answers = _at_once(THREADS, lambda _: _ask(world, ming.token, "/questions", {"text": "我妈叫不醒了，刚测2.1"}))
    assert {a.status for a in answers} == {201}
    assert len(ming.get("/alerts")["items"]) == 1
