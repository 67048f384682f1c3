"""Changing and deleting entries. The books follow: what an entry gave is given back exactly."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import access, camps, entries
from server.domain.access import FILER, HOLDER, SELF
from server.domain.refusals import Refusal
from server.models import entries as entry_rows
from server.models import photos as photo_rows
from server.models import seats
from server.services import alarms, reach, trail, work
from server.services.alarms import Filed
from server.services.entries import filing, late, rows
from server.services.entries.filing import Desk
from server.services.work import Call


@work.writes
def change(session: Session, call: Call, entry_id: uuid.UUID, changes: dict[str, Any]) -> dict[str, Any]:
    """The entry, changed, answered as filing is. An entry that stays on its day keeps counting as it did; one that moves
    counts as if it were filed now, or a closed day could be filled from an open one.

    Raises not_found, forbidden, entry_gone, stale, kind_fixed, field_of_other_kind, entry_incomplete, camp_archived,
    photo_unknown and the refusals of rows.check.
    """
    row, desk = _open(session, call, entry_id)
    work.check_version(call, row.version)
    entries.check_change(row.kind, changes)
    draft = {**rows.draft_of(row), **changes, "id": entry_id}
    advice = rows.advice_of(draft, desk.patient)
    with late.refusing(session, call, row.person_id, draft):
        if not entries.is_whole(draft):
            raise Refusal("entry_incomplete", advice=advice)
        rows.check(draft, call.now, advice)
    _change_photo(session, call, desk, rows.draft_of(row), draft)
    day = camps.day_of(draft["occurred_at"], desk.calendar)
    reason = _reason(call, desk, row, draft, day)
    values = {**rows.columns(draft, desk.calendar, desk.patient, day), "occurred_at": draft["occurred_at"],
              "source": draft["source"], "day": day, "counts": reason == entries.COUNTS, "counts_reason": reason,
              "version": row.version + 1,
              "change_number": entry_rows.take_change_numbers(session, row.person_id, 1)}
    entry_rows.rewrite(session, entry_id, values)
    trail.record(session, call, "entry.change", f"entry:{entry_id}", person_id=row.person_id,
                 organisation_id=row.organisation_id, fields=changes, content=changes)
    card = alarms.rejudge(session, call, Filed(row.person_id, desk.patient, {**draft, "slot": values["slot"]})) or advice
    ended = late.known(session, call, row.person_id, [(card, draft["occurred_at"])])
    settled = filing.settle(session, call, desk, {row.day, day})
    stored = entry_rows.one(session, entry_id)
    return {"entry": rows.view(stored, desk.patient), **filing.standing(session, call, desk, settled),
            "advice": late.told(card, draft, call.now, ended)}


@work.writes
def remove(session: Session, call: Call, entry_id: uuid.UUID) -> dict[str, Any]:
    """The books after the entry is gone; a tombstone stays, so that no phone files it again. Raises as `change`."""
    row, desk = _open(session, call, entry_id)
    work.check_version(call, row.version)
    entry_rows.rewrite(session, entry_id, {
        **rows.tombstone(), "counts_reason": row.counts_reason, "deleted_at": call.now, "version": row.version + 1,
        "change_number": entry_rows.take_change_numbers(session, row.person_id, 1)})
    trail.record(session, call, "entry.delete", f"entry:{entry_id}", person_id=row.person_id,
                 organisation_id=row.organisation_id)
    photo_rows.let_go(session, "entry", entry_id)
    if row.kind == "glucose":
        alarms.lets_go(session, call, row.person_id, entry_id)
    settled = filing.settle(session, call, desk, {row.day})
    return {"id": entry_id, **filing.standing(session, call, desk, settled)}


def _change_photo(session: Session, call: Call, desk: Desk, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Hang the new photo in the old one's place. Raises photo_unknown."""
    if str(after.get("photo_id")) == str(before.get("photo_id")):
        return
    photo_rows.let_go(session, "entry", after["id"])
    if not filing.hang_photo(session, call, desk, after):
        raise Refusal("photo_unknown")


def _open(session: Session, call: Call, entry_id: uuid.UUID) -> tuple[sa.Row, Desk]:
    """The entry and the desk of the enrolment it hangs on, locked. Raises not_found, forbidden, entry_gone, camp_archived.

    The row is read again under the lock: before it, it only says whose lock to take.
    """
    row = reached(session, call, entry_id, "entry.read")
    held = reach.held_over(session, call, row.person_id)
    if not (held & {SELF, HOLDER} or row.filed_by == call.actor_id):
        raise Refusal("forbidden")
    seat = seats.locked(session, row.enrolment_id) if row.enrolment_id else None
    holder = seats.holder(session, row.person_id)
    entry_rows.lock_journal(session, row.person_id)
    row = entry_rows.one(session, entry_id)
    if row is None:
        raise Refusal("not_found")
    if row.deleted_at is not None:
        raise Refusal("entry_gone")
    if seat is not None and seat.archived_at is not None:
        raise Refusal("camp_archived")
    return row, Desk(row.person_id, holder.patient, may_be_kept=True, seat=seat)


def reached(session: Session, call: Call, entry_id: uuid.UUID, act: str) -> sa.Row:
    """The entry's row, its tombstone too, if the caller may read the person's entries or filed it. Raises not_found,
    forbidden."""
    row = entry_rows.one(session, entry_id)
    if row is None:
        raise Refusal("not_found")
    held = reach.held_over(session, call, row.person_id)
    # A relative who may file reads what they filed themselves, and nothing else.
    if row.filed_by == call.actor_id and FILER in held:
        return row
    access.require(act, held)
    return row


def _reason(call: Call, desk: Desk, row: sa.Row, draft: dict[str, Any], day: dt.date) -> str:
    not_mine = bool(draft.get("not_mine"))
    same_day = day == row.day and not_mine == bool(row.not_mine)
    if same_day and row.enrolment_id is not None:
        return row.counts_reason
    live = desk.seat is not None and desk.seat.status == "active"
    return entries.counts_reason(day, desk.calendar if live else None, desk.seat.joined_day if desk.seat else None, call.now,
                                 not_mine=not_mine)
