"""Who reaches what: every use case finds the thing and the permission here, in one step.

A thing that does not exist and a thing of strangers are the same refusal, not_found.
"""

import uuid
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import access
from server.domain.access import FILER, HOLDER, RELATIVE, SELF, Place
from server.domain.enrolments import REACHED_IN
from server.domain.refusals import Refusal
from server.models import camps as camp_rows
from server.models import classes as class_rows
from server.models import enrolments as enrolment_rows
from server.models import family as family_rows
from server.models import people as people_rows
from server.models.camps import Camp, Course
from server.models.classes import Class
from server.models.enrolments import Enrolment
from server.models.family import FamilyTie
from server.models.organisations import Organisation
from server.models.people import Person
from server.services.work import Call


class Reached(NamedTuple):
    """A person and how the caller stands to them."""

    person: Person
    held: set[str]


def grants(session: Session, call: Call) -> list[access.Grant]:
    """The caller's role grants."""
    return list(people_rows.grants_of(session, call.actor_id))


def roles_at(session: Session, call: Call, *places: Place) -> set[str]:
    """The caller's roles over these places."""
    return access.standings(people_rows.grants_of(session, call.actor_id), places)


def held_over(session: Session, call: Call, person_id: uuid.UUID) -> set[str]:
    """How the caller stands to a person: self, holder, relative, filer, and roles over the person's places."""
    if person_id == call.actor_id:
        return {SELF}
    held = {HOLDER} if people_rows.holds_tie(session, call.actor_id, person_id) else set()
    tie = family_rows.in_force(session, call.actor_id, person_id)
    if tie is not None:
        held |= {RELATIVE, FILER} if tie.may_file else {RELATIVE}
    places = [Place(organisation, camp, class_, person_id)
              for organisation, camp, class_, status in enrolment_rows.places_of(session, person_id)
              if status in REACHED_IN]
    return held | roles_at(session, call, *(places or [Place(_nowhere(), person_id=person_id)]))


def person(session: Session, call: Call, person_id: uuid.UUID | None, act: str) -> Reached:
    """The person, oneself with None. Raises not_found or forbidden."""
    wanted = person_id or call.actor_id
    held = held_over(session, call, wanted)
    access.require(act, held)
    found = session.get(Person, wanted)
    if found is None:
        raise Refusal("not_found")
    return Reached(found, held)


def person_id(session: Session, call: Call, wanted: uuid.UUID | None, act: str) -> uuid.UUID:
    """The person's id when the caller may do this for them: nothing is read for oneself. Raises as `person`."""
    if wanted is None or wanted == call.actor_id:
        access.require(act, {SELF})
        return call.actor_id
    access.require(act, held_over(session, call, wanted))
    return wanted


def family_tie(session: Session, call: Call, tie_id: uuid.UUID, act: str, *, lock: bool = False) -> FamilyTie:
    """The live family tie, its row locked if asked. Raises not_found or forbidden.

    A relative may leave a tie that the patient's withdrawn consent has put out of force.
    """
    found = family_rows.live(session, tie_id, lock=lock)
    if found is None:
        raise Refusal("not_found")
    mine = {RELATIVE} if found.relative_id == call.actor_id else set()
    access.require(act, mine | held_over(session, call, found.person_id))
    return found


def organisation(session: Session, call: Call, organisation_id: uuid.UUID, act: str, *, lock: bool = False) -> Organisation:
    """The organisation, its row locked if asked. Raises not_found or forbidden."""
    access.require(act, roles_at(session, call, Place(organisation_id)))
    found = session.get(Organisation, organisation_id, with_for_update=lock)
    if found is None:
        raise Refusal("not_found")
    return found


def programme(session: Session, call: Call, act: str) -> None:
    """Let an act on the whole programme pass. Raises forbidden: there is nothing here to hide."""
    held = roles_at(session, call, Place())
    access.require(act, held or {"nobody"})


def camp(session: Session, call: Call, camp_id: uuid.UUID, act: str, *, lock: bool = False) -> Camp:
    """The camp, its row locked if asked. Raises not_found or forbidden."""
    query = sa.select(Camp).where(Camp.id == camp_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Refusal("not_found")
    _require_in_camp(session, call, found.organisation_id, camp_id, act)
    return found


def course(session: Session, call: Call, camp_id: uuid.UUID, act: str) -> Course:
    """The camp's course: all of it that a board needs. Raises not_found or forbidden."""
    found = camp_rows.course(session, camp_id)
    if found is None:
        raise Refusal("not_found")
    _require_in_camp(session, call, found.organisation_id, camp_id, act)
    return found


def _require_in_camp(session: Session, call: Call, organisation_id: uuid.UUID, camp_id: uuid.UUID, act: str) -> None:
    held = enrolment_rows.membership(session, call.actor_id, "camp", camp_id)
    if not held & access.MAY[act]:
        held |= roles_at(session, call, Place(organisation_id, camp_id)) | _staff_below(session, call, camp_id)
    access.require(act, held)


def class_(session: Session, call: Call, class_id: uuid.UUID, act: str) -> sa.Row:
    """The class as its row. Raises not_found or forbidden."""
    found = class_rows.by_id(session, class_id)
    if found is None:
        raise Refusal("not_found")
    held = enrolment_rows.membership(session, call.actor_id, "class", class_id)
    if not held & access.MAY[act]:
        held |= roles_at(session, call, Place(found.organisation_id, found.camp_id, found.id))
    access.require(act, held)
    return found


def enrolment(session: Session, call: Call, enrolment_id: uuid.UUID, act: str, *, lock: bool = False) -> Enrolment:
    """The enrolment, its row locked if asked. Raises not_found or forbidden."""
    found = (enrolment_rows.locked(session, enrolment_id) if lock else session.get(Enrolment, enrolment_id))
    if found is None:
        raise Refusal("not_found")
    access.require(act, enrolment_held(session, call, found))
    return found


def enrolment_held(session: Session, call: Call, found: Enrolment) -> set[str]:
    """How the caller stands to an enrolment."""
    if found.person_id == call.actor_id:
        return {SELF}
    held = {HOLDER} if people_rows.holds_tie(session, call.actor_id, found.person_id) else set()
    return held | roles_at(session, call, Place(found.organisation_id, found.camp_id, found.class_id, found.person_id))


def organisation_of(session: Session, call: Call, person_id: uuid.UUID) -> uuid.UUID | None:
    """The organisation on whose behalf the caller reaches the person: for the trail of looks at a record."""
    mine = {grant.organisation_id for grant in people_rows.grants_of(session, call.actor_id)}
    theirs = [row[0] for row in enrolment_rows.places_of(session, person_id) if row[3] in REACHED_IN]
    return next((organisation_id for organisation_id in theirs if organisation_id in mine), None)


def _staff_below(session: Session, call: Call, camp_id: uuid.UUID) -> set[str]:
    """Roles over a class of the camp: they let its camp be read."""
    classes = session.scalars(sa.select(Class.id).where(Class.camp_id == camp_id))
    wanted = set(classes)
    return {grant.role for grant in people_rows.grants_of(session, call.actor_id)
            if grant.scope_type == "class" and grant.scope_id in wanted}


def _nowhere() -> uuid.UUID:
    """An organisation that does not exist: a person in no class is in nobody's, not in everybody's."""
    return uuid.UUID(int=0)
