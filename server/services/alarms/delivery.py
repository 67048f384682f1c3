"""Tellings leave: each is claimed, sent with no transaction open, and settled. What reached nobody goes on to the next
channel or the next person, in the same round."""

import datetime as dt
import uuid
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from server.models import alerts as alert_rows
from server.models import audit as audit_rows
from server.models.alerts import Alert, Telling
from server.services import outbox, work
from server.services.alarms import hearers, steps
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
    while telling_ids := _claim(call) if _anything_due(call) else []:
        for telling_id in telling_ids:
            delivered += _carry(call, telling_id)
    return delivered


def _carry(call: Call, telling_id: uuid.UUID) -> bool:
    """Whether it was delivered. One that fails for a reason nobody thought of, an address that cannot be read included,
    keeps no other from leaving: it is logged, and tried anew once its claim is stuck."""
    try:
        state = _send(call, _pack(call, telling_id))
        _settle(call, telling_id, state)
    except Exception:
        log.exception("telling", telling=str(telling_id))
        return False
    return state == "delivered"


@work.reads
def _anything_due(session: Session, call: Call) -> bool:
    return alert_rows.anything_due(session, call.now, call.now - STUCK_AFTER)


@work.writes
def _claim(session: Session, call: Call) -> list[uuid.UUID]:
    return [row.id for row in alert_rows.claim(session, call.now, call.now - STUCK_AFTER, BATCH)]


@work.reads
def _pack(session: Session, call: Call, telling_id: uuid.UUID) -> Parcel:
    del call
    row = session.get_one(Telling, telling_id)
    return Parcel(row.id, row.how, _address(session, row) if hearers.still_hears(session, row) else None,
                  audit_rows.message(session, row.message_id).body)


def _address(session: Session, row: Telling) -> str | None:
    if row.how == hearers.DUTY_PHONE or row.person_id is None:
        return hearers.duty_phone(session, session.get_one(Alert, row.alert_id).organisation_id)
    if row.how == "wechat":
        return alert_rows.openid_of(session, row.person_id)
    return alert_rows.name_and_phone(session, row.person_id)[1]


def _send(call: Call, parcel: Parcel) -> str:
    """delivered, failed, or no_channel where nothing of that kind is set up or the address was lost."""
    return "no_channel" if parcel.to is None else outbox.carry(call, parcel.how, parcel.to, parcel.text, str(parcel.telling_id))


@work.writes
def _settle(session: Session, call: Call, telling_id: uuid.UUID, state: str) -> None:
    row = session.get_one(Telling, telling_id)
    alert = alert_rows.locked(session, row.alert_id)
    row.state = state
    message = audit_rows.message(session, row.message_id)
    message.state, message.left_at = state, call.now
    session.flush()
    if state != "delivered" and alert is not None:
        steps.try_on(session, call, alert, row)
