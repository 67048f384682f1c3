"""Profiles, dependants, finding people, and role grants."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import access, cursors, people
from server.domain.access import Place
from server.domain.camps import DEFAULT_TIMEZONE, zone
from server.domain.refusals import Refusal
from server.models import organisations as organisation_rows
from server.models import people as people_rows
from server.models.camps import Camp
from server.models.classes import Class
from server.models.organisations import Organisation
from server.models.people import Person, RoleGrant, Tie
from server.services import reach, trail, work
from server.services.work import Call

PROFILE = ("nickname", "full_name", "birth_on", "sex", "height_cm", "weight_kg", "diabetes_type", "diagnosed_on", "due_on",
           "treatments", "medicines", "complications", "hypo_unaware", "kidney_disease", "lives_alone",
           "emergency_contact", "glucose_unit", "quiet_hours", "board_visible", "meter", "next_visit_on",
           "serious_news_first")
NAMES = ("nickname", "full_name")


@work.reads
def me(session: Session, call: Call) -> dict[str, Any]:
    """The caller's own profile."""
    person = reach.person(session, call, None, "person.read").person
    return _own_view(session, person)


@work.writes
def change_me(session: Session, call: Call, changes: dict[str, Any]) -> dict[str, Any]:
    """The caller's profile with these fields changed; None empties one. Raises birth_in_future, stale."""
    person = session.scalars(sa.select(Person).where(Person.id == call.actor_id).with_for_update()).one()
    work.check_version(call, person.version)
    _change(call, person, changes)
    trail.record(session, call, "person.change", f"person:{person.id}", person_id=person.id, fields=changes,
                 content=changes)
    session.flush()
    return _own_view(session, person)


def _change(call: Call, person: Person, changes: dict[str, Any]) -> None:
    today = call.now.astimezone(zone(DEFAULT_TIMEZONE)).date()
    people.check_birth(changes.get("birth_on"), today)
    for name, value in changes.items():
        setattr(person, name, value)
    if "nickname" in changes:
        person.nickname_index = people_rows.name_index(person.nickname)
    if "full_name" in changes:
        person.full_name_index = people_rows.name_index(person.full_name) if person.full_name else None


@work.writes
def show(session: Session, call: Call, person_id: uuid.UUID) -> dict[str, Any]:
    """A person whom the caller may know of: health staff and holders see the profile, other staff the name alone.

    It is a write because every read of somebody else's record is put on the trail.
    """
    person, held = reach.person(session, call, person_id, "person.read_name")
    full = bool(held & access.MAY["person.read"])
    if person.id != call.actor_id:
        trail.record(session, call, "person.read", f"person:{person.id}", person_id=person.id,
                     organisation_id=reach.organisation_of(session, call, person.id))
    return _profile(person) if full else _name_view(person)


@work.writes
def find(session: Session, call: Call, q: str, limit: int) -> dict[str, Any]:
    """People in the caller's scope with exactly that nickname, full name or phone number."""
    access.require("person.search", {g.role for g in people_rows.grants_of(session, call.actor_id)} or {"nobody"})
    by_phone = people_rows.by_phone(session, q)
    found = [*people_rows.by_name(session, q, 100), *([by_phone] if by_phone else [])]
    seen = [p for p in found if reach.held_over(session, call, p.id) & access.MAY["person.read_name"]]
    for person in seen[:limit]:
        trail.record(session, call, "person.find", f"person:{person.id}", person_id=person.id,
                     organisation_id=reach.organisation_of(session, call, person.id))
    return {"items": [_name_view(person) for person in seen[:limit]], "next": None}


@work.writes
def create_dependant(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """A person without WeChat whom the caller acts for, as guardian or carer. Raises too_many_dependants."""
    session.scalars(sa.select(Person.id).where(Person.id == call.actor_id).with_for_update()).one()
    access.require("person.change", {access.SELF})
    people.check_birth(draft["birth_on"], call.now.astimezone(zone(DEFAULT_TIMEZONE)).date())
    if len(people_rows.dependants_of(session, call.actor_id, after=None, limit=people.MOST_DEPENDANTS)) >= people.MOST_DEPENDANTS:
        raise Refusal("too_many_dependants", most=people.MOST_DEPENDANTS)
    person = people_rows.add(session, draft["full_name"], call.now, full_name=draft["full_name"],
                             full_name_index=people_rows.name_index(draft["full_name"]), birth_on=draft["birth_on"])
    tie = Tie(id=uuid.uuid4(), person_id=person.id, holder_id=call.actor_id, basis=draft["basis"],
              relation=draft["relation"], created_at=call.now)
    session.add(tie)
    trail.record(session, call, "person.create_dependant", f"person:{person.id}", person_id=person.id, fields=draft,
                 content=draft)
    return _dependant_view(person, tie)


@work.reads
def dependants(session: Session, call: Call, after: str | None, limit: int) -> dict[str, Any]:
    """The people the caller acts for."""
    access.require("person.read", {access.SELF})
    rows = people_rows.dependants_of(session, call.actor_id, after=cursors.read(after, "tu"), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: _dependant_view(*row), lambda row: (row[1].created_at, row[1].id))


def place_of(session: Session, scope_type: str, scope_id: uuid.UUID, organisation_id: uuid.UUID | None = None) -> Place:
    """The scope as a place, with its organisation. Raises not_found."""
    if scope_type == "organisation":
        found = session.get(Organisation, scope_id)
        place = Place(scope_id) if found else None
    elif scope_type == "camp":
        camp = session.get(Camp, scope_id)
        place = Place(camp.organisation_id, camp.id) if camp else None
    elif scope_type == "class":
        group = session.get(Class, scope_id)
        place = Place(group.organisation_id, group.camp_id, group.id) if group else None
    else:
        place = Place(organisation_id, person_id=scope_id) if session.get(Person, scope_id) else None
    if place is None:
        raise Refusal("not_found")
    return place


@work.writes
def grant_role(session: Session, call: Call, person_id: uuid.UUID, draft: dict[str, Any]) -> dict[str, Any]:
    """The role, given. An admin may grant inside the own organisation to anyone whose id they hold; the same grant
    again is the one there is. Raises not_found, forbidden, scope_mismatch, credential_needed."""
    place = _grant_place(session, call, draft)
    access.require("role.grant", reach.roles_at(session, call, place))
    if session.get(Person, person_id) is None:
        raise Refusal("not_found")
    check_role(draft)
    grant = RoleGrant(id=uuid.uuid4(), person_id=person_id, organisation_id=place.organisation_id, role=draft["role"],
                      scope_type=draft["scope_type"], scope_id=draft["scope_id"], credential=draft.get("credential"),
                      granted_by=call.actor_id, granted_at=call.now)
    same = session.scalar(sa.select(RoleGrant).where(
        RoleGrant.person_id == person_id, RoleGrant.role == grant.role, RoleGrant.scope_type == grant.scope_type,
        RoleGrant.scope_id == grant.scope_id, RoleGrant.ended_at.is_(None)))
    if same:
        return grant_view(same)
    session.add(grant)
    session.flush()  # a rival's same grant shows here, and the retry answers with it
    trail.record(session, call, "role.grant", f"role:{grant.id}", person_id=person_id,
                 organisation_id=place.organisation_id, fields=draft, content=draft)
    return grant_view(grant)


def _grant_place(session: Session, call: Call, draft: dict[str, Any]) -> Place:
    """Where the role is to count. One patient's is granted within the caller's organisation that reaches them."""
    if draft["scope_type"] != "person":
        return place_of(session, draft["scope_type"], draft["scope_id"])
    for grant in people_rows.grants_of(session, call.actor_id):
        if grant.role == "admin" and "admin" in reach.held_over(session, call, draft["scope_id"]):
            return place_of(session, "person", draft["scope_id"], grant.organisation_id)
    raise Refusal("not_found")


def check_role(draft: dict[str, Any]) -> None:
    """Let a role over a scope pass. Raises scope_mismatch, credential_needed."""
    access.check_scope(draft["role"], draft["scope_type"])
    if draft["role"] in access.CREDENTIALED and not draft.get("credential"):
        raise Refusal("credential_needed")


@work.writes
def revoke_role(session: Session, call: Call, person_id: uuid.UUID, grant_id: uuid.UUID) -> dict[str, Any]:
    """The role, ended: it counts no more from the next request. Raises not_found, forbidden, last_admin."""
    grant = session.scalar(sa.select(RoleGrant).where(
        RoleGrant.id == grant_id, RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None)).with_for_update())
    if grant is None or grant.organisation_id is None:
        raise Refusal("not_found")
    access.require("role.revoke", reach.roles_at(session, call, Place(grant.organisation_id)))
    # The organisation's row orders two admins who remove each other at the same instant.
    session.scalars(sa.select(Organisation.id).where(Organisation.id == grant.organisation_id).with_for_update()).one()
    if grant.role == "admin" and people_rows.count_admins(session, grant.organisation_id) < 2:
        raise Refusal("last_admin")
    grant.ended_at = call.now
    trail.record(session, call, "role.revoke", f"role:{grant.id}", person_id=person_id,
                 organisation_id=grant.organisation_id)
    return grant_view(grant)


@work.writes
def accept_role(session: Session, call: Call, code: str) -> dict[str, Any]:
    """The role an invite code gives, to the caller, once. Raises code_unknown, code_used, code_expired."""
    invite = organisation_rows.locked_invite(session, code)
    if invite is None:
        raise Refusal("code_unknown")
    if invite.used_at is not None:
        raise Refusal("code_used")
    if call.now >= invite.expires_at:
        raise Refusal("code_expired")
    invite.used_at, invite.used_by = call.now, call.actor_id
    grant = RoleGrant(id=uuid.uuid4(), person_id=call.actor_id, organisation_id=invite.organisation_id, role=invite.role,
                      scope_type=invite.scope_type, scope_id=invite.scope_id, credential=invite.credential,
                      granted_by=invite.invited_by, granted_at=call.now)
    session.add(grant)
    trail.record(session, call, "role.accept", f"role:{grant.id}", person_id=call.actor_id,
                 organisation_id=invite.organisation_id, fields=["role"])
    return grant_view(grant)


def grant_view(grant: RoleGrant) -> dict[str, Any]:
    """The grant alone; nothing of the person."""
    return {"id": grant.id, "person_id": grant.person_id, "role": grant.role, "scope_type": grant.scope_type,
            "scope_id": grant.scope_id, "granted_at": grant.granted_at, "ended_at": grant.ended_at}


def _own_view(session: Session, person: Person) -> dict[str, Any]:
    roles = [{"role": g.role, "scope_type": g.scope_type, "scope_id": g.scope_id}
             for g in people_rows.grants_of(session, person.id)]
    return {**_profile(person), "phone": person.phone, "roles": roles}


def _profile(person: Person) -> dict[str, Any]:
    profile: dict[str, Any] = {name: getattr(person, name) for name in PROFILE}
    profile["complications"] = person.complications or []
    return {"id": person.id, **profile, "created_at": person.created_at, "version": person.version}


def _name_view(person: Person) -> dict[str, Any]:
    return {"id": person.id, "nickname": person.nickname, "full_name": person.full_name, "version": person.version}


def _dependant_view(person: Person, tie: Tie) -> dict[str, Any]:
    return {"id": person.id, "full_name": person.full_name, "birth_on": person.birth_on, "basis": tie.basis,
            "relation": tie.relation, "created_at": tie.created_at}
