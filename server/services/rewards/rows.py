"""What the use cases of rewards share: how somebody stands to a reward, and how things are shown."""

import dataclasses
import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import camps, rewards, streaks
from server.domain.access import Place
from server.domain.refusals import Refusal
from server.models import enrolments as enrolment_rows
from server.models import points as ledger
from server.models import rewards as reward_rows
from server.models.camps import Camp
from server.models.enrolments import Enrolment
from server.models.rewards import Redemption, Reward
from server.services import reach
from server.services.work import Call


@dataclasses.dataclass(frozen=True)
class Standing:
    """How somebody stands to an organisation's rewards for one audience: the points free to hold, what deeds have
    earned (relatives), days, and the enrolment that ledger lines hang on (patients)."""

    free: int
    earned: int = 0
    days: int = 0
    graduated: bool = False
    enrolment: Enrolment | None = None

    def reaches(self, reward: Reward) -> bool:
        """Whether the reward's stage is reached."""
        return rewards.has_reached(reward.stage, self.days, graduated=self.graduated)


def standing(session: Session, call: Call, person_id: uuid.UUID, organisation_id: uuid.UUID, audience: str) -> Standing | None:
    """How the person stands, the caller or somebody they act for; None when the audience is not theirs. Nobody cheers or
    is thanked as a doctor through another."""
    if audience == rewards.PATIENT:
        return _patient(session, person_id, organisation_id)
    if person_id != call.actor_id:
        return None
    if audience == rewards.FAMILY:
        deeds = reward_rows.deeds_for(session, call.actor_id, organisation_id)
        spent, held = reward_rows.purse(session, call.actor_id, organisation_id)
        earned = rewards.family_points(deeds)
        return Standing(earned - spent - held, earned, max(deeds.values())) if deeds else None
    return Standing(0) if "doctor" in reach.roles_at(session, call, *_places(session, call, organisation_id)) else None


def _places(session: Session, call: Call, organisation_id: uuid.UUID) -> list[Place]:
    """Every place inside the organisation that one of the caller's own grants is over."""
    return [Place(organisation_id), *(Place(organisation_id, **{f"{grant.scope_type}_id": grant.scope_id})
                                      for grant in reach.grants(session, call)
                                      if grant.organisation_id == organisation_id and grant.scope_type != "organisation")]


def _patient(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID) -> Standing | None:
    enrolment = enrolment_rows.latest(session, person_id, organisation_id)
    if enrolment is None:
        return None
    camp = session.get_one(Camp, enrolment.camp_id)
    joined = camp.calendar.number_of(enrolment.joined_day or camp.starts_on)
    points, held = ledger.balance(session, person_id, organisation_id)
    return Standing(points - held, days=enrolment.marks.count(streaks.COMPLETE), enrolment=enrolment,
                    graduated=bool(streaks.levels_reached(enrolment.marks, joined, camp.rules["certificates"])))


def check_redeemable(session: Session, call: Call, enrolment: Enrolment) -> Camp:
    """The camp of the enrolment while its points may be spent. Raises points_expired."""
    camp = session.get_one(Camp, enrolment.camp_id)
    rewards.check_redeemable(camp.calendar.ends_on, call.now.astimezone(camps.zone(camp.timezone)).date())
    return camp


def reward(session: Session, reward_id: uuid.UUID, *, lock: bool = False) -> Reward:
    """The reward. Raises not_found."""
    found = session.get(Reward, reward_id, with_for_update=lock)
    if found is None:
        raise Refusal("not_found")
    return found


def reached_reward(session: Session, call: Call, reward_id: uuid.UUID, act: str, *, lock: bool = False) -> Reward:
    """The reward for who may do this in its organisation. Raises not_found, forbidden."""
    found = reward(session, reward_id, lock=lock)
    reach.organisation(session, call, found.organisation_id, act)
    return found


def view(reward: Reward, standing: Standing | None) -> dict[str, Any]:
    """A reward as the caller sees it; `reached` is whether its stage is."""
    return {"id": reward.id, "organisation_id": reward.organisation_id, "name": reward.name, "points": reward.points,
            "stock": reward.stock, "audience": reward.audience, "form": reward.form, "stage": reward.stage,
            "reached": standing is not None and standing.reaches(reward), "closed": reward.closed_at is not None,
            "version": reward.version}


def redemption_view(redemption: Redemption, name: str) -> dict[str, Any]:
    """A redemption as its owner and who settles it see it."""
    return {"id": redemption.id, "reward_id": redemption.reward_id, "name": name, "person_id": redemption.person_id,
            "points": redemption.points, "status": redemption.status, "address": redemption.address,
            "courier": redemption.courier, "held_at": redemption.held_at, "expires_at": redemption.expires_at,
            "ended_at": redemption.ended_at, "version": redemption.version}
