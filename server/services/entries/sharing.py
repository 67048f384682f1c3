"""A record as FHIR R4, out and in: what came in once does not come in twice."""

import contextlib
import dataclasses
import datetime as dt
import re
import urllib.parse
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import alarms, alerts, cursors, fhir, measurements
from server.domain.camps import DEFAULT_TIMEZONE, zone
from server.domain.refusals import Refusal
from server.models import consents as consent_rows
from server.models import entries as entry_rows
from server.models import measurements as measurement_rows
from server.models import people as people_rows
from server.models.base import insert_once
from server.models.measurements import Measurement
from server.models.people import Person
from server.services import reach, trail, work
from server.services.entries import filing, late, rows
from server.services.entries.filing import Desk
from server.services.entries.importing import AT_ONCE, file_once
from server.services.work import Call

NAMESPACE = uuid.UUID("2b6f0cc9-0f64-5d2e-8a55-6f0f5d7e3c11")
OWN = f"{fhir.URN}|urn:uuid:"
UUID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@work.writes
def export(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """A Bundle with the person and a page of glucose readings, then measurements, each newest first; a link goes on where
    there is more. The export is on the trail. Raises not_found, forbidden, cursor_unknown."""
    person_id = reach.person_id(session, call, query.get("person_id"), "entry.read")
    readings, measured, after = _page(session, person_id, query)
    trail.record(session, call, "entry.export_fhir", f"person:{person_id}", person_id=person_id,
                 organisation_id=None if person_id == call.actor_id else reach.organisation_of(session, call, person_id))
    person = session.get_one(Person, person_id)
    told = fhir.bundle({"id": person.id, "sex": person.sex, "birth_on": person.birth_on},
                       [one for one in readings if not one["not_mine"]], measured, call.now)
    if after is None:
        return told
    asked = {name: query[name] for name in ("person_id", "from", "to", "limit") if query.get(name) is not None}
    on = urllib.parse.urlencode({**asked, "after": after})
    return told | {"link": [{"relation": "next", "url": f"/api/v1/entries/fhir?{on}"}]}


def _page(session: Session, person_id: uuid.UUID,
          query: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], str | None]:
    """(readings, measurements, where to go on): measurements come when the readings are at their end."""
    days = {"first": query.get("from"), "last": query.get("to")}
    read, measured = _after(query.get("after"))
    page: dict[str, Any] = {"items": [], "next": None}
    if measured is None:
        found = entry_rows.history(session, person_id, kind="glucose", after=read, limit=query["limit"] + 1, **days)
        page = cursors.page(found, query["limit"], _reading, lambda row: (row.occurred_at, row.id))
        if page["next"]:
            return page["items"], [], page["next"]
    left = query["limit"] - len(page["items"])
    more = measurement_rows.page(session, person_id, kind=None, after=measured, limit=left + 1, **days)
    if more and not left:
        return page["items"], [], cursors.write(found[-1].occurred_at, found[-1].id)
    rest = cursors.page(more, left, _measured, lambda row: (row.measured_on, row.id))
    return page["items"], rest["items"], rest["next"]


def _after(cursor: str | None) -> tuple[tuple | None, tuple | None]:
    """(the reading, the measurement) behind which to go on, of which at most one is there. Raises cursor_unknown."""
    with contextlib.suppress(Refusal):
        return cursors.read(cursor, "tu"), None
    return None, cursors.read(cursor, "du")


def _measured(row: Measurement) -> dict[str, Any]:
    return {"id": row.id, "kind": row.kind, "values": row.values, "measured_on": row.measured_on}


def _reading(row: Any) -> dict[str, Any]:
    return {"id": row.id, "value": rows.typed_value(row.glucose_typed), "unit": row.glucose_unit, "source": row.source,
            "occurred_at": row.occurred_at, "recorded_at": row.recorded_at, "note": (row.words or {}).get("note"),
            "not_mine": bool(row.not_mine)}


def take(call: Call, resource: dict[str, Any], person_id: uuid.UUID | None) -> dict[str, Any]:
    """What became of every Observation of a Bundle, or of the one that is sent: created, identical, conflict, gone, invalid
    or skipped, each with its reason and, whatever became of it, the card that a dangerous value is owed. Raises not_found,
    forbidden, consent_required."""
    entries = fhir.entries_of(resource)
    read = [fhir.read(one.get("resource") if isinstance(one, dict) else None) for one in entries]
    shelf = _look(call, person_id, entries, [own for own in map(_own_id, read) if own])
    outcomes: dict[int, dict[str, Any]] = {}
    drafts: dict[int, dict[str, Any]] = {}
    for place, (one, is_other) in enumerate(zip(read, shelf.others, strict=True)):
        reason = one.reason or ("other_subject" if is_other else None)
        if reason:
            outcomes[place] = _skipped(reason, _owed(one))
        elif one.measured:
            outcomes[place] = _measure(call, shelf.desk.person_id, shelf.id_of(one), one.measured)
        elif _own_id(one) in shelf.entries:
            outcomes[place] = _kept(shelf.entries[_own_id(one)], one, shelf.desk)
        else:
            drafts[place] = {**one.glucose, "id": shelf.id_of(one), "kind": "glucose", "person_id": shelf.desk.person_id}
    for place, outcome in file_once(call, drafts, filing.take_in, None).items():
        outcomes[place] = _told(outcome.status, outcome.refusal, drafts[place]["id"], outcome.card)
    items = [{"place": place, **outcomes[place]} for place in range(len(read))]
    return {"items": items, "advice": _date(call, shelf, items, [one.glucose and one.glucose["occurred_at"] for one in read]),
            **{status: sum(item["status"] == status for item in items)
               for status in ("created", "identical", "conflict", "gone", "invalid", "skipped")}}


def _owed(read: fhir.Read) -> dict[str, Any] | None:
    return alerts.advice_for_refused(*read.said) if read.said else None


def _own_id(read: fhir.Read) -> uuid.UUID | None:
    """The id of something that was exported here."""
    try:
        return uuid.UUID(read.identifier.removeprefix(OWN)) if (read.identifier or "").startswith(OWN) else None
    except ValueError:
        return None


@dataclasses.dataclass(frozen=True)
class Shelf:
    """What of a Bundle is known here: the desk of whom it is for, which of its Observations are another's, and the readings
    and measurements of that record which it names by their own ids."""

    desk: Desk
    others: list[bool]
    entries: dict[uuid.UUID, sa.Row]
    measurements: set[uuid.UUID]

    def id_of(self, read: fhir.Read) -> uuid.UUID:
        """The id of what is in the record already, or one that is the same whenever the same Observation comes again. An id
        of somebody else's record is a name like any other."""
        own = _own_id(read)
        if own in self.entries or own in self.measurements:
            return own
        said = read.identifier or sorted((read.glucose or read.measured).items(), key=str)
        return uuid.uuid5(NAMESPACE, f"{self.desk.person_id}|{said}")


@work.reads
def _look(session: Session, call: Call, person_id: uuid.UUID | None, entries: list[Any], ids: list[uuid.UUID]) -> Shelf:
    """Raises not_found, forbidden, consent_required."""
    desk = filing.open_desk(session, call, person_id)
    if not desk.may_be_kept:
        raise Refusal("consent_required")
    patients = fhir.patients(entries)
    subjects = [fhir.subject_of(one, patients) for one in entries]
    owner = str(desk.person_id)
    named = {*patients.values(), *filter(None, subjects)} - {owner}
    strangers = {str(each) for each in people_rows.known(session, [uuid.UUID(name) for name in named if UUID.fullmatch(name)])}
    kept = {row.id: row for at in range(0, len(ids), AT_ONCE)
            for row in entry_rows.by_ids(session, ids[at:at + AT_ONCE]).values() if row.person_id == desk.person_id}
    measured = measurement_rows.ids_of(session, desk.person_id, ids)
    return Shelf(desk, fhir.others(subjects, patients.values(), owner, strangers), kept, measured)


def _date(call: Call, shelf: Shelf, items: list[dict[str, Any]], times: list[dt.datetime | None]) -> dict[str, Any] | None:
    """The card to show first, once each is as it is told now. What is known of the person ends nothing of another."""
    ended = late.recorded(call, shelf.desk.person_id, [(item["advice"], at) for item, at in zip(items, times, strict=True)])
    for item, at, is_other in zip(items, times, shelf.others, strict=True):
        item["advice"] = alarms.card_told(item["advice"], at, call.now, {} if is_other else ended)
    return alarms.foremost(((item["advice"], at) for item, at in zip(items, times, strict=True)), call.now)


def _kept(row: sa.Row, read: fhir.Read, desk: Desk) -> dict[str, Any]:
    """What becomes of a reading that was exported here and is in the record."""
    said = read.glucose
    advice = rows.advice_of({"kind": "glucose", **said}, desk.patient)
    if row.deleted_at is not None:
        return _told("gone", Refusal("entry_gone"), row.id, advice)
    same = row.kind == "glucose" and (row.occurred_at, row.glucose_typed and rows.typed_value(row.glucose_typed),
                                      row.glucose_unit) == (said["occurred_at"], said["value"], said["unit"])
    return _told("identical", None, row.id, advice) if same else _told("conflict", Refusal("entry_conflict"), row.id, advice)


@work.writes
def _measure(session: Session, call: Call, owner: uuid.UUID, own_id: uuid.UUID, measured: dict[str, Any]) -> dict[str, Any]:
    reach.person_id(session, call, owner, "measurement.file")
    if consent_rows.live(session, owner, "care") is None:
        raise Refusal("consent_required")
    kind, on = measured["kind"], measured["measured_on"]
    values = {name: value for name, value in measured.items() if name not in ("kind", "measured_on")}
    try:
        measurements.check(kind, values, on, call.now.astimezone(zone(DEFAULT_TIMEZONE)).date())
    except Refusal as refusal:
        return _told("invalid", refusal)
    row = {"id": own_id, "person_id": owner, "filed_by": call.actor_id, "kind": kind, "measured_on": on,
           "source": "hospital" if kind in fhir.LABORATORY else "device", "values": values, "note": None,
           "recorded_at": call.now, "deleted_at": None, "version": 1}
    if not insert_once(session, Measurement.__table__, row):
        return _measured_before(session.get_one(Measurement, own_id), measured, values)
    trail.record(session, call, "measurement.file", f"measurement:{own_id}", person_id=owner, fields=measured,
                 content=str(measured))
    return _told("created", None, own_id)


def _measured_before(row: Measurement, measured: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """What becomes of a measurement whose id was taken when it came: ids are made of whose it is, so it is the owner's."""
    if row.deleted_at is not None:
        return _told("gone", Refusal("entry_gone"), row.id)
    same = (row.kind, row.measured_on, row.values) == (measured["kind"], measured["measured_on"], values)
    return _told("identical", None, row.id) if same else _told("conflict", Refusal("entry_conflict"), row.id)


def _told(status: str, refusal: Refusal | None, own_id: uuid.UUID | None = None,
          advice: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"status": status, "reason": refusal.code if refusal else None, "says": refusal.says() if refusal else None,
            "id": own_id, "advice": advice}


def _skipped(reason: str, advice: dict[str, Any] | None) -> dict[str, Any]:
    return {"status": "skipped", "reason": reason, "says": fhir.REASONS[reason], "id": None, "advice": advice}
