"""The trail, read by admins."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, cursors
from server.models import audit as audit_rows
from server.models import people as people_rows
from server.models.audit import AuditRecord
from server.services import work
from server.services.work import Call


@work.reads
def page(session: Session, call: Call, about: str | None, actor_id: uuid.UUID | None, after: str | None,
         limit: int) -> dict[str, Any]:
    """Records of the caller's organisations, newest first. Raises forbidden for anyone but an admin."""
    grants = [g for g in people_rows.grants_of(session, call.actor_id) if g.scope_type == "organisation"]
    access.require("audit.read", {g.role for g in grants} or {"nobody"})
    organisations = {g.organisation_id for g in grants if g.role == "admin" and g.organisation_id}
    before = cursors.read(after, "i")
    rows = audit_rows.page(session, organisations, about=about, actor_id=actor_id, before=before[0] if before else None,
                           limit=limit + 1)
    return cursors.page(rows, limit, _view, lambda row: (row.number,))


def _view(record: AuditRecord) -> dict[str, Any]:
    return {"id": record.id, "number": record.number, "at": record.at, "actor_id": record.actor_id,
            "person_id": record.person_id, "organisation_id": record.organisation_id, "verb": record.verb,
            "about": record.about, "fields": record.fields, "digest": record.digest, "request_id": record.request_id}
