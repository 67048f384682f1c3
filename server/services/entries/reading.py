"""Reading entries: the history, one entry, and what changed since a phone last asked."""

import hashlib
import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import cursors
from server.domain.refusals import Refusal
from server.models import entries as entry_rows
from server.models import people as people_rows
from server.models import seats
from server.services import reach, trail, work
from server.services.entries import rows
from server.services.entries.changing import reached
from server.services.work import Call


def history(call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """Entries, newest first. Somebody else's are read in a transaction that puts the look on the trail."""
    theirs = query.get("person_id") not in (None, call.person_id)
    return _history_of_other(call, query) if theirs else _own_history(call, query)


@work.reads
def _own_history(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    return _history(session, reach.person_id(session, call, None, "entry.read"), query)


@work.writes
def _history_of_other(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    person_id = reach.person_id(session, call, query["person_id"], "entry.read")
    _record(session, call, person_id, "entry.read_history", f"person:{person_id}")
    return _history(session, person_id, query)


def _history(session: Session, person_id: uuid.UUID, query: dict[str, Any]) -> dict[str, Any]:
    # The tag first: an entry filed meanwhile then makes it an old one, never one that hides it.
    tag = _tag_of_history(session, person_id, query)
    patient = seats.holder(session, person_id).patient
    found = entry_rows.history(session, person_id, kind=query.get("kind"), first=query.get("from"), last=query.get("to"),
                               after=cursors.read(query.get("after"), "tu"), limit=query["limit"] + 1)
    answer = work.Tagged(cursors.page(found, query["limit"], lambda row: rows.view(row, patient),
                                      lambda row: (row.occurred_at, row.id)))
    answer.tag = tag
    return answer


@work.writes
def show(session: Session, call: Call, entry_id: uuid.UUID) -> dict[str, Any]:
    """One entry. Raises not_found, forbidden, entry_gone."""
    row = reached(session, call, entry_id, "entry.read")
    if row.deleted_at is not None:
        raise Refusal("entry_gone")
    if row.person_id != call.actor_id:
        _record(session, call, row.person_id, "entry.read", f"entry:{entry_id}")
    return rows.view(row, seats.holder(session, row.person_id).patient)


@work.reads
def history_tag(session: Session, call: Call, query: dict[str, Any]) -> str:
    """An entity tag of the history that costs no history: it changes with any entry and with the profile it is judged by."""
    return _tag_of_history(session, reach.person_id(session, call, query.get("person_id"), "entry.read"), query)


def _tag_of_history(session: Session, person_id: uuid.UUID, query: dict[str, Any]) -> str:
    version = entry_rows.last_change(session, person_id)
    asked = repr((person_id, people_rows.version_of(session, person_id), sorted(query.items(), key=str)))
    return f'"{version}.{hashlib.blake2b(asked.encode(), digest_size=8).hexdigest()}"'


@work.reads
def changes(session: Session, call: Call, since: int, limit: int) -> dict[str, Any]:
    """What changed after the change numbered `since`, in order: entries as they stand, and tombstones.

    `last_change` is where to go on the next time.
    """
    person_id = reach.person_id(session, call, None, "entry.read")
    patient = seats.holder(session, person_id).patient
    found = entry_rows.changes(session, person_id, since=since, limit=limit + 1)
    page = found[:limit]
    items = [{"id": row.id, "change": row.change_number, "deleted": row.deleted_at is not None,
              "entry": None if row.deleted_at else rows.view(row, patient)} for row in page]
    return {"items": items, "next": str(page[-1].change_number) if len(found) > limit else None,
            "last_change": page[-1].change_number if page else since}


def _record(session: Session, call: Call, person_id: uuid.UUID, verb: str, about: str) -> None:
    """Put a look at somebody else's health record on the trail, once for every organisation that answers for it."""
    trail.record(session, call, verb, about, person_id=person_id, organisation_id=reach.organisation_of(session, call, person_id))
