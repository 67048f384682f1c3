"""Emergency words in a question: no reading, but somebody hears of them all the same."""

import uuid

from sqlalchemy.orm import Session

from server.models import causes as cause_rows
from server.models import entries as entry_rows
from server.services.alarms import episodes
from server.services.alarms.episodes import Cause
from server.services.work import Call


def raise_words(session: Session, call: Call, question_id: uuid.UUID, about: str) -> uuid.UUID:
    """The id of the alert that the asker's words belong to; `about` is self, relative or unknown. It needs no consent
    and no enrolment; without one there is no staff to tell, and family hears where the asker chose so."""
    entry_rows.lock_journal(session, call.actor_id)
    return episodes.add(session, call, Cause(question_id, call.actor_id, "emergency_words", call.now, about,
                                             is_question=True)).id


def call_off(session: Session, call: Call, question_id: uuid.UUID) -> None:
    """Take back what the question's words raised, and tell everyone who was told. A question that raised nothing is
    no fault."""
    entry_rows.lock_journal(session, call.actor_id)
    for cause in cause_rows.standing_causes(session, question_id):
        episodes.correct(session, call, cause, None)
