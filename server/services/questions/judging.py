"""What the words of a question mean at once, wherever they are written: a danger, a dose."""

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from server.domain import questions
from server.domain.questions import tickets
from server.models import questions as question_rows
from server.models.questions import Question, Ticket
from server.services import alarms, work
from server.services.questions import queue, reaching
from server.services.questions.shelf import SHIPPED, Shelf, shelf_of
from server.services.work import Call

# What is refused for its length is still read, a piece at a time, so that an emergency is seen wherever it stands in a
# long paste. Pieces overlap, for a sentence may lie across; of more than so many, half a second's reading at worst, the
# first ones are read and the last.
PIECE, OVERLAP, MOST_PIECES = 2000, 200, 8


def card_for(text: str) -> dict[str, Any] | None:
    """The card to show at once when the words of a refused question tell of an emergency. It promises nobody: what was
    refused has reached no one."""
    cards = (questions.respond(piece, SHIPPED.index).advice for piece in _pieces(text))
    return next((tickets.unpromised_card(card) for card in cards if card is not None), None)


def _pieces(text: str) -> Iterator[str]:
    starts = range(0, max(len(text) - OVERLAP, 1), PIECE - OVERLAP)
    if len(starts) > MOST_PIECES:
        starts = [*starts[:MOST_PIECES - 1], len(text) - PIECE]
    return (text[start:start + PIECE] for start in starts)


def names_dose(text: str) -> bool:
    """Whether the words speak of how much of a medicine, or of more, less, none or another."""
    return questions.tells_dose(text)


def topic_for(text: str, shelf: Shelf) -> str | None:
    """The topic that these words are answered with from that shelf."""
    return questions.respond(text, shelf.index).topic


@work.reads
def shelf_for(session: Session, call: Call) -> Shelf:
    """What the caller is answered from."""
    return shelf_of(session, reaching.place_of(session, call.actor_id)[0])


def about_body(reply: questions.Reply, shelf: Shelf) -> bool | None:
    """Whether words with this reply are about the body; None where nobody can say. What nobody understood is about the
    camp only if all that comes near it is."""
    if reply.topic is not None:
        return reply.topic not in shelf.general
    return False if reply.suggestions and set(reply.suggestions) <= shelf.general else None


def seen(session: Session, question: Question, reply: questions.Reply) -> questions.Reply:
    """The reply as it is true of who is there to see it: what it says promises an answer only where somebody may give it,
    and a card of which nobody of the staff hears says so."""
    need = tickets.HANDED_OVER.get(reply.kind)
    if need is not None and queue.seen_by(session, question, need) != tickets.STAFF:
        reply = reply._replace(answer=tickets.unpromised(reply.kind, reply.answer))
    if reply.advice is not None and queue.seen_by(session, question, "urgent") != tickets.STAFF:
        reply = reply._replace(advice=tickets.unseen_card(reply.advice))
    return reply


def raise_alert(session: Session, call: Call, question: Question, reply: questions.Reply,
                message_id: uuid.UUID | None = None) -> None:
    """The alert that words of an emergency raise, the question's or a message's. It is about words: no reading enters
    anybody's record. A message that names nobody is about whom the question is about."""
    about = question.about if message_id and reply.about == "unknown" else reply.about
    alarms.raise_words(session, call, question.id, about, message_id)


def call_off(session: Session, call: Call, question: Question, ticket: Ticket | None) -> bool:
    """Close what a question and its messages raised that were no emergency; whether any of it stood."""
    messages = question_rows.messages_of(session, ticket.id) if ticket else []
    stood = [alarms.call_off(session, call, words_id) for words_id in (question.id, *(message.id for message in messages))]
    return any(stood)
