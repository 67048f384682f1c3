"""Questions, tickets and what is written on them as they are answered."""

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from server.domain.questions import reasons, tickets
from server.models import questions as question_rows
from server.models.organisations import Organisation
from server.models.questions import Question, Ticket, TicketMessage
from server.services.questions import queue
from server.services.work import Call


def question_view(question: Question) -> dict[str, Any]:
    """What was answered, and why; without the asker's words."""
    return {"id": question.id, "kind": question.kind, "answer": question.answer, "topic": question.topic,
            "topic_version": question.topic_version, "topic_edited": question.topic_own, "score": question.score,
            "rule_id": question.rule_id, "why": reasons.why(question.kind, question.rule_id), "about": question.about,
            **question.beside, "asked_at": question.asked_at, "not_urgent_at": question.not_urgent_at,
            "helpful": question.helpful, "may_use_words": question.may_use_words, "version": question.version}


def ticket_view(session: Session, call: Call, ticket: Ticket | None) -> dict[str, Any] | None:
    """A ticket as its asker sees it: where it stands, and when a person answers."""
    if ticket is None:
        return None
    organisation = session.get(Organisation, ticket.organisation_id) if ticket.organisation_id else None
    seen_by = queue.seen_by(session, ticket, ticket.need) if ticket.status in tickets.WAITING else tickets.STAFF
    told = tickets.says(ticket.status, ticket.need, organisation.hours if organisation else None, call.now, ticket.due_at,
                        seen_by)
    return {"id": ticket.id, "status": ticket.status, "need": ticket.need, "due_at": ticket.due_at, "says": told}


def whole_view(session: Session, call: Call, question: Question, ticket: Ticket | None) -> dict[str, Any]:
    """A question with its words, its ticket and all that was written on it."""
    thread = question_rows.messages_of(session, ticket.id) if ticket else []
    return {**question_view(question), "text": question.text, "ticket": ticket_view(session, call, ticket),
            "thread": [message_view(message) for message in thread]}


def message_view(message: TicketMessage) -> dict[str, Any]:
    """One message; what staff wrote is labelled as what it is, with who they are. A notice comes from their side and has
    neither."""
    signed = message.signature is not None
    return {"id": message.id, "by": "staff" if signed or message.role == tickets.NOTICE else "patient",
            "label": tickets.LABEL if signed else None, "author": {**message.signature, "role": message.role} if signed else None,
            "text": message.text, "at": message.at}


def queue_view(ticket: Ticket, nickname: str, now: dt.datetime) -> dict[str, Any]:
    """A ticket as staff see it in their list: no word of what was asked."""
    late = ticket.status in tickets.WAITING and ticket.due_at is not None and ticket.due_at < now
    return {"id": ticket.id, "question_id": ticket.question_id, "person": {"id": ticket.person_id, "nickname": nickname},
            "need": ticket.need, "topic": ticket.topic, "status": ticket.status, "opened_at": ticket.opened_at,
            "asked_at": ticket.asked_at, "due_at": ticket.due_at, "overdue": late, "round": ticket.round,
            "first_reply_at": ticket.first_reply_at, "taken_by": ticket.taken_by, "closed_at": ticket.closed_at,
            "version": ticket.version}
