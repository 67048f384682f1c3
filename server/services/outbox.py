"""Messages, written with the change that caused them and sent afterwards by jobs."""

import uuid

from sqlalchemy.orm import Session

from server.models.audit import OutboxMessage
from server.models.base import insert_once
from server.services.work import Call


def leave(session: Session, call: Call, to: uuid.UUID, template: str, body: str, about: str, *,
          organisation_id: uuid.UUID | None = None, channel: str = "wechat") -> None:
    """Write a message to a person. The same template about the same thing is written once, however often we run."""
    insert_once(session, OutboxMessage.__table__, {
        "id": uuid.uuid4(), "organisation_id": organisation_id, "person_id": to, "channel": channel,
        "template": template, "body": body, "about": about, "at": call.now, "state": "waiting"})
