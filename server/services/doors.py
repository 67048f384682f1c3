"""Whether the caller may know of a thing at all: asked before a bad body is refused."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from server.services import reach, work
from server.services.alerts import reached as reach_alert
from server.services.certificates.rows import reached as reach_certificate
from server.services.entries.changing import reached as reach_entry
from server.services.measurements import reached as reach_measurement
from server.services.purchases import reached as reach_purchase
from server.services.questions import reaching
from server.services.rewards.redeeming import reached as reach_redemption
from server.services.rewards.rows import reached_reward as reach_reward
from server.services.work import Call

_DOORS: dict[str, Callable[[Session, Call, Any, str], Any]] = {
    "organisation": reach.organisation,
    "camp": reach.camp,
    "class": reach.class_,
    "enrolment": reach.enrolment,
    "person": reach.person,
    "entry": reach_entry,
    "certificate": reach_certificate,
    "family_tie": reach.family_tie,
    "reward": reach_reward,
    "redemption": reach_redemption,
    "purchase": reach_purchase,
    "measurement": reach_measurement,
    "alert": reach_alert,
    "question": reaching.question,
    "ticket": reaching.ticket,
    "topic": reaching.topic,
}


@work.reads
def knock(session: Session, call: Call, thing: str, act: str, thing_id: Any) -> None:
    """Let the caller pass who may do this to the thing. Raises not_found, forbidden."""
    _DOORS[thing](session, call, thing_id, act)
