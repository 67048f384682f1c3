"""Handing a question over to a person: the asker's side, and the staff's."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, cursors
from server.domain.questions import Reply, respond, tickets
from server.models import people as people_rows
from server.models import questions as question_rows
from server.models.organisations import Organisation
from server.models.people import Person
from server.models.questions import Question, Ticket, TicketMessage
from server.services import outbox, trail, work
from server.services.questions import judging, queue, reaching, rows
from server.services.work import Call

CLOSED_NEWS = "您的提问结束了，没有新的回复。还需要人看，请打开小程序接着写。"


@work.writes
def hand_over(session: Session, call: Call, question_id: uuid.UUID) -> dict[str, Any]:
    """The question with its ticket: a new one, or the one that was there, open again if it was closed. Raises not_found."""
    question = reaching.question(session, call, question_id, lock=True)
    ticket = question_rows.ticket_of(session, question.id, lock=True)
    if ticket is None:
        ticket = queue.open_ticket(session, call, question, tickets.need_of(question.kind, medical=question.medical))
    elif ticket.status == "closed":
        queue.reopen_ticket(session, call, ticket)
        session.flush()
    return rows.whole_view(session, call, question, ticket)


def write_on(call: Call, question_id: uuid.UUID, text: str) -> dict[str, Any]:
    """The question with one more message of its asker, which brings an answered or closed ticket back to staff. What is
    written is read like any question: `advice` is what to do now where it tells of a danger, and whatever is about the body
    goes on to who may read that. Raises not_found."""
    shelf = judging.shelf_for(call)
    read = respond(text, shelf.index)
    return _write_on(call, question_id, text, read, judging.about_body(read, shelf))


@work.writes
def _write_on(session: Session, call: Call, question_id: uuid.UUID, text: str, read: Reply,
              medical: bool | None) -> dict[str, Any]:
    question = reaching.question(session, call, question_id, lock=True)
    danger = read.advice is not None
    wanted = tickets.need_of_words(read.kind, danger=danger, medical=medical)
    if medical or danger or read.kind in tickets.HANDED_OVER:
        question.medical = True
    # Staff lock the ticket alone: what they have just done to it is read after they have done it.
    ticket = question_rows.ticket_of(session, question.id, lock=True)
    if ticket is None:
        need = tickets.graver(wanted, tickets.need_of(question.kind, medical=question.medical))
        ticket = queue.open_ticket(session, call, question, need)
    message = _write(session, call, ticket, text, "patient", None)
    if danger:
        judging.raise_alert(session, call, question, read, message.id)
    need = tickets.graver(wanted, ticket.need)
    if need != ticket.need or ticket.status not in tickets.WAITING:
        ticket.need = need
        queue.ask_again(session, call, ticket)
    trail.record(session, call, "ticket.write", f"ticket:{ticket.id}", person_id=call.actor_id,
                 organisation_id=ticket.organisation_id, fields=["text"], content={"text": text, "message": message.id})
    session.flush()
    return {**rows.whole_view(session, call, question, ticket), "advice": judging.seen(session, question, read).advice}


@work.reads
def page(session: Session, call: Call, statuses: list[str], after: str | None, limit: int) -> dict[str, Any]:
    """The tickets that wait for somebody like the caller, who has waited longest first. Raises forbidden."""
    grants = people_rows.grants_of(session, call.actor_id)
    access.require("ticket.general", {grant.role for grant in grants} or {"nobody"})
    found = question_rows.tickets_in(session, call.actor_id, reaching.allowed_needs(grants), statuses,
                                     after=cursors.read(after, "tu"), limit=limit + 1)
    return cursors.page(found, limit, lambda one: rows.queue_view(
        one, session.get_one(Person, one.person_id).nickname, call.now), lambda one: (one.asked_at, one.id))


@work.writes
def take(session: Session, call: Call, ticket_id: uuid.UUID) -> dict[str, Any]:
    """The ticket, taken: of two who do so one is refused. Raises not_found, forbidden, ticket_taken, ticket_closed."""
    ticket, _ = reaching.ticket(session, call, ticket_id)
    tickets.check_takes(ticket.status, is_mine=ticket.taken_by == call.actor_id)
    if ticket.status == "open":
        _take(ticket, call)
        _record(session, call, ticket, "ticket.take", ["status", "taken_by"])
    return _thread(session, call, ticket)


@work.writes
def reply(session: Session, call: Call, ticket_id: uuid.UUID, text: str) -> dict[str, Any]:
    """The ticket with a signed answer; the asker is told that there is one. Raises not_found, forbidden, ticket_taken,
    ticket_closed, reply_names_dose."""
    ticket, held = reaching.ticket(session, call, ticket_id)
    tickets.check_takes("open" if ticket.status == "replied" else ticket.status, is_mine=ticket.taken_by == call.actor_id)
    organisation = session.get(Organisation, ticket.organisation_id) if ticket.organisation_id else None
    licensed = organisation is not None and tickets.is_licensed(
        organisation.internet_hospital_licence, organisation.hours, call.now)
    tickets.check_reply(held, licensed=licensed, names_dose=judging.names_dose(text))
    role = tickets.speaks_as(held, access.MAY[f"ticket.{ticket.need}"])
    message = _write(session, call, ticket, text, role, _signature(session, call, ticket, role))
    if ticket.taken_by != call.actor_id:
        _take(ticket, call)
    ticket.status, ticket.due_at = "replied", None
    ticket.first_reply_at = ticket.first_reply_at or call.now
    outbox.leave(session, call, ticket.person_id, "ticket_replied", f"【{tickets.LABEL}】您的提问有了回复，请打开小程序查看。",
                 f"message:{message.id}", organisation_id=ticket.organisation_id)
    _record(session, call, ticket, "ticket.reply", ["status", "text"], content={"text": text, "message": message.id})
    return _thread(session, call, ticket)


@work.writes
def close(session: Session, call: Call, ticket_id: uuid.UUID) -> dict[str, Any]:
    """The ticket, closed; closing it again changes nothing. Who still waited is told so, in the thread and by a message.
    Raises not_found, forbidden."""
    ticket, _ = reaching.ticket(session, call, ticket_id)
    if ticket.status in tickets.WAITING:
        _write(session, call, ticket, tickets.CLOSED_UNANSWERED, tickets.NOTICE, None)
        outbox.leave(session, call, ticket.person_id, "ticket_closed", CLOSED_NEWS, f"ticket:{ticket.id}:{ticket.round}",
                     organisation_id=ticket.organisation_id)
    if ticket.status != "closed":
        queue.close_ticket(session, call, ticket)
    return _thread(session, call, ticket)


@work.writes
def reopen(session: Session, call: Call, ticket_id: uuid.UUID) -> dict[str, Any]:
    """The ticket, free for anybody to take: closed, answered, or taken by somebody who cannot go on. Raises not_found,
    forbidden."""
    ticket, _ = reaching.ticket(session, call, ticket_id)
    if ticket.status != "open":
        queue.reopen_ticket(session, call, ticket)
    return _thread(session, call, ticket)


@work.writes
def route(session: Session, call: Call, ticket_id: uuid.UUID, need: str) -> dict[str, Any]:
    """The ticket, brought to those who may answer what it really needs: who may answer it now may say so. Raises
    not_found, forbidden, ticket_closed, ticket_about_body."""
    ticket, held = reaching.ticket(session, call, ticket_id)
    tickets.check_takes(ticket.status, is_mine=True)
    if ticket.need != need:
        question = session.get_one(Question, ticket.question_id)
        written_by = {message.role for message in question_rows.messages_of(session, ticket.id)}
        tickets.check_route(need, question.kind, medical=question.medical, written_by=written_by)
        ticket.need = need
        queue.ask_again(session, call, ticket)
        _record(session, call, ticket, "ticket.route", ["need", "status", "due_at"])
    if held & access.MAY[f"ticket.{need}"]:
        return _thread(session, call, ticket)
    # What they have just given away they no longer read.
    return rows.queue_view(ticket, session.get_one(Person, ticket.person_id).nickname, call.now) | {"thread": None, "text": None}


def _take(ticket: Ticket, call: Call) -> None:
    ticket.status, ticket.taken_by, ticket.taken_at = "taken", call.actor_id, call.now


def _write(session: Session, call: Call, ticket: Ticket, text: str, role: str, signature: Any) -> TicketMessage:
    message = TicketMessage(id=uuid.uuid4(), ticket_id=ticket.id, author_id=call.actor_id, role=role, text=text,
                            signature=signature, at=call.now)
    session.add(message)
    session.flush()
    return message


def _signature(session: Session, call: Call, ticket: Ticket, role: str) -> dict[str, Any]:
    """Who answers, as they are at this moment: whatever becomes of the grant, the answer stays signed."""
    author = session.get_one(Person, call.actor_id)
    credential = people_rows.credential_of(session, author.id, role, ticket.organisation_id)
    return {"name": author.full_name or author.nickname, "role_name": tickets.ROLE_NAMES[role], "credential": credential}


def _thread(session: Session, call: Call, ticket: Ticket) -> dict[str, Any]:
    """The ticket with what was asked and written: whoever acts on it has read it, and the trail says so."""
    session.flush()
    question = session.get_one(Question, ticket.question_id)
    trail.record(session, call, "question.read", f"question:{question.id}", person_id=question.person_id,
                 organisation_id=ticket.organisation_id)
    shown = rows.queue_view(ticket, session.get_one(Person, ticket.person_id).nickname, call.now)
    return {**shown, "text": question.text,
            "thread": [rows.message_view(message) for message in question_rows.messages_of(session, ticket.id)]}


def _record(session: Session, call: Call, ticket: Ticket, verb: str, fields: list[str], content: Any = None) -> None:
    trail.record(session, call, verb, f"ticket:{ticket.id}", person_id=ticket.person_id,
                 organisation_id=ticket.organisation_id, fields=fields, content=content)
