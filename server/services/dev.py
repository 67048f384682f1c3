"""Development aids: the clock, the outbox and what is due."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from server.domain import cursors
from server.models import audit as audit_rows
from server.models.audit import OutboxMessage
from server.services import work
from server.services.work import Call


def set_clock(call: Call, instant: dt.datetime | None) -> dict[str, Any]:
    """The instant now, after stopping the clock there in every worker, or letting it run."""
    call.world.clock.stop_at(instant)
    return {"now": call.world.clock.now()}


@work.reads
def outbox(session: Session, call: Call, after: str | None, limit: int) -> dict[str, Any]:
    """The messages that would have left, newest first."""
    del call
    before = cursors.read(after, "i")
    rows = audit_rows.outbox_page(session, before=before[0] if before else None, limit=limit + 1)
    return cursors.page(rows, limit, _view, lambda row: (row.number,))


def _view(message: OutboxMessage) -> dict[str, Any]:
    return {"channel": message.channel, "to": message.person_id, "template": message.template, "body": message.body,
            "about": message.about, "at": message.at}
