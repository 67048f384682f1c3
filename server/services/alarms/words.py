"""Emergency words in a question: no reading, but somebody hears of them all the same."""

import uuid

from sqlalchemy.orm import Session

from server.models import causes as cause_rows
from server.models import entries as entry_rows
from server.services.alarms import episodes
from server.services.alarms.episodes import Cause
from server.services.work import Call


def raise_words(session: Session, call: Call, question_id: uuid.UUID, about: str, words_id: uuid.UUID | None = None) -> uuid.UUID:
    """The id of the alert that the asker's words belong to: the question's own, or those of a message on its thread with
    that id; `about` is self, relative or unknown. It needs no consent and no enrolment; without one there is no staff to
    tell, and family hears where the asker chose so."""
    entry_rows.lock_journal(session, call.actor_id)
    return episodes.add(session, call, Cause(words_id or question_id, call.actor_id, "emergency_words", call.now, about,
                                             question_id=question_id)).id


def call_off(session: Session, call: Call, words_id: uuid.UUID) -> bool:
    """Take back what the words of a question or of a message raised, and tell everyone who was told; whether they had
    raised anything that stood."""
    entry_rows.lock_journal(session, call.actor_id)
    causes = cause_rows.standing_causes(session, words_id)
    for cause in causes:
        episodes.correct(session, call, cause, None)
    return bool(causes)
