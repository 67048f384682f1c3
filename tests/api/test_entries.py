"""Filing, repeating, changing and deleting entries, and what the books make of it."""

import datetime as dt
import uuid

import pytest

from tests.makers import World, day, entry


def test_a_complete_day_earns_what_the_published_rules_say(world: World) -> None:
    ming = world.patient()
    world.clock("2026-03-02T20:00:00+08:00")
    earned = [ming.file(kind)["points_earned"] for kind in ("meal", "meal", "meal", "meal", "exercise", "exercise", "glucose")]
    assert earned == [3, 3, 3, 0, 6, 0, 6 + 10]
    answer = ming.file("meal")
    assert answer["balance"] == 31
    assert answer["streak"] == {"current": 1, "longest": 1}
    assert answer["today"] == {"done": {"meal": 5, "exercise": 2, "glucose": 1, "lesson": 0},
                               "required": {"meal": 1, "exercise": 1, "glucose": 1}, "complete": True}


def test_the_same_entry_twice_is_one_entry_and_one_award(world: World) -> None:
    ming = world.patient()
    draft = entry("meal", "2026-03-02T07:00:00+08:00", note="早饭")
    world.clock("2026-03-02T08:00:00+08:00")
    first, second = ming.post("/entries", draft), ming.post("/entries", draft)
    assert (first.status, second.status) == (201, 200)
    assert second["points_earned"] == 0
    assert second["entry"] == first["entry"]
    assert ming.points()["balance"] == 3


def test_an_id_is_taken_once_whoever_comes_later(world: World) -> None:
    group = world.group()
    ming, hong = world.patient("ming", group), world.patient("hong", group)
    draft = entry("meal", world.now)
    assert ming.post("/entries", draft).status == 201
    other = hong.post("/entries", draft)
    assert (other.status, other.code) == (409, "entry_conflict")
    assert ming.id not in str(other.json)
    changed = ming.post("/entries", {**draft, "text": "面条"})
    assert (changed.status, changed.code) == (409, "entry_conflict")


def test_a_deleted_entry_gives_back_exactly_what_it_gave_and_stays_gone(world: World) -> None:
    ming = world.patient()
    world.clock("2026-03-02T20:00:00+08:00")
    meal = ming.file("meal")
    ming.file("exercise")
    assert ming.file("glucose")["balance"] == 25
    gone = ming.ask("DELETE", f"/entries/{meal['entry']['id']}")
    assert (gone.status, gone["points_earned"], gone["balance"]) == (200, -13, 12)
    again = ming.post("/entries", entry("meal", world.now) | {"id": meal["entry"]["id"]})
    assert (again.status, again.code) == (410, "entry_gone")
    assert ming.get(f"/entries/{meal['entry']['id']}").status == 410
    assert ming.get("/entries")["items"][0]["kind"] in ("exercise", "glucose")


def test_a_change_keeps_what_was_not_named_and_a_repeat_of_the_first_filing_finds_it(world: World) -> None:
    ming = world.patient()
    draft = entry("glucose", world.now, value=7.2, note="饭后")
    ming.post("/entries", draft)
    changed = ming.ask("PATCH", f"/entries/{draft['id']}", {"value": 7.5})
    assert (changed["entry"]["value"], changed["entry"]["note"], changed["entry"]["version"]) == (7.5, "饭后", 2)
    repeat = ming.post("/entries", draft)
    assert (repeat.status, repeat["entry"]["value"]) == (200, 7.5)


def test_an_edit_that_moves_an_entry_to_another_day_moves_its_points(world: World) -> None:
    ming = world.patient()
    ming.live_day(day(1))
    world.clock(f"{day(2)}T09:00:00+08:00")
    meal = next(e for e in ming.get("/entries?kind=meal")["items"])
    moved = ming.ask("PATCH", f"/entries/{meal['id']}", {"occurred_at": f"{day(2)}T08:00:00+08:00"})
    assert (moved["entry"]["day"], moved["entry"]["counts"]) == (str(day(2)), True)
    assert moved["points_earned"] == -10
    world.clock(f"{day(4)}T09:00:00+08:00")
    back = ming.ask("PATCH", f"/entries/{meal['id']}", {"occurred_at": f"{day(1)}T08:00:00+08:00"})
    assert (back["entry"]["counts"], back["entry"]["counts_reason"]) == (False, "day_closed")


def test_an_entry_of_a_closed_day_is_kept_and_does_not_count(world: World) -> None:
    ming = world.patient()
    world.clock("2026-03-03T11:59:59+08:00")
    in_time = ming.file("meal", "2026-03-02T12:00:00+08:00")
    world.clock("2026-03-03T12:00:00+08:00")
    late = ming.file("meal", "2026-03-02T13:00:00+08:00")
    assert (in_time["entry"]["counts"], in_time["points_earned"]) == (True, 3)
    assert (late.status, late["entry"]["counts_reason"], late["points_earned"]) == (201, "day_closed", 0)


def test_midnight_belongs_to_the_camp_not_to_utc(world: World) -> None:
    ming = world.patient()
    world.clock("2026-03-02T16:30:00Z")
    assert ming.file("meal", "2026-03-02T15:59:59Z")["entry"]["day"] == "2026-03-02"
    assert ming.file("meal", "2026-03-02T16:00:00Z")["entry"]["day"] == "2026-03-03"


def test_a_camp_in_a_zone_with_summer_time_and_a_day_that_starts_at_three(world: World) -> None:
    camp = world.camp(dt.date(2026, 3, 2), timezone="America/New_York", rules={"day_starts_at": "03:00"})
    ming = world.patient("ming", world.group(camp))
    world.clock("2026-03-08T12:00:00-04:00")
    assert ming.file("meal", "2026-03-08T01:59:59-05:00")["entry"]["day"] == "2026-03-07"
    assert ming.file("meal", "2026-03-08T03:00:00-04:00")["entry"]["day"] == "2026-03-08"


def test_more_than_five_minutes_ahead_is_refused(world: World) -> None:
    ming = world.patient()
    assert ming.file("meal", "2026-03-01T20:05:00+08:00").status == 201
    ahead = ming.file("meal", "2026-03-01T20:05:01+08:00")
    assert (ahead.status, ahead.code) == (409, "entry_in_future")


@pytest.mark.parametrize(("value", "unit", "level"), [
    (2.9, "mmol/L", "critical_low"),
    (113.6, "mmol/L", "critical_high"),  # implausible, but a person may have looked away from a very high meter
    (2.9, "mg/dL", "critical_low"),  # dangerous in the other unit
    ("HI", "mmol/L", "emergency_high"),
])
def test_no_refusal_hides_a_danger(world: World, value: object, unit: str, level: str) -> None:
    nobody = world.person("no_consent")
    answer = nobody.file("glucose", value=value, unit=unit)
    assert answer.status in (403, 422)
    assert answer["advice"]["level"] == level


def test_a_typing_slip_is_asked_about(world: World) -> None:
    answer = world.patient().file("glucose", value=113.6, unit="mmol/L")
    assert (answer.status, answer.code) == (422, "glucose_implausible")
    assert "113.6 mg/dL" in answer["detail"]
    assert answer["detail"].endswith("？")


def test_a_dangerous_reading_is_filed_and_answered_with_what_to_do(world: World) -> None:
    answer = world.patient().file("glucose", value=2.8, symptoms=["drowsy"])
    assert answer.status == 201
    assert (answer["advice"]["level"], answer["advice"]["call_120"]) == ("emergency_low", True)


def test_both_units_stay_as_typed(world: World) -> None:
    ming = world.patient()
    mg = ming.file("glucose", value=70, unit="mg/dL")["entry"]
    assert (mg["value"], mg["unit"], mg["glucose_mmol_l"], mg["band"]) == (70, "mg/dL", 3.9, "in_range")
    hi = ming.file("glucose", value="HI")["entry"]
    assert (hi["value"], hi["glucose_mmol_l"], hi["band"], hi["on_target"]) == ("HI", None, "very_high", None)


def test_a_bad_item_spoils_no_other_of_a_sync(world: World) -> None:
    ming = world.patient()
    world.clock("2026-03-02T20:00:00+08:00")
    good, gone = entry("meal", world.now), entry("meal", world.now)
    ming.post("/entries", gone)
    ming.ask("DELETE", f"/entries/{gone['id']}")
    low = entry("glucose", world.now, value=2.5, symptom="drowsy")
    answer = ming.post("/entries/sync", {"entries": [
        good, good, {**good, "text": "别的"}, gone, low, entry("meal", "2026-03-09T08:00:00+08:00")]})
    assert [r["status"] for r in answer["results"]] == ["created", "identical", "conflict", "gone", "invalid", "invalid"]
    assert answer["results"][4]["problem"]["advice"]["level"] == "critical_low"
    assert answer["results"][5]["problem"]["code"] == "entry_in_future"
    assert ming.points()["balance"] == 3


def test_a_phone_that_was_offline_learns_of_changes_and_deletions_in_order(world: World) -> None:
    ming = world.patient()
    ids = [ming.file("meal")["entry"]["id"] for _ in range(3)]
    ming.ask("PATCH", f"/entries/{ids[0]}", {"text": "面条"})
    ming.ask("DELETE", f"/entries/{ids[1]}")
    feed = ming.get("/entries/changes?since=0")
    assert [(c["id"], c["deleted"]) for c in feed["items"]] == [(ids[2], False), (ids[0], False), (ids[1], True)]
    later = ming.get(f"/entries/changes?since={feed['last_change']}")
    assert (later["items"], later["last_change"]) == ([], feed["last_change"])


def test_the_history_is_unchanged_until_something_changes(world: World) -> None:
    ming = world.patient()
    ming.file("meal")
    first = ming.get("/entries")
    assert ming.get("/entries", If_None_Match=first.headers["ETag"]).status == 304
    ming.file("meal")
    assert ming.get("/entries", If_None_Match=first.headers["ETag"]).status == 200


def test_a_stale_change_is_refused(world: World) -> None:
    ming = world.patient()
    made = ming.file("meal")["entry"]
    tag = ming.get(f"/entries/{made['id']}").headers["ETag"]
    assert ming.ask("PATCH", f"/entries/{made['id']}", {"text": "面条"}, If_Match=tag).status == 200
    late = ming.ask("PATCH", f"/entries/{made['id']}", {"text": "饺子"}, If_Match=tag)
    assert (late.status, late.code) == (412, "stale")


def test_someone_in_no_camp_has_a_health_record_too(world: World) -> None:
    alone = world.person("alone")
    alone.consent()
    answer = alone.file("glucose")
    assert (answer.status, answer["streak"], answer["today"], answer["balance"]) == (201, None, None, 0)
    assert answer["entry"]["counts_reason"] == "not_enrolled"


def test_a_guardian_files_for_a_child_and_the_record_names_both(world: World) -> None:
    mother = world.person("mother")
    child = mother.post("/people/dependants", {"full_name": "陈小明", "birth_on": "2017-05-01", "relation": "母亲",
                                               "basis": "guardian"})
    document = mother.get("/consents/documents/current")["items"][0]
    consent = {"document_id": document["id"], "version": document["version"], "person_id": child["id"]}
    refused = mother.post("/consents", {**consent, "given_by": "self"})
    assert (refused.status, refused.code) == (409, "guardian_name_needed")
    assert mother.post("/consents", {**consent, "given_by": "guardian", "guardian_name": "陈红"}).status == 201
    filed = mother.file("glucose", person_id=child["id"])
    assert (filed.status, filed["entry"]["person_id"], filed["entry"]["filed_by"]) == (201, child["id"], mother.id)
    assert world.person("stranger").file("glucose", person_id=child["id"]).status == 404


def test_an_unknown_lesson_is_refused_and_a_known_one_is_a_bonus(world: World) -> None:
    ming = world.patient()
    world.clock("2026-03-02T20:00:00+08:00")
    lesson = ming.get(f"/lessons?enrolment_id={ming.enrolment['id']}")["items"][0]
    assert ming.file("lesson", lesson_id=lesson["id"])["points_earned"] == 4
    assert ming.file("lesson", lesson_id=str(uuid.uuid4())).code == "lesson_unknown"


def test_the_same_entry_again_is_answered_word_for_word(world: World) -> None:
    ming = world.patient()
    lesson = ming.get(f"/lessons?enrolment_id={ming.enrolment['id']}")["items"][0]["id"]
    world.clock(f"{day(1)}T20:00:00+08:00")
    drafts = [
        entry("meal", f"{day(1)}T12:00:00+08:00", note="很香", foods=[{"name": "米饭", "grams": 120.5}]),
        entry("exercise", f"{day(1)}T12:00:00+08:00"),
        entry("glucose", f"{day(1)}T12:00:00+08:00", value=100, unit="mg/dL", symptoms=["sweating"], ketone_mmol_l=0.4),
        entry("glucose", f"{day(1)}T12:00:00+08:00", value="HI"),
        entry("lesson", f"{day(1)}T12:00:00+08:00", lesson_id=lesson),
    ]
    for draft in drafts:
        first, again = ming.post("/entries", draft), ming.post("/entries", draft)
        assert (first.status, again.status) == (201, 200)
        assert first["entry"] == again["entry"] == ming.get(f"/entries/{draft['id']}").json
        assert first["advice"] == again["advice"]


def test_a_meal_tells_its_carbohydrate_and_how_sure_that_is(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(1)}T20:00:00+08:00")
    meal = ming.file("meal", text="米饭100g 青菜一盘")["entry"]
    assert (meal["carbohydrate_g"], meal["carbohydrate_certainty"]) == (30.7, "medium")
    assert [(item["foods"], item["grams"]) for item in meal["foods_read"]] == [(["米饭"], 100), (["青菜"], 200)]
    noodles = ming.file("meal", text="面条100g")["entry"]
    assert [choice["food"] for choice in noodles["asks"][0]["choices"]] == ["面条", "生面条"]
    told = ming.ask("PATCH", f"/entries/{noodles['id']}", {"foods": [{"name": "生面条", "grams": 100}]})["entry"]
    assert (told["carbohydrate_g"], told["asks"]) == (59.5, [])


def test_an_exercise_tells_its_energy_by_the_latest_weight(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(1)}T20:00:00+08:00")
    fields = {"activity": "快走", "minutes": 30, "intensity": "medium"}
    guessed = ming.file("exercise", **fields)["entry"]
    assert (guessed["energy_kcal"], guessed["weight_kg"], guessed["weight_assumed"]) == (140, 65, True)
    ming.ask("PATCH", "/people/me", {"weight_kg": 80})
    assert ming.get(f"/entries/{guessed['id']}")["energy_kcal"] == 172
    ming.post("/measurements", {"kind": "weight", "weight_kg": 60, "measured_on": str(day(1)), "source": "home"})
    told = ming.get(f"/entries/{guessed['id']}").json
    assert (told["energy_kcal"], told["weight_kg"], told["weight_assumed"], told["met_of"]) == (129, 60, False, "快走")
    assert "energy_kcal" not in ming.file("exercise", rest=True, note="腿疼", activity=None, minutes=None,
                                          intensity=None).json.get("entry", {})
