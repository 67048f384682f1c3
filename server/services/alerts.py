"""Alerts as they are read and taken up."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, cursors
from server.domain.access import RELATIVE
from server.domain.alerts import cards as danger_cards
from server.domain.family import DANGER
from server.domain.refusals import Refusal
from server.models import alerts as alert_rows
from server.models import family as family_rows
from server.models.alerts import Alert, AlertNote, Telling
from server.services import alarms, reach, trail, work
from server.services.work import Call


@work.writes
def page(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """Alerts, newest first: one's own, those of whom one acts for or hears of as family, and as health staff or admin those
    of the people one watches. Raises not_found for a person whose alerts are none of the caller's. Looks at others' are on
    the trail."""
    person_id = query.get("person_id")
    if person_id is not None:
        _require(session, call, person_id, "alert.read")
    family = [*alert_rows.wards_of(session, call.actor_id), *family_rows.in_danger_of(session, call.actor_id)]
    seen = alert_rows.seen_by(call.actor_id, family, reach.grants(session, call))
    found = alert_rows.page(session, seen, person_id=person_id, open_only=query["open"] == "true",
                            after=cursors.read(query.get("after"), "tu"), limit=query["limit"] + 1)
    told, notes = _tellings(session, found), _notes(session, call, found)
    for alert in found[:query["limit"]]:
        if alert.person_id != call.actor_id:
            trail.record(session, call, "alert.read", f"alert:{alert.id}", person_id=alert.person_id,
                         organisation_id=alert.organisation_id)
    return cursors.page(found, query["limit"], lambda row: _view(call, row, told.get(row.id, []), notes.get(row.id, [])),
                        lambda row: (row.at, row.id))


@work.writes
def acknowledge(session: Session, call: Call, alert_id: uuid.UUID, note: str, *, close: bool) -> dict[str, Any]:
    """The alert, taken up by the caller: nobody further is told of it until it is worse. Who took it up first stays so, and
    every note is kept. With `close` it is closed too. Raises not_found, forbidden."""
    alert = reached(session, call, alert_id, "alert.acknowledge", lock=True)
    alarms.take_up(call, alert)
    session.add(AlertNote(id=uuid.uuid4(), alert_id=alert.id, written_by=call.actor_id, at=call.now, note=note))
    if close and alert.closed_at is None:
        alarms.close(session, call, alert, "staff")
    trail.record(session, call, "alert.acknowledge", f"alert:{alert.id}", person_id=alert.person_id,
                 organisation_id=alert.organisation_id, fields=["acknowledged", *(["closed"] if close else [])])
    session.flush()
    told, notes = _tellings(session, [alert]), _notes(session, call, [alert])
    return _view(call, alert, told.get(alert.id, []), notes.get(alert.id, []))


@work.reads
def cards(session: Session, call: Call) -> dict[str, Any]:
    """Thresholds and cards, for anybody."""
    del session, call
    return danger_cards()


def reached(session: Session, call: Call, alert_id: uuid.UUID, act: str, *, lock: bool = False) -> Alert:
    """The alert, its row locked if asked, if the caller may do this to it. Raises not_found, forbidden."""
    found = alert_rows.locked(session, alert_id) if lock else session.get(Alert, alert_id)
    if found is None:
        raise Refusal("not_found")
    # A patient who leaves the camp takes an open alert away from nobody who has to deal with it.
    if not alert_rows.rings_for(session, found, call.actor_id):
        _require(session, call, found.person_id, act)
    return found


def _require(session: Session, call: Call, person_id: uuid.UUID, act: str) -> None:
    held = reach.held_over(session, call, person_id)
    if RELATIVE in held:
        tie = family_rows.in_force(session, call.actor_id, person_id)
        if tie is None or DANGER not in tie.sees:
            held = held - {RELATIVE}
    access.require(act, held)


def _tellings(session: Session, found: list[Alert]) -> dict[uuid.UUID, list[Telling]]:
    told: dict[uuid.UUID, list[Telling]] = {}
    for one in alert_rows.tellings_of(session, [alert.id for alert in found]):
        told.setdefault(one.alert_id, []).append(one)
    return told


def _notes(session: Session, call: Call, found: list[Alert]) -> dict[uuid.UUID, list[AlertNote]]:
    notes: dict[uuid.UUID, list[AlertNote]] = {}
    for one in alert_rows.notes_of(session, [alert.id for alert in found], call.actor_id, reach.grants(session, call)):
        notes.setdefault(one.alert_id, []).append(one)
    return notes


def _view(call: Call, alert: Alert, told: list[Telling], notes: list[AlertNote]) -> dict[str, Any]:
    """The alert. What the programme says in it names a level and never a value; what staff wrote, staff read."""
    return {
        "id": alert.id, "person": alert.person_id, "entry_id": alert.entry_id, "question_id": alert.question_id,
        "about": alert.about, "level": alert.level, "at": alert.at,
        "fresh": alert.closed_at is None and call.now < alert.fresh_until,
        "told": [{"who": one.person_id, "how": one.how, "at": one.at, "state": one.state, "step": one.step} for one in told],
        "recheck_by": alert.recheck_by,
        "acknowledged": {"by": alert.acknowledged_by, "at": alert.acknowledged_at} if alert.acknowledged_at else None,
        "notes": [{"by": one.written_by, "at": one.at, "note": one.note} for one in notes],
        "closed_at": alert.closed_at, "closed_why": alert.closed_why, "version": alert.version}
