"""Makers: people, camps and entries through the public interface, so that a test says only what it is about."""

import contextlib
import dataclasses
import datetime as dt
import io
import json
import uuid
import zoneinfo
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import Flask
from PIL import Image

from server.models.base import db

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
FIRST_DAY = dt.date(2026, 3, 2)
EVE = "2026-03-01T20:00:00+08:00"


@dataclasses.dataclass
class Answer:
    """An answer: status, JSON (or bytes) and headers; item access reads the JSON."""

    status: int
    json: Any
    headers: Any

    def __getitem__(self, key: Any) -> Any:
        return self.json[key]

    @property
    def code(self) -> str:
        """The refusal's code."""
        return self.json["code"]


class Person:
    """Somebody signed in; signs in again when the clock has outrun the token."""

    def __init__(self, world: "World", name: str) -> None:
        self.world, self.name = world, name
        self.token, self.id = "", ""
        self.enrolment: Any = None
        self.sign_in()

    def sign_in(self) -> Answer:
        """Sign in afresh."""
        answer = self.world.ask("POST", "/session", {"code": f"dev:{self.name}"})
        assert answer.status == 201, answer.json
        self.token, self.id = answer["access_token"], answer["person"]["id"]
        return answer

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask as this person."""
        answer = self.world.ask(method, path, body, token=self.token, **headers)
        if answer.status == 401 and answer.code == "token_expired":
            self.sign_in()
            answer = self.world.ask(method, path, body, token=self.token, **headers)
        return answer

    def get(self, path: str, **headers: str) -> Answer:
        """GET as this person."""
        return self.ask("GET", path, **headers)

    def send(self, path: str, raw: bytes, sent_as: str, **headers: str) -> Answer:
        """POST these bytes as this person."""
        return self.world.ask("POST", path, token=self.token, raw=raw, sent_as=sent_as, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """POST as this person."""
        return self.ask("POST", path, body, **headers)

    def consent(self, purpose: str = "care") -> Answer:
        """Give a consent."""
        documents = self.get("/consents/documents/current")["items"]
        document = next(d for d in documents if d["purpose"] == purpose)
        return self.post("/consents", {"document_id": document["id"], "version": document["version"], "given_by": "self"})

    def join(self, group: Any, *, board_visible: bool = True, plan: str | None = "daily", **more: Any) -> "Person":
        """Consent to care and join the class."""
        self.consent()
        draft = {"join_code": group["join_code"], "board_visible": board_visible, **more}
        answer = self.post("/enrolments", {**draft, "plan": plan} if plan else draft)
        assert answer.status == 201, answer.json
        self.enrolment = answer.json
        return self

    def brings(self, group: Any, guardian_name: str = "陈建国", **who: Any) -> Answer:
        """Add a person without WeChat, an elder unless told otherwise, consent for them and enrol them: the enrolment."""
        elder = {"full_name": "陈桂兰", "birth_on": "1944-05-01", "relation": "母亲", "basis": "carer"}
        added = self.post("/people/dependants", {**elder, **who})
        care = next(one for one in self.get("/consents/documents/current")["items"] if one["purpose"] == "care")
        self.post("/consents", {"document_id": care["id"], "version": care["version"], "given_by": "guardian",
                                "guardian_name": guardian_name, "person_id": added["id"]})
        enrolment = self.post("/enrolments", {"join_code": group["join_code"], "board_visible": False, "plan": "daily",
                                              "person_id": added["id"]})
        assert enrolment.status == 201, enrolment.json
        return enrolment

    def file(self, kind: str = "meal", at: str | dt.datetime | None = None, **fields: Any) -> Answer:
        """File an entry of that kind, now unless `at` says when."""
        return self.post("/entries", entry(kind, at or self.world.now, **fields))

    def live_day(self, day: dt.date, *kinds: str) -> None:
        """File one entry of each kind (meal, exercise, glucose when none is named) at noon of the day, and then some."""
        self.world.clock(f"{day}T20:00:00+08:00")
        for kind in kinds or ("meal", "exercise", "glucose"):
            answer = self.file(kind, f"{day}T12:00:00+08:00")
            assert answer.status == 201, answer.json

    def streak(self) -> Answer:
        """The person's own days."""
        return self.get(f"/streaks/me?enrolment_id={self.enrolment['id']}")

    def points(self) -> Answer:
        """The person's own ledger."""
        return self.get("/points/me?limit=100")


class World:
    """A running application with 示范医院, asked over its public interface on a stopped clock."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.now = ""
        self.clock(EVE)
        self.people: dict[str, Person] = {}

    def ask(self, method: str, path: str, body: Any = None, *, token: str | None = None, raw: bytes | None = None,
            sent_as: str = "application/json", **headers: str) -> Answer:
        """One request; header names are written with underscores. `raw` is sent as it is, under the media type `sent_as`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        given: dict[str, Any] = {} if body is None and raw is None else {
            "data": raw if raw is not None else json.dumps(body), "content_type": sent_as}
        root = path if path.startswith(("/healthz", "/readyz", "/c/")) else f"/api/v1{path}"
        response = self.client.open(root, method=method, headers=sent, **given)
        is_json = "json" in (response.content_type or "")
        answer = Answer(response.status_code, response.json if is_json and response.data else response.data, response.headers)
        response.close()  # a file that was answered stays open until then
        return answer

    def clock(self, instant: str | dt.datetime) -> None:
        """Stop the clock there."""
        moment = dt.datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        self.app.extensions["tangying"].clock.stop_at(moment)
        self.now = moment.isoformat()

    @contextlib.contextmanager
    def without(self, table: str) -> Iterator[None]:
        """A database that has lost this table; it is back afterwards."""
        for before, after in ((table, "lost"), ("lost", table)):
            with self.app.app_context(), db.engine.begin() as connection:
                connection.execute(sa.text(f"ALTER TABLE {before} RENAME TO {after}"))
            if after == "lost":
                yield

    def person(self, name: str) -> Person:
        """Somebody by name, signed in once."""
        if name not in self.people:
            self.people[name] = Person(self, name)
        return self.people[name]

    @property
    def admin(self) -> Person:
        """The admin of 示范医院."""
        return self.person("admin")

    @property
    def manager(self) -> Person:
        """The health manager of 示范医院."""
        return self.person("manager")

    @property
    def organisation_id(self) -> str:
        """示范医院."""
        return self.admin.get("/organisations")["items"][0]["id"]

    def camp(self, starts_on: dt.date = FIRST_DAY, *, template: str = "standard-28", is_open: bool = True,
             **more: Any) -> Any:
        """A camp of 示范医院, open unless said otherwise."""
        answer = self.admin.post("/camps", {"organisation_id": self.organisation_id, "template": template, "name": "春季营",
                                            "starts_on": str(starts_on), **more})
        assert answer.status == 201, answer.json
        if is_open:
            answer = self.admin.post(f"/camps/{answer['id']}/open")
            assert answer.status == 200, answer.json
        return answer.json

    def group(self, camp: Any = None, name: str = "晨光班", capacity: int = 50) -> Any:
        """A class, of a new camp unless one is given."""
        answer = self.admin.post("/classes", {"camp_id": (camp or self.camp())["id"], "name": name, "capacity": capacity})
        assert answer.status == 201, answer.json
        return answer.json

    def patient(self, name: str = "ming", group: Any = None, **more: Any) -> Person:
        """Somebody in a class, of a new camp unless one is given."""
        return self.person(name).join(group or self.group(), **more)

    def graduates(self, *names: str, **more: Any) -> list[Person]:
        """People who have finished a camp of last winter that asked for one complete day, each with a certificate."""
        now, first = self.now, FIRST_DAY - dt.timedelta(days=56)
        self.clock(f"{first - dt.timedelta(days=1)}T20:00:00+08:00")
        self.admin.sign_in()
        rules = {"certificates": [{"level": "结营", "complete_days": 1}]}
        group = self.group(self.camp(first, name="冬季营", rules=rules), "雪松班")
        people = [self.person(name) for name in names]
        for person in people:
            person.sign_in()
            person.join(group, **more)
            person.live_day(first)
        self.clock(now)
        self.admin.sign_in()
        issued = self.admin.post("/certificates/issue", {"camp_id": group["camp_id"]})
        assert issued.json == {"issued": len(names), "already": 0, "left": 0}
        for person in people:
            person.sign_in()
        return people

    def with_role(self, name: str, role: str, scope_type: str, scope_id: str, credential: str | None = None) -> Person:
        """Somebody to whom the admin has given that role."""
        person = self.person(name)
        draft = {"role": role, "scope_type": scope_type, "scope_id": scope_id}
        answer = self.admin.post(f"/people/{person.id}/roles", {**draft, "credential": credential} if credential else draft)
        assert answer.status == 201, answer.json
        return person


def entry(kind: str, at: str | dt.datetime, **fields: Any) -> dict[str, Any]:
    """A well-formed entry of that kind with an id of its own."""
    own = {
        "meal": {"slot": "lunch", "text": "米饭一碗，青菜"},
        "exercise": {"activity": "快走", "minutes": 30, "intensity": "medium"},
        "glucose": {"value": 6.1, "unit": "mmol/L"},
        "lesson": {},
    }[kind]
    moment = at if isinstance(at, str) else at.isoformat()
    return {"id": str(uuid.uuid4()), "kind": kind, "occurred_at": moment, **own, **fields}


def jpeg(width: int = 64, height: int = 48, **saved: Any) -> bytes:
    """A small picture, left half red and right half blue."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (width // 2, 0, width, height))
    made = io.BytesIO()
    picture.save(made, "JPEG", **saved)
    return made.getvalue()


def day(number: int) -> dt.date:
    """The camp day of that number in the camps that makers make."""
    return FIRST_DAY + dt.timedelta(days=number - 1)
