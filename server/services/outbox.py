"""Messages, written with the change that caused them and sent afterwards by jobs."""

import dataclasses
import datetime as dt
import uuid
from typing import NamedTuple

import structlog
from sqlalchemy.orm import Session

from server.domain import messages, people
from server.models import alerts as alert_rows
from server.models import audit as audit_rows
from server.models import family as family_rows
from server.models import messages as message_rows
from server.models.audit import OutboxMessage
from server.models.base import insert_once
from server.models.messages import Message
from server.models.people import Person
from server.services import work
from server.services.work import Call

log = structlog.get_logger()
BATCH = 100
# A sender that died in between is given up after this long, and its messages are sent anew under the same key.
STUCK_AFTER = dt.timedelta(minutes=2)
# The channel of a nudge until one has carried it, and the channels in the order in which they are tried.
ANY, CALM = "any", ("wechat", "sms")


@dataclasses.dataclass(frozen=True)
class Letter:
    """What is kept in the app for each of its readers; `from_id` is None where the programme itself writes."""

    id: uuid.UUID
    person_id: uuid.UUID
    kind: str
    severity: str
    subject: str
    body: str
    organisation_id: uuid.UUID | None = None
    from_id: uuid.UUID | None = None


class Parcel(NamedTuple):
    """A nudge as it goes out: its text, and the channels that its person has, each with its number or openid."""

    text: str
    addresses: list[tuple[str, str]]


class Taken(NamedTuple):
    """What was claimed: how many no channel is joined for yet, and the nudges to send."""

    left: int
    nudges: list[uuid.UUID]


def leave(session: Session, call: Call, to: uuid.UUID, template: str, body: str, about: str, *,
          organisation_id: uuid.UUID | None = None, channel: str = "wechat", not_before: dt.datetime | None = None) -> None:
    """Write a message to a person. The same template about the same thing is written once, however often we run."""
    insert_once(session, OutboxMessage.__table__, {
        "id": uuid.uuid4(), "organisation_id": organisation_id, "person_id": to, "channel": channel, "template": template,
        "body": body, "about": about, "at": call.now, "state": "waiting", "not_before": not_before})


def keep(session: Session, call: Call, letter: Letter, to: uuid.UUID, *, side: str = "patient", place: int = 0) -> bool:
    """Keep a copy of the letter in the app for one reader, who hears it at that place, and leave a nudge that says nothing
    of it; whether the reader had none yet."""
    message_id = message_rows.keep(session, {
        "id": uuid.uuid4(), "letter_id": letter.id, "to_id": to, "person_id": letter.person_id, "kind": letter.kind,
        "organisation_id": letter.organisation_id, "from_id": letter.from_id, "side": side, "severity": letter.severity,
        "subject": letter.subject, "body": letter.body, "place": place, "at": call.now, "read_at": None})
    if message_id is not None:
        _nudge(session, call, letter, message_id, to)
    return message_id is not None


def _nudge(session: Session, call: Call, letter: Letter, message_id: uuid.UUID, to: uuid.UUID) -> None:
    """Leave a nudge for the reader; who has neither WeChat nor a phone reads through those who act for them."""
    template = f"message_{letter.severity}" if letter.kind == messages.STAFF else letter.kind
    carers = [] if channels_of(session, to) else alert_rows.carers_of(session, to)
    for reader in carers or [to]:
        held = people.after_quiet_hours(session.get_one(Person, reader).quiet_hours, call.now)
        leave(session, call, reader, template, messages.NUDGE_OF_CARER if carers else messages.NUDGE,
              f"message:{message_id}", organisation_id=letter.organisation_id, channel=ANY,
              not_before=held if messages.waits_for_morning(letter.severity) else None)


def channels_of(session: Session, person_id: uuid.UUID) -> set[str]:
    """By what the person can be reached at all."""
    _, phone = alert_rows.name_and_phone(session, person_id)
    return ({"sms", "voice"} if phone else set()) | ({"wechat"} if alert_rows.signs_in(session, person_id) else set())


def send(call: Call) -> int:
    """Send what is due; how many left. One that fails for a reason nobody thought of keeps no other from leaving."""
    left = 0
    while (taken := _claim(call)) != (0, []):
        left += taken.left + sum(_send(call, message_id) for message_id in taken.nudges)
    return left


@work.writes
def _claim(session: Session, call: Call) -> Taken:
    """Nudges to send; to what else waits no channel is joined yet, and each is marked so."""
    rows = audit_rows.claim(session, call.now, call.now - STUCK_AFTER, BATCH)
    others = [row for row in rows if row.channel != ANY]
    for row in others:
        row.left_at, row.state = call.now, "no_channel"
    return Taken(len(others), [row.id for row in rows if row.channel == ANY])


def _send(call: Call, message_id: uuid.UUID) -> bool:
    """Whether it left, by the first of its person's channels that carries it."""
    try:
        parcel, how, state = _pack(call, message_id), ANY, "no_channel"
        for how, address in parcel.addresses:
            tried = carry(call, how, address, parcel.text, str(message_id))
            state = state if tried == "no_channel" else tried
            if tried == "delivered":
                break
        _settle(call, message_id, how, state)
    except Exception:
        log.exception("message", message=str(message_id))
        return False
    return True


@work.reads
def _pack(session: Session, call: Call, message_id: uuid.UUID) -> Parcel:
    del call
    row = audit_rows.message(session, message_id)
    copy = session.get_one(Message, uuid.UUID(row.about.removeprefix("message:")))
    # A relative whose tie has ended meanwhile does not even learn that there is something.
    if copy.side == "family" and copy.to_id not in family_rows.who_hear_danger(session, copy.person_id):
        return Parcel(row.body, [])
    addresses = {"wechat": alert_rows.openid_of(session, row.person_id),
                 "sms": alert_rows.name_and_phone(session, row.person_id)[1]}
    return Parcel(row.body, [(how, addresses[how]) for how in CALM if addresses[how]])


@work.writes
def _settle(session: Session, call: Call, message_id: uuid.UUID, how: str, state: str) -> None:
    row = audit_rows.message(session, message_id)
    row.channel, row.state, row.left_at = how, state, call.now


def carry(call: Call, how: str, to: str, text: str, key: str) -> str:
    """Send a text: delivered, failed, or no_channel where nothing of that kind is set up."""
    world = call.world
    if how == "wechat":
        reached = world.wechat.tell(to, text)
    else:
        channel = world.sms if how == "sms" else world.voice
        reached = None if channel is None else channel.send(to, text, key)
    return "no_channel" if reached is None else "delivered" if reached else "failed"
