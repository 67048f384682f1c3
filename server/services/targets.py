"""A person's targets: what is in force and why, and setting them as their nurse or doctor."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import access, targets
from server.domain.camps import DEFAULT_TIMEZONE, zone
from server.models import people as people_rows
from server.models import seats
from server.models import targets as target_rows
from server.models.people import Person
from server.models.targets import TargetSet
from server.services import outbox, reach, trail, work
from server.services.work import Call


def show(call: Call, person_id: uuid.UUID) -> dict[str, Any]:
    """The targets in force; a look at somebody else's is put on the trail. Raises not_found, forbidden."""
    return _show_own(call) if person_id == call.person_id else _show_other(call, person_id)


@work.reads
def _show_own(session: Session, call: Call) -> dict[str, Any]:
    return _view(session, call, reach.person_id(session, call, None, "target.read"))


@work.writes
def _show_other(session: Session, call: Call, person_id: uuid.UUID) -> dict[str, Any]:
    reach.person(session, call, person_id, "target.read")
    trail.record(session, call, "target.read", f"person:{person_id}", person_id=person_id,
                 organisation_id=reach.organisation_of(session, call, person_id))
    return _view(session, call, person_id)


@work.writes
def put(session: Session, call: Call, person_id: uuid.UUID, draft: dict[str, Any]) -> dict[str, Any]:
    """The targets with these in place of whatever was set before; what is not named goes back to the default of the
    person's type. They count from the next reading on, and the patient is told.

    Raises not_found, forbidden, limit_loosened, target_unsafe.
    """
    held = reach.person(session, call, person_id, "target.set").held
    ranges = {group: {name: str(value) for name, value in one.items()} for group, one in draft.get("ranges", {}).items()}
    limits = {name: str(value) for name, value in draft.get("limits", {}).items()}
    targets.check(targets.own_of(ranges, limits, frail=draft["frail"]))
    # The person's row orders two who set targets at the same instant.
    session.scalars(sa.select(Person.id).where(Person.id == person_id).with_for_update()).one()
    target_rows.end(session, person_id, call.now)
    organisation_id = reach.organisation_of(session, call, person_id)
    row = TargetSet(id=uuid.uuid4(), person_id=person_id, organisation_id=organisation_id, ranges=ranges, limits=limits,
                    frail=draft["frail"], hba1c_below_percent=draft.get("hba1c_below_percent"), note=draft.get("note") or None,
                    role=max(held & access.CREDENTIALED, key=("nurse", "doctor").index), set_by=call.actor_id, set_at=call.now)
    session.add(row)
    session.flush()
    people_rows.touch(session, person_id)
    trail.record(session, call, "target.set", f"target_set:{row.id}", person_id=person_id, organisation_id=organisation_id,
                 fields=draft, content=draft)
    outbox.leave(session, call, person_id, "target_set",
                 f"{targets.ROLE_NAMES[row.role]}为您定了新的血糖目标，打开“我的数据”看看。", f"target_set:{row.id}")
    return _view(session, call, person_id)


def _view(session: Session, call: Call, person_id: uuid.UUID) -> dict[str, Any]:
    patient, row, on = seats.holder(session, person_id).patient, target_rows.in_force(session, person_id), _today(call)
    return {"person_id": person_id, "ranges": targets.in_force(patient, on), "waits": targets.waits(patient, on),
            "text": targets.WAITS if targets.waits(patient, on) else None,
            "limits": targets.limits_in_force(patient.own.limits), "frail": patient.own.frail,
            "hba1c_below_percent": targets.hba1c_below_percent(row.hba1c_below_percent if row else None, patient, on),
            "set_by": _set_by(session, row) if row else None, "set_at": row.set_at if row else None,
            "note": row.note if row else None}


def _today(call: Call) -> dt.date:
    return call.now.astimezone(zone(DEFAULT_TIMEZONE)).date()


def _set_by(session: Session, row: TargetSet) -> dict[str, Any]:
    """Who set them, as a patient may know it: name, role and checked credential."""
    author = session.get_one(Person, row.set_by)
    return {"name": author.full_name or author.nickname, "role": row.role, "role_name": targets.ROLE_NAMES[row.role],
            "credential": people_rows.credential_of(session, author.id, row.role, row.organisation_id)}
