"""Whether this release can work with its database."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.refusals import Refusal
from server.services import work
from server.services.work import Call


@work.reads
def check_ready(session: Session, call: Call, expected_revision: str) -> dict[str, Any]:
    """{"status": "ok"} when the database answers and its schema is the expected one. Raises database_away."""
    del call
    revision = session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    if revision != expected_revision:
        raise Refusal("database_away", retry_after_seconds=5)
    return {"status": "ok"}
