"""The ledger as its owner sees it, and adjustments by an admin."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import cursors, streaks
from server.domain.refusals import Refusal
from server.models import enrolments as enrolment_rows
from server.models import points as ledger
from server.models.camps import Camp
from server.models.enrolments import Enrolment
from server.models.points import PointsLine
from server.services import reach, trail, work
from server.services.work import Call


@work.reads
def mine(session: Session, call: Call, person_id: uuid.UUID | None, after: str | None, limit: int) -> dict[str, Any]:
    """The balance with the organisation of the person's latest camp, what is held of it, the certificate level reached
    there, and the ledger's lines, newest first."""
    owner = reach.person_id(session, call, person_id, "points.read")
    before = cursors.read(after, "i")
    enrolment = enrolment_rows.latest(session, owner)
    if enrolment is None:
        return {"balance": 0, "held": 0, "level": None, "lines": {"items": [], "next": None}}
    points, held = ledger.balance(session, owner, enrolment.organisation_id)
    camp = session.get_one(Camp, enrolment.camp_id)
    calendar = camp.calendar
    lines = ledger.lines_of(session, owner, enrolment.organisation_id, before=before[0] if before else None, limit=limit + 1)
    days = _days(session, lines)
    reached = streaks.levels_reached(enrolment.marks, calendar.number_of(enrolment.joined_day or calendar.starts_on),
                                     camp.rules["certificates"])
    return {"balance": points, "held": held, "level": reached[-1][0] if reached else None,
            "lines": cursors.page(lines, limit, lambda line: _view(line, days), lambda line: (line.number,))}


def _days(session: Session, lines: list[PointsLine]) -> dict[uuid.UUID, Camp]:
    """The camp of each enrolment that the lines hang on: it gives a line's day its date."""
    return {enrolment_id: session.get_one(Camp, session.get_one(Enrolment, enrolment_id).camp_id)
            for enrolment_id in {line.enrolment_id for line in lines}}


def _view(line: PointsLine, camps: dict[uuid.UUID, Camp]) -> dict[str, Any]:
    day = camps[line.enrolment_id].calendar.day_numbered(line.day_number) if line.day_number else None
    return {"id": line.id, "points": line.points, "reason": line.reason, "about": line.about or None, "day": day,
            "note": line.note, "enrolment_id": line.enrolment_id, "rules_version": line.rules_version, "at": line.at}


@work.writes
def adjust(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """The line an admin adds with a reason; it moves the balance and no board. Raises adjustment_zero."""
    enrolment = reach.enrolment(session, call, draft["enrolment_id"], "points.adjust", lock=True)
    if draft["points"] == 0:
        raise Refusal("adjustment_zero")
    camp = session.get_one(Camp, enrolment.camp_id)
    line = PointsLine(id=uuid.uuid4(), enrolment_id=enrolment.id, person_id=enrolment.person_id,
                      organisation_id=enrolment.organisation_id, reason=ledger.ADJUSTMENT, about="", day_number=0,
                      points=draft["points"], rules_version=camp.rules_version, note=draft["reason"],
                      filed_by=call.actor_id, at=call.now)
    session.add(line)
    session.flush()
    balance = ledger.move_balance(session, enrolment.person_id, enrolment.organisation_id, line.points)
    trail.record(session, call, "points.adjust", f"points_line:{line.id}", person_id=enrolment.person_id,
                 organisation_id=enrolment.organisation_id, fields=["points", "reason"], content=draft)
    return {**_view(line, {enrolment.id: camp}), "balance": balance}
