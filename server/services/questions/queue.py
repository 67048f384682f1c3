"""What every way into and out of the queue shares: opening a ticket, asking again, closing, and telling who is on duty."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access
from server.domain.enrolments import REACHED_IN
from server.domain.questions import tickets
from server.domain.questions.tickets import TOLD
from server.models import enrolments as enrolment_rows
from server.models import people as people_rows
from server.models import questions as question_rows
from server.models.base import insert_once
from server.models.organisations import Organisation
from server.models.questions import Question, Ticket
from server.services import outbox, trail, work
from server.services.work import Call

BATCH = 100
NEWS = {"urgent": "有一条紧急提问，请马上查看。", "medical": "有一条健康提问等您回答。", "general": "有一条提问等您回答。"}
UNATTENDED_NEWS = {
    "urgent": "有一条紧急提问在等人看，但现在没有健康管理师、护士或医生值守，请马上安排。",
    "medical": "有一条提问在等护士或医生回答，但现在没有人值守，请安排。",
    "general": "有一条提问在等工作人员回答，但现在没有人值守，请您回答或安排。"}


def open_ticket(session: Session, call: Call, question: Question, need: str) -> Ticket:
    """A ticket for a question that has none; whoever is on duty is told. Two taps at once open one."""
    row = {"id": uuid.uuid4(), "question_id": question.id, "person_id": question.person_id, "round": 1, "chased_round": 0,
           "organisation_id": question.organisation_id, "camp_id": question.camp_id, "need": need, "status": "open",
           "topic": question.topic or question.nearest, "opened_at": call.now, "asked_at": call.now, "version": 1,
           "due_at": _due_at(session, question.organisation_id, need, call.now)}
    first = insert_once(session, Ticket.__table__, row)
    ticket = question_rows.ticket_of(session, question.id)
    assert ticket is not None, "it was inserted, or it was there"
    if first:
        trail.record(session, call, "ticket.open", f"ticket:{ticket.id}", person_id=ticket.person_id,
                     organisation_id=ticket.organisation_id, fields=["need", "due_at"])
        tell(session, call, ticket)
    return ticket


def ask_again(session: Session, call: Call, ticket: Ticket) -> None:
    """Put the ticket back into the queue, with a new clock; whoever is on duty is told anew."""
    ticket.status, ticket.taken_by, ticket.taken_at, ticket.closed_at, ticket.closed_by = "open", None, None, None, None
    ticket.round += 1
    ticket.asked_at = call.now
    ticket.due_at = _due_at(session, ticket.organisation_id, ticket.need, call.now)
    tell(session, call, ticket)


def reopen_ticket(session: Session, call: Call, ticket: Ticket) -> None:
    """Put the ticket back into the queue because somebody says so."""
    ask_again(session, call, ticket)
    trail.record(session, call, "ticket.reopen", f"ticket:{ticket.id}", person_id=ticket.person_id,
                 organisation_id=ticket.organisation_id, fields=["status", "due_at"])


def close_ticket(session: Session, call: Call, ticket: Ticket) -> None:
    """Close the ticket."""
    ticket.status, ticket.closed_at, ticket.closed_by, ticket.due_at = "closed", call.now, call.actor_id, None
    trail.record(session, call, "ticket.close", f"ticket:{ticket.id}", person_id=ticket.person_id,
                 organisation_id=ticket.organisation_id, fields=["status"])


def call_off(session: Session, call: Call, ticket: Ticket, question: Question) -> None:
    """Take an urgent ticket back. One that nobody has answered, and that waited before a danger was told on it, goes on
    waiting with a new clock; any other closes. What is written next is no emergency by itself."""
    began_urgent = tickets.HANDED_OVER.get(question.kind) == "urgent"
    waited_before = not began_urgent and ticket.first_reply_at is None and ticket.round > 1
    ticket.need = tickets.CALLED_OFF
    if ticket.status in tickets.WAITING and waited_before:
        ticket.due_at = _due_at(session, ticket.organisation_id, ticket.need, call.now)
    elif ticket.status != "closed":
        close_ticket(session, call, ticket)


def tell(session: Session, call: Call, ticket: Ticket) -> None:
    """Tell the nearest who are on duty and may answer: of the class, else of the camp, else of the organisation. When
    none of them may, those hear who can appoint somebody; and nobody, when the asker has left: no appointing helps."""
    scopes = _scopes(session, ticket)
    near = _on_duty(session, TOLD[ticket.need], ticket, scopes)
    template, news = "ticket_waiting", NEWS[ticket.need]
    if not near and "organisation" in scopes:
        near = _on_duty(session, ("admin", "health_manager"), ticket, {"organisation": scopes["organisation"]})
        template, news = "ticket_unattended", UNATTENDED_NEWS[ticket.need]
    for person_id, _, scope_type in near:
        if scope_type == near[0][2]:
            outbox.leave(session, call, person_id, template, news, f"ticket:{ticket.id}:{ticket.round}",
                         organisation_id=ticket.organisation_id)


def seen_by(session: Session, asked: Question | Ticket, need: str) -> str:
    """Who is there to see what was asked, if that is what it needs."""
    scopes = _scopes(session, asked)
    if _on_duty(session, sorted(access.MAY[f"ticket.{need}"]), asked, scopes):
        return tickets.STAFF
    return tickets.NOBODY_YET if "organisation" in scopes else tickets.LEFT


def _on_duty(session: Session, roles: Iterable[str], asked: Question | Ticket,
             scopes: dict[str, uuid.UUID]) -> list[tuple[uuid.UUID, str, str]]:
    """Who stands ready over these scopes, nearest first; nobody answers themselves."""
    return [row for row in people_rows.on_duty(session, roles, scopes) if row[0] != asked.person_id]


def _scopes(session: Session, asked: Question | Ticket) -> dict[str, uuid.UUID]:
    """Where the asker is to be found today, by scope: nowhere but with themselves once they have left the organisation they
    asked from a camp of it. Tells of scopes what `reaching.held_over` tells of one reader."""
    places = [place for place in enrolment_rows.places_of(session, asked.person_id)
              if place[0] == asked.organisation_id and place[3] in REACHED_IN]
    scopes = {"person": asked.person_id}
    if asked.organisation_id is not None and (places or asked.camp_id is None):
        scopes["organisation"] = asked.organisation_id
    # The camp they asked from comes last, and is the nearest.
    for _, camp_id, class_id, _ in sorted(places, key=lambda place: place[1] == asked.camp_id):
        scopes |= {"camp": camp_id, "class": class_id}
    return scopes


def _due_at(session: Session, organisation_id: uuid.UUID | None, need: str, now: dt.datetime) -> dt.datetime | None:
    """Until when an answer is due; None where nobody watches."""
    if organisation_id is None:
        return None
    return tickets.due_at(need, session.get_one(Organisation, organisation_id).hours, now)


def chase(call: Call) -> int:
    """Tell those who answer for others of the tickets whose answer is overdue, once a round; how many there were. A run
    tells each of them once, however many there are."""
    told = 0
    while ids := _overdue(call):
        for ticket_id in ids:
            told += _chase(call, ticket_id)
    return told


@work.reads
def _overdue(session: Session, call: Call) -> list[uuid.UUID]:
    return question_rows.overdue(session, call.now, BATCH)


@work.writes
def _chase(session: Session, call: Call, ticket_id: uuid.UUID) -> int:
    ticket = question_rows.locked_ticket(session, ticket_id)
    if ticket is None or ticket.status not in tickets.WAITING or ticket.chased_round >= ticket.round:
        return 0
    ticket.chased_round = ticket.round
    everyone: dict[uuid.UUID, Any] = {ticket.taken_by: None} if ticket.taken_by else {}
    for roles in (TOLD[ticket.need], ("admin",)):
        everyone |= {person_id: None for person_id, _, _ in _on_duty(session, roles, ticket, _scopes(session, ticket))}
    for person_id in everyone:
        outbox.leave(session, call, person_id, "ticket_overdue", "有提问已经过了该回复的时间，请打开“答疑”，先回标着超时的。",
                     f"overdue:{call.now.isoformat()}", organisation_id=ticket.organisation_id)
    trail.record(session, call, "ticket.chase", f"ticket:{ticket.id}", person_id=ticket.person_id,
                 organisation_id=ticket.organisation_id)
    return 1
