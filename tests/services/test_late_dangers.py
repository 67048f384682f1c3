"""A danger that is told late: the card asks how the person is now, and orders nothing for a reading of long ago."""

import pytest

from tests.api.test_fhir import bundle, observation
from tests.api.test_import import send
from tests.makers import Person, World, entry
from tests.services.test_alerts import NOON, at, patient

DAY, SUGAR_FIRST = NOON[:10], "立刻吃"


def steps(card: dict) -> str:
    """All that the card says."""
    return "".join([card["title"], *card["steps"]])


def asks_now(card: dict, level: str = "critical_low") -> bool:
    """Whether the card asks how the person is and to measure now, before anything else."""
    return (card["level"] == level and card["late"] and not card["over"] and "现在就测" in card["steps"][0]
            and "还低于 3.9 mmol/L（70 mg/dL）" in card["steps"][1] and SUGAR_FIRST not in steps(card)
            and not card["call_120"])


def says_over(card: dict, level: str = "critical_low") -> bool:
    """Whether the card says that it is over, and orders nothing."""
    return (card["level"], card["over"], card["call_120"]) == (level, True, False) and "过去了" in card["title"]


def sync_one(ming: Person, draft: dict) -> dict:
    """The card in the answer to a sync of one."""
    return ming.post("/entries/sync", {"entries": [draft]})["results"][0]["advice"]


def by_fhir(ming: Person, *readings: tuple[str, float]) -> dict:
    """The answer to a Bundle of these (instant, mmol/L)."""
    return ming.post("/entries/fhir", bundle(*(observation("14743-9", value, "mmol/L", when, when)
                                                for when, value in readings))).json


def test_a_low_of_half_an_hour_ago_is_treated_and_an_older_one_is_asked_about(world: World) -> None:
    ming = patient(world)
    assert SUGAR_FIRST in steps(ming.file("glucose", at(-30), value=2.5)["advice"])
    assert asks_now(ming.file("glucose", at(-31), value=2.5)["advice"])


def test_a_late_low_is_asked_about_however_it_comes(world: World) -> None:
    ming = patient(world)
    low = entry("glucose", at(-3000), value=45, unit="mg/dL")
    assert asks_now(sync_one(ming, low))
    assert asks_now(sync_one(ming, low))  # identical
    line = f"{DAY},07:05,2.5,mmol/L,\n"
    for query in ("?dry_run=true", "", ""):
        told = send(ming, line, query)
        assert [asks_now(card) for card in (told["advice"], told["items"][0]["advice"])] == [True, True], query
    for _ in range(2):
        told = by_fhir(ming, (at(-600), 2.4))
        assert [asks_now(card) for card in (told["advice"], told["items"][0]["advice"])] == [True, True]


def test_a_low_with_a_later_reading_of_3_9_is_over(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", at(-60), value=3.9)
    assert says_over(ming.file("glucose", at(-90), value=2.5)["advice"])
    assert asks_now(ming.file("glucose", at(-60), value=2.5)["advice"])
    assert asks_now(ming.file("glucose", at(-50), value=2.5)["advice"])


@pytest.mark.parametrize("query", ["?dry_run=true", ""])
def test_a_file_that_knows_how_it_went_on_says_so(world: World, query: str) -> None:
    ming = patient(world)
    # More than are filed at a time, the later reading first and the low last.
    calm = "".join(f"{DAY},{minute // 60:02}:{minute % 60:02},6.{minute % 10},mmol/L,\n" for minute in range(600, 480, -1))
    told = send(ming, f"{calm}{DAY},07:05,LO,mmol/L,\n", query)
    assert says_over(told["items"][-1]["advice"])
    assert says_over(told["advice"])
    told = send(ming, f"{calm}{DAY},07:05,LO,mmol/L,\n{DAY},10:30,2.9,mmol/L,\n", query)
    assert asks_now(told["advice"])


def test_a_bundle_that_knows_how_it_went_on_says_so(world: World) -> None:
    ming = patient(world)
    for _ in range(2):
        told = by_fhir(ming, (at(-600), 2.4), (at(-60), 9.4))
        assert [says_over(card) for card in (told["advice"], told["items"][0]["advice"])] == [True, True]


def test_a_refused_line_of_long_ago_is_asked_about_and_one_without_a_time_is_treated(world: World) -> None:
    ming = patient(world)
    assert asks_now(send(ming, f"{DAY},07:05,2.1,mmol/L,质控液\n")["advice"])
    card = send(ming, "测量时间,血糖值(mmol/L)\n昨天,2.1\n", head="")["advice"]
    assert SUGAR_FIRST in steps(card)
    refused = ming.file("glucose", at(-300), value=65)
    assert (refused.code, asks_now(refused["advice"], "low")) == ("glucose_implausible", True)
    kept = entry("glucose", at(-300), value=5.0)
    ming.post("/entries", kept)
    refused = ming.post("/entries", kept | {"value": 2.5})
    assert (refused.code, asks_now(refused["advice"])) == ("entry_conflict", True)
    fei = world.person("fei")
    refused = fei.file("glucose", at(-300), value=2.5)
    assert (refused.code, asks_now(refused["advice"])) == ("consent_required", True)
    assert SUGAR_FIRST in steps(ming.post("/entries", {"kind": "glucose", "value": 2.5, "unit": "mmol/L"})["advice"])


def test_a_reading_put_right_late_is_asked_about(world: World) -> None:
    ming = patient(world)
    kept = ming.file("glucose", at(-300), value=5.0)["entry"]["id"]
    assert asks_now(ming.ask("PATCH", f"/entries/{kept}", {"value": 2.5})["advice"])
    assert asks_now(ming.ask("PATCH", f"/entries/{kept}", {"value": 65, "unit": "mmol/L"})["advice"], "low")
    ming.file("glucose", at(-100), value=6.0)
    assert says_over(ming.ask("PATCH", f"/entries/{kept}", {"value": 2.6})["advice"])


def test_where_nobody_watches_a_late_card_says_so_too(world: World) -> None:
    fei = world.person("fei")
    fei.consent()
    world.clock(NOON)
    fei.sign_in()
    card = fei.file("glucose", at(-60), value=2.5)["advice"]
    assert asks_now(card)
    assert "没有工作人员" in card["steps"][-1]
    fei.file("glucose", at(-40), value=6.0)
    assert says_over(fei.file("glucose", at(-61), value=2.5)["advice"])


def test_who_may_file_and_not_read_learns_of_no_later_reading(world: World) -> None:
    ming = patient(world)
    ming.file("glucose", at(-60), value=6.0)
    ming.consent("family")
    code = ming.post("/people/me/family-invites", {"sees": ["danger"], "may_file": True})["code"]
    fei = world.person("fei")
    fei.sign_in()
    assert fei.post("/people/family", {"code": code, "relation": "女儿"}).status == 201
    assert asks_now(fei.file("glucose", at(-90), value=2.5, person_id=ming.id)["advice"])


def test_a_late_high_asks_to_measure_now_and_an_emergency_stands_while_it_is_fresh(world: World) -> None:
    ming = patient(world)
    card = ming.file("glucose", at(-60), value=17.2)["advice"]
    assert (card["level"], card["late"]) == ("critical_high", True)
    assert "现在就测" in card["steps"][0]
    assert "16.7 mmol/L（300 mg/dL）" in card["steps"][1]
    for minutes, emergency in ((-61, True), (-26 * 60, False)):
        card = ming.file("glucose", at(minutes), value="HI")["advice"]
        assert ("现在就测" in card["steps"][0], card["call_120"], "急诊" in card["title"]) == (True, emergency, emergency)
    ming.file("glucose", at(-40), value=9.0)
    assert says_over(ming.file("glucose", at(-62), value="HI")["advice"], "emergency_high")
