"""The audit record, written in the transaction of the act."""

import uuid
from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy.orm import Session

from server.models import audit as audit_rows
from server.services.work import Call


def record(session: Session, call: Call, verb: str, about: str, *, person_id: uuid.UUID | None = None,
           organisation_id: uuid.UUID | None = None, fields: Iterable[str] = (), content: Any = None) -> None:
    """Append who did what to whom: `about` is "<thing>:<id>", `fields` the names that changed.

    `content` is what was written; only its keyed digest is kept, never a value.
    """
    record_all(session, call, [{
        "verb": verb, "about": about, "person_id": person_id, "organisation_id": organisation_id, "fields": sorted(fields),
        "digest": None if content is None else call.world.seal.digest(canonical(content))}])


def record_all(session: Session, call: Call, acts: list[dict[str, Any]]) -> None:
    """Append several acts of one request, each with verb, about, person_id, organisation_id, fields and digest."""
    audit_rows.append(session, [
        {"id": uuid.uuid4(), "at": call.now, "actor_id": call.person_id, "request_id": call.request_id, **act}
        for act in acts])


def canonical(content: Any) -> bytes:
    """The content as bytes that are the same for equal content: sorted keys, no spaces."""
    return orjson.dumps(content, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z)
