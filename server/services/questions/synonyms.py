"""An organisation's own synonyms: words its patients use, and what the knowledge base calls them."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain.questions import SYNONYMS
from server.models import questions as question_rows
from server.models.organisations import Organisation
from server.services import trail, work
from server.services.questions import reaching
from server.services.work import Call


@work.reads
def show(session: Session, call: Call, organisation_id: uuid.UUID | None) -> dict[str, Any]:
    """The organisation's own synonyms, and how many are shipped. Raises not_found, forbidden, organisation_unnamed."""
    return _view(session, reaching.desk(session, call, organisation_id, "topic.read"))


@work.writes
def settle(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """These synonyms in place of those before; every worker answers by them from the next question on. Raises not_found,
    forbidden, organisation_unnamed."""
    organisation_id = reaching.desk(session, call, draft.get("organisation_id"), "topic.publish")
    # Whoever edits this knowledge base goes one after the other.
    session.get_one(Organisation, organisation_id, with_for_update=True)
    edition = question_rows.edition_of(session, organisation_id)
    edition.stamp, edition.synonyms = uuid.uuid4(), [[one["word"], one["instead"]] for one in draft["synonyms"]]
    trail.record(session, call, "synonyms.settle", f"organisation:{organisation_id}", organisation_id=organisation_id,
                 fields=["synonyms"], content=draft["synonyms"])
    session.flush()
    return _view(session, organisation_id)


def _view(session: Session, organisation_id: uuid.UUID) -> dict[str, Any]:
    return {"organisation_id": organisation_id, "shipped": len(SYNONYMS),
            "synonyms": [{"word": word, "instead": instead}
                         for word, instead in question_rows.synonyms_of(session, organisation_id)]}
