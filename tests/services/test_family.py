"""Family at one instant: a code ties one relative, two codes tie a relative once, a day's cheers count once; and which dangers
a relative is shown."""

import pytest

from tests.makers import Person, World, entry
from tests.services.test_alerts import alerts, at, daughter, patient, run_due
from tests.services.test_episodes import file_at
from tests.services.test_races import THREADS, _ask, _at_once
from tests.services.test_unheard_dangers import correct, remove


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


def dangers(ming: Person, fei: Person) -> list[str]:
    """The levels of the dangers that the relative is shown."""
    answer = fei.get(f"/people/{ming.id}/shared")
    assert answer.status == 200, answer.json
    return [one["level"] for one in answer["dangers"]]


def test_a_danger_that_is_deleted_is_shown_and_one_that_was_a_mistake_is_not(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    filed = ming.file("glucose", value=2.8)["entry"]
    remove(ming, filed)
    assert dangers(ming, fei) == ["critical_low"]
    mistaken = file_at(world, ming, 1, 18.0)
    assert dangers(ming, fei) == ["critical_high", "critical_low"]
    correct(ming, mistaken, value=8.0)
    assert dangers(ming, fei) == ["critical_low"]


def test_a_sensor_hides_no_danger_of_the_last_days(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    ming.file("glucose", at(-1500), value=2.8)
    for part in range(0, 310, 100):
        ming.post("/entries/sync", {"entries": [entry("glucose", at(-1400 + 4 * each), value=6.0, source="cgm")
                                                for each in range(part, min(part + 100, 310))]})
    assert dangers(ming, fei) == ["critical_low"]
    world.clock(at(14 * 1440 - 1500))
    assert dangers(ming, fei) == ["critical_low"]
    world.clock(at(14 * 1440 - 1499))
    assert dangers(ming, fei) == []


def test_a_danger_is_shown_at_its_worst(world: World) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    ming.file("glucose", value=3.5)
    for minutes in (15, 20):
        run_due(world, minutes)
    # As bad as a missed recheck made it, and no milder for a milder low that comes after it is over.
    assert dangers(ming, fei) == ["critical_low"]
    for minutes, value in ((30, 2.5), (40, 6.0), (90, 3.6)):
        file_at(world, ming, minutes, value, symptoms=["confused"] if value == 2.5 else [])
    assert (alerts(ming)[0]["level"], dangers(ming, fei)) == ("low", ["emergency_low"])


@pytest.mark.parametrize(("words", "shown"), [("我胸口痛得厉害，喘不上气", ["emergency_words"]), ("今天能吃西瓜吗", [])])
def test_emergency_words_are_shown_as_a_danger(world: World, words: str, shown: list[str]) -> None:
    ming = patient(world)
    fei = daughter(world, ming, "danger")
    assert ming.post("/questions", {"text": words}).status in (200, 201)
    assert dangers(ming, fei) == shown
    assert [one["entry_id"] for one in fei.get(f"/people/{ming.id}/shared")["dangers"]] == [None] * len(shown)
