"""Measurements: filed, corrected, taken back and read."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import cursors, measurements
from server.domain.camps import DEFAULT_TIMEZONE, zone
from server.domain.refusals import Refusal
from server.models import consents as consent_rows
from server.models import measurements as measurement_rows
from server.models.measurements import Measurement
from server.services import reach, trail, work
from server.services.work import Call


@work.writes
def file(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """The measurement, kept. Raises not_found, forbidden, consent_required, measured_in_future, measurement_incomplete,
    measurement_implausible."""
    person_id = reach.person_id(session, call, draft.get("person_id"), "measurement.file")
    if consent_rows.live(session, person_id, "care") is None:
        raise Refusal("consent_required")
    kind = draft["kind"]
    values = _values(kind, draft)
    measurements.check(kind, values, draft["measured_on"], _today(call))
    row = Measurement(id=uuid.uuid4(), person_id=person_id, filed_by=call.actor_id, kind=kind, measured_on=draft["measured_on"],
                      source=draft["source"], values=values, note=draft.get("note") or None, recorded_at=call.now, version=1)
    session.add(row)
    _record(session, call, row, "measurement.file", draft)
    return _view(row)


def page(call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """Measurements, the latest first. Somebody else's are read in a transaction that puts the look on the trail."""
    theirs = query.get("person_id") not in (None, call.person_id)
    return _page_of_other(call, query) if theirs else _own_page(call, query)


@work.reads
def _own_page(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    return _page(session, reach.person_id(session, call, None, "measurement.read"), query)


@work.writes
def _page_of_other(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    person_id = reach.person_id(session, call, query["person_id"], "measurement.read")
    trail.record(session, call, "measurement.read", f"person:{person_id}", person_id=person_id,
                 organisation_id=reach.organisation_of(session, call, person_id))
    return _page(session, person_id, query)


def _page(session: Session, person_id: uuid.UUID, query: dict[str, Any]) -> dict[str, Any]:
    rows = measurement_rows.page(session, person_id, kind=query.get("kind"), first=query.get("from"), last=query.get("to"),
                                 after=cursors.read(query.get("after"), "du"), limit=query["limit"] + 1)
    return cursors.page(rows, query["limit"], _view, lambda row: (row.measured_on, row.id))


def reached(session: Session, call: Call, measurement_id: uuid.UUID, act: str, *, lock: bool = False) -> Measurement:
    """The measurement of a person whom the caller may do this for. Raises not_found, forbidden."""
    row = measurement_rows.one(session, measurement_id, lock=lock)
    if row is None:
        raise Refusal("not_found")
    reach.person_id(session, call, row.person_id, act)
    return row


@work.writes
def change(session: Session, call: Call, measurement_id: uuid.UUID, changes: dict[str, Any]) -> dict[str, Any]:
    """The measurement, corrected; null empties what may be empty. Raises as `file`, and not_found, forbidden, stale,
    kind_fixed, field_of_other_kind."""
    row = reached(session, call, measurement_id, "measurement.change", lock=True)
    work.check_version(call, row.version)
    measurements.check_change(row.kind, changes)
    values = _values(row.kind, {**row.values, **changes})
    measurements.check(row.kind, values, changes.get("measured_on", row.measured_on), _today(call))
    row.values = values
    row.measured_on, row.source = changes.get("measured_on", row.measured_on), changes.get("source", row.source)
    if "note" in changes:
        row.note = changes["note"] or None
    _record(session, call, row, "measurement.change", changes)
    session.flush()
    return _view(row)


@work.writes
def remove(session: Session, call: Call, measurement_id: uuid.UUID) -> None:
    """Take the measurement back: nothing is left that was measured or written. Raises not_found, forbidden, stale."""
    row = reached(session, call, measurement_id, "measurement.change", lock=True)
    work.check_version(call, row.version)
    row.values, row.note, row.deleted_at = {}, None, call.now
    _record(session, call, row, "measurement.delete", {})


def _values(kind: str, told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in measurements.names_of(kind) if told.get(name) is not None}


def _record(session: Session, call: Call, row: Measurement, verb: str, content: dict[str, Any]) -> None:
    trail.record(session, call, verb, f"measurement:{row.id}", person_id=row.person_id,
                 organisation_id=reach.organisation_of(session, call, row.person_id), fields=content, content=content)


def _today(call: Call) -> dt.date:
    return call.now.astimezone(zone(DEFAULT_TIMEZONE)).date()


def _view(row: Measurement) -> dict[str, Any]:
    return {"id": row.id, "kind": row.kind, "person_id": row.person_id, "filed_by": row.filed_by,
            "measured_on": row.measured_on, "source": row.source, "values": row.values, "note": row.note,
            "recorded_at": row.recorded_at, "version": row.version}
