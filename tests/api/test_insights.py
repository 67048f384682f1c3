"""What a person's own readings say, over the interface: whose, of which days, and to whom."""

import json
import pathlib
import re

import pytest

from tests.makers import FIRST_DAY, World, day, entry

DATA = pathlib.Path(__file__).parent.parent / "data"
SUBJECT = "aim94-40"


def sync(person, drafts) -> None:
    for start in range(0, len(drafts), 100):
        answer = person.post("/entries/sync", {"entries": drafts[start:start + 100]})
        assert {one["status"] for one in answer["results"]} == {"created"}, answer.json


def test_a_persons_figures_are_those_of_the_published_implementations(world: World) -> None:
    ming = world.patient("ming")
    values = json.loads((DATA / "aim94_glucose.json").read_text())[SUBJECT]
    theirs = json.loads((DATA / "reference_metrics.json").read_text())["aim94_smbg"]["subjects"][SUBJECT]["iglu_python_0.4.3"]
    world.clock(f"{day(14)}T23:00:00+08:00")
    ming.sign_in()
    sync(ming, [entry("glucose", f"{day(1 + number % 14)}T{6 + number // 14:02d}:00:00+08:00", value=value, unit="mg/dL",
                      source="import") for number, value in enumerate(values)])
    told = ming.get("/insights/me")
    assert (told["from"], told["to"], told["readings"]) == (str(day(1)), str(day(14)), len(values))
    for ours, name in (("mean_mg_dl", "mean"), ("sd_mg_dl", "SD"), ("cv_percent", "CV"), ("lbgi", "LBGI"), ("hbgi", "HBGI"),
                       ("ea1c_percent", "eA1C"), ("low_percent", "below_70"), ("in_range_percent", "in_range_70_180")):
        assert told[ours] == pytest.approx(theirs[name], rel=1e-9, abs=1e-10), ours
    assert ming.get(f"/insights/me?from={day(1)}&to={day(3)}")["readings"] == 9
    assert ming.get("/insights/me?days=1")["to"] == str(day(14))


def test_readings_of_others_sensors_and_deleted_ones_stay_out_of_the_figures(world: World) -> None:
    ming = world.patient("ming")
    kept = entry("glucose", world.now, value=6.0, slot="fasting")
    gone = entry("glucose", world.now, value=20.0)
    for draft in (kept, gone, entry("glucose", world.now, value=2.0, not_mine=True),
                  entry("glucose", world.now, value=9.0, source="cgm")):
        assert ming.post("/entries", draft).status == 201
    ming.ask("DELETE", f"/entries/{gone['id']}")
    told = ming.get("/insights/me").json
    assert (told["readings"], told["mean_mmol_l"], told["in_target_percent"], told["low_percent"]) == (1, 6.0, 100, 0)
    assert (told["sensor"]["readings"], told["sensor"]["gmi_percent"]) == (1, None)
    assert told["sensor"]["reasons"]["gmi_percent"]["code"] == "sensor_days"
    assert told["reasons"]["lbgi"] == {"code": "not_enough_readings", "needed": 28, "have": 1,
                                       "text": "读数还不够，暂时算不出：要 28 次，现在有 1 次。"}


def test_no_answer_tells_a_number_with_a_tail(world: World) -> None:
    ming = world.patient("ming")
    world.clock(f"{day(1)}T08:00:00+08:00")
    ming.sign_in()
    for number, value in enumerate((5.7, 10.1, 8.3)):
        assert ming.file("glucose", f"{day(1)}T0{number}:00:00+08:00", value=value, slot="fasting").status == 201
    said = ming.get("/insights/me").json
    fasting = next(slot for slot in said["slots"] if slot["slot"] == "fasting")
    assert (fasting["lowest_mmol_l"], fasting["highest_mmol_l"]) == (5.7, 10.1)
    assert not re.search(r"\d\.\d{11}", json.dumps(said))


def test_a_meal_is_seen_between_its_two_readings(world: World) -> None:
    ming = world.patient("ming")
    world.clock(f"{day(1)}T20:00:00+08:00")
    ming.sign_in()
    for time, value, slot in (("07:00", 6.0, "fasting"), ("09:10", 9.8, "after_breakfast"), ("12:00", 7.0, "before_lunch"),
                              ("14:00", 6.2, "after_lunch")):
        assert ming.file("glucose", f"{day(1)}T{time}:00+08:00", value=value, slot=slot).status == 201
    told = ming.get("/insights/me")["pairs"]
    assert (told["n"], told["mean_delta_mmol_l"], told["notable_rises"], told["falls"]) == (2, pytest.approx(1.5), 1, 1)
    assert [(one["meal"], one["n"]) for one in told["by_meal"]] == [("breakfast", 1), ("lunch", 1), ("dinner", 0)]


def test_health_staff_read_a_patients_figures_and_the_trail_says_so(world: World) -> None:
    group = world.group()
    ming, hong = world.patient("ming", group), world.patient("hong", group)
    leader = world.with_role("chen", "leader", "class", group["id"])
    assistant = world.with_role("zhu", "assistant", "organisation", world.organisation_id)
    ming.file("glucose", value=7.0)
    asked = f"/insights/me?person_id={ming.id}"
    assert world.manager.get(asked)["mean_mmol_l"] == 7.0
    assert (hong.get(asked).status, world.person("fei").get(asked).status) == (404, 404)
    assert {leader.get(asked).status, assistant.get(asked).status, world.admin.get(asked).status} <= {403, 404}
    looks = [one for one in world.admin.get(f"/audit?about=person:{ming.id}")["items"] if one["verb"] == "insights.read"]
    assert [one["actor_id"] for one in looks] == [world.manager.id]


def test_a_carer_reads_the_figures_of_whom_they_care_for(world: World) -> None:
    ming = world.person("ming")
    elder = ming.post("/people/dependants", {
        "full_name": "陈大爷", "birth_on": "1945-05-01", "relation": "父亲", "basis": "carer"})["id"]
    care = next(one for one in ming.get("/consents/documents/current")["items"] if one["purpose"] == "care")
    assert ming.post("/consents", {"document_id": care["id"], "version": care["version"], "person_id": elder,
                                   "given_by": "guardian", "guardian_name": "陈明"}).status == 201
    assert ming.file("glucose", value=7.0, person_id=elder).status == 201
    assert ming.post("/measurements", {"kind": "weight", "weight_kg": 60, "measured_on": "2026-02-01", "source": "home",
                                       "person_id": elder}).status == 201
    told = ming.get(f"/insights/me?person_id={elder}")
    assert (told["person_id"], told["mean_mmol_l"]) == (elder, 7.0)
    assert told["reasons"]["in_target_percent"]["code"] == "target_not_set"
    assert ming.get("/insights/me")["readings"] == 0


def test_days_that_cannot_be_looked_at_are_refused(world: World) -> None:
    ming = world.person("ming")
    rows = [("days=0", 422), ("days=99999", 422), ("from=2026-02-30", 422), ("from=2026-03-05&to=2026-03-01", 409),
            ("from=1950-01-01&to=2026-03-01", 409), ("days=1&days=2", 422), ("from=2099-01-01", 200)]
    for query, status in rows:
        assert ming.get(f"/insights/me?{query}").status == status, query
    nothing = ming.get(f"/insights/me?to={FIRST_DAY}")
    assert (nothing["readings"], nothing["mean_mmol_l"], nothing["reasons"]["mean_mmol_l"]["code"]) == (0, None, "no_readings")
