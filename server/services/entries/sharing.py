"""A record as FHIR R4, out and in: what came in once does not come in twice."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import cursors, fhir, measurements
from server.domain.refusals import Refusal
from server.models import consents as consent_rows
from server.models import entries as entry_rows
from server.models import measurements as measurement_rows
from server.models.base import insert_once
from server.models.measurements import Measurement
from server.models.people import Person
from server.services import reach, trail, work
from server.services.entries import filing, rows
from server.services.entries.importing import AT_ONCE, OF_THE_FILE
from server.services.work import Call

NAMESPACE = uuid.UUID("2b6f0cc9-0f64-5d2e-8a55-6f0f5d7e3c11")
MOST_MEASUREMENTS = 1000
OWN = f"{fhir.URN}|urn:uuid:"


@work.writes
def export(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """A Bundle with the person, a page of glucose readings (newest first) and, on the first page, the measurements. The
    export is on the trail. Raises not_found, forbidden, cursor_unknown."""
    person_id = reach.person_id(session, call, query.get("person_id"), "entry.read")
    after = cursors.read(query.get("after"), "tu")
    found = entry_rows.history(session, person_id, kind="glucose", first=query.get("from"), last=query.get("to"), after=after,
                               limit=query["limit"] + 1)
    page = cursors.page(found, query["limit"], _reading, lambda row: (row.occurred_at, row.id))
    measured = [] if after else measurement_rows.page(
        session, person_id, kind=None, first=query.get("from"), last=query.get("to"), after=None, limit=MOST_MEASUREMENTS)
    trail.record(session, call, "entry.export_fhir", f"person:{person_id}", person_id=person_id,
                 organisation_id=None if person_id == call.actor_id else reach.organisation_of(session, call, person_id))
    person = session.get_one(Person, person_id)
    told = fhir.bundle({"id": person.id, "sex": person.sex, "birth_on": person.birth_on},
                       [one for one in page["items"] if not one["not_mine"]],
                       [{"id": row.id, "kind": row.kind, "values": row.values, "measured_on": row.measured_on} for row in measured
                        if row.deleted_at is None], call.now)
    link = [{"relation": "next", "url": f"/api/v1/entries/fhir?after={page['next']}"}] if page["next"] else []
    return told | ({"link": link} if link else {})


def _reading(row: Any) -> dict[str, Any]:
    return {"id": row.id, "value": rows.typed_value(row.glucose_typed), "unit": row.glucose_unit, "source": row.source,
            "occurred_at": row.occurred_at, "recorded_at": row.recorded_at, "note": (row.words or {}).get("note"),
            "not_mine": bool(row.not_mine)}


def take(call: Call, resource: dict[str, Any], person_id: uuid.UUID | None) -> dict[str, Any]:
    """What became of every Observation of a Bundle, or of the one that is sent: created, identical, conflict, gone, invalid
    or skipped, each with its reason. Raises not_found, forbidden, consent_required."""
    found = resource.get("entry", []) if resource.get("resourceType") == "Bundle" else [{"resource": resource}]
    read = [fhir.read(one.get("resource") if isinstance(one, dict) else None) for one in found]
    owner, known = _owner(call, person_id, [_own_id(one) for one in read])
    outcomes: dict[int, dict[str, Any]] = {}
    drafts: dict[int, dict[str, Any]] = {}
    for place, one in enumerate(read):
        own = _own_id(one)
        if one.reason:
            outcomes[place] = _told("skipped", one.reason)
        elif own in known:
            outcomes[place] = _told("identical", None, own)
        elif one.glucose:
            drafts[place] = {**one.glucose, "id": own or _id(owner, one), "kind": "glucose", "person_id": owner}
        else:
            outcomes[place] = _measure(call, owner, own or _id(owner, one), one.measured)
    _file(call, drafts, outcomes)
    items = [{"place": place, **outcomes[place]} for place in range(len(read))]
    return {"items": items, "advice": next((item["advice"] for item in items if item["advice"]), None),
            **{status: sum(item["status"] == status for item in items)
               for status in ("created", "identical", "conflict", "gone", "invalid", "skipped")}}


def _own_id(read: fhir.Read) -> uuid.UUID | None:
    """The id of something that was exported here."""
    try:
        return uuid.UUID(read.identifier.removeprefix(OWN)) if (read.identifier or "").startswith(OWN) else None
    except ValueError:
        return None


def _id(owner: uuid.UUID, read: fhir.Read) -> uuid.UUID:
    """An id that is the same whenever the same Observation comes again."""
    return uuid.uuid5(NAMESPACE, f"{owner}|{read.identifier or sorted((read.glucose or read.measured).items(), key=str)}")


@work.reads
def _owner(session: Session, call: Call, person_id: uuid.UUID | None,
           ids: list[uuid.UUID | None]) -> tuple[uuid.UUID, set[uuid.UUID]]:
    """(whose record, which of these ids are in it already)."""
    owner = reach.person_id(session, call, person_id, "entry.file")
    wanted = [one for one in ids if one]
    known = {row.id for at in range(0, len(wanted), AT_ONCE)
             for row in entry_rows.by_ids(session, wanted[at:at + AT_ONCE]).values() if row.person_id == owner}
    return owner, known


def _file(call: Call, drafts: dict[int, dict[str, Any]], outcomes: dict[int, dict[str, Any]]) -> None:
    first_of: dict[uuid.UUID, int] = {}
    for place, draft in drafts.items():
        first_of.setdefault(draft["id"], place)
    places = list(first_of.values())
    for at in range(0, len(places), AT_ONCE):
        some = places[at:at + AT_ONCE]
        for place, outcome in zip(some, filing.sync(call, [drafts[one] for one in some]), strict=True):
            refusal = outcome.refusal
            if refusal is not None and refusal.code in OF_THE_FILE:
                raise refusal
            outcomes[place] = _told(outcome.status, refusal.code if refusal else None, drafts[place]["id"],
                                    outcome.advice if outcome.status == "created" else None)
    for place, draft in drafts.items():
        outcomes.setdefault(place, _told("identical", None, draft["id"]))


@work.writes
def _measure(session: Session, call: Call, owner: uuid.UUID, own_id: uuid.UUID, measured: dict[str, Any]) -> dict[str, Any]:
    reach.person_id(session, call, owner, "measurement.file")
    if consent_rows.live(session, owner, "care") is None:
        raise Refusal("consent_required")
    values = {name: value for name, value in measured.items() if name not in ("kind", "measured_on")}
    try:
        measurements.check(measured["kind"], values, measured["measured_on"], call.now.date())
    except Refusal as refusal:
        return _told("invalid", refusal.code)
    row = {"id": own_id, "person_id": owner, "filed_by": call.actor_id, "kind": measured["kind"],
           "measured_on": measured["measured_on"], "source": "device", "values": values, "note": None,
           "recorded_at": call.now, "deleted_at": None, "version": 1}
    if not insert_once(session, Measurement.__table__, row):
        return _told("identical", None, own_id)
    trail.record(session, call, "measurement.file", f"measurement:{own_id}", person_id=owner, fields=measured,
                 content=str(measured))
    return _told("created", None, own_id)


def _told(status: str, reason: str | None, own_id: uuid.UUID | None = None,
          advice: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"status": status, "reason": reason, "id": own_id, "advice": advice}
