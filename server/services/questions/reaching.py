"""Who reaches a question, its ticket and a topic. A ticket is its asker's, and of the staff who reach the asker today and
may answer what it needs."""

import re
import uuid
from typing import NamedTuple

from sqlalchemy.orm import Session

from server.domain import access
from server.domain.access import SELF, Grant, Place
from server.domain.enrolments import LIVE, REACHED_IN
from server.domain.questions.tickets import NEEDS
from server.domain.questions.topics import SLUG
from server.domain.refusals import Refusal
from server.models import enrolments as enrolment_rows
from server.models import organisations as organisation_rows
from server.models import people as people_rows
from server.models import questions as question_rows
from server.models.enrolments import Enrolment
from server.models.questions import Question, Ticket
from server.services.work import Call


class ReachedTicket(NamedTuple):
    """A ticket, and how the caller stands to it."""

    ticket: Ticket
    held: set[str]


def place_of(session: Session, person_id: uuid.UUID) -> tuple[uuid.UUID | None, Enrolment | None]:
    """The organisation that answers the person, and their enrolment there: the live one, else the last that counts.

    Who is in no camp asks the only organisation where there is only one, and nobody where there are several.
    """
    mine = enrolment_rows.of_person(session, person_id, after=None, limit=20)
    found = next((one for wanted in (LIVE, REACHED_IN) for one in mine if one.status in wanted), None)
    if found is not None:
        return found.organisation_id, found
    organisations = organisation_rows.page(session, None, after=None, limit=2)
    return (organisations[0].id if len(organisations) == 1 else None), None


def question(session: Session, call: Call, question_id: uuid.UUID, _act: str = "", *, lock: bool = False) -> Question:
    """One's own question. Raises not_found."""
    found = question_rows.locked(session, question_id) if lock else session.get(Question, question_id)
    if found is None or found.person_id != call.actor_id:
        raise Refusal("not_found")
    return found


def readable(session: Session, call: Call, question_id: uuid.UUID) -> tuple[Question, Ticket | None]:
    """The question with its ticket, for its asker and for staff who may answer it. Raises not_found, forbidden."""
    found = session.get(Question, question_id)
    if found is None:
        raise Refusal("not_found")
    waiting = question_rows.ticket_of(session, question_id)
    if found.person_id != call.actor_id:
        if waiting is None:
            raise Refusal("not_found")
        access.require(f"ticket.{waiting.need}", held_over(session, call, waiting))
    return found, waiting


def ticket(session: Session, call: Call, ticket_id: uuid.UUID, _act: str = "") -> ReachedTicket:
    """Somebody's ticket, its row locked, for staff who may answer it. Raises not_found, forbidden."""
    found = question_rows.locked_ticket(session, ticket_id)
    if found is None:
        raise Refusal("not_found")
    held = held_over(session, call, found)
    access.require(f"ticket.{found.need}", held)
    return ReachedTicket(found, held)


def held_over(session: Session, call: Call, ticket: Ticket) -> set[str]:
    """How the caller stands to a ticket. Tells the same as `models.questions.tickets_in` for one ticket."""
    if ticket.person_id == call.actor_id:
        return {SELF}
    grants = [grant for grant in people_rows.grants_of(session, call.actor_id)
              if ticket.organisation_id in (None, grant.organisation_id)]
    places = [Place(organisation, camp, class_, ticket.person_id)
              for organisation, camp, class_, status in enrolment_rows.places_of(session, ticket.person_id)
              if status in REACHED_IN and ticket.organisation_id in (None, organisation)]
    if ticket.camp_id is None and ticket.organisation_id is not None:
        places.append(Place(ticket.organisation_id, person_id=ticket.person_id))
    # Nowhere is a place too: a person without one is still theirs to whom a grant names that person.
    return access.standings(grants, places or [Place(uuid.UUID(int=0), person_id=ticket.person_id)])


def allowed_needs(grants: list[Grant]) -> list[tuple[Grant, list[str]]]:
    """Each grant that lets somebody answer anything, with what."""
    found = [(grant, [need for need in NEEDS if grant.role in access.MAY[f"ticket.{need}"]]) for grant in grants]
    return [(grant, needs) for grant, needs in found if needs]


def desk(session: Session, call: Call, organisation_id: uuid.UUID | None, act: str) -> uuid.UUID:
    """The organisation whose topics or questions are meant: the one named, or the caller's own where there is one. All of
    its staff read its topics; whatever else is done there is for roles over the whole of it. Raises not_found, forbidden,
    organisation_unnamed."""
    mine = _staff_grants(session, call)
    if organisation_id is None:
        if len(mine) > 1:
            raise Refusal("organisation_unnamed")
        wanted = next(iter(mine), None)
    else:
        wanted = organisation_id if organisation_id in mine else None
    if wanted is None:
        # A stranger who names an organisation must not learn that it exists.
        raise Refusal("forbidden" if organisation_id is None else "not_found")
    access.require(act, _held_at(mine[wanted], act) or {"nobody"})
    return wanted


def topic(session: Session, call: Call, slug: str, act: str) -> None:
    """Let somebody pass who may do this to the topic of some organisation: which one, the body says. Raises not_found,
    forbidden."""
    check_slug(slug)
    held = {role for grants in _staff_grants(session, call).values() for role in _held_at(grants, act)}
    access.require(act, held or {"nobody"})


def check_slug(slug: str) -> None:
    """Let what can be a slug pass. Raises not_found."""
    if not re.fullmatch(SLUG, slug):
        raise Refusal("not_found")


def _staff_grants(session: Session, call: Call) -> dict[uuid.UUID, list[Grant]]:
    """The caller's grants as staff, by organisation."""
    found: dict[uuid.UUID, list[Grant]] = {}
    for grant in people_rows.grants_of(session, call.actor_id):
        if grant.role in access.STAFF and grant.organisation_id is not None:
            found.setdefault(grant.organisation_id, []).append(grant)
    return found


def _held_at(grants: list[Grant], act: str) -> set[str]:
    """The roles among them that count for this act."""
    return {grant.role for grant in grants if act == "topic.read" or grant.scope_type == "organisation"}
