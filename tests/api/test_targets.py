"""Targets over the interface: set by a nurse or doctor, shown with their source, counting from the next reading."""

from tests.api.askers import a_class
from tests.makers import World

TIGHT = {"ranges": {"fasting": {"from_mmol_l": 5.0, "below_mmol_l": 8.0}}, "limits": {"low_below": 4.5}, "note": "慢慢来"}


def rows_of(answer) -> dict:
    return {row["group"]: row for row in answer["ranges"]}


def test_a_nurse_sets_a_target_that_counts_from_the_next_reading_and_says_whose_it_is(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    ming.ask("PATCH", "/people/me", {"diabetes_type": "type2", "birth_on": "1970-01-01"})
    assert ming.file("glucose", value=7.5, slot="fasting")["entry"]["on_target"] is False
    before = ming.get(f"/people/{ming.id}/targets")
    fasting = rows_of(before)["fasting"]
    assert (fasting["text"], fasting["source"], before["set_by"]) == ("4.4–7.0 mmol/L（80–126 mg/dL）", "default", None)

    hui.ask("PATCH", "/people/me", {"full_name": "惠明"})
    told = hui.ask("PUT", f"/people/{ming.id}/targets", TIGHT)
    assert told.status == 200, told.json
    shown = ming.get(f"/people/{ming.id}/targets").json
    assert shown == told.json
    assert (rows_of(shown)["fasting"]["text"], rows_of(shown)["fasting"]["source"]) == ("5.0–7.9 mmol/L（90–143 mg/dL）", "staff")
    assert shown["set_by"] == {"name": "惠明", "role": "nurse", "role_name": "护士", "credential": "沪护 0001"}
    assert (shown["note"], shown["set_at"] is not None) == ("慢慢来", True)
    assert any(each["template"] == "target_set" and each["to"] == ming.id
               for each in world.ask("GET", "/dev/outbox?limit=100")["items"])

    assert ming.file("glucose", value=7.5, slot="fasting")["entry"]["on_target"] is True
    low = ming.file("glucose", value=4.4, slot="random")
    assert (low["advice"]["level"], ming.get("/alerts")["items"][0]["level"]) == ("low", "low")
    insight = ming.get("/insights/me")
    assert next(row for row in insight["targets"] if row["group"] == "fasting")["source"] == "staff"
    # Both fasting readings by the target of today; the random low has a default one, which begins where the alert ends.
    assert (insight["judged"], round(insight["in_target_percent"])) == (3, 67)


def test_a_phone_hears_that_its_history_is_judged_anew(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    ming.ask("PATCH", "/people/me", {"diabetes_type": "type2", "birth_on": "1970-01-01"})
    ming.file("glucose", value=4.2, slot="fasting")
    page = ming.get("/entries?kind=glucose")
    assert ming.get("/entries?kind=glucose", If_None_Match=page.headers["ETag"]).status == 304
    hui.ask("PUT", f"/people/{ming.id}/targets", {"ranges": {"fasting": {"from_mmol_l": 4.0, "below_mmol_l": 6.0}}})
    anew = ming.get("/entries?kind=glucose", If_None_Match=page.headers["ETag"])
    assert anew.status == 200
    # The verdict stays what it was when filed; what is said beside it goes by the target of today, which it meets.
    assert (page["items"][0]["hints"], anew["items"][0]["hints"]) == (["比目标偏低一点，请留意。"], [])


def test_an_elder_has_no_target_until_one_is_set_and_dangers_ring_all_the_same(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    ming.ask("PATCH", "/people/me", {"diabetes_type": "type2", "birth_on": "1945-01-01"})
    waiting = ming.get(f"/people/{ming.id}/targets")
    assert (waiting["waits"], {row["text"] for row in waiting["ranges"]}) == (True, {None})
    assert "等医生或护士" in waiting["text"]
    filed = ming.file("glucose", value=2.8, slot="fasting")
    assert (filed["entry"]["on_target"], filed["advice"]["level"]) == (None, "critical_low")
    assert ming.get("/insights/me")["reasons"]["in_target_percent"]["code"] == "target_not_set"
    assert hui.ask("PUT", f"/people/{ming.id}/targets", {"ranges": TIGHT["ranges"]}).json["waits"] is False
    assert ming.file("glucose", value=7.9, slot="fasting")["entry"]["on_target"] is True


def test_staff_may_call_a_younger_person_frail_and_take_it_back(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    assert hui.ask("PUT", f"/people/{ming.id}/targets", {"frail": True})["waits"] is True
    assert ming.file("glucose", value=6.0, slot="fasting")["entry"]["on_target"] is None
    assert hui.ask("PUT", f"/people/{ming.id}/targets", {})["waits"] is False
    assert ming.file("glucose", value=6.0, slot="fasting")["entry"]["on_target"] is True


def test_no_one_switches_a_danger_off(world: World) -> None:
    _, ming, hui, _ = a_class(world)
    path = f"/people/{ming.id}/targets"
    for draft, code in (({"limits": {"critical_low_below": 2.5}}, "limit_loosened"),
                        ({"limits": {"low_below": 0.6}}, "limit_loosened"),
                        ({"limits": {"critical_high_from": 33.3}}, "limit_loosened"),
                        ({"ranges": {"fasting": {"from_mmol_l": 3.9, "below_mmol_l": 4.0}}}, "target_unsafe")):
        assert hui.ask("PUT", path, draft).code == code, draft
    assert hui.ask("PUT", path, {"ranges": {"fasting": {"from_mmol_l": 2.0, "below_mmol_l": 20.0}}}).status == 422
    assert ming.file("glucose", value=2.9)["advice"]["level"] == "critical_low"


def test_only_ones_own_nurse_or_doctor_sets_a_target(world: World) -> None:
    _, ming, hui, lan = a_class(world)
    path = f"/people/{ming.id}/targets"
    assert [who.ask("PUT", path, {}).status for who in (ming, world.manager, world.admin, lan, world.person("fei"))] == [
        403, 403, 403, 404, 404]
    assert [who.get(path).status for who in (world.manager, world.admin, lan, world.person("fei"))] == [200, 403, 404, 404]
    assert hui.ask("PUT", path, {}).status == 200
    verbs = [one["verb"] for one in world.admin.get(f"/audit?about=person:{ming.id}")["items"]]
    assert "target.read" in verbs
