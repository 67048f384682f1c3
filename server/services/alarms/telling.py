"""A telling of an alert: what it says, to whom and on which channel. It is written with the alert, and its message leaves
after the commit."""

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from server.domain import alarms, organisations
from server.domain.alerts import LOW
from server.models import alerts as alert_rows
from server.models import audit as audit_rows
from server.models.alerts import Alert, Telling
from server.services import outbox
from server.services.alarms import hearers
from server.services.alarms.hearers import DUTY_PHONE
from server.services.work import Call

# Nothing else wakes a person; what may wait for the morning is written.
URGENT, CALM = ("voice", "sms", "wechat"), ("wechat", "sms")
NOTHING = "none"
NAMES = {"low": "低血糖", "critical_low": "严重低血糖", "emergency_low": "低血糖急症", "high": "高血糖",
         "critical_high": "很高的血糖",
         "emergency_high": "高血糖急症", "emergency_ketone": "酮体急症", "emergency_words": "提问里的危险信号",
         "lost_contact": "三天没有消息"}
# Raised ketones are as urgent as a very high glucose, and need not come with one.
KETONES = "酮体偏高"
TEXTS = {
    "family": "您的家人{name}刚才有{what}预警。请马上联系本人；联系不上或人不清醒，打 120。",
    "staff": "糖友{name}有{what}预警，请马上联系，并在糖营里点“我来处理”。",
    "calm": "糖友{name}有{what}预警，请在服务时间内联系，并在糖营里点“我来处理”。",
    "guardian": "{name}刚才有{what}预警。请看看本人现在怎么样，15 分钟后再测一次；低的先吃 15–20 克糖，人不清醒打 120。",
    "cleared": "刚才关于{name}的预警已更正：那次记录改过了。请仍向本人确认一句。",
    "recheck": f"请现在再测一次血糖，并记下来。还低于 {LOW}就再吃 15–20 克糖；想睡、说不清话：打 120。",
    "how_are_you": f"您刚补传了一次偏低的血糖。现在感觉怎么样？请现在再测一次；低于 {LOW}先吃 15–20 克糖。",
    "recheck_theirs": f"请现在给{{name}}再测一次血糖，并记下来。还低于 {LOW}就再吃 15–20 克糖；想睡、说不清话：打 120。",
    "how_are_you_theirs": f"您刚给{{name}}补传了一次偏低的血糖。现在人怎么样？请现在再测一次；低于 {LOW}先吃 15–20 克糖。",
}


def tell_next(session: Session, call: Call, alert: Alert, step: str, not_before: dt.datetime) -> bool:
    """Tell the nearest on duty who was not told at this ring. The last step waits for nobody on the list of those on duty:
    all of them are told in order and the phone on duty rings, before the nearest admin."""
    known = {(one.person_id, one.how == DUTY_PHONE) for one in alert_rows.tellings_of(session, [alert.id])
             if one.ring == alert.rings and one.step == step}
    channels, text = (URGENT, "staff") if alarms.rings_at_once(alert.level) else (CALM, "calm")
    ready, told = hearers.on_duty(session, alert, step), False
    listed = hearers.on_call(session, alert) if step == "duty" else []
    for person_id in listed:
        if (person_id, False) not in known:
            told = reach(session, call, alert, person_id, step, channels, text, not_before) or told
    if step == "duty" and hearers.duty_phone(session, alert.organisation_id) and not any(is_phone for _, is_phone in known):
        told = _write(session, call, alert, next(iter(ready), None), step, DUTY_PHONE, text, not_before) or told
    for person_id in ready:
        if person_id not in listed and (person_id, False) not in known and reach(
                session, call, alert, person_id, step, channels, text, not_before):
            return True
    return told


def tell_nurse(session: Session, call: Call, alert: Alert) -> None:
    """In pregnancy the nurse hears the same day, of a critical low or an emergency at once; whoever heard as the manager
    does not hear twice."""
    told = {one.person_id for one in alert_rows.tellings_of(session, [alert.id])
            if one.ring == alert.rings and one.step in alarms.STEPS}
    if told.isdisjoint(hearers.on_duty(session, alert, "nurse")[:1]):
        at_once = alarms.rings_at_once(alert.level)
        tell_next(session, call, alert, "nurse",
                  call.now if at_once else organisations.opens_today(hearers.service_hours(session, alert), call.now))


def tell_family(session: Session, call: Call, alert: Alert) -> None:
    """The family hears, unless it is of somebody else that a question spoke."""
    for relative in hearers.family(session, alert.person_id) if alert.about != "relative" else []:
        reach(session, call, alert, relative, "family", URGENT, "family", call.now)


def family_heard(tellings: list[Telling]) -> bool:
    """Whether any of the family was reached when they were told last, or still may be."""
    told = [one for one in tellings if one.step == "family"]
    last = max((one.ring for one in told), default=0)
    return any(one.state in ("delivered", "waiting") for one in told if one.ring == last)


def tell_guardians(session: Session, call: Call, alert: Alert) -> None:
    """A child's guardian hears of every alert, who filed it only from the answer."""
    for guardian in alert_rows.guardians_of(session, alert.person_id):
        if guardian != call.person_id:
            reach(session, call, alert, guardian, "family", CALM, "guardian", call.now)


def tell_patient(session: Session, call: Call, alert: Alert, text: str) -> None:
    """Ask the patient to measure; who has neither WeChat nor a phone is asked through those who act for them. Each asking
    is one of its own, however often one ring asks."""
    asked = _next_number(session, alert, "patient")
    if outbox.channels_of(session, alert.person_id) or not _ask_carers(session, call, alert, text, asked):
        reach(session, call, alert, alert.person_id, "patient", CALM, text, call.now, asked)


def ask_carers_instead(session: Session, call: Call, alert: Alert, failed: Telling) -> None:
    """Ask those who act for the patient what no channel of theirs carried."""
    words = audit_rows.message(session, failed.message_id).body
    _ask_carers(session, call, alert, "how_are_you" if words == TEXTS["how_are_you"] else "recheck", failed.ring)


def _ask_carers(session: Session, call: Call, alert: Alert, text: str, asked: int) -> bool:
    """Whether there is anybody who acts for the patient; all of them are asked."""
    carers = alert_rows.carers_of(session, alert.person_id)
    for person_id in carers:
        reach(session, call, alert, person_id, "patient", CALM, f"{text}_theirs", call.now, asked)
    return bool(carers)


def tell_corrected(session: Session, call: Call, alert: Alert) -> None:
    """Tell everyone who was told, and may still hear, that the reading behind the alert was corrected; the phone on duty
    rings again."""
    number = _next_number(session, alert, "cleared")
    told = [one for one in alert_rows.tellings_of(session, [alert.id]) if one.step != "patient"]
    for person_id in dict.fromkeys(one.person_id for one in told if one.person_id is not None):
        if hearers.hears_correction(session, alert, person_id):
            reach(session, call, alert, person_id, "cleared", CALM, "cleared", call.now, number)
    for phone in [one for one in told if one.how == DUTY_PHONE and one.state == "delivered"][-1:]:
        _write(session, call, alert, phone.person_id, "cleared", DUTY_PHONE, "cleared", call.now, number)


def _next_number(session: Session, alert: Alert, step: str) -> int:
    """The number of what is said at a step that does not ring: a question to the patient, or a correction. It rings for
    nobody, and `rings` counts none of them."""
    return 1 + max((one.ring for one in alert_rows.tellings_of(session, [alert.id]) if one.step == step), default=0)


def reach(session: Session, call: Call, alert: Alert, person_id: uuid.UUID, step: str, channels: tuple[str, ...], text: str,
          not_before: dt.datetime, number: int | None = None) -> bool:
    """Write a telling on the first channel that the person has and that was not tried; whether there was one. Who has
    none is written down as unreached. `text` is a key of TEXTS, or the words themselves; `number` that of the ring, the one
    of now unless it says another."""
    number = alert.rings if number is None else number
    has = outbox.channels_of(session, person_id)
    tried = {one.how for one in alert_rows.tellings_of(session, [alert.id])
             if one.person_id == person_id and one.step == step and one.ring == number and one.how != DUTY_PHONE}
    how = next((channel for channel in channels if channel in has and channel not in tried), None)
    if how is None and not tried:
        _write(session, call, alert, person_id, step, NOTHING, text, not_before, number)
    return how is not None and _write(session, call, alert, person_id, step, how, text, not_before, number)


def try_next_channel(session: Session, call: Call, alert: Alert, failed: Telling) -> bool:
    """After a telling that reached nobody, write it on the person's next channel; whether there was one."""
    urgent = alarms.rings_at_once(alert.level)
    # The same words go on: a recheck that a text did not carry is no alarm, and a correction least of all.
    words = audit_rows.message(session, failed.message_id).body
    channels = URGENT if urgent and failed.step not in ("patient", "cleared") else CALM
    return failed.how != DUTY_PHONE and reach(session, call, alert, failed.person_id, failed.step, channels, words, call.now,
                                              failed.ring)


def _write(session: Session, call: Call, alert: Alert, person_id: uuid.UUID | None, step: str, how: str, text: str,
           not_before: dt.datetime, number: int | None = None) -> bool:
    number = alert.rings if number is None else number
    name, _ = alert_rows.name_and_phone(session, alert.person_id)
    what = KETONES if (alert.kind, alert.level) == ("ketone", "critical_high") else NAMES[alert.level]
    body = TEXTS[text].format(name=name, what=what) if text in TEXTS else text
    state = "no_channel" if how == NOTHING else "waiting"
    message_id = audit_rows.leave_held(session, {
        "id": uuid.uuid4(), "organisation_id": alert.organisation_id, "person_id": person_id,
        "channel": "voice" if how == DUTY_PHONE else how, "template": f"alert_{step}_{number}_{how}",
        "body": body, "about": f"alert:{alert.id}", "at": call.now,
        "state": "no_channel" if how == NOTHING else "held", "left_at": call.now if how == NOTHING else None})
    if message_id is None:
        return False
    session.add(Telling(id=uuid.uuid4(), alert_id=alert.id, person_id=person_id, message_id=message_id, step=step,
                        ring=number, how=how, at=call.now, not_before=not_before, claimed_at=None, state=state))
    session.flush()
    return True
