"""Asking, and what the asker does with the answer."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import cursors, questions
from server.domain.questions import tickets, topics
from server.domain.refusals import Refusal
from server.models import questions as question_rows
from server.models.camps import Camp
from server.models.enrolments import Enrolment
from server.models.questions import Question
from server.services import trail, work
from server.services.questions import judging, queue, reaching, rows
from server.services.questions import topics as topic_texts
from server.services.questions.shelf import Shelf
from server.services.work import Call


def ask(call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """The answer at once. A danger raises its alert, and it, self-harm and a dose open a ticket, in the same transaction.
    Whoever is signed in may ask: no consent, no camp is needed."""
    shelf = judging.shelf_for(call)
    # Outside of any transaction: who reads words long holds nobody up.
    reply = questions.respond(draft["text"], shelf.index, about=draft.get("about"))
    return _keep(call, draft["text"], reply, shelf)


@work.writes
def _keep(session: Session, call: Call, text: str, reply: questions.Reply, shelf: Shelf) -> dict[str, Any]:
    organisation_id, enrolment = reaching.place_of(session, call.actor_id)
    before = question_rows.danger_since(session, call.actor_id, call.now - tickets.STILL_ASKING)
    question = _question(call, text, reply, shelf)
    question.organisation_id, question.camp_id = organisation_id, enrolment.camp_id if enrolment else None
    reply = judging.seen(session, question, reply)
    question.answer = _answer(session, reply, shelf, enrolment, before)
    question.beside = {**question.beside, "advice": reply.advice}
    session.add(question)
    session.flush()
    trail.record(session, call, "question.ask", f"question:{question.id}", person_id=call.actor_id,
                 organisation_id=organisation_id, fields=["text"], content=text)
    if reply.advice is not None:
        judging.raise_alert(session, call, question, reply)
    need = tickets.HANDED_OVER.get(reply.kind)
    ticket = queue.open_ticket(session, call, question, need) if need else None
    return {**rows.question_view(question), "ticket": rows.ticket_view(session, call, ticket)}


def _question(call: Call, text: str, reply: questions.Reply, shelf: Shelf) -> Question:
    topic = shelf.topics[reply.topic] if reply.topic else None
    nearest = reply.topic or (reply.suggestions[0] if reply.suggestions else None)
    suggestions = [{"topic": slug, "question": shelf.topics[slug].question} for slug in reply.suggestions]
    return Question(
        id=uuid.uuid4(), person_id=call.actor_id, text=text, about=reply.about, kind=reply.kind, rule_id=reply.rule_id,
        topic=reply.topic, nearest=nearest, topic_version=topic.version if topic else None,
        topic_own=reply.topic in shelf.own, medical=judging.about_body(reply, shelf), score=reply.score, asked_at=call.now,
        beside={"source": topic.source if topic else None, "reviewed_on": topic.reviewed_on if topic else None,
                "suggestions": suggestions})


def _answer(session: Session, reply: questions.Reply, shelf: Shelf, enrolment: Enrolment | None,
            before: str | None) -> str:
    """The answer, filled from the asker's own camp where it is about its rules; soon after an emergency it begins by
    asking how they are."""
    if reply.topic is None:
        answer = reply.answer
    else:
        camp = session.get_one(Camp, enrolment.camp_id) if enrolment else None
        answer = topics.filled(shelf.topics[reply.topic].answer, camp.rules if camp else None)
    if before is None or reply.kind in ("emergency", "crisis"):
        return answer
    return f"{tickets.HOW_ARE_YOU[before]}\n\n{answer}"


@work.reads
def mine(session: Session, call: Call, after: str | None, limit: int) -> dict[str, Any]:
    """One's own questions, newest first."""
    found = question_rows.of_person(session, call.actor_id, after=cursors.read(after, "tu"), limit=limit + 1)
    waiting = question_rows.tickets_of(session, [question.id for question in found])
    return cursors.page(found, limit, lambda one: {
        **rows.question_view(one), "text": one.text, "ticket": rows.ticket_view(session, call, waiting.get(one.id))},
        lambda one: (one.asked_at, one.id))


@work.writes
def show(session: Session, call: Call, question_id: uuid.UUID) -> dict[str, Any]:
    """One question with all that was written about it. Staff who read it are on the trail. Raises not_found, forbidden."""
    question, ticket = reaching.readable(session, call, question_id)
    if question.person_id != call.actor_id:
        trail.record(session, call, "question.read", f"question:{question.id}", person_id=question.person_id,
                     organisation_id=question.organisation_id)
    return rows.whole_view(session, call, question, ticket)


@work.writes
def rate(session: Session, call: Call, question_id: uuid.UUID, rating: dict[str, Any]) -> dict[str, Any]:
    """The question, rated; rating it again replaces what was said, and takes the words back, out of the knowledge base
    too. Raises not_found."""
    question = reaching.question(session, call, question_id, lock=True)
    if question.may_use_words and not rating["may_use_words"]:
        topic_texts.take_words_back(session, call, question)
    question.helpful, question.may_use_words = rating["helpful"], rating["may_use_words"]
    trail.record(session, call, "question.rate", f"question:{question.id}", person_id=call.actor_id,
                 organisation_id=question.organisation_id, fields=rating, content=rating)
    session.flush()
    ticket = question_rows.ticket_of(session, question.id)
    return {**rows.question_view(question), "ticket": rows.ticket_view(session, call, ticket)}


@work.writes
def not_urgent(session: Session, call: Call, question_id: uuid.UUID) -> dict[str, Any]:
    """The question, called off by its asker in one tap: its alert is closed, and its ticket if that was urgent; a second
    tap changes nothing until another danger is told. Raises not_found, question_not_urgent."""
    question = reaching.question(session, call, question_id, lock=True)
    ticket = question_rows.ticket_of(session, question.id, lock=True)
    is_urgent = ticket is not None and ticket.need == "urgent"
    stands = judging.call_off(session, call, question, ticket) or is_urgent
    if not stands and question.not_urgent_at is None:
        raise Refusal("question_not_urgent")
    if stands:
        question.not_urgent_at = call.now
        if ticket is not None and is_urgent:
            queue.call_off(session, call, ticket, question)
        trail.record(session, call, "question.not_urgent", f"question:{question.id}", person_id=call.actor_id,
                     organisation_id=question.organisation_id)
        session.flush()
    return rows.whole_view(session, call, question, ticket)
