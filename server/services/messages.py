"""Messages of health staff to a patient, routed by how serious they are, the patient's choice and consent; and what is kept
in the app for each reader."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, cursors, messages
from server.domain.questions import tells_dose, tickets
from server.models import audit as audit_rows
from server.models import family as family_rows
from server.models import messages as message_rows
from server.models.audit import OutboxMessage
from server.models.messages import Message
from server.models.organisations import Organisation
from server.models.people import Person
from server.services import outbox, reach, trail, work
from server.services.outbox import Letter
from server.services.work import Call


@work.writes
def send(session: Session, call: Call, person_id: uuid.UUID, draft: dict[str, Any]) -> dict[str, Any]:
    """Who is told, in order. Each reads it in the app; a nudge without a word of it leaves with the outbox. Who was told
    what and when is on the trail. It has nothing to do with alerts and holds none of them up. Raises not_found, forbidden,
    reply_names_dose."""
    person, held = reach.person(session, call, person_id, "message.send")
    family = family_rows.who_hear_danger(session, person_id)
    organisation_id = reach.organisation_of(session, call, person_id)
    organisation = session.get(Organisation, organisation_id) if organisation_id else None
    licensed = organisation is not None and tickets.is_licensed(
        organisation.internet_hospital_licence, organisation.hours, call.now)
    tickets.check_reply(held, licensed=licensed, names_dose=tells_dose(f"{draft['subject']}\n{draft['body']}"))
    letter = Letter(uuid.uuid4(), person_id, messages.STAFF, draft["severity"], draft["subject"], draft["body"],
                    organisation_id, call.actor_id)
    about, text = f"message:{letter.id}", f"{letter.subject}\n{letter.body}"
    place = 0
    for side in messages.route(letter.severity, person.serious_news_first, family_hears=bool(family)):
        for hearer in [person_id] if side == "patient" else family:
            outbox.keep(session, call, letter, hearer, side=side, place=place)
            trail.record(session, call, "message.tell", about, person_id=hearer, organisation_id=letter.organisation_id,
                         fields=[letter.severity, side], content={"text": text, "order": place})
            place += 1
    copies = message_rows.copies_of(session, [letter.id])[letter.id]
    return _letter_view(copies, _nudges(session, copies))


@work.writes
def page(session: Session, call: Call, person_id: uuid.UUID | None, after: str | None, limit: int) -> dict[str, Any]:
    """What was written to the caller, or to whom they act for, newest first; what is on the page is read with that, and
    `read_at` says when it was before. What reached a relative as family stays theirs to read while they hear of dangers, and
    nobody else's: who acts for them is no family of that patient."""
    reader_id = reach.person_id(session, call, person_id, "message.read")
    patients = family_rows.in_danger_of(session, reader_id) if reader_id == call.actor_id else []
    rows = message_rows.page(session, reader_id, patients,
                             after=cursors.read(after, "tu"), limit=limit + 1)
    answer = cursors.page(rows, limit, lambda row: _view(*row), lambda row: (row[0].at, row[0].id))
    message_rows.mark_read(session, [message.id for message, _ in rows[:limit]], call.now)
    if reader_id != call.actor_id:
        for message, _ in rows[:limit]:
            trail.record(session, call, "message.read", f"message:{message.letter_id}", person_id=reader_id,
                         organisation_id=message.organisation_id)
    return answer


@work.writes
def sent(session: Session, call: Call, person_id: uuid.UUID, after: str | None, limit: int) -> dict[str, Any]:
    """What staff of the caller's organisation wrote to a patient, newest first: who was told, whether a nudge reached them,
    and when they read it. The words themselves are the readers'. Raises not_found, forbidden."""
    reach.person(session, call, person_id, "message.send")
    ours = {grant.organisation_id for grant in reach.grants(session, call) if grant.role in access.MAY["message.send"]}
    letters = message_rows.letters_about(session, person_id, ours, after=cursors.read(after, "tu"), limit=limit + 1)
    nudges = _nudges(session, [copy for letter in letters for copy in letter])
    trail.record(session, call, "message.look", f"person:{person_id}", person_id=person_id,
                 organisation_id=reach.organisation_of(session, call, person_id))
    return cursors.page(letters, limit, lambda letter: _letter_view(letter, nudges),
                        lambda letter: (letter[0].at, letter[0].id))


def _nudges(session: Session, copies: list[Message]) -> dict[str, list[OutboxMessage]]:
    found: dict[str, list[OutboxMessage]] = {f"message:{copy.id}": [] for copy in copies}
    for nudge in audit_rows.about(session, found):
        found[nudge.about].append(nudge)
    return found


def _letter_view(copies: list[Message], nudges: dict[str, list[OutboxMessage]]) -> dict[str, Any]:
    first = copies[0]
    return {"id": first.letter_id, "person": first.person_id, "severity": first.severity, "at": first.at,
            "from_id": first.from_id, "told": [_told_view(copy, nudges[f"message:{copy.id}"]) for copy in copies]}


def _told_view(copy: Message, nudges: list[OutboxMessage]) -> dict[str, Any]:
    """Where several act for the reader, the nudge that got furthest speaks for all."""
    best = max(nudges, key=lambda nudge: messages.STATES.index(nudge.state))
    return {"who": copy.to_id, "as": copy.side, "how": "app" if best.channel == outbox.ANY else best.channel,
            "at": copy.at, "state": best.state, "read_at": copy.read_at}


def _view(message: Message, writer: Person | None) -> dict[str, Any]:
    name = (writer.full_name or writer.nickname) if writer else None
    return {"id": message.id, "kind": message.kind, "severity": message.severity, "person_id": message.person_id,
            "as": message.side, "from_id": message.from_id, "from_name": name,
            "subject": message.subject, "body": message.body, "at": message.at, "read_at": message.read_at}
