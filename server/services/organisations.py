"""Organisations and invites into their roles."""

import secrets
import uuid
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from server.domain import access, codes, cursors, organisations
from server.domain.access import Place
from server.domain.refusals import Refusal
from server.models import enrolments as enrolment_rows
from server.models import organisations as organisation_rows
from server.models import people as people_rows
from server.models.base import insert_once
from server.models.camps import Camp
from server.models.classes import Class
from server.models.organisations import Organisation, RoleInvite
from server.services import reach, trail, work
from server.services.work import Call


@work.writes
def create(session: Session, call: Call, name: str) -> dict[str, Any]:
    """A new organisation. Raises forbidden for anyone but the programme's owner, already_exists for a name in use."""
    reach.programme(session, call, "organisation.create")
    organisation = {"id": uuid.uuid4(), "name": name, "created_at": call.now, "version": 1}
    if not insert_once(session, Organisation.__table__, organisation):
        raise Refusal("already_exists")
    trail.record(session, call, "organisation.create", f"organisation:{organisation['id']}",
                 organisation_id=organisation["id"], fields=["name"])
    return organisation


@work.reads
def page(session: Session, call: Call, after: str | None, limit: int) -> dict[str, Any]:
    """The organisations the caller works for or is a patient of; an owner sees all."""
    grants = people_rows.grants_of(session, call.actor_id)
    ids = {g.organisation_id for g in grants if g.organisation_id}
    ids |= {place[0] for place in enrolment_rows.places_of(session, call.actor_id)}
    access.require("person.read", {access.SELF})
    owner = any(g.role == "owner" for g in grants)
    rows = organisation_rows.page(session, None if owner else ids, after=cursors.read(after, "s"), limit=limit + 1)
    return cursors.page(rows, limit, _view, lambda row: (row.name,))


@work.reads
def show(session: Session, call: Call, organisation_id: uuid.UUID) -> dict[str, Any]:
    """The organisation with what it settled. Raises not_found, forbidden."""
    return _whole_view(session, reach.organisation(session, call, organisation_id, "organisation.read"))


@work.writes
def change(session: Session, call: Call, organisation_id: uuid.UUID, changes: dict[str, Any]) -> dict[str, Any]:
    """The organisation with these fields changed; None empties one. Raises not_found, forbidden, stale, already_exists,
    hours_invalid, timezone_unknown, not_staff."""
    organisation = reach.organisation(session, call, organisation_id, "organisation.change", lock=True)
    work.check_version(call, organisation.version)
    if changes.get("service_hours"):
        organisations.check_service_hours(changes["service_hours"])
    if "name" in changes and organisation_rows.name_taken(session, changes["name"], organisation_id):
        raise Refusal("already_exists")
    if "on_duty" in changes and organisation_rows.settle_on_call(session, organisation_id, changes["on_duty"] or ()):
        raise Refusal("not_staff")
    for name, value in changes.items():
        if name != "on_duty":
            setattr(organisation, name, value)
    trail.record(session, call, "organisation.change", f"organisation:{organisation_id}", organisation_id=organisation_id,
                 fields=changes, content=changes)
    if "on_duty" in changes:
        # Its places are rows beside the organisation's own, and If-Match rests on its version.
        flag_modified(organisation, "version")
    session.flush()
    return _whole_view(session, organisation)


@work.writes
def invite(session: Session, call: Call, organisation_id: uuid.UUID, draft: dict[str, Any]) -> dict[str, Any]:
    """A code that gives the role once, within 7 days. Raises not_found, forbidden, scope_mismatch, credential_needed."""
    reach.organisation(session, call, organisation_id, "organisation.invite")
    access.check_scope(draft["role"], draft["scope_type"])
    if draft["role"] in access.CREDENTIALED and not draft.get("credential"):
        raise Refusal("credential_needed")
    _check_inside(session, organisation_id, draft["scope_type"], draft["scope_id"])
    code = codes.make(secrets.choice, codes.INVITE_LENGTH)
    row = RoleInvite(id=uuid.uuid4(), organisation_id=organisation_id, role=draft["role"], scope_type=draft["scope_type"],
                     scope_id=draft["scope_id"], credential=draft.get("credential"), invited_by=call.actor_id,
                     code_index=organisation_rows.code_index(code), created_at=call.now,
                     expires_at=call.now + codes.INVITE_LIFE)
    session.add(row)
    trail.record(session, call, "organisation.invite", f"invite:{row.id}", organisation_id=organisation_id,
                 fields=["role", "scope_type"])
    return {"code": code, "role": row.role, "scope_type": row.scope_type, "scope_id": row.scope_id,
            "expires_at": row.expires_at}


def _check_inside(session: Session, organisation_id: uuid.UUID, scope_type: str, scope_id: uuid.UUID) -> None:
    """Let a scope inside the organisation pass. Raises not_found."""
    if scope_type == "organisation":
        inside = scope_id == organisation_id
    elif scope_type == "person":
        inside = Place(organisation_id) in (Place(row[0]) for row in enrolment_rows.places_of(session, scope_id))
    else:
        found = session.get(Camp if scope_type == "camp" else Class, scope_id)
        inside = found is not None and found.organisation_id == organisation_id
    if not inside:
        raise Refusal("not_found")


def _view(organisation: Organisation) -> dict[str, Any]:
    return {"id": organisation.id, "name": organisation.name, "created_at": organisation.created_at,
            "version": organisation.version}


def _whole_view(session: Session, organisation: Organisation) -> dict[str, Any]:
    signatories = organisation.signatories or []
    return {**_view(organisation), "service_hours": organisation.hours, "duty_phone": organisation.duty_phone,
            "on_duty": organisation_rows.on_call(session, organisation.id),
            "issuer": organisation.issuer or organisation.name, "signatories": signatories,
            "internet_hospital_licence": organisation.internet_hospital_licence,
            "doctor_agreement": organisation.doctor_agreement}
