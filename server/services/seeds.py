"""The rows a development database starts with: 示范医院, its admin and health manager, and the programme's owner."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from server.models import people as people_rows
from server.models.base import insert_once
from server.models.organisations import Organisation
from server.models.people import Identity, RoleGrant
from server.services import trail, work
from server.services.work import Call

ORGANISATION = "示范医院"
ROLES = (("admin", "admin"), ("manager", "health_manager"), ("owner", "owner"))
# Valid on every day a stopped clock may show.
SINCE = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@work.writes
def sow(session: Session, call: Call) -> None:
    """Seed once; a second run finds the organisation and does nothing."""
    organisation_id = uuid.uuid4()
    row = {"id": organisation_id, "name": ORGANISATION, "created_at": SINCE, "version": 1}
    if not insert_once(session, Organisation.__table__, row):
        return
    for name, role in ROLES:
        person = people_rows.add(session, name, SINCE)
        session.add(Identity(id=uuid.uuid4(), person_id=person.id, provider="dev", openid=name, created_at=SINCE,
                             openid_index=people_rows.openid_index("dev", name)))
        owner = role == "owner"
        session.add(RoleGrant(
            id=uuid.uuid4(), person_id=person.id, role=role, granted_at=SINCE,
            scope_type="programme" if owner else "organisation", scope_id=None if owner else organisation_id,
            organisation_id=None if owner else organisation_id))
    trail.record(session, call, "organisation.seed", f"organisation:{organisation_id}", organisation_id=organisation_id)
