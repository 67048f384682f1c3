"""Redeeming: hold, then settle or release; each is one conditional statement on what it moves."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, cursors, rewards
from server.domain.access import HOLDER, SELF, Place
from server.domain.refusals import Refusal
from server.models import enrolments as enrolment_rows
from server.models import people as people_rows
from server.models import points as ledger
from server.models import rewards as reward_rows
from server.models.camps import Camp
from server.models.points import PointsLine
from server.models.rewards import Redemption, Reward
from server.services import outbox, reach, trail, work
from server.services.rewards import rows
from server.services.work import Call

BATCH = 100


@work.writes
def redeem(session: Session, call: Call, reward_id: uuid.UUID, address: str | None,
           person_id: uuid.UUID | None = None) -> dict[str, Any]:
    """The reward held for 7 days, for the caller or for somebody they act for. Raises not_found, forbidden,
    reward_not_for_you, stage_not_reached, points_expired, out_of_stock, not_enough_points,
    already_exists (a doctor's recognition is given once)."""
    owner = reach.person_id(session, call, person_id, "reward.redeem")
    reward = rows.reward(session, reward_id)
    standing = rows.standing(session, call, owner, reward.organisation_id, reward.audience)
    if standing is None:
        raise Refusal("reward_not_for_you" if _knows(session, call, reward) else "not_found")
    if not standing.reaches(reward):
        raise Refusal("stage_not_reached")
    if standing.enrolment is not None:
        rows.check_redeemable(session, call, standing.enrolment)
    if not reward_rows.take_one(session, reward.id):
        raise Refusal("out_of_stock")
    if reward.audience == rewards.DOCTOR and reward_rows.has_had(session, reward.id, owner):
        raise Refusal("already_exists")
    if not reward_rows.hold(session, reward.audience, owner, reward.organisation_id, reward.points, standing.earned):
        raise Refusal("not_enough_points")
    held = Redemption(id=uuid.uuid4(), reward_id=reward.id, organisation_id=reward.organisation_id, person_id=owner,
                      audience=reward.audience, points=reward.points, status=rewards.HELD, address=address,
                      held_at=call.now, expires_at=call.now + rewards.HOLD_LIFE, version=1)
    session.add(held)
    trail.record(session, call, "reward.redeem", f"redemption:{held.id}", person_id=owner,
                 organisation_id=reward.organisation_id, fields=["address"] if address else [])
    return rows.redemption_view(held, reward.name)


def _knows(session: Session, call: Call, reward: Reward) -> bool:
    """Whether the caller has any business with the reward's organisation, so that it need not be hidden."""
    theirs = {place[0] for place in enrolment_rows.places_of(session, call.actor_id)}
    theirs |= {grant.organisation_id for grant in reach.grants(session, call)}
    theirs |= reward_rows.organisations_cheered(session, call.actor_id)
    return reward.organisation_id in theirs


@work.writes
def settle(session: Session, call: Call, redemption_id: uuid.UUID, courier: str | None) -> dict[str, Any]:
    """The redemption, settled: its points are spent, once. Raises not_found, forbidden, redemption_not_held,
    not_enough_points while a correction has taken the balance below what is held."""
    redemption = reached(session, call, redemption_id, "reward.settle")
    if redemption.expires_at <= call.now or not reward_rows.end(
            session, redemption.id, status=rewards.SETTLED, courier=courier, ended_at=call.now, ended_by=call.actor_id):
        raise Refusal("redemption_not_held")
    if not reward_rows.settle(session, redemption.audience, redemption.person_id, redemption.organisation_id, redemption.points):
        raise Refusal("not_enough_points")
    if redemption.audience == rewards.PATIENT and redemption.points:
        _post(session, call, redemption)
    trail.record(session, call, "reward.settle", f"redemption:{redemption.id}", person_id=redemption.person_id,
                 organisation_id=redemption.organisation_id, fields=["courier"] if courier else [])
    return _ended(session, call, redemption, "您兑换的“{name}”已经发出，请留意查收。")


def _post(session: Session, call: Call, redemption: Redemption) -> None:
    """The ledger line of spent points: the balance has moved already."""
    enrolment = enrolment_rows.latest(session, redemption.person_id, redemption.organisation_id)
    session.add(PointsLine(
        id=uuid.uuid4(), enrolment_id=enrolment.id, person_id=redemption.person_id,
        organisation_id=redemption.organisation_id, reason=ledger.REDEMPTION, about=str(redemption.id), day_number=0,
        points=-redemption.points, rules_version=session.get_one(Camp, enrolment.camp_id).rules_version,
        filed_by=call.actor_id, at=call.now))


@work.writes
def release(session: Session, call: Call, redemption_id: uuid.UUID) -> dict[str, Any]:
    """The redemption, released: points and stock are free again. Raises not_found, forbidden, redemption_not_held."""
    redemption = reached(session, call, redemption_id, "reward.release")
    if not _release(session, call, redemption):
        raise Refusal("redemption_not_held")
    return _ended(session, call, redemption, "“{name}”的兑换已取消，积分退回来了。")


def release_overdue(call: Call) -> int:
    """Release what nobody has settled in time; how many. Each is a transaction of its own."""
    released = 0
    while overdue := _overdue(call):
        for redemption_id in overdue:
            released += _release_overdue(call, redemption_id)
    return released


@work.reads
def _overdue(session: Session, call: Call) -> list[uuid.UUID]:
    return reward_rows.overdue(session, call.now, BATCH)


@work.writes
def _release_overdue(session: Session, call: Call, redemption_id: uuid.UUID) -> bool:
    redemption = session.get_one(Redemption, redemption_id)
    if not _release(session, call, redemption):
        return False
    _ended(session, call, redemption, "“{name}”的兑换过了时间没有发出，积分退回来了，可以再兑换。")
    return True


def _release(session: Session, call: Call, redemption: Redemption) -> bool:
    """Whether it was held until now: who comes second moves nothing."""
    if not reward_rows.end(session, redemption.id, status=rewards.RELEASED, ended_at=call.now, ended_by=call.person_id):
        return False
    # The stock before the purse, as redeeming does: two who wait for each other wait in one order.
    reward_rows.put_back(session, redemption.reward_id)
    reward_rows.let_go(session, redemption.audience, redemption.person_id, redemption.organisation_id, redemption.points)
    trail.record(session, call, "reward.release", f"redemption:{redemption.id}", person_id=redemption.person_id,
                 organisation_id=redemption.organisation_id)
    return True


@work.reads
def redemptions(session: Session, call: Call, person_id: uuid.UUID | None, organisation_id: uuid.UUID | None,
                status: str | None, after: str | None, limit: int) -> dict[str, Any]:
    """The caller's own redemptions, those of somebody they act for, or for who settles rewards those of the
    organisation, newest first."""
    before = cursors.read(after, "tu")
    if organisation_id is None:
        owner = reach.person_id(session, call, person_id, "reward.redeem")
        found = reward_rows.redemptions(session, person_id=owner, status=status, after=before, limit=limit + 1)
    else:
        reach.organisation(session, call, organisation_id, "reward.settle")
        found = reward_rows.redemptions(session, organisation_ids={organisation_id}, status=status, after=before,
                                        limit=limit + 1)
    return cursors.page(found, limit, lambda row: rows.redemption_view(*row), lambda row: (row[0].held_at, row[0].id))


def reached(session: Session, call: Call, redemption_id: uuid.UUID, act: str) -> Redemption:
    """The redemption for who may do this. Raises not_found, forbidden."""
    found = session.get(Redemption, redemption_id, populate_existing=True)
    if found is None:
        raise Refusal("not_found")
    own = {SELF} if found.person_id == call.actor_id else set()
    own |= {HOLDER} if people_rows.holds_tie(session, call.actor_id, found.person_id) else set()
    access.require(act, own | reach.roles_at(session, call, Place(found.organisation_id)))
    return found


def _ended(session: Session, call: Call, redemption: Redemption, says: str) -> dict[str, Any]:
    session.refresh(redemption)
    name = session.get_one(Reward, redemption.reward_id).name
    outbox.leave(session, call, redemption.person_id, f"reward_{redemption.status}", says.format(name=name),
                 f"redemption:{redemption.id}", organisation_id=redemption.organisation_id)
    return rows.redemption_view(redemption, name)
