"""Classes: made in a camp, joined by a code, watched by their leaders."""

import io
import secrets
import uuid
from typing import Any

import segno
import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import access, camps, codes, cursors, enrolments, streaks
from server.domain.access import HEALTH_STAFF, Place
from server.domain.refusals import Refusal
from server.models import classes as class_rows
from server.models import enrolments as enrolment_rows
from server.models import entries as entry_rows
from server.models import standings
from server.models.base import insert_once
from server.models.camps import Camp
from server.models.classes import Class
from server.models.enrolments import Enrolment, Pause
from server.models.entries import Entry
from server.models.people import Person
from server.services import reach, trail, work
from server.services.work import Call

QR_SCALE = 8


@work.writes
def create(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """A class with a join code. Raises camp_archived, already_exists for a name that the camp has."""
    camp = reach.camp(session, call, draft["camp_id"], "class.create", lock=True)
    if camp.archived_at is not None:
        raise Refusal("camp_archived")
    row = {"id": uuid.uuid4(), "organisation_id": camp.organisation_id, "camp_id": camp.id, "name": draft["name"],
           "capacity": draft["capacity"], "seats_taken": 0,
           "join_code": codes.make(secrets.choice, codes.JOIN_LENGTH), "created_at": call.now, "version": 1}
    if not insert_once(session, Class.__table__, row):
        raise Refusal("already_exists")
    trail.record(session, call, "class.create", f"class:{row['id']}", organisation_id=camp.organisation_id, fields=draft,
                 content=draft)
    return _view(session.get_one(Class, row["id"]), with_code=True)


@work.reads
def show(session: Session, call: Call, class_id: uuid.UUID) -> dict[str, Any]:
    """One class; the join code only for who runs it."""
    group = reach.class_(session, call, class_id, "class.read")
    return _view(group, with_code=_may_invite(session, call, group))


@work.reads
def page(session: Session, call: Call, camp_id: uuid.UUID, after: str | None, limit: int) -> dict[str, Any]:
    """The camp's classes by name: all for its staff, for others those they reach."""
    camp = reach.camp(session, call, camp_id, "camp.read")
    held = reach.roles_at(session, call, Place(camp.organisation_id, camp.id))
    rows = class_rows.page(session, camp.id, only=None, after=cursors.read(after, "su"), limit=limit + 1)
    if not held & access.STAFF:
        rows = [group for group in rows if _reached(session, call, group)]
    return cursors.page(rows, limit, lambda group: _view(group, with_code=_may_invite(session, call, group)),
                        lambda group: (group.name, group.id))


def _reached(session: Session, call: Call, group: Class) -> bool:
    try:
        reach.class_(session, call, group.id, "class.read")
    except Refusal:
        return False
    return True


def _may_invite(session: Session, call: Call, group: Class | sa.Row) -> bool:
    held = reach.roles_at(session, call, Place(group.organisation_id, group.camp_id, group.id))
    return bool(held & access.MAY["class.join_code"])


@work.reads
def by_code(session: Session, call: Call, code: str) -> dict[str, Any]:
    """What anyone with the code may see before joining: camp, class and dates. Raises not_found."""
    group = class_rows.by_code(session, code) if codes.is_one(code) else None
    if group is None:
        raise Refusal("not_found")
    camp = session.get_one(Camp, group.camp_id)
    status = camps.status(camp.calendar, camp.opened_at is not None, camp.archived_at is not None, call.now)
    takes = status in ("enrolling", "running") and camp.calendar.takes_members(call.now)
    return {"camp": {"id": camp.id, "name": camp.name, "status": status, "starts_on": camp.starts_on,
                     "ends_on": camp.calendar.ends_on, "days": camp.days, "timezone": camp.timezone},
            "class": {"id": group.id, "name": group.name, "is_full": group.seats_taken >= group.capacity},
            "takes_members": takes}


@work.reads
def join_qr(session: Session, call: Call, class_id: uuid.UUID, base_url: str) -> bytes:
    """A PNG whose QR code leads to the class by its join code."""
    group = reach.class_(session, call, class_id, "class.join_code")
    picture = io.BytesIO()
    segno.make(f"{base_url}classes/by-code/{group.join_code}", error="m").save(picture, kind="png", scale=QR_SCALE, border=4)
    return picture.getvalue()


@work.writes
def renew_join_code(session: Session, call: Call, class_id: uuid.UUID) -> dict[str, Any]:
    """The class with a new join code; the old one opens nothing any more."""
    group = reach.class_(session, call, class_id, "class.join_code")
    group = session.get_one(Class, group.id, with_for_update=True)
    group.join_code = codes.make(secrets.choice, codes.JOIN_LENGTH)
    trail.record(session, call, "class.renew_join_code", f"class:{group.id}", organisation_id=group.organisation_id,
                 fields=["join_code"])
    session.flush()
    return _view(group, with_code=True)


@work.writes
def members(session: Session, call: Call, class_id: uuid.UUID, after: str | None, limit: int) -> dict[str, Any]:
    """Who is in the class and who has checked in today. Only health staff also see each one's last reading, and that
    look is put on the trail: hence a write."""
    group = reach.class_(session, call, class_id, "class.members")
    camp = session.get_one(Camp, group.camp_id)
    held = reach.roles_at(session, call, Place(group.organisation_id, group.camp_id, group.id))
    rows = enrolment_rows.members(session, group.id, after=cursors.read(after, "tu"), limit=limit + 1)
    ids = [enrolment.id for enrolment, _ in rows[:limit]]
    today = camp.calendar.day_of(call.now)
    counted = entry_rows.counted_on(session, ids, today)
    pauses = enrolment_rows.pauses_of(session, ids)
    points = standings.camp_points(session, ids)
    readings: dict[uuid.UUID, Entry] = {}
    if held & HEALTH_STAFF:
        people = [person.id for _, person in rows[:limit]]
        readings = entry_rows.last_readings(session, people)
        trail.record(session, call, "class.members_read", f"class:{group.id}", organisation_id=group.organisation_id,
                     fields=["last_reading"], content=people)

    def view(row: tuple[Enrolment, Person]) -> dict[str, Any]:
        enrolment, person = row
        shown = _member_view(enrolment, person, camp, call, counted[enrolment.id], pauses[enrolment.id])
        shown["points"] = points.get(enrolment.id, 0)
        return {**shown, "last_reading": _reading_view(readings.get(person.id))} if held & HEALTH_STAFF else shown

    return cursors.page(rows, limit, view, lambda row: (row[0].joined_at, row[0].id))


def _member_view(enrolment: Enrolment, person: Person, camp: Camp, call: Call, counted: dict[str, int],
                 pauses: list[Pause]) -> dict[str, Any]:
    calendar = camp.calendar
    today = calendar.day_of(call.now)
    number = calendar.number_of(today)
    plan = enrolments.plan_on(enrolment.plan_changes, number)
    asked = camps.asked_on(camp.rules, plan, number) if calendar.holds(today) else {}
    joined = calendar.number_of(enrolment.joined_day) if enrolment.joined_day else 1
    days = streaks.states(enrolment.marks, calendar, joined, call.now)
    return {"enrolment_id": enrolment.id, "person_id": person.id, "nickname": person.nickname,
            "done": {kind: counted.get(kind, 0) for kind in camps.KINDS}, "required": asked,
            "complete_today": bool(asked) and streaks.is_complete(asked, counted),
            "streak": streaks.current_run(days), "complete_days": enrolment.marks.count(streaks.COMPLETE),
            "paused": any(p.first_day <= today <= p.last_day for p in pauses)}


def _reading_view(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {"glucose_mmol_l": entry.glucose_mmol_l, "value": entry.glucose_typed, "unit": entry.glucose_unit,
            "slot": entry.slot, "occurred_at": entry.occurred_at}


def _view(group: Class | sa.Row, *, with_code: bool) -> dict[str, Any]:
    shown = {"id": group.id, "camp_id": group.camp_id, "name": group.name, "capacity": group.capacity,
             "seats_taken": group.seats_taken, "version": group.version}
    return {**shown, "join_code": group.join_code} if with_code else shown
