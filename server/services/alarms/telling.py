"""Who is told of an alert. A telling is written with the alert, and its message leaves after the commit."""

import datetime as dt
import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from server.domain import alarms, organisations
from server.domain.enrolments import REACHED_IN
from server.models import alerts as alert_rows
from server.models import audit as audit_rows
from server.models import enrolments as enrolment_rows
from server.models import family as family_rows
from server.models import people as people_rows
from server.models.alerts import Alert, Telling
from server.models.organisations import Organisation
from server.services.work import Call

# Nothing else wakes a person; what may wait for the morning is written.
URGENT, CALM = ("voice", "sms", "wechat"), ("wechat", "sms")
DUTY_PHONE, NOTHING = "duty_phone", "none"
NAMES = {"low": "低血糖", "critical_low": "严重低血糖", "emergency_low": "低血糖急症", "high": "高血糖",
         "critical_high": "很高的血糖",
         "emergency_high": "高血糖急症", "emergency_ketone": "酮体急症", "emergency_words": "提问里的危险信号",
         "lost_contact": "三天没有消息"}
# Raised ketones are as urgent as a very high glucose, and need not come with one.
KETONES = "酮体偏高"
TEXTS = {
    "family": "您的家人{name}刚才有{what}预警。请马上联系他；联系不上或人不清醒，打 120。",
    "staff": "糖友{name}有{what}预警，请马上联系，并在糖营里点“我来处理”。",
    "calm": "糖友{name}有{what}预警，请在服务时间内联系，并在糖营里点“我来处理”。",
    "guardian": "{name}刚才有{what}预警。请看看他现在怎么样，15 分钟后再测一次；低的先吃 15–20 克糖，人不清醒打 120。",
    "cleared": "刚才关于{name}的预警已更正：那次记录改过了。请仍向本人确认一句。",
    "recheck": "请现在再测一次血糖，并记下来。还低于 3.9 就再吃 15–20 克糖；想睡、说不清话：打 120。",
    "how_are_you": "您刚补传了一次偏低的血糖。现在感觉怎么样？请现在再测一次；低于 3.9 先吃 15–20 克糖。",
    "recheck_theirs": "请现在给{name}再测一次血糖，并记下来。还低于 3.9 就再吃 15–20 克糖；想睡、说不清话：打 120。",
    "how_are_you_theirs": "您刚给{name}补传了一次偏低的血糖。现在人怎么样？请现在再测一次；低于 3.9 先吃 15–20 克糖。",
}


def ring(session: Session, call: Call, alert: Alert, *, nurse: bool = False, doctor: bool = False) -> None:
    """Tell whom the alert's level asks for, and set when the next one is told if nobody takes it up."""
    alert.rings += 1
    alert.acknowledged_by = alert.acknowledged_at = alert.note = None
    if alarms.rings_at_once(alert.level):
        if alert.about != "relative":
            for relative in _family(session, alert.person_id):
                _reach(session, call, alert, relative, "family", URGENT, "family", call.now)
        tell_step(session, call, alert, "manager")
    elif alert.level in ("critical_high", "lost_contact"):
        tell_step(session, call, alert, "manager", not_before=organisations.opens_at(_hours(session, alert), call.now))
        _wait_for_answer(session, call, alert)
    if nurse:
        _tell_nurse(session, call, alert)
    if doctor:
        tell_step(session, call, alert, "doctor")
    if not alarms.rings_at_once(alert.level) and alert.about != "relative":
        _tell_guardians(session, call, alert)
    schedule(alert)


def ring_on(session: Session, call: Call, alert: Alert, *, nurse: bool) -> None:
    """What one more reading asks for that is no worse: the nurse who has not heard hears, and whoever took a critical low
    or an emergency up is told that it goes on and has 15 minutes to say so again, before the next one hears."""
    heard = any(one.step == "nurse" for one in alert_rows.tellings_of(session, [alert.id]))
    if nurse and not heard:
        _tell_nurse(session, call, alert)
    if alert.acknowledged_by is not None and alarms.rings_at_once(alert.level):
        alert.rings += 1
        _reach(session, call, alert, alert.acknowledged_by, "manager", URGENT, "staff", call.now)
        alert.acknowledged_by = alert.acknowledged_at = alert.note = None
        alert.stage, alert.escalate_at = "manager", call.now + alarms.UNACKNOWLEDGED_AFTER
    schedule(alert)


def ring_again(session: Session, call: Call, alert: Alert, *, worse: bool, nurse: bool, doctor: bool) -> None:
    """What an alert that stands again asks for: it rings where it is worse than what was told, or where nobody of the staff
    was told; else the nurse who has not heard hears, and who did not take it up has as long to do so as at first."""
    told = any(one.ring == alert.rings and one.step in alarms.STEPS for one in alert_rows.tellings_of(session, [alert.id]))
    if worse or alert.rings == 0 or (alarms.staff_hear(alert.level) and not told and alert.acknowledged_at is None):
        ring(session, call, alert, nurse=nurse, doctor=doctor)
        return
    if nurse and not told:
        _tell_nurse(session, call, alert)
    if alert.acknowledged_at is None:
        _wait_for_answer(session, call, alert)
    schedule(alert)


def stand_down(session: Session, call: Call, alert: Alert, steps: Iterable[str]) -> None:
    """Nobody further is told at these steps, nor in the morning what was held until then."""
    alert.escalate_at = None
    alert_rows.take_back(session, alert.id, steps, call.now)
    schedule(alert)


def tell_step(session: Session, call: Call, alert: Alert, step: str, *, not_before: dt.datetime | None = None) -> bool:
    """Tell the next person of that step who can be told, or of the step after it when there is none; whether anybody
    is. Each unanswered telling of a critical low or an emergency moves on after 15 minutes."""
    while True:
        told = _tell_next(session, call, alert, step, not_before or call.now)
        if step in alarms.NEXT_STEP:
            alert.stage = step
        if told or step not in alarms.NEXT_STEP or not (alarms.staff_hear(alert.level) or alert.level == "lost_contact"):
            break
        step = alarms.NEXT_STEP[step]
    alert.stage = step if step != "nurse" else alert.stage
    # A critical high has service hours of its own, set where it rings; a telling of it never stops them.
    if alarms.rings_at_once(alert.level):
        _wait_for_answer(session, call, alert)
    schedule(alert)
    return told


def go_on(session: Session, call: Call, alert: Alert) -> None:
    """What follows when nobody took the alert up in time: the next step; and after the last one, while the alert is fresh
    and reached nobody of the staff, everybody is tried anew."""
    step = alarms.NEXT_STEP.get(alert.stage or "manager")
    states = {one.state for one in alert_rows.tellings_of(session, [alert.id])
              if one.ring == alert.rings and one.step in alarms.STEPS}
    if step is not None:
        tell_step(session, call, alert, step)
    elif "delivered" in states or call.now >= alert.fresh_until:
        return
    elif "waiting" in states:
        _wait_for_answer(session, call, alert)
    else:
        alert.rings += 1
        tell_step(session, call, alert, "manager")
        _wait_for_answer(session, call, alert)


def _wait_for_answer(session: Session, call: Call, alert: Alert) -> None:
    """Set when the next one is told: 15 minutes on, and for a critical high two hours of service."""
    if alarms.rings_at_once(alert.level):
        alert.escalate_at = call.now + alarms.UNACKNOWLEDGED_AFTER
    elif alert.level == "critical_high":
        alert.escalate_at = organisations.due_after(_hours(session, alert), call.now, alarms.HIGH_SERVICE_TIME)


def _tell_nurse(session: Session, call: Call, alert: Alert) -> None:
    """In pregnancy the nurse hears the same day, of a critical low or an emergency at once; whoever heard as the manager
    does not hear twice."""
    told = {one.person_id for one in alert_rows.tellings_of(session, [alert.id])
            if one.ring == alert.rings and one.step in alarms.STEPS}
    if told.isdisjoint(on_duty(session, alert, "nurse")[:1]):
        at_once = alarms.rings_at_once(alert.level)
        tell_step(session, call, alert, "nurse",
                  not_before=call.now if at_once else organisations.opens_today(_hours(session, alert), call.now))


def _tell_guardians(session: Session, call: Call, alert: Alert) -> None:
    """A child's guardian hears of every alert, who filed it only from the answer."""
    for guardian in alert_rows.guardians_of(session, alert.person_id):
        if guardian != call.person_id:
            _reach(session, call, alert, guardian, "family", CALM, "guardian", call.now)


def still_hears(session: Session, row: Telling) -> bool:
    """Whether who is about to be told may still hear of it: rights end at once, what was held until the morning included."""
    alert = session.get_one(Alert, row.alert_id)
    if row.step in alarms.STEPS:
        return row.person_id in on_duty(session, alert, row.step)
    return row.step != "family" or row.person_id in _family(session, alert.person_id)


def schedule(alert: Alert) -> None:
    """Keep the instant at which the clock has something to do about the alert."""
    alert.next_at = None if alert.closed_at else alarms.next_at(alert.recheck_at, alert.escalate_at)


def _tell_next(session: Session, call: Call, alert: Alert, step: str, not_before: dt.datetime) -> bool:
    """Tell the nearest on duty who was not told at this ring; the phone on duty rings as well at the last step."""
    known = {one.person_id for one in alert_rows.tellings_of(session, [alert.id])
             if one.ring == alert.rings and one.step == step}
    urgent = alarms.rings_at_once(alert.level)
    for person_id in on_duty(session, alert, step):
        if person_id in known:
            continue
        text = "staff" if urgent else "calm"
        reached = _reach(session, call, alert, person_id, step, URGENT if urgent else CALM, text, not_before)
        if step == "duty" and _duty_phone(session, alert):
            reached = _write(session, call, alert, person_id, step, DUTY_PHONE, text, not_before) or reached
        if reached:
            return True
    return False


def on_duty(session: Session, alert: Alert, step: str) -> list[uuid.UUID]:
    """Who stands ready for that step over the alert's person, nearest first."""
    if alert.organisation_id is None:
        return []
    scopes = {"organisation": alert.organisation_id, "person": alert.person_id}
    for organisation_id, camp_id, class_id, status in enrolment_rows.places_of(session, alert.person_id):
        if organisation_id == alert.organisation_id and status in REACHED_IN:
            scopes |= {"camp": camp_id, "class": class_id}
    return [row[0] for row in people_rows.on_duty(session, alarms.STEPS[step], scopes)]


def _reach(session: Session, call: Call, alert: Alert, person_id: uuid.UUID, step: str, channels: tuple[str, ...], text: str,
           not_before: dt.datetime, ring_number: int | None = None) -> bool:
    """Write a telling on the first channel that the person has and that was not tried; whether there was one. Who has
    none is written down as unreached. `text` is a key of TEXTS, or the words themselves."""
    number = alert.rings if ring_number is None else ring_number
    has = _channels_of(session, person_id)
    tried = {one.how for one in alert_rows.tellings_of(session, [alert.id])
             if one.person_id == person_id and one.step == step and one.ring == number}
    how = next((channel for channel in channels if channel in has and channel not in tried), None)
    if how is None and not tried:
        _write(session, call, alert, person_id, step, NOTHING, text, not_before, number)
    return how is not None and _write(session, call, alert, person_id, step, how, text, not_before, number)


def _channels_of(session: Session, person_id: uuid.UUID) -> set[str]:
    _, phone = alert_rows.name_and_phone(session, person_id)
    return ({"sms", "voice"} if phone else set()) | ({"wechat"} if alert_rows.signs_in(session, person_id) else set())


def try_on(session: Session, call: Call, alert: Alert, failed: Telling) -> None:
    """After a telling that reached nobody: the person's next channel, or else the next person of the step."""
    urgent = alarms.rings_at_once(alert.level)
    # The same words go on: a recheck that a text did not carry is no alarm, and a correction least of all.
    words = audit_rows.message(session, failed.message_id).body
    channels = URGENT if urgent and failed.step not in ("patient", "cleared") else CALM
    if failed.how != DUTY_PHONE and _reach(session, call, alert, failed.person_id, failed.step, channels, words, call.now,
                                           failed.ring):
        return
    if failed.step in alarms.STEPS and alert.acknowledged_at is None and alert.closed_at is None:
        tell_step(session, call, alert, failed.step)


def tell_corrected(session: Session, call: Call, alert: Alert) -> None:
    """Tell everyone who was told that the reading behind the alert was corrected."""
    alert.rings += 1
    for person_id in dict.fromkeys(one.person_id for one in alert_rows.tellings_of(session, [alert.id])
                                   if one.step != "patient"):
        _reach(session, call, alert, person_id, "cleared", CALM, "cleared", call.now)


def tell_patient(session: Session, call: Call, alert: Alert, text: str) -> None:
    """Ask the patient to measure; who has neither WeChat nor a phone is asked through those who act for them. Each asking
    is one of its own, however often one ring asks."""
    asked = 1 + max((one.ring for one in alert_rows.tellings_of(session, [alert.id]) if one.step == "patient"), default=0)
    carers = [] if _channels_of(session, alert.person_id) else alert_rows.carers_of(session, alert.person_id)
    for person_id in carers or [alert.person_id]:
        _reach(session, call, alert, person_id, "patient", CALM, f"{text}_theirs" if carers else text, call.now, asked)


def nobody_watches(session: Session, alert: Alert) -> bool:
    """Whether no one of the staff stands ready for this person: the card then says so."""
    return not any(on_duty(session, alert, step) for step in ("manager", "doctor", "duty"))


def _write(session: Session, call: Call, alert: Alert, person_id: uuid.UUID, step: str, how: str, text: str,
           not_before: dt.datetime, ring_number: int | None = None) -> bool:
    number = alert.rings if ring_number is None else ring_number
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


def _family(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    return list(dict.fromkeys([*alert_rows.guardians_of(session, person_id),
                               *family_rows.who_hear_danger(session, person_id)]))


def _hours(session: Session, alert: Alert) -> dict:
    found = session.get(Organisation, alert.organisation_id) if alert.organisation_id else None
    return found.hours if found else organisations.DEFAULT_SERVICE_HOURS


def _duty_phone(session: Session, alert: Alert) -> str | None:
    found = session.get(Organisation, alert.organisation_id) if alert.organisation_id else None
    return found.duty_phone if found else None
