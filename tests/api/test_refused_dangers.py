"""No refusal hides a danger: whatever is wrong with a request that holds a dangerous reading, it is told what to do now."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.makers import Answer, Person, World, entry

NOON = "2026-03-01T12:00:00+08:00"
SOME_ID = "5b9cf5a0-3b42-4a44-9d3e-1f0e3c6d7a11"
MOST_WRITES = 1200


def refusals(world: World, reading: dict[str, Any]) -> Iterator[tuple[str, Answer]]:
    """The code that is due and the answer, for every way in which such a reading can be refused."""
    ming, hong = world.person("ming"), world.person("hong")
    hong.consent()
    draft = entry("glucose", NOON, **reading)
    yield "unauthenticated", world.ask("POST", "/entries", draft)
    yield "unauthenticated", world.ask("POST", "/entries/sync", {"entries": [draft]}, token="a.b.c")
    yield "unsupported_media_type", as_plain_text(hong, draft)
    for wrong in ({"colour": "red"}, {"id": "7"}, {"occurred_at": "yesterday"}, {"note": "a\0b"}, {"kind": "photo"},
                  {"value": str(reading["value"]) + " "}, {"unit": "mmol"}):
        yield "invalid", hong.post("/entries", {**draft, **wrong})
    yield "invalid", hong.post("/entries/sync", {"entries": [entry("meal", NOON), draft], "more": 1})
    yield "invalid", hong.post("/entries/sync", {"entries": [draft] * 101})
    yield "consent_required", ming.post("/entries", draft)
    yield "not_found", hong.post("/entries", {**draft, "person_id": SOME_ID})
    yield "not_found", hong.ask("PATCH", f"/entries/{SOME_ID}", reading)
    yield "entry_in_future", hong.post("/entries", {**draft, "occurred_at": "2026-03-09T12:00:00+08:00"})
    yield "entry_too_old", hong.post("/entries", {**draft, "occurred_at": "1969-03-09T12:00:00+08:00"})
    kept, meal = hong.file("glucose", NOON, slot="night")["entry"]["id"], hong.file("meal", NOON)["entry"]["id"]
    yield "entry_conflict", hong.post("/entries", {**draft, "id": kept})
    yield "entry_conflict", ming.consent() and ming.post("/entries", {**draft, "id": kept})
    yield "not_found", ming.ask("PATCH", f"/entries/{kept}", reading)
    yield "stale", hong.ask("PATCH", f"/entries/{kept}", reading, If_Match='"7.0"')
    yield "kind_fixed", hong.ask("PATCH", f"/entries/{kept}", {**reading, "kind": "meal"})
    yield "field_of_other_kind", hong.ask("PATCH", f"/entries/{meal}", reading)
    yield "entry_in_future", hong.ask("PATCH", f"/entries/{kept}", {**reading, "occurred_at": "2026-03-09T12:00:00+08:00"})
    hong.ask("DELETE", f"/entries/{kept}")
    yield "entry_gone", hong.post("/entries", {**draft, "id": kept})
    yield "entry_gone", hong.ask("PATCH", f"/entries/{kept}", reading)
    world.clock("2026-03-02T12:00:00+08:00")
    yield "token_expired", world.ask("POST", "/entries", draft, token=hong.token)
    hong.sign_in()
    hong.ask("DELETE", "/session")
    yield "unauthenticated", world.ask("POST", "/entries", draft, token=hong.token)
    hong.sign_in()
    yield "too_many_requests", next(answer for answer in hurried(hong, draft) if answer.status == 429)


def as_plain_text(person: Person, draft: dict[str, Any]) -> Answer:
    """The draft, sent as what it is not."""
    response = person.world.client.post("/api/v1/entries", data=json.dumps(draft), content_type="text/plain",
                                        headers={"Authorization": f"Bearer {person.token}"})
    return Answer(response.status_code, response.json, response.headers)


def hurried(person: Person, draft: dict[str, Any]) -> Iterator[Answer]:
    """Answers of somebody whose minute is full; it may end in between, and then fills again."""
    limits = person.world.app.extensions["tangying"].limits
    while True:
        for _ in range(MOST_WRITES):
            limits.check("write", person.id, 10 * MOST_WRITES)
        yield person.post("/entries", draft)


@pytest.mark.parametrize(("value", "unit", "level"), [
    (2.9, "mmol/L", "critical_low"), ("LO", "mmol/L", "critical_low"), (16.7, "mmol/L", "critical_high"),
    ("HI", "mg/dL", "emergency_high"), (52, "mg/dL", "critical_low"), (300, "mg/dL", "critical_high"),
])
def test_every_refusal_of_a_dangerous_reading_says_what_to_do(world: World, value: Any, unit: str, level: str) -> None:
    for code, answer in refusals(world, {"value": value, "unit": unit}):
        assert (code, answer.code) == (answer.code, code)
        assert "advice" in answer.json, (code, answer.json)
        # Without a unit that is one, both are thought of, and the first danger found is told.
        assert answer["advice"]["level"] == level or answer.json.get("errors", {}).get("unit"), code
        assert answer["advice"]["steps"]


def test_no_refusal_of_a_harmless_reading_frightens_anybody(world: World) -> None:
    for code, answer in refusals(world, {"value": 6.1, "unit": "mmol/L"}):
        assert (code, "advice" in answer.json) == (answer.code, False)


# In a body that is refused for its shape, the danger is looked for in both units.
@pytest.mark.parametrize(("value", "unit", "level"), [
    (2.9, "mg/dL", "critical_low"), (2.9, None, "critical_low"), (2.65, "mmol/L", "critical_low"),
    ("2.6", "mmol/L", "critical_low"), ("lo", "mmol/L", "critical_low"), ("2.4", [], "critical_low"),
    (320, "mmol/L", "critical_high"), (113.6, "mmol/L", "critical_high"), ("HI", None, "emergency_high"),
    (10**30, "mmol/L", "critical_high"), ("1e999999", "mmol/L", "critical_high"),
    # No number at all, or none that a body can have.
    ("nonsense", "mmol/L", None), (True, "mmol/L", None), (None, "mmol/L", None), ([2.9], "mmol/L", None), ({}, {}, None),
    ("NaN", "mmol/L", None), (-2.9, "mmol/L", None), (0, "mmol/L", None),
])
def test_a_reading_that_is_typed_wrong_is_no_less_a_danger(world: World, value: Any, unit: Any, level: str | None) -> None:
    hong = world.person("hong")
    hong.consent()
    answer = hong.post("/entries", entry("glucose", NOON, value=value, unit=unit))
    assert (answer.status, answer.json.get("advice", {}).get("level")) == (422, level)
    item = hong.post("/entries/sync", {"entries": [entry("meal", NOON), entry("glucose", NOON, value=value, unit=unit)]})
    assert [each["status"] for each in item["results"]] == ["created", "invalid"]
    assert item["results"][1]["problem"].get("advice", {}).get("level") == level


def test_a_reading_that_could_not_be_kept_is_answered_all_the_same(world: World) -> None:
    hong = world.person("hong")
    hong.consent()
    with world.without("entries"):
        answer = hong.post("/entries", entry("glucose", NOON, value=2.6, id=str(uuid.uuid4())))
    assert answer.status >= 500
    assert answer["advice"]["level"] == "critical_low"
