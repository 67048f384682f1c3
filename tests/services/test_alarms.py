"""The shared part that other words raise alarms with, and what it costs those who are in no danger."""

import datetime as dt
import uuid

import sqlalchemy as sa

from server.models import alerts as alert_rows
from server.models import causes as cause_rows
from server.models.base import db
from server.services import alarms, work
from server.services.work import Call
from tests.makers import Person, World

NOON = "2026-03-03T12:00:00+08:00"


@work.writes
def raise_words(session, call, question_id, about):
    """As a question does."""
    return alarms.raise_words(session, call, question_id, about)


@work.writes
def call_off(session, call, question_id):
    """As a question does that was none."""
    alarms.call_off(session, call, question_id)


def call_of(world: World, person: Person) -> Call:
    """A request of that person, now."""
    return Call(world.app.extensions["tangying"], dt.datetime.fromisoformat(world.now), "test", uuid.UUID(person.id))


def test_emergency_words_ring_once_in_twelve_hours_and_can_be_taken_back(world: World) -> None:
    ming = world.patient()
    world.clock(NOON)
    ming.sign_in()
    first, second = uuid.uuid4(), uuid.uuid4()
    with world.app.app_context():
        assert raise_words(call_of(world, ming), first, "self") == raise_words(call_of(world, ming), second, "self")
        raise_words(call_of(world, ming), uuid.uuid4(), "relative")
    items = ming.get("/alerts")["items"]
    assert sorted((one["level"], one["about"], one["entry_id"]) for one in items) == [
        ("emergency_words", "relative", None), ("emergency_words", "self", None)]
    own = next(one for one in items if one["about"] == "self")
    assert own["question_id"] == str(first)
    assert [one["step"] for one in own["told"]] == ["manager"]
    with world.app.app_context():
        call_off(call_of(world, ming), first)
        assert next(one for one in ming.get("/alerts")["items"] if one["id"] == own["id"])["closed_at"] is None
        call_off(call_of(world, ming), second)
        call_off(call_of(world, ming), uuid.uuid4())
    closed = next(one for one in ming.get("/alerts")["items"] if one["id"] == own["id"])
    assert (closed["closed_why"], [one["step"] for one in closed["told"]]) == ("corrected", ["manager", "cleared"])


def test_words_need_neither_consent_nor_camp(world: World) -> None:
    ming = world.person("ming")
    with world.app.app_context():
        raise_words(call_of(world, ming), uuid.uuid4(), "unknown")
    assert [(one["about"], one["told"]) for one in ming.get("/alerts")["items"]] == [("unknown", [])]


def test_who_is_in_no_danger_pays_one_look_for_a_reading_and_none_for_a_meal(world: World, monkeypatch) -> None:
    ming = world.patient()
    looks: list[str] = []
    for prepared, name in ((alert_rows._OPEN, "open"), (cause_rows._NEAR, "near")):
        monkeypatch.setattr(prepared, "rows", Noted(prepared.rows, name, looks))
    written: list[str] = []
    with world.app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_more):
        written.extend([statement] if "alert" in statement or "tellings" in statement else [])

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        for kind, expected in (("meal", []), ("glucose", ["open"]), ("exercise", ["near"])):
            looks.clear()
            assert ming.file(kind).status == 201
            assert (kind, looks, written) == (kind, expected, [])
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


class Noted:
    """A call that is made and noted."""

    def __init__(self, call, name: str, looks: list[str]) -> None:
        self.call, self.name, self.looks = call, name, looks

    def __call__(self, *given, **more):
        self.looks.append(self.name)
        return self.call(*given, **more)
