"""Whatever arrives is refused with a stable code and a sentence fit to show, and leaves nothing behind."""

import json
import re
import secrets
import unicodedata
import uuid
from typing import Any

import jwt
import pytest

from tests.api.askings import rows
from tests.makers import EVE, Answer, Person, World, entry

CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOON = "2026-03-01T12:00:00+08:00"
SOME_ID = "5b9cf5a0-3b42-4a44-9d3e-1f0e3c6d7a11"


def refused(answer: Answer, status: int, code: str) -> None:
    """The answer is this refusal, as a problem document."""
    assert (answer.status, answer.json.get("code")) == (status, code), answer.json
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert CHINESE.search(answer["detail"])


def meal(**fields: Any) -> dict[str, Any]:
    """A meal before any camp."""
    return entry("meal", NOON, **fields)


def raw(**fields: str) -> bytes:
    """A glucose reading as text, with these values put in as they stand."""
    parts = {"id": f'"{SOME_ID}"', "kind": '"glucose"', "occurred_at": f'"{NOON}"', "value": "6.1", "unit": '"mmol/L"'} | fields
    return ("{" + ",".join(f'"{name}":{text}' for name, text in parts.items()) + "}").encode()


@pytest.mark.parametrize("body", [
    b"", b"{", b"nope", b"{'id': 1}", b'{"id": 1,}', b"\xff\xfe{}", b'{"note": "\xed\xa0\x80"}',
    # A lone surrogate is no character.
    b'{"note": "\\ud800"}', b'{"note": "\\udc00\\ud800"}',
    # Numbers that JSON does not know, and one that no number holds.
    raw(value="NaN"), raw(value="Infinity"), raw(value="-Infinity"), raw(value="1e400"), raw(value="6.1.1"), raw(value="0x1"),
    raw(value="06.1"), raw(value="+6.1"), raw(value=".5"),
    # Deeper than anybody means.
    b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    b"\0", b'{"note": "a\nb"}', b'{"note": "a\tb"}',
], ids=lambda body: repr(body[:24]))
def test_what_is_not_json_is_refused_before_anything_is_looked_at(world: World, body: bytes) -> None:
    ming = world.person("ming")
    ming.consent()
    before = rows(world)
    refused(world.ask("POST", "/entries", raw=body, token=ming.token), 400, "not_json")
    assert rows(world) == before


@pytest.mark.parametrize(("fields", "field"), [
    # Numbers are numbers, and no more exact than a meter.
    ({"value": '"7"'}, "value"), ({"value": "true"}, "value"), ({"value": "null"}, "value"), ({"value": "5.65"}, "value"),
    ({"value": "[6.1]"}, "value"), ({"value": '"hi"'}, "value"), ({"value": "6.10000001"}, "value"),
    ({"value": "1" + "0" * 29}, "value"), ({"value": "-6.1"}, "value"), ({"unit": '"mmol/l"'}, "unit"),
    ({"hours_after": '"2"'}, "hours_after"), ({"hours_after": "true"}, "hours_after"), ({"hours_after": "1.5"}, "hours_after"),
    ({"hours_after": "1" + "0" * 29}, "hours_after"), ({"hours_after": "3"}, "hours_after"),
    ({"not_mine": "1"}, "not_mine"), ({"not_mine": '"true"'}, "not_mine"),
    # One spelling of an id.
    ({"id": f'"{{{SOME_ID}}}"'}, "id"), ({"id": f'"urn:uuid:{SOME_ID}"'}, "id"),
    ({"id": f'"{SOME_ID.replace("-", "")}"'}, "id"),
    ({"id": f'" {SOME_ID}"'}, "id"), ({"id": '"' + "1" * 30 + '"'}, "id"), ({"id": "1" * 30}, "id"), ({"id": '""'}, "id"),
    ({"id": "null"}, "id"), ({"id": f'"{SOME_ID[:-1]}１"'}, "id"),
    # Instants say their offset and exist.
    ({"occurred_at": '"20260301T120000+0800"'}, "occurred_at"), ({"occurred_at": '"2026-03-01T12:00:00"'}, "occurred_at"),
    ({"occurred_at": '"2026-02-30T12:00:00Z"'}, "occurred_at"), ({"occurred_at": '"2026-W09-7T12:00:00Z"'}, "occurred_at"),
    ({"occurred_at": '"2026-03-01 12:00:00Z"'}, "occurred_at"), ({"occurred_at": '"2026-03-01"'}, "occurred_at"),
    ({"occurred_at": "1772337600"}, "occurred_at"), ({"occurred_at": '"2026-03-01T24:00:00Z"'}, "occurred_at"),
    ({"occurred_at": '"0000-01-01T00:00:00Z"'}, "occurred_at"), ({"occurred_at": '"9999-12-31T23:59:59-14:00"'}, "occurred_at"),
    # Text that shows one thing and holds another.
    ({"note": '"a\\u0000b"'}, "note"), ({"note": '"a\\u001bb"'}, "note"), ({"note": '"a\\u202eb"'}, "note"),
    ({"note": '"a\\u2066b"'}, "note"), ({"note": '"a\\u0085b"'}, "note"), ({"note": "7"}, "note"),
    ({"note": '"' + "字" * 501 + '"'}, "note"),
    # Nothing that is not asked for.
    ({"points": "100"}, "points"), ({"filed_by": f'"{SOME_ID}"'}, "filed_by"), ({"recorded_at": f'"{NOON}"'}, "recorded_at"),
    ({"minutes": "30"}, "minutes"), ({"symptoms": '"sweating"'}, "symptoms"), ({"symptoms": '["tired"]'}, "symptoms"),
    ({"kind": '"photo"'}, "kind"), ({"kind": "null"}, "kind"), ({"slot": '"brunch"'}, "slot"),
    ({"person_id": '"me"'}, "person_id"),
])
def test_a_wrong_shape_is_refused_by_the_field_that_is_wrong(world: World, fields: dict[str, str], field: str) -> None:
    ming = world.person("ming")
    ming.consent()
    before = rows(world)
    answer = world.ask("POST", "/entries", raw=raw(**fields), token=ming.token)
    refused(answer, 422, "invalid" if answer.code != "glucose_implausible" else "glucose_implausible")
    assert field in answer["errors"]
    assert CHINESE.search(json.dumps(answer["errors"], ensure_ascii=False))
    assert rows(world) == before


@pytest.mark.parametrize("body", [b"null", b"7", b'"text"', b"[]", b"true", b"[[]]"])
def test_a_body_that_is_no_object_is_a_wrong_shape(world: World, body: bytes) -> None:
    ming = world.person("ming")
    for path in ("/entries", "/entries/sync", "/consents"):
        refused(world.ask("POST", path, raw=body, token=ming.token), 422, "invalid")


@pytest.mark.parametrize("query", [
    "limit=0", "limit=101", "limit=-1", "limit=7.0", "limit=%2B7", "limit=07", "limit=" + "1" * 30, "limit=", "limit=七",
    "limit=5&limit=5", "limit=true", "kind=photo", "from=20230328", "from=2023-02-29", "from=2023-3-1", "to=yesterday",
    "person_id=me", "unknown=1", "after=", "after=" + "A" * 501, "after=a&after=b",
])
def test_a_wrong_question_is_refused(world: World, query: str) -> None:
    refused(world.person("ming").get(f"/entries?{query}"), 422, "invalid")


@pytest.mark.parametrize("cursor", ["junk", "W10", "e30", "WyJpMSJd", "WyJ0MjAyNi0wMy0wMVQxMjowMDowMCIsInV4Il0", "bnVsbA"])
def test_a_cursor_that_we_did_not_write_is_refused(world: World, cursor: str) -> None:
    refused(world.person("ming").get(f"/entries?after={cursor}"), 409, "cursor_unknown")


@pytest.mark.parametrize("path", [
    "/camps/1", "/camps/" + "1" * 30, f"/camps/{{{SOME_ID}}}", f"/camps/{SOME_ID.replace('-', '')}",
    "/camps/%00", "/camps/..%2f..",
    f"/camps/{SOME_ID}", f"/classes/{SOME_ID}", f"/enrolments/{SOME_ID}", f"/entries/{SOME_ID}", f"/people/{SOME_ID}",
    "/classes/by-code/%F0%9F%98%80", "/classes/by-code/" + "A" * 400, "/nothing",
])
def test_an_id_of_nothing_is_not_found(world: World, path: str) -> None:
    refused(world.person("ming").get(path), 404, "not_found")


def test_a_body_over_the_limit_is_too_large_before_it_is_read(world: World) -> None:
    ming = world.person("ming")
    ming.consent()
    fits = meal(text="饭" * 500)
    padded = json.dumps(fits).encode()
    assert ming.world.ask("POST", "/entries", raw=padded + b" " * (256 * 1024 - len(padded)), token=ming.token).status == 201
    for body in (b"{" * (256 * 1024 + 1), json.dumps(meal(text="饭" * 200_000)).encode()):
        refused(world.ask("POST", "/entries", raw=body, token=ming.token), 413, "body_too_large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x",
                                          "application/x-www-form-urlencoded"])
def test_only_json_is_taken(world: World, content_type: str) -> None:
    ming = world.person("ming")
    response = world.client.post("/api/v1/entries", data=json.dumps(meal()), content_type=content_type,
                                 headers={"Authorization": f"Bearer {ming.token}"})
    assert (response.status_code, response.json["code"]) == (415, "unsupported_media_type")


def claims(person: Person, world: World, **changes: Any) -> dict[str, Any]:
    """The claims of a good access token, changed; None takes one out."""
    good = jwt.decode(person.token, options={"verify_signature": False})
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def test_only_our_own_tokens_are_taken(world: World) -> None:
    ming, other = world.person("ming"), world.person("hong")
    key = world.app.extensions["tangying"].tokens._key
    stranger, old = secrets.token_bytes(32), int(world.app.extensions["tangying"].clock.now().timestamp()) - 10
    assert world.ask("GET", "/people/me", token=jwt.encode(claims(ming, world), key, "HS256")).status == 200
    refresh = world.ask("POST", "/session", {"code": "dev:ming"})["refresh_token"]
    header, body, signature = ming.token.split(".")
    bad = {
        "no token": "", "not one": "a.b.c", "refresh as access": refresh,
        "unsigned": jwt.encode(claims(ming, world), None, "none"),
        "other key": jwt.encode(claims(ming, world), stranger, "HS256"),
        "other algorithm": jwt.encode(claims(ming, world), key * 2, "HS512"),
        "other body": f"{header}.{other.token.split('.')[1]}.{signature}", "cut off": ming.token[:-2],
        **{f"without {name}": jwt.encode(claims(ming, world, **{name: None}), key, "HS256")
           for name in ("exp", "iat", "sub", "aud", "jti", "typ")},
        "other audience": jwt.encode(claims(ming, world, aud="others"), key, "HS256"),
        "other type": jwt.encode(claims(ming, world, typ="refresh"), key, "HS256"),
        "exp as text": jwt.encode(claims(ming, world, exp="never"), key, "HS256"),
        "exp as a fraction": jwt.encode(claims(ming, world, exp=9e9), key, "HS256"),
        "somebody else's sign-in": jwt.encode(claims(ming, world, sub=other.id), key, "HS256"),
        "nobody": jwt.encode(claims(ming, world, sub=SOME_ID), key, "HS256"),
        "no id": jwt.encode(claims(ming, world, sub="admin"), key, "HS256"),
        "jku": jwt.encode(claims(ming, world), key, "HS256", headers={"jku": "http://127.0.0.1/keys"}),
        "kid": jwt.encode(claims(ming, world), key, "HS256", headers={"kid": "../../dev/null"}),
    }
    for what, token in bad.items():
        answer = world.ask("GET", "/people/me", Authorization=f"Bearer {token}")
        assert (what, answer.status, answer.code) == (what, 401, "unauthenticated")
    expired = world.ask("GET", "/people/me", token=jwt.encode(claims(ming, world, exp=old), key, "HS256"))
    refused(expired, 401, "token_expired")
    for scheme in (f"Basic {ming.token}", ming.token, f"Bearer {ming.token} {ming.token}", "Bearer"):
        refused(world.ask("GET", "/people/me", Authorization=scheme), 401, "unauthenticated")


def test_refusals_come_in_the_order_of_the_contract(world: World) -> None:
    group = world.group()
    stranger, leader = world.person("fremd"), world.with_role("banzhang", "leader", "class", group["id"])
    ming = world.patient("ming", group)
    mine = ming.file("meal", EVE)["entry"]["id"]
    broken, huge, path = b"{", b"{" * 300_000, f"/entries/{mine}"
    # Who are you comes before everything else.
    refused(world.ask("PATCH", path, raw=huge), 401, "unauthenticated")
    # Then how large, then whether it is JSON at all; but what is not one's own stays hidden behind neither.
    refused(world.ask("PATCH", path, raw=huge, token=ming.token), 413, "body_too_large")
    refused(world.ask("PATCH", path, raw=broken, token=ming.token), 400, "not_json")
    refused(stranger.ask("PATCH", path, {"nonsense": 1}), 404, "not_found")
    refused(leader.ask("PATCH", path, {"nonsense": 1}), 403, "forbidden")
    refused(ming.ask("PATCH", path, {"nonsense": 1}), 422, "invalid")
    refused(ming.ask("PATCH", path, {"occurred_at": "2026-03-02T12:00:00+08:00"}), 409, "entry_in_future")


@pytest.mark.parametrize(("value", "unit"), [(2.9, "mmol/L"), ("LO", "mmol/L"), (52, "mg/dL"), (16.8, "mmol/L")])
def test_every_refusal_of_a_dangerous_reading_carries_its_card(world: World, value: Any, unit: str) -> None:
    ming, hong = world.person("ming"), world.person("hong")
    reading = {"value": value, "unit": unit}
    kept = entry("glucose", NOON, **reading)
    refusals = {
        "consent_required": ming.post("/entries", entry("glucose", NOON, **reading)),
        "invalid": ming.post("/entries", entry("glucose", NOON, **reading, colour="red")),
        "unauthenticated": world.ask("POST", "/entries", kept),
        "not_found": ming.post("/entries", entry("glucose", NOON, **reading, person_id=SOME_ID)),
        "entry_in_future": hong.consent() and hong.post("/entries", entry("glucose", "2026-03-09T12:00:00+08:00", **reading)),
    }
    assert hong.post("/entries", kept).status == 201
    refusals["entry_conflict"] = hong.post("/entries", {**kept, "slot": "bedtime"})
    assert hong.ask("DELETE", f"/entries/{kept['id']}").status == 200
    refusals["entry_gone"] = hong.post("/entries", kept)
    for code, answer in refusals.items():
        assert (code, answer.code) == (code, answer.json["code"])
        assert answer["advice"]["steps"], code
    synced = ming.post("/entries/sync", {"entries": [kept | {"id": str(uuid.uuid4())}]})["results"][0]
    assert synced["problem"]["advice"]["steps"]


NAUGHTY = [
    "👨‍👩‍👧‍👦 一家人", "עברית العربية", "'; DROP TABLE entries; --", "=HYPERLINK(\"http://x\")", "<script>alert(1)</script>",
    "%s %n {0} ${x}", "../../etc/passwd", "NULL", "undefined", "𠮷野家 䶮 𬱖", "ＦＵＬＬ　ｗｉｄｔｈ", "  两边有空格  ",
    "e\u0301clair", "\u200bzero width", "1e309", "a" * 60,
]


@pytest.mark.parametrize("text", NAUGHTY, ids=ascii)
def test_what_people_write_comes_back_as_they_wrote_it(world: World, text: str) -> None:
    ming = world.person("ming")
    ming.consent()
    wanted = unicodedata.normalize("NFC", text).strip()
    filed = ming.post("/entries", meal(text=text, note=text))
    assert filed.status == 201
    shown = ming.get(f"/entries/{filed['entry']['id']}")
    assert (shown["text"], shown["note"]) == (wanted, wanted)
    assert ming.ask("PATCH", "/people/me", {"full_name": text[:30], "complications": [text]})["complications"] == [wanted]
    assert ming.get("/people/me")["full_name"] == unicodedata.normalize("NFC", text[:30]).strip()


def test_a_refusal_is_said_in_english_to_who_asks_for_it(world: World) -> None:
    ming = world.person("ming")
    for language, is_chinese in (("en", False), ("en-US,en;q=0.9", False), ("zh-CN,zh;q=0.9,en;q=0.1", True), ("fr", True),
                                 ("*", True)):
        answer = ming.get(f"/camps/{SOME_ID}", Accept_Language=language)
        assert (language, bool(CHINESE.search(answer["detail"]))) == (language, is_chinese)
        assert answer.code == "not_found"


def test_a_method_that_a_path_does_not_know_names_those_it_does(world: World) -> None:
    answer = world.person("ming").ask("PUT", "/entries", {})
    refused(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} <= {word.strip() for word in answer.headers["Allow"].split(",")}


def test_an_idempotency_key_that_cannot_be_shown_is_refused(world: World) -> None:
    draft = {"organisation_id": world.organisation_id, "template": "standard-28", "name": "春季营", "starts_on": "2026-03-02"}
    for key in ("", "k" * 65, "a\x7fb"):
        refused(world.admin.post("/camps", draft, Idempotency_Key=key), 422, "invalid")
