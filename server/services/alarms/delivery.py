"""Tellings leave: each is claimed, sent with no transaction open, and settled. What reached nobody goes on to the next
channel or the next person, in the same round."""

import datetime as dt
import uuid
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from server.models import alerts as alert_rows
from server.models import audit as audit_rows
from server.models.alerts import Telling
from server.models.organisations import Organisation
from server.services import work
from server.services.alarms import telling
from server.services.work import Call

log = structlog.get_logger()
BATCH = 50
# A sender that died in between is given up after this long, and its tellings are sent anew under the same key.
STUCK_AFTER = dt.timedelta(minutes=2)


class Parcel(NamedTuple):
    """One telling as it goes out; `to` is a phone number or an openid, None when it was lost meanwhile."""

    telling_id: uuid.UUID
    how: str
    to: str | None
    text: str


def deliver(call: Call) -> int:
    """Send every telling that is due; how many reached somebody."""
    delivered = 0
    while parcels := _claim(call):
        for parcel in parcels:
            delivered += _carry(call, parcel)
    return delivered


def _carry(call: Call, parcel: Parcel) -> bool:
    """Whether it was delivered. One that fails for a reason nobody thought of keeps no other from leaving: it is logged,
    and tried anew once its claim is stuck."""
    try:
        state = _send(call, parcel)
        _settle(call, parcel.telling_id, state)
    except Exception:
        log.exception("telling", telling=str(parcel.telling_id))
        return False
    return state == "delivered"


@work.writes
def _claim(session: Session, call: Call) -> list[Parcel]:
    rows = alert_rows.claim(session, call.now, call.now - STUCK_AFTER, BATCH)
    return [Parcel(row.id, row.how, _address(session, row) if telling.still_hears(session, row) else None,
                   audit_rows.message(session, row.message_id).body) for row in rows]


def _address(session: Session, row: Telling) -> str | None:
    if row.how == telling.DUTY_PHONE:
        alert = alert_rows.locked(session, row.alert_id)
        found = session.get(Organisation, alert.organisation_id) if alert and alert.organisation_id else None
        return found.duty_phone if found else None
    if row.how == "wechat":
        return alert_rows.openid_of(session, row.person_id)
    return alert_rows.name_and_phone(session, row.person_id)[1]


def _send(call: Call, parcel: Parcel) -> str:
    """delivered, failed, or no_channel where nothing of that kind is set up."""
    world, key = call.world, str(parcel.telling_id)
    if parcel.to is None:
        return "no_channel"
    if parcel.how == "wechat":
        reached = world.wechat.tell(parcel.to, parcel.text)
    else:
        channel = world.sms if parcel.how == "sms" else world.voice
        reached = None if channel is None else channel.send(parcel.to, parcel.text, key)
    return "no_channel" if reached is None else "delivered" if reached else "failed"


@work.writes
def _settle(session: Session, call: Call, telling_id: uuid.UUID, state: str) -> None:
    row = session.get_one(Telling, telling_id)
    alert = alert_rows.locked(session, row.alert_id)
    row.state = state
    message = audit_rows.message(session, row.message_id)
    message.state, message.left_at = state, call.now
    session.flush()
    if state != "delivered" and alert is not None:
        telling.try_on(session, call, alert, row)
