"""Public praise 表扬 before the class, with the patient's consent."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, cursors, rewards
from server.domain.access import SELF, Place
from server.domain.refusals import Refusal
from server.models import consents as consent_rows
from server.models import rewards as reward_rows
from server.models.people import Person
from server.models.rewards import Spotlight
from server.services import outbox, reach, trail, work
from server.services.work import Call


@work.writes
def post_spotlight(session: Session, call: Call, enrolment_id: uuid.UUID, words: str) -> dict[str, Any]:
    """The praise, waiting for the patient's yes: the consent promises that each is read before it is shown. Raises
    not_found, forbidden, story_consent_required, story_unfit."""
    enrolment = reach.enrolment(session, call, enrolment_id, "spotlight.post")
    if consent_rows.live(session, enrolment.person_id, "public_story") is None:
        raise Refusal("story_consent_required")
    rewards.check_story(words)
    spotlight = Spotlight(id=uuid.uuid4(), organisation_id=enrolment.organisation_id, camp_id=enrolment.camp_id,
                          class_id=enrolment.class_id, person_id=enrolment.person_id, words=words, posted_by=call.actor_id,
                          posted_at=call.now, version=1)
    session.add(spotlight)
    trail.record(session, call, "spotlight.post", f"spotlight:{spotlight.id}", person_id=enrolment.person_id,
                 organisation_id=enrolment.organisation_id, content=words)
    outbox.leave(session, call, enrolment.person_id, "spotlight", "班里想表扬您，请先看一看，您同意了才会发出。",
                 f"spotlight:{spotlight.id}", organisation_id=enrolment.organisation_id)
    return _view(spotlight, session.get_one(Person, enrolment.person_id))


@work.reads
def spotlights(session: Session, call: Call, class_id: uuid.UUID, after: str | None, limit: int) -> dict[str, Any]:
    """The praise of a class, newest first; who has withdrawn the consent is gone from it. What waits for the caller's
    own yes is shown to them alone. Raises not_found, forbidden."""
    reach.class_(session, call, class_id, "class.read")
    found = reward_rows.spotlights(session, class_id, call.actor_id, after=cursors.read(after, "tu"), limit=limit + 1)
    return cursors.page(found, limit, lambda row: _view(*row), lambda row: (row[0].posted_at, row[0].id))


@work.writes
def approve_spotlight(session: Session, call: Call, spotlight_id: uuid.UUID) -> dict[str, Any]:
    """The praise, shown to the class from now on; a second yes changes nothing. Raises not_found, forbidden,
    story_consent_required."""
    found = session.get(Spotlight, spotlight_id, with_for_update=True)
    if found is None or found.removed_at is not None:
        raise Refusal("not_found")
    access.require("spotlight.approve", reach.held_over(session, call, found.person_id))
    if consent_rows.live(session, found.person_id, "public_story") is None:
        raise Refusal("story_consent_required")
    if found.approved_at is None:
        found.approved_at = call.now
        trail.record(session, call, "spotlight.approve", f"spotlight:{found.id}", person_id=found.person_id,
                     organisation_id=found.organisation_id)
        session.flush()
    return _view(found, session.get_one(Person, found.person_id))


@work.writes
def remove_spotlight(session: Session, call: Call, spotlight_id: uuid.UUID) -> None:
    """Take praise away: staff, or who was praised. Raises not_found, forbidden."""
    found = session.get(Spotlight, spotlight_id, with_for_update=True)
    if found is None or found.removed_at is not None:
        raise Refusal("not_found")
    own = {SELF} if found.person_id == call.actor_id else set()
    place = Place(found.organisation_id, found.camp_id, found.class_id, found.person_id)
    access.require("spotlight.remove", own | reach.roles_at(session, call, place))
    found.removed_at = call.now
    trail.record(session, call, "spotlight.remove", f"spotlight:{found.id}", person_id=found.person_id,
                 organisation_id=found.organisation_id)


def _view(spotlight: Spotlight, person: Person) -> dict[str, Any]:
    return {"id": spotlight.id, "class_id": spotlight.class_id, "nickname": person.nickname, "words": spotlight.words,
            "shown": spotlight.approved_at is not None, "posted_at": spotlight.posted_at, "version": spotlight.version}
