"""Family: what a relative sees is what the patient set, on the next request; cheering; an elder and a child."""

import uuid

import pytest

from server.models import family as family_rows
from server.models.base import db
from tests.makers import Person, World, day, entry

NOON = f"{day(2)}T12:00:00+08:00"


def tied(world: World, patient: Person, name: str = "lan", **asked: object) -> tuple[Person, dict]:
    """A relative of the patient, and the tie."""
    patient.consent("family")
    code = patient.post("/people/me/family-invites", asked)["code"]
    relative = world.person(name)
    answer = relative.post("/people/family", {"code": code, "relation": "女儿"})
    assert answer.status == 201, answer.json
    return relative, answer.json


def hearing(world: World, person_id: str) -> list[str]:
    """Who hears of the person's dangers."""
    with world.app.app_context():
        return [str(found) for found in family_rows.who_hear_danger(db.session, uuid.UUID(person_id))]


def with_a_low_and_lunch(world: World) -> Person:
    """A patient on the second day with a meal and a dangerous reading."""
    ming = world.patient()
    world.clock(NOON)
    assert ming.file("glucose", value=2.7, unit="mmol/L").status == 201
    assert ming.file("meal").status == 201
    return ming


def test_who_did_not_agree_to_sharing_invites_nobody(world: World) -> None:
    ming = world.patient()
    refused = ming.post("/people/me/family-invites", {})
    assert (refused.status, refused.code) == (403, "family_consent_required")


@pytest.mark.parametrize("sees", [[], ["danger"], ["progress"], ["readings"], ["danger", "progress", "readings"]])
def test_a_relative_sees_what_the_patient_chose_and_nothing_else(world: World, sees: list[str]) -> None:
    ming = with_a_low_and_lunch(world)
    lan, tie = tied(world, ming, sees=sees)
    assert tie["sees"] == sees
    seen = lan.get(f"/people/{ming.id}/shared")
    assert seen.status == 200
    assert {name for name in ("danger", "progress", "readings")
            if seen[{"danger": "dangers"}.get(name, name)] is not None} == set(sees)
    if "danger" in sees:
        assert [(one["level"], "value" in one) for one in seen["dangers"]] == [("critical_low", False)]
    if "progress" in sees:
        assert (seen["progress"]["today"]["done"]["meal"], seen["progress"]["number"]) == (1, 2)
        assert "2.7" not in str(seen["progress"])
    if "readings" in sees:
        assert [one["value"] for one in seen["readings"]] == [2.7]
    # All else of the patient stays closed.
    assert [lan.get(path).status for path in (f"/people/{ming.id}", f"/entries?person_id={ming.id}",
                                              f"/points/me?person_id={ming.id}")] == [403, 403, 403]
    assert (lan.id in hearing(world, ming.id)) == ("danger" in sees)


def test_danger_alone_is_shown_unless_the_patient_says_more(world: World) -> None:
    ming = world.patient()
    lan, tie = tied(world, ming)
    assert (tie["sees"], tie["may_file"], tie["in_force"]) == (["danger"], False, True)
    assert ming.get("/people/me/family")["items"][0]["nickname"] == lan.get("/people/me")["nickname"]
    assert [one["side"] for one in lan.get("/people/me/family")["items"]] == ["relative"]


def test_what_changes_counts_on_the_next_request(world: World) -> None:
    ming = with_a_low_and_lunch(world)
    lan, tie = tied(world, ming, sees=["readings"], may_file=True)
    path = f"/people/me/family/{tie['id']}"
    assert lan.get(f"/people/{ming.id}/shared")["readings"] is not None
    assert lan.post("/entries", entry("meal", NOON, person_id=ming.id)).status == 201
    assert ming.ask("PATCH", path, {"sees": ["progress"], "may_file": False})["version"] == 2
    assert lan.get(f"/people/{ming.id}/shared")["readings"] is None
    assert lan.post("/entries", entry("meal", NOON, person_id=ming.id)).status == 403
    # What the relative filed while they might is closed to them too.
    assert lan.ask("PATCH", path, {"sees": ["readings"]}).status == 403
    assert ming.ask("PATCH", path, {"may_file": True}, If_Match='"1.0"').status == 412
    assert ming.ask("DELETE", path).status == 200
    refused = [lan.get(f"/people/{ming.id}/shared"), lan.post(f"/people/{ming.id}/cheers", {}),
               lan.post("/entries", entry("meal", NOON, person_id=ming.id)), ming.ask("DELETE", path)]
    assert [answer.status for answer in refused] == [404] * 4
    assert hearing(world, ming.id) == []


def test_withdrawing_the_consent_closes_every_tie_and_giving_it_again_opens_them(world: World) -> None:
    ming = world.patient()
    lan, _ = tied(world, ming)
    consent = next(c for c in ming.get("/consents")["items"] if c["purpose"] == "family")
    assert ming.ask("DELETE", f"/consents/{consent['id']}").status == 204
    assert lan.get(f"/people/{ming.id}/shared").status == 404
    assert hearing(world, ming.id) == []
    assert [one["in_force"] for one in ming.get("/people/me/family")["items"]] == [False]
    ming.consent("family")
    assert lan.get(f"/people/{ming.id}/shared").status == 200
    assert hearing(world, ming.id) == [lan.id]


def test_a_relative_corrects_what_they_filed_and_reads_nothing_else(world: World) -> None:
    ming = with_a_low_and_lunch(world)
    lan, _ = tied(world, ming, sees=[], may_file=True)
    filed = lan.post("/entries", entry("meal", NOON, person_id=ming.id))
    assert (filed["entry"]["filed_by"], filed["entry"]["person_id"]) == (lan.id, ming.id)
    assert lan.ask("PATCH", f"/entries/{filed['entry']['id']}", {"note": "少盐"}).status == 200
    own = next(e for e in ming.get("/entries")["items"] if e["filed_by"] == ming.id)
    assert lan.get(f"/entries/{own['id']}").status == 403


def test_a_code_ties_one_relative_once(world: World) -> None:
    ming = world.patient()
    lan, _ = tied(world, ming)
    code = ming.post("/people/me/family-invites", {})["code"]
    give = {"code": code, "relation": "儿子"}
    assert ming.post("/people/family", give).code == "family_of_oneself"
    assert lan.post("/people/family", give).code == "already_exists"
    assert world.person("jun").post("/people/family", give).status == 201
    assert world.person("bo").post("/people/family", give).code == "code_used"
    assert world.person("bo").post("/people/family", {**give, "code": "NOSUCHCODE"}).code == "code_unknown"
    late = ming.post("/people/me/family-invites", {})["code"]
    world.clock("2026-03-08T20:00:00+08:00")
    assert world.person("bo").post("/people/family", {**give, "code": late}).code == "code_expired"


def test_one_cheer_a_day_counts_and_reaches_the_patient(world: World) -> None:
    ming = world.patient()
    lan, _ = tied(world, ming, sees=["progress"])
    said = []
    for number, words in ((2, "妈妈真棒"), (2, "再来一次"), (3, "继续")):
        world.clock(f"{day(number)}T20:00:00+08:00")
        answer = lan.post(f"/people/{ming.id}/cheers", {"words": words})
        said.append((answer["counts"], answer["days_cheered"]))
        lan.get(f"/people/{ming.id}/shared")
    assert said == [(True, 1), (False, 1), (True, 2)]
    assert [one["words"] for one in ming.get("/people/me/cheers")["items"]] == ["继续", "妈妈真棒"]
    assert lan.get(f"/people/{ming.id}/shared")["days_seen"] == 2
    sent = [one for one in world.ask("GET", "/dev/outbox")["items"] if one["template"] == "family_cheer"]
    assert [one["to"] for one in sent] == [ming.id, ming.id]


def test_who_sees_dangers_alone_has_seen_no_check_in(world: World) -> None:
    ming = world.patient()
    lan, _ = tied(world, ming)
    assert lan.get(f"/people/{ming.id}/shared")["days_seen"] == 0


def test_every_look_of_a_relative_is_on_the_trail(world: World) -> None:
    ming = world.patient()
    lan, _ = tied(world, ming, sees=["readings"])
    lan.get(f"/people/{ming.id}/shared")
    with world.app.app_context():
        rows = db.session.execute(db.text("SELECT COUNT(*) FROM audit_records WHERE verb = 'family.look'")).scalar_one()
    assert rows == 1


def test_an_elder_without_wechat_and_a_child_share_through_who_acts_for_them(world: World) -> None:
    group = world.group()
    for name, birth_on, basis in (("carer", "1944-05-01", "carer"), ("mother", "2018-05-01", "guardian")):
        holder = world.person(name)
        world.clock("2026-03-01T20:00:00+08:00")
        one = holder.post("/people/dependants", {"full_name": "陈小" + name[0], "birth_on": birth_on, "relation": "家人",
                                                 "basis": basis})["id"]
        for document in holder.get("/consents/documents/current")["items"]:
            if document["purpose"] in ("care", "family"):
                assert holder.post("/consents", {"document_id": document["id"], "version": document["version"],
                                                 "given_by": "guardian", "guardian_name": "陈母", "person_id": one}).status == 201
        assert holder.post("/enrolments", {"join_code": group["join_code"], "board_visible": False, "plan": "daily",
                                           "person_id": one}).status == 201
        code = holder.post("/people/me/family-invites", {"sees": ["danger", "readings"], "person_id": one})["code"]
        aunt = world.person(f"aunt-of-{name}")
        tie = aunt.post("/people/family", {"code": code, "relation": "姑姑"})
        assert tie["person_id"] == one
        world.clock(NOON)
        assert holder.post("/entries", entry("glucose", NOON, value=2.9, person_id=one))["advice"]["call_120"] is not None
        assert [seen["value"] for seen in aunt.get(f"/people/{one}/shared")["readings"]] == [2.9]
        assert hearing(world, one) == [aunt.id]
        assert [t["id"] for t in holder.get(f"/people/me/family?person_id={one}")["items"]] == [tie["id"]]
        # Nobody but who acts for them changes what is shared.
        assert aunt.ask("PATCH", f"/people/me/family/{tie['id']}", {"sees": []}).status == 403
        assert holder.ask("DELETE", f"/people/me/family/{tie['id']}").status == 200
        assert aunt.get(f"/people/{one}/shared").status == 404


def test_a_stranger_learns_nothing_of_a_family(world: World) -> None:
    ming = world.patient()
    _, tie = tied(world, ming)
    bo = world.person("bo")
    asked = [bo.get(f"/people/{ming.id}/shared"), bo.post(f"/people/{ming.id}/cheers", {}), bo.ask(
        "DELETE", f"/people/me/family/{tie['id']}"), bo.ask("PATCH", f"/people/me/family/{tie['id']}", {"sees": []}),
        bo.get(f"/people/me/family?person_id={ming.id}")]
    assert [answer.status for answer in asked] == [404] * 5
