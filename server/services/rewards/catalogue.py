"""The catalogue: what an organisation gives, to whom, for what."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, cursors, rewards
from server.domain.access import SELF
from server.domain.refusals import Refusal
from server.models import enrolments as enrolment_rows
from server.models import rewards as reward_rows
from server.models.organisations import Organisation
from server.models.rewards import Reward
from server.services import reach, trail, work
from server.services.rewards import rows
from server.services.work import Call


@work.writes
def create(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """A new reward of the admin's organisation. Raises forbidden, not_found, organisation_unnamed and the refusals of
    domain.rewards.check_offer."""
    organisation_id = draft.get("organisation_id") or _own_organisation(session, call)
    organisation = reach.organisation(session, call, organisation_id, "reward.change")
    form = draft.get("form") or (rewards.THANKS if draft["audience"] == rewards.DOCTOR else rewards.GIFT)
    _check(call, organisation, {**draft, "form": form})
    reward = Reward(id=uuid.uuid4(), organisation_id=organisation_id, name=draft["name"], points=draft["points"],
                    stock=draft["stock"], audience=draft["audience"], form=form, stage=draft.get("stage"),
                    created_at=call.now, version=1)
    session.add(reward)
    trail.record(session, call, "reward.create", f"reward:{reward.id}", organisation_id=organisation_id, fields=draft,
                 content=draft)
    return rows.view(reward, None)


@work.writes
def change(session: Session, call: Call, reward_id: uuid.UUID, changes: dict[str, Any]) -> dict[str, Any]:
    """The reward with another name, price or stock, closed or opened again. What is held already keeps its price.
    Raises not_found, forbidden, stale and the refusals of domain.rewards.check_offer."""
    reward = rows.reached_reward(session, call, reward_id, "reward.change", lock=True)
    work.check_version(call, reward.version)
    asked = {"name": reward.name, "points": reward.points, "audience": reward.audience, "form": reward.form,
             "stage": reward.stage, **{key: value for key, value in changes.items() if key != "closed"}}
    _check(call, session.get_one(Organisation, reward.organisation_id), asked)
    for name in ("name", "points", "stock"):
        setattr(reward, name, changes.get(name, getattr(reward, name)))
    if "closed" in changes:
        reward.closed_at = (reward.closed_at or call.now) if changes["closed"] else None
    trail.record(session, call, "reward.change", f"reward:{reward.id}", organisation_id=reward.organisation_id,
                 fields=changes, content=changes)
    session.flush()
    return rows.view(reward, None)


@work.reads
def page(session: Session, call: Call, person_id: uuid.UUID | None, audience: str | None, after: str | None,
         limit: int) -> dict[str, Any]:
    """What the caller, or somebody they act for, may redeem, cheapest first; for staff the whole catalogue of their
    organisations. With the rules by which relatives earn, and the caller's points as a relative."""
    owner = reach.person_id(session, call, person_id, "reward.read")
    staff = {grant.organisation_id for grant in reach.grants(session, call)
             if grant.role in access.STAFF and owner == call.actor_id}
    staff.discard(None)
    mine = {place[0] for place in enrolment_rows.places_of(session, owner)}
    theirs = reward_rows.organisations_cheered(session, call.actor_id)
    audiences = {audience} if audience else set(rewards.AUDIENCES)
    found = reward_rows.catalogue(session, staff | mine | theirs, audiences, closed=bool(staff),
                                  after=cursors.read(after, "iu"), limit=limit + 1)
    standings = {key: rows.standing(session, call, owner, *key) for key in {(one.organisation_id, one.audience) for one in found}}
    shown = [one for one in found[:limit] if one.organisation_id in staff or (
        standings[one.organisation_id, one.audience] is not None and one.closed_at is None)]
    further = cursors.write(found[limit - 1].points, found[limit - 1].id) if len(found) > limit else None
    return {"items": [rows.view(one, standings[one.organisation_id, one.audience]) for one in shown], "next": further,
            "family_rules": rewards.FAMILY_POINTS, "stages": rewards.STAGE_DAYS,
            "family_points": sum(_family_points(session, call, organisation_id) for organisation_id in theirs)}


def _family_points(session: Session, call: Call, organisation_id: uuid.UUID) -> int:
    standing = rows.standing(session, call, call.actor_id, organisation_id, rewards.FAMILY)
    return standing.free if standing else 0


def _own_organisation(session: Session, call: Call) -> uuid.UUID:
    """The one organisation the caller is an admin of. Raises forbidden, organisation_unnamed."""
    own = {grant.organisation_id for grant in reach.grants(session, call) if grant.role == "admin"}
    access.require("reward.change", {"admin"} if own else {SELF})
    if len(own) != 1:
        raise Refusal("organisation_unnamed")
    return own.pop()


def _check(call: Call, organisation: Organisation, asked: dict[str, Any]) -> None:
    agreed = rewards.agreement_in_force(organisation.doctor_agreement, call.now.date())
    rewards.check_offer(asked["name"], asked["audience"], asked["form"], asked["points"], asked.get("stage"), agreement=agreed)
