"""Who is told of an alert. A telling is written with the alert, and its message leaves after the commit."""

import datetime as dt
import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from server.domain import alarms, organisations
from server.domain.alerts import LOW
from server.domain.enrolments import LIVE, REACHED_IN
from server.models import alerts as alert_rows
from server.models import audit as audit_rows
from server.models import enrolments as enrolment_rows
from server.models import family as family_rows
from server.models import organisations as organisation_rows
from server.models import people as people_rows
from server.models.alerts import Alert, Telling
from server.models.organisations import Organisation
from server.services import outbox
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
    "guardian": "{name}刚才有{what}预警。请看看本人现在怎么样，15 分钟后再测一次；低的先吃 15–20 克糖，人不清醒打 120。",
    "cleared": "刚才关于{name}的预警已更正：那次记录改过了。请仍向本人确认一句。",
    "recheck": f"请现在再测一次血糖，并记下来。还低于 {LOW}就再吃 15–20 克糖；想睡、说不清话：打 120。",
    "how_are_you": f"您刚补传了一次偏低的血糖。现在感觉怎么样？请现在再测一次；低于 {LOW}先吃 15–20 克糖。",
    "recheck_theirs": f"请现在给{{name}}再测一次血糖，并记下来。还低于 {LOW}就再吃 15–20 克糖；想睡、说不清话：打 120。",
    "how_are_you_theirs": f"您刚给{{name}}补传了一次偏低的血糖。现在人怎么样？请现在再测一次；低于 {LOW}先吃 15–20 克糖。",
}


def ring(session: Session, call: Call, alert: Alert, *, nurse: bool = False, doctor: bool = False) -> None:
    """Tell whom the alert's level asks for, and set when the next one is told if nobody takes it up."""
    alert.rings += 1
    alert.acknowledged_by = alert.acknowledged_at = None
    if alarms.rings_at_once(alert.level):
        _tell_family(session, call, alert)
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
        alert.acknowledged_by = alert.acknowledged_at = None
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
    and reached nobody of the staff, everybody is tried anew, and the family where it reached none of them either."""
    step = alarms.NEXT_STEP.get(alert.stage or "manager")
    tellings = alert_rows.tellings_of(session, [alert.id])
    states = {one.state for one in tellings if one.ring == alert.rings and one.step in alarms.STEPS}
    if step is not None:
        tell_step(session, call, alert, step)
    elif "delivered" in states or call.now >= alert.fresh_until:
        return
    elif "waiting" in states:
        _wait_for_answer(session, call, alert)
    else:
        alert.rings += 1
        if alarms.rings_at_once(alert.level) and not _family_heard(tellings):
            _tell_family(session, call, alert)
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


def _tell_family(session: Session, call: Call, alert: Alert) -> None:
    """The family hears, unless it is of somebody else that a question spoke."""
    for relative in _family(session, alert.person_id) if alert.about != "relative" else []:
        _reach(session, call, alert, relative, "family", URGENT, "family", call.now)


def _family_heard(tellings: list[Telling]) -> bool:
    """Whether any of the family was reached when they were told last, or still may be."""
    told = [one for one in tellings if one.step == "family"]
    last = max((one.ring for one in told), default=0)
    return any(one.state in ("delivered", "waiting") for one in told if one.ring == last)


def _tell_guardians(session: Session, call: Call, alert: Alert) -> None:
    """A child's guardian hears of every alert, who filed it only from the answer."""
    for guardian in alert_rows.guardians_of(session, alert.person_id):
        if guardian != call.person_id:
            _reach(session, call, alert, guardian, "family", CALM, "guardian", call.now)


def still_hears(session: Session, row: Telling) -> bool:
    """Whether who is about to be told may still hear of it: rights end at once, what was held until the morning included.
    Whoever took it up hears that it goes on at whichever step they stand ready."""
    alert = session.get_one(Alert, row.alert_id)
    if row.how == DUTY_PHONE:
        return True
    if row.step in alarms.STEPS:
        return any(row.person_id in on_duty(session, alert, step) for step in alarms.STEPS)
    return row.step != "family" or row.person_id in _family(session, alert.person_id)


def schedule(alert: Alert) -> None:
    """Keep the instant at which the clock has something to do about the alert."""
    alert.next_at = None if alert.closed_at else alarms.next_at(alert.recheck_at, alert.escalate_at)


def _tell_next(session: Session, call: Call, alert: Alert, step: str, not_before: dt.datetime) -> bool:
    """Tell the nearest on duty who was not told at this ring. The last step waits for nobody on the list of those on duty:
    all of them are told in order and the phone on duty rings, before the nearest admin."""
    known = {(one.person_id, one.how == DUTY_PHONE) for one in alert_rows.tellings_of(session, [alert.id])
             if one.ring == alert.rings and one.step == step}
    channels, text = (URGENT, "staff") if alarms.rings_at_once(alert.level) else (CALM, "calm")
    ready, told = on_duty(session, alert, step), False
    listed = _on_call(session, alert) if step == "duty" else []
    for person_id in listed:
        if (person_id, False) not in known:
            told = _reach(session, call, alert, person_id, step, channels, text, not_before) or told
    if step == "duty" and duty_phone(session, alert.organisation_id) and not any(is_phone for _, is_phone in known):
        told = _write(session, call, alert, next(iter(ready), None), step, DUTY_PHONE, text, not_before) or told
    for person_id in ready:
        if person_id not in listed and (person_id, False) not in known and _reach(
                session, call, alert, person_id, step, channels, text, not_before):
            return True
    return told


def on_duty(session: Session, alert: Alert, step: str) -> list[uuid.UUID]:
    """Who stands ready for that step over the alert's person, nearest first; at the last one first who is on the list."""
    return [person_id for person_id, _ in stand_ready(session, alert.organisation_id, alert.person_id, step)]


def stand_ready(session: Session, organisation_id: uuid.UUID | None, person_id: uuid.UUID,
                step: str) -> list[tuple[uuid.UUID, str]]:
    """(person, role) of everyone who stands ready for that step over somebody of the organisation, in order. Nobody does
    so for themselves."""
    if organisation_id is None:
        return []
    scopes = {"organisation": organisation_id, "person": person_id}
    places = [place for place in enrolment_rows.places_of(session, person_id) if place[0] == organisation_id]
    # Of an earlier class and the one of now, those of now watch.
    for _, camp_id, class_id, status in sorted(places, key=lambda place: place[3] in LIVE):
        if status in REACHED_IN:
            scopes |= {"camp": camp_id, "class": class_id}
    listed = organisation_rows.on_call(session, organisation_id) if step == "duty" else []
    holders = [(row[0], row[1]) for row in people_rows.on_duty(session, alarms.STEPS[step], scopes) if row[0] not in listed]
    return [(each, role) for each, role in [*((one, "on_call") for one in listed), *holders] if each != person_id]


def _on_call(session: Session, alert: Alert) -> list[uuid.UUID]:
    return [person_id for person_id, role in stand_ready(session, alert.organisation_id, alert.person_id, "duty")
            if role == "on_call"]


def _reach(session: Session, call: Call, alert: Alert, person_id: uuid.UUID, step: str, channels: tuple[str, ...], text: str,
           not_before: dt.datetime, ring_number: int | None = None) -> bool:
    """Write a telling on the first channel that the person has and that was not tried; whether there was one. Who has
    none is written down as unreached. `text` is a key of TEXTS, or the words themselves."""
    number = alert.rings if ring_number is None else ring_number
    has = outbox.channels_of(session, person_id)
    tried = {one.how for one in alert_rows.tellings_of(session, [alert.id])
             if one.person_id == person_id and one.step == step and one.ring == number and one.how != DUTY_PHONE}
    how = next((channel for channel in channels if channel in has and channel not in tried), None)
    if how is None and not tried:
        _write(session, call, alert, person_id, step, NOTHING, text, not_before, number)
    return how is not None and _write(session, call, alert, person_id, step, how, text, not_before, number)


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
    """Tell everyone who was told that the reading behind the alert was corrected; the phone on duty rings again."""
    alert.rings += 1
    told = [one for one in alert_rows.tellings_of(session, [alert.id]) if one.step != "patient"]
    for person_id in dict.fromkeys(one.person_id for one in told if one.person_id is not None):
        _reach(session, call, alert, person_id, "cleared", CALM, "cleared", call.now)
    for phone in [one for one in told if one.how == DUTY_PHONE and one.state == "delivered"][-1:]:
        _write(session, call, alert, phone.person_id, "cleared", DUTY_PHONE, "cleared", call.now)


def tell_patient(session: Session, call: Call, alert: Alert, text: str) -> None:
    """Ask the patient to measure; who has neither WeChat nor a phone is asked through those who act for them. Each asking
    is one of its own, however often one ring asks."""
    asked = 1 + max((one.ring for one in alert_rows.tellings_of(session, [alert.id]) if one.step == "patient"), default=0)
    carers = [] if outbox.channels_of(session, alert.person_id) else alert_rows.carers_of(session, alert.person_id)
    for person_id in carers or [alert.person_id]:
        _reach(session, call, alert, person_id, "patient", CALM, f"{text}_theirs" if carers else text, call.now, asked)


def nobody_watches(session: Session, alert: Alert) -> bool:
    """Whether no one of the staff stands ready for this person, nor a phone on duty: the card then says so."""
    if duty_phone(session, alert.organisation_id):
        return False
    return not any(on_duty(session, alert, step) for step in ("manager", "doctor", "duty"))


def _write(session: Session, call: Call, alert: Alert, person_id: uuid.UUID | None, step: str, how: str, text: str,
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


def duty_phone(session: Session, organisation_id: uuid.UUID | None) -> str | None:
    """The phone that rings as the last step, where the organisation has one."""
    found = session.get(Organisation, organisation_id) if organisation_id else None
    return found.duty_phone if found else None
