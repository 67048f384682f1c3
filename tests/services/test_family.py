"""Family at one instant: a code ties one relative, two codes tie a relative once, a day's cheers count once."""

from tests.makers import Person, World
from tests.services.test_races import THREADS, _ask, _at_once


def codes_of(person: Person, count: int) -> list[str]:
    """Invites of somebody who agrees to sharing."""
    person.consent("family")
    return [person.post("/people/me/family-invites", {"sees": ["progress"]})["code"] for _ in range(count)]


def test_one_code_given_by_many_at_one_instant_ties_one(world: World) -> None:
    ming = world.patient()
    code = codes_of(ming, 1)[0]
    people = [world.person(f"p{number}") for number in range(THREADS)]
    answers = _at_once(THREADS, lambda number: _ask(world, people[number].token, "/people/family", {
        "code": code, "relation": "家人"}))
    assert sorted(answer.status for answer in answers) == [201] + [409] * (THREADS - 1)
    assert {answer.json["code"] for answer in answers if answer.status == 409} == {"code_used"}
    assert len(ming.get("/people/me/family")["items"]) == 1


def test_many_codes_given_by_one_at_one_instant_tie_once(world: World) -> None:
    ming = world.patient()
    codes, lan = codes_of(ming, THREADS), world.person("lan")
    answers = _at_once(THREADS, lambda number: _ask(world, lan.token, "/people/family", {
        "code": codes[number], "relation": "女儿"}))
    assert sorted(answer.status for answer in answers) == [201] + [409] * (THREADS - 1)
    assert {answer.json["code"] for answer in answers if answer.status == 409} == {"already_exists"}
    assert len(ming.get("/people/me/family")["items"]) == 1


def test_cheers_and_looks_at_one_instant_count_once_a_day(world: World) -> None:
    ming, lan = world.patient(), world.person("lan")
    lan.post("/people/family", {"code": codes_of(ming, 1)[0], "relation": "女儿"})
    answers = _at_once(THREADS, lambda _: _ask(world, lan.token, f"/people/{ming.id}/cheers", {"words": "加油"}))
    assert sorted(answer.json["counts"] for answer in answers) == [False] * (THREADS - 1) + [True]
    assert len(ming.get("/people/me/cheers")["items"]) == 1
    for _ in range(2):
        seen = lan.get(f"/people/{ming.id}/shared")
    assert (seen["days_cheered"], seen["days_seen"]) == (1, 1)
