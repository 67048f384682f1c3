"""What the tables of bad input say of an entry holds for every operation, every field and every question asked."""

import re
from typing import Any

from tests.api.askings import Asking, good_askings, rows
from tests.makers import Answer, World


def published(world: World) -> dict[str, dict[str, Any]]:
    """The document's operations by name, each with its `path` and `method`."""
    paths = world.ask("GET", "/openapi.json")["paths"]
    return {said["operationId"]: {**said, "path": path.removeprefix("/api/v1"), "method": method.upper()}
            for path, item in paths.items() for method, said in item.items() if "operationId" in said}


def ask(world: World, asking: Asking, *, raw: bytes | None = None, **changes: Any) -> Answer:
    """Ask it with these changes of its body, or with another body altogether."""
    token = asking.who.token if asking.who else None
    if raw is None and "raw" in asking.body:
        raw = asking.body["raw"]
    return world.ask(asking.method, asking.path, {**asking.body, **changes} if raw is None else None, raw=raw, token=token,
                     sent_as=asking.sent_as)


def askings_in_json(world: World) -> dict[str, Asking]:
    """The good askings whose body is JSON."""
    return {name: asking for name, asking in good_askings(world).items() if "json" in asking.sent_as}


def is_problem(answer: Answer) -> bool:
    """Whether the answer refuses as every refusal has to."""
    return (400 <= answer.status < 500 and answer.headers["Content-Type"] == "application/problem+json"
            and any("一" <= letter <= "鿿" for letter in answer["detail"]))


def test_every_operation_that_takes_a_body_answers_a_good_one(world: World) -> None:
    askings = good_askings(world)
    assert set(askings) == {name for name, said in published(world).items() if "requestBody" in said}
    assert {name: answer.json for name, asking in askings.items() if (answer := ask(world, asking)).status > 202} == {}


# Body, and what every operation says of it.
UNREADABLE = [
    (b"", 400, "not_json"), (b"{", 400, "not_json"), (b"[" * 100_000 + b"]" * 100_000, 400, "not_json"),
    (b'{"id": "\\ud800"}', 400, "not_json"), (b'{"id": "\xed\xa0\x80"}', 400, "not_json"), (b'{"points": NaN}', 400, "not_json"),
    (b"null", 422, "invalid"), (b"[]", 422, "invalid"), (b'{"surprise": 1}', 422, "invalid"),
]


def test_no_operation_takes_a_body_that_it_cannot_read(world: World) -> None:
    askings = askings_in_json(world)
    before = rows(world)
    for name, asking in askings.items():
        for body, status, code in UNREADABLE:
            answer = ask(world, asking, raw=body)
            assert (name, body[:20], answer.status, answer.code) == (name, body[:20], status, code)
            assert is_problem(answer), name
    assert rows(world) == before


ODD = [None, True, 7.5, "7", 10**30, "a\0b", "a\u202eb", "字" * 10_000, [], {}, [[None]], {"a": {"b": [1]}}, "2026-W10-1", -1]


def test_no_field_of_any_body_breaks_anything(world: World) -> None:
    components = world.ask("GET", "/openapi.json")["components"]["schemas"]
    operations = published(world)
    asked = 0
    for name, asking in askings_in_json(world).items():
        for field in fields_of(operations[name]["requestBody"]["content"]["application/json"]["schema"], components):
            for value in ODD:
                # Signing out, leaving and the like happen too: what follows is then refused, and that is an answer as well.
                answer = ask(world, asking, **{field: value})
                asked += 1
                assert answer.status < 300 or is_problem(answer), (name, field, value, answer.json)
    assert asked > 1000


def fields_of(schema: dict[str, Any], components: dict[str, Any]) -> set[str]:
    """The names of all fields that the schema, or one of its choices, knows."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rpartition("/")[2]]
    return set(schema.get("properties", {})).union(*(fields_of(each, components) for each in schema.get("oneOf", [])))


ODD_IN_ADDRESS = ["%00", "%01", "%ff", "%ED%A0%80", "%E2%80%AE", "%F0%9F%98%80", "1" * 30, "-1", "20230328", "7.0",
                  "..%2F..", "A" * 600]


def test_no_question_and_no_path_breaks_anything(world: World) -> None:
    ming = world.patient()
    for name, said in published(world).items():
        known = [part["name"] for part in said.get("parameters", []) if part["in"] == "query"]
        for odd in ODD_IN_ADDRESS:
            path = re.sub(r"\{\w+\}", odd, said["path"])
            addresses = [f"{path}?{parameter}={odd}" for parameter in known] if known else [path] if path != said["path"] else []
            for address in addresses:
                answer = ming.ask(said["method"], address, {} if "requestBody" in said else None)
                assert answer.status < 300 or is_problem(answer), (name, address, answer.json)


def test_every_operation_has_the_limit_for_a_body_that_it_says_or_the_same_as_all_others(world: World) -> None:
    ming = world.patient()
    operations = published(world)
    assert {name: said["x-most-body-bytes"] >> 20 for name, said in operations.items() if "x-most-body-bytes" in said} == {
        "entries.import_file": 10, "entries.take_fhir": 10, "photos.add": 5}
    for name, said in operations.items():
        path = re.sub(r"\{\w+\}", str(ming.enrolment["id"]), said["path"].replace("{code}", "ABCDEFGH"))
        answer = world.ask(said["method"], path, raw=b" " * (said.get("x-most-body-bytes", 256 * 1024) + 1), token=ming.token)
        assert (name, answer.status, answer.code) == (name, 413, "body_too_large")
    assert world.ask("GET", "/people/me", token=ming.token).status == 200
