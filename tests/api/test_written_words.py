"""Whatever people write, wherever they may write: it comes back trimmed, in NFC, and otherwise as it was written."""

import unicodedata
import uuid
from typing import Any

import pytest

from server.models.base import db
from server.models.consents import Consent
from server.models.enrolments import Enrolment
from tests.makers import Person, World, day, entry

# No longer than the shortest text that is asked for: a relation, of 20 characters.
NAUGHTY = [
    "👩🏽‍⚕️ 一家人 👨‍👩‍👧‍👦", "עברית العربية", "'; DROP TABLE x; --", "\" OR \"\"=\"", "=1+1|cmd", "+86 138", "-5.6",
    "@SUM(A1)", "<b onload=alert(1)>", "%s %n {0} ${x}", "{{7*7}}", "../../etc/passwd", "NULL", "undefined",
    "𠮷野家 䶮 𬱖", "ＦＵＬＬ　ｗｉｄｔｈ", "  两边有空格  ", "　全角空格　", "e\u0301clair n\u0303", "a\u200bb\u2060c",
    "\ufeffmark", "ﷺ ﷺ", "1e309", "\\ud800 \\n", "💉" * 20,
]


def what_came_back(world: World, person: Person, group: dict[str, Any], text: str) -> dict[str, Any]:
    """By place of writing, what is read there after that text was written."""
    admin, owner = world.admin, world.person("owner")
    profile = {"nickname": text, "full_name": text, "complications": [text], "meter": {"model": text},
               "emergency_contact": {"name": text, "relation": text, "phone": "13800000000"}}
    assert person.ask("PATCH", "/people/me", profile).status == 200
    profile = person.get("/people/me")
    mine = f"/enrolments/{person.enrolment['id']}"
    dependant = person.post("/people/dependants", {"full_name": text, "birth_on": "2016-01-01", "relation": text,
                                                   "basis": "guardian"})
    meal = person.file("meal", text=text, note=text, foods=[{"name": text, "grams": 50}])["entry"]
    rest = person.file("exercise", activity=text, note="x")["entry"]
    person.ask("PATCH", f"/entries/{rest['id']}", {"note": text})
    synced = person.post("/entries/sync", {"entries": [entry("meal", world.now, note=text)]})["results"][0]["entry"]
    shown = [person.get(f"/entries/{each['id']}") for each in (meal, rest, synced)]
    camp = admin.post("/camps", {"organisation_id": world.organisation_id, "template": "standard-28", "name": text,
                                 "starts_on": "2026-06-01"})
    made = admin.post("/classes", {"camp_id": group["camp_id"], "name": text, "capacity": 9})
    pause = {"from": str(day(5)), "to": str(day(5)), "reason": text}
    adjusted = {"enrolment_id": person.enrolment["id"], "points": 1, "reason": text}
    assert admin.post("/points/adjustments", adjusted).status == 201
    asked = person.post("/questions", {"text": text})
    thread = person.post(f"/questions/{asked['id']}/messages", {"text": text})
    doctor = world.with_role("doctor", "doctor", "organisation", world.organisation_id, "沪医 0001")
    doctor.ask("PATCH", "/people/me", {"full_name": text})
    replied = doctor.post(f"/questions/tickets/{thread['ticket']['id']}/reply", {"text": text})["thread"][-1]
    topic = admin.post("/questions/topics", {"slug": "own", "question": text, "ways": [text], "answer": text * 9,
                                             "category": text, "source": text, "reviewer": text})
    return {
        "question": person.get(f"/questions/{asked['id']}")["text"], "message": thread["thread"][0]["text"],
        "reply": replied["text"], "signature": replied["author"]["name"], "way": topic["ways"][0],
        **{f"topic {name}": topic[name] for name in ("question", "category", "source", "reviewer")},
        **{name: profile[name] for name in ("nickname", "full_name")}, "complication": profile["complications"][0],
        "meter": profile["meter"]["model"], "contact": profile["emergency_contact"]["name"],
        "relation": profile["emergency_contact"]["relation"], "dependant": dependant["full_name"],
        "their relation": dependant["relation"], "meal": shown[0]["text"], "note": shown[0]["note"],
        "food": shown[0]["foods"][0]["name"], "activity": shown[1]["activity"], "changed note": shown[1]["note"],
        "synced note": shown[2]["note"], "camp": admin.get(f"/camps/{camp['id']}")["name"],
        "class": admin.get(f"/classes/{made['id']}")["name"],
        "organisation": owner.post("/organisations", {"name": text})["name"],
        "pause": person.post(f"{mine}/pause", pause)["pauses"][0]["reason"],
        "adjustment": next(line["note"] for line in person.points()["lines"]["items"] if line["note"]),
        **kept_unshown(world, person, dependant["id"], text),
    }


def kept_unshown(world: World, person: Person, dependant_id: str, text: str) -> dict[str, Any]:
    """The same of what is kept for the record and shown to nobody yet."""
    care = next(d for d in person.get("/consents/documents/current")["items"] if d["purpose"] == "care")
    consent = person.post("/consents", {"document_id": care["id"], "version": care["version"], "given_by": "guardian",
                                        "guardian_name": text, "person_id": dependant_id})
    left = person.post(f"/enrolments/{person.enrolment['id']}/withdraw", {"reason": text})
    with world.app.app_context():
        found = {"guardian": db.session.get_one(Consent, uuid.UUID(consent["id"])).guardian_name,
                 "withdrawal": db.session.get_one(Enrolment, uuid.UUID(left["id"])).ended_reason}
        db.session.remove()
    return found


@pytest.mark.parametrize("text", NAUGHTY, ids=ascii)
def test_what_is_written_anywhere_is_what_is_read(world: World, text: str) -> None:
    group = world.group()
    person = world.patient("ming", group)
    wanted = unicodedata.normalize("NFC", text).strip()
    came_back = what_came_back(world, person, group, text)
    assert {place: read for place, read in came_back.items() if read != wanted} == {}


def test_the_log_of_a_fault_holds_nothing_that_was_written(world: World, caplog: pytest.LogCaptureFixture) -> None:
    owner = world.person("owner")
    with world.without("organisations"):
        answer = owner.post("/organisations", {"name": "CANARY"})
    assert answer.status >= 500
    assert "CANARY" not in caplog.text + str(answer.json)
