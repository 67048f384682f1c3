"""Joining a class, pausing, changing plan or class, and leaving."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, camps, cursors, enrolments, glucose, leaderboards
from server.domain.access import OWN
from server.domain.refusals import Refusal
from server.domain.templates import TEMPLATES
from server.models import classes as class_rows
from server.models import consents as consent_rows
from server.models import enrolments as enrolment_rows
from server.models import seats, standings
from server.models.base import insert_once
from server.models.camps import Camp
from server.models.classes import Class
from server.models.enrolments import Enrolment, Pause
from server.services import books, outbox, reach, trail, work
from server.services.work import Call


@work.writes
def join(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """The enrolment: active at once, or applied when a screening answer asks for staff.

    Raises consent_required, code_unknown, camp_closed, screening_unknown, plan_unknown, already_enrolled, class_full.
    """
    person = reach.person(session, call, draft.get("person_id"), "enrolment.join").person
    if consent_rows.live(session, person.id, "care") is None:
        raise Refusal("consent_required")
    group = class_rows.by_code(session, draft["join_code"])
    if group is None:
        raise Refusal("code_unknown")
    camp = session.get_one(Camp, group.camp_id)
    if camp.opened_at is None or camp.archived_at is not None or not camp.calendar.takes_members(call.now):
        raise Refusal("camp_closed")
    template, plans = TEMPLATES[camp.template], camp.rules["plans"]
    plan = draft.get("plan") or camps.proposed_plan(
        template, plans, on_insulin=glucose.uses_insulin(person.treatments, person.medicines))
    if plan not in plans:
        raise Refusal("plan_unknown")
    screening = draft.get("screening") or {}
    status = enrolments.first_status(screening, template["screening"])
    _finish_earlier(session, call, person.id)
    row = {"id": uuid.uuid4(), "person_id": person.id, "organisation_id": camp.organisation_id, "camp_id": camp.id,
           "class_id": group.id, "status": status, "plan_changes": [[1, plan]], "screening": screening or None,
           "marks": enrolments.no_marks(camp.calendar), "applied_at": call.now, "channel": draft.get("channel"),
           "filed_by": call.actor_id, "version": 1}
    if not insert_once(session, Enrolment.__table__, row):
        raise Refusal("already_enrolled")
    if not class_rows.take_seat(session, group.id):
        raise Refusal("class_full")
    person.board_visible = draft["board_visible"]
    enrolment = session.get_one(Enrolment, row["id"])
    if status == "active":
        _let_in(session, call, enrolment, camp)
    trail.record(session, call, "enrolment.join", f"enrolment:{enrolment.id}", person_id=person.id,
                 organisation_id=camp.organisation_id, fields=draft, content=draft)
    session.flush()
    return _view(enrolment, camp, group, [], call, reasons=True)


def _finish_earlier(session: Session, call: Call, person_id: uuid.UUID) -> None:
    """Do now what the job would: end the person's enrolment in a camp that is over, so that it blocks no new one."""
    live = enrolment_rows.live_locked(session, person_id)
    if live is not None and live.status == "active" and session.get_one(Camp, live.camp_id).calendar.finished(call.now):
        live.status = "finished"
        session.flush()


def _let_in(session: Session, call: Call, enrolment: Enrolment, camp: Camp) -> None:
    enrolment.status, enrolment.joined_at = "active", call.now
    enrolment.joined_day = camp.calendar.day_of(call.now)
    standings.open_rows(session, enrolment, leaderboards.periods_of_camp(camp.starts_on, camp.days))
    outbox.leave(session, call, enrolment.person_id, "joined", f"欢迎加入{camp.name}，{camp.starts_on:%Y年%m月%d日}开营。",
                 f"enrolment:{enrolment.id}", organisation_id=camp.organisation_id)


@work.writes
def approve(session: Session, call: Call, enrolment_id: uuid.UUID) -> dict[str, Any]:
    """The application, let in. Raises enrolment_not_applied, camp_closed when the camp is over."""
    enrolment = reach.enrolment(session, call, enrolment_id, "enrolment.decide", lock=True)
    if enrolment.status != "applied":
        raise Refusal("enrolment_not_applied")
    camp = session.get_one(Camp, enrolment.camp_id)
    if camp.calendar.finished(call.now):
        raise Refusal("camp_closed")
    _let_in(session, call, enrolment, camp)
    return _recorded(session, call, enrolment, "enrolment.approve")


@work.writes
def decline(session: Session, call: Call, enrolment_id: uuid.UUID) -> dict[str, Any]:
    """The application, declined; the seat is free again. Raises enrolment_not_applied."""
    enrolment = reach.enrolment(session, call, enrolment_id, "enrolment.decide", lock=True)
    if enrolment.status != "applied":
        raise Refusal("enrolment_not_applied")
    enrolment.status, enrolment.ended_at = "declined", call.now
    class_rows.give_seat_back(session, enrolment.class_id)
    outbox.leave(session, call, enrolment.person_id, "declined", "这次暂时不适合入营，工作人员会和您联系。",
                 f"enrolment:{enrolment.id}", organisation_id=enrolment.organisation_id)
    return _recorded(session, call, enrolment, "enrolment.decline")


@work.writes
def change_plan(session: Session, call: Call, enrolment_id: uuid.UUID, plan: str) -> dict[str, Any]:
    """The enrolment on another plan from today on. Raises enrolment_not_active, plan_unknown, stale."""
    enrolment = reach.enrolment(session, call, enrolment_id, "enrolment.plan", lock=True)
    work.check_version(call, enrolment.version)
    camp = session.get_one(Camp, enrolment.camp_id)
    if enrolment.status not in enrolments.LIVE or camp.calendar.finished(call.now):
        raise Refusal("enrolment_not_active")
    if plan not in camp.rules["plans"]:
        raise Refusal("plan_unknown")
    today = camp.calendar.day_of(call.now)
    since = max(1, camp.calendar.number_of(today))
    earlier = [change for change in enrolment.plan_changes if change[0] < since]
    enrolment.plan_changes = [*earlier, [since, plan]]
    session.flush()
    if enrolment.status == "active":
        books.settle(session, call, seats.seat_of(enrolment, camp), [today])
    return _recorded(session, call, enrolment, "enrolment.change_plan", "plan")


@work.writes
def pause(session: Session, call: Call, enrolment_id: uuid.UUID, draft: dict[str, Any]) -> dict[str, Any]:
    """The enrolment with these days paused. Raises enrolment_not_active and domain.enrolments.check_pause's refusals."""
    enrolment = reach.enrolment(session, call, enrolment_id, "enrolment.pause", lock=True)
    camp = session.get_one(Camp, enrolment.camp_id)
    if enrolment.status != "active" or camp.calendar.finished(call.now):
        raise Refusal("enrolment_not_active")
    by_staff = not reach.enrolment_held(session, call, enrolment) & OWN
    first, last = draft["from"], draft["to"]
    so_far = [(p.first_day, p.last_day, p.by_staff) for p in
              enrolment_rows.pauses_of(session, [enrolment.id])[enrolment.id]]
    enrolments.check_pause(first, last, camp.calendar, so_far, camp.rules["pause"]["days"], call.now, by_staff=by_staff)
    session.add(Pause(id=uuid.uuid4(), enrolment_id=enrolment.id, organisation_id=enrolment.organisation_id,
                      first_day=first, last_day=last, by_staff=by_staff, reason=draft["reason"], filed_by=call.actor_id,
                      filed_at=call.now))
    session.flush()
    days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    books.settle(session, call, seats.seat_of(enrolment, camp), days, afresh=True)
    enrolment.version += 1
    return _recorded(session, call, enrolment, "enrolment.pause", "from", "to", "reason")


@work.writes
def withdraw(session: Session, call: Call, enrolment_id: uuid.UUID, reason: str | None) -> dict[str, Any]:
    """The enrolment, left by the patient. Health record and points stay theirs. Raises enrolment_not_active."""
    return _leave(session, call, enrolment_id, "withdrawn", "enrolment.withdraw", reason)


@work.writes
def close(session: Session, call: Call, enrolment_id: uuid.UUID, reason: str) -> dict[str, Any]:
    """The enrolment, closed by staff with a reason. Raises enrolment_not_active."""
    return _leave(session, call, enrolment_id, "closed", "enrolment.close", reason)


def _leave(session: Session, call: Call, enrolment_id: uuid.UUID, status: str, verb: str,
           reason: str | None) -> dict[str, Any]:
    enrolment = reach.enrolment(session, call, enrolment_id, verb, lock=True)
    if enrolment.status not in enrolments.LIVE:
        raise Refusal("enrolment_not_active")
    enrolment.status, enrolment.ended_at, enrolment.ended_reason = status, call.now, reason
    class_rows.give_seat_back(session, enrolment.class_id)
    standings.relist(session, enrolment.id, class_id=enrolment.class_id, listed=False)
    return _recorded(session, call, enrolment, verb, "status")


@work.writes
def transfer(session: Session, call: Call, enrolment_id: uuid.UUID, class_id: uuid.UUID) -> dict[str, Any]:
    """The enrolment in another class of the camp; all its points count there. Raises enrolment_not_active, same_class,
    class_elsewhere, class_full."""
    enrolment = reach.enrolment(session, call, enrolment_id, "enrolment.transfer", lock=True)
    target = reach.class_(session, call, class_id, "enrolment.transfer")
    if enrolment.status not in enrolments.LIVE:
        raise Refusal("enrolment_not_active")
    if target.id == enrolment.class_id:
        raise Refusal("same_class")
    if target.camp_id != enrolment.camp_id:
        raise Refusal("class_elsewhere")
    if not class_rows.take_seat(session, target.id):
        raise Refusal("class_full")
    class_rows.give_seat_back(session, enrolment.class_id)
    enrolment.class_id = target.id
    standings.relist(session, enrolment.id, class_id=target.id, listed=True)
    return _recorded(session, call, enrolment, "enrolment.transfer", "class_id")


@work.reads
def page(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """Enrolments, newest first: those of the caller or of a person they act for; of a class or camp for its staff."""
    after, limit = cursors.read(query.get("after"), "tu"), query["limit"]
    if query.get("class_id"):
        group = reach.class_(session, call, query["class_id"], "enrolment.transfer")
        rows = enrolment_rows.in_scopes(session, class_id=group.id, camp_id=None, status=query.get("status"), after=after,
                                        limit=limit + 1)
    elif query.get("camp_id"):
        camp = reach.camp(session, call, query["camp_id"], "enrolment.transfer")
        _need_whole_camp(session, call, camp)
        rows = enrolment_rows.in_scopes(session, class_id=None, camp_id=camp.id, status=query.get("status"), after=after,
                                        limit=limit + 1)
    else:
        person_id = reach.person_id(session, call, query.get("person_id"), "enrolment.read")
        rows = [row for row in enrolment_rows.of_person(session, person_id, after=after, limit=limit + 1)
                if reach.enrolment_held(session, call, row) & access.MAY["enrolment.read"]]
    return cursors.page(rows, limit, lambda row: _shown(session, call, row), lambda row: (row.applied_at, row.id))


def _need_whole_camp(session: Session, call: Call, camp: Camp) -> None:
    """A list of the whole camp is for staff of the whole camp; one class's staff ask for their class."""
    held = reach.roles_at(session, call, access.Place(camp.organisation_id, camp.id))
    access.require("enrolment.transfer", held or {"nobody"})


@work.reads
def show(session: Session, call: Call, enrolment_id: uuid.UUID) -> dict[str, Any]:
    """One enrolment."""
    return _shown(session, call, reach.enrolment(session, call, enrolment_id, "enrolment.read"))


def _recorded(session: Session, call: Call, enrolment: Enrolment, verb: str, *fields: str) -> dict[str, Any]:
    trail.record(session, call, verb, f"enrolment:{enrolment.id}", person_id=enrolment.person_id,
                 organisation_id=enrolment.organisation_id, fields=fields)
    session.flush()
    return _shown(session, call, enrolment)


def _shown(session: Session, call: Call, enrolment: Enrolment) -> dict[str, Any]:
    camp, group = session.get_one(Camp, enrolment.camp_id), session.get_one(Class, enrolment.class_id)
    pauses = enrolment_rows.pauses_of(session, [enrolment.id])[enrolment.id]
    held = reach.enrolment_held(session, call, enrolment)
    return _view(enrolment, camp, group, pauses, call, reasons=bool(held & (OWN | access.HEALTH_STAFF)))


def _view(enrolment: Enrolment, camp: Camp, group: Class, pauses: list[Pause], call: Call, *,
          reasons: bool) -> dict[str, Any]:
    """The enrolment as shown; why somebody paused is for themselves and health staff."""
    calendar = camp.calendar
    status = enrolments.shown_status(enrolment.status, calendar, [(p.first_day, p.last_day) for p in pauses], call.now)
    number = max(1, calendar.number_of(calendar.day_of(call.now)))
    return {"id": enrolment.id, "person_id": enrolment.person_id, "status": status,
            "camp_id": camp.id, "class_id": group.id,
            "camp": {"id": camp.id, "name": camp.name, "starts_on": camp.starts_on, "ends_on": calendar.ends_on,
                     "timezone": camp.timezone},
            "class": {"id": group.id, "name": group.name},
            "plan": enrolments.plan_on(enrolment.plan_changes, number),
            "applied_at": enrolment.applied_at, "joined_at": enrolment.joined_at, "joined_day": enrolment.joined_day,
            "ended_at": enrolment.ended_at, "filed_by": enrolment.filed_by,
            "pauses": [{"from": p.first_day, "to": p.last_day, "by_staff": p.by_staff,
                        "reason": p.reason if reasons else None} for p in pauses],
            "version": enrolment.version}
