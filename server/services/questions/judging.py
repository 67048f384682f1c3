"""What the words of a question mean at once, wherever they are written: a danger, a dose."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from server.domain import questions
from server.services import alarms
from server.services.questions.shelf import SHIPPED, Shelf
from server.services.work import Call

# What is refused for its length is still read, a piece at a time, so that an emergency is seen wherever it stands in a
# long paste. Pieces overlap, for a sentence may lie across; of more than so many, a quarter of a second's reading, the
# first ones are read and the last.
PIECE, OVERLAP, MOST_PIECES = 2000, 200, 20


def card_for(text: str) -> dict[str, Any] | None:
    """The card to show at once when the words tell of an emergency."""
    cards = (questions.respond(piece, SHIPPED.index).advice for piece in _pieces(text))
    return next((card for card in cards if card is not None), None)


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


def read(text: str) -> questions.Reply:
    """What the words say, whatever knowledge base is in force: what a danger is no organisation decides."""
    return questions.respond(text, SHIPPED.index)


def raise_alert(session: Session, call: Call, question_id: Any, reply: questions.Reply) -> None:
    """The alert that words of an emergency raise. It is about words: no reading enters anybody's record."""
    alarms.raise_words(session, call, question_id, about=reply.about)


def call_off(session: Session, call: Call, question_id: Any) -> None:
    """Close the alert of a question that was no emergency."""
    alarms.call_off(session, call, question_id)
