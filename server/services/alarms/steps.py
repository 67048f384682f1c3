"""The steps of an alert: when it rings, whom it has come to, and when the next one hears."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from server.domain import alarms, organisations
from server.models import alerts as alert_rows
from server.models.alerts import Alert, Telling
from server.services.alarms import hearers, telling
from server.services.work import Call


def ring(session: Session, call: Call, alert: Alert, *, afresh: bool = False, nurse: bool = False,
         doctor: bool = False) -> None:
    """Tell anew whom the alert's level asks for: the family, and of the staff every step that it has come to, the first
    one where it begins `afresh`. The next step hears no later than it would have."""
    if afresh:
        _stand(alert, None, None)
    alert.rings += 1
    alert.acknowledged_by = alert.acknowledged_at = None
    at_once = alarms.rings_at_once(alert.level)
    if at_once:
        telling.tell_family(session, call, alert)
    if alarms.staff_hear(alert.level):
        opens_at = call.now if at_once else organisations.opens_at(hearers.service_hours(session, alert), call.now)
        for step in alarms.steps_to(alert.stage, "doctor" if doctor else None):
            _tell_step(session, call, alert, step, call.now if doctor and step == "doctor" else opens_at)
    if nurse:
        telling.tell_nurse(session, call, alert)
    if not at_once and alert.about != "relative":
        telling.tell_guardians(session, call, alert)


def ring_on(session: Session, call: Call, alert: Alert, *, nurse: bool) -> None:
    """What one more reading asks for that is no worse: the nurse who has not heard hears, and whoever took a critical low
    or an emergency up is told that it goes on and has 15 minutes to say so again, before the next one hears."""
    heard = any(one.step == "nurse" for one in alert_rows.tellings_of(session, [alert.id]))
    if nurse and not heard:
        telling.tell_nurse(session, call, alert)
    if alert.acknowledged_by is not None and alarms.rings_at_once(alert.level):
        alert.rings += 1
        telling.reach(session, call, alert, alert.acknowledged_by, "manager", telling.URGENT, "staff", call.now)
        alert.acknowledged_by = alert.acknowledged_at = None
        _stand(alert, alarms.ACTING[0], _answer_by(session, call, alert))


def ring_again(session: Session, call: Call, alert: Alert, *, worse: bool, nurse: bool, doctor: bool) -> None:
    """What an alert that stands again asks for: it rings where it is worse than what was told, or where nobody of the staff
    was told; else the nurse who has not heard hears, and who did not take it up has as long to do so as at first."""
    told = any(one.ring == alert.rings and one.step in alarms.STEPS for one in alert_rows.tellings_of(session, [alert.id]))
    if worse or not alert.rings or (alarms.staff_hear(alert.level) and not told and alert.acknowledged_at is None):
        ring(session, call, alert, nurse=nurse, doctor=doctor)
        return
    if nurse and not told:
        telling.tell_nurse(session, call, alert)
    if alert.acknowledged_at is None:
        _stand(alert, alert.stage, _answer_by(session, call, alert))


def take_up(call: Call, alert: Alert) -> None:
    """The caller deals with it: nobody further is told. Only who took it up first is kept."""
    if alert.acknowledged_at is None:
        alert.acknowledged_by, alert.acknowledged_at = call.actor_id, call.now
    _stand(alert, alert.stage, None)


def stand_down(session: Session, call: Call, alert: Alert, steps: Iterable[str]) -> None:
    """Nobody further is told at these steps, nor in the morning what was held until then. Where the alert is closed it
    would go on from where it is, should it stand again; an open one begins anew."""
    alert_rows.take_back(session, alert.id, steps, call.now)
    _stand(alert, alert.stage if alert.closed_at else None, None)


def go_on(session: Session, call: Call, alert: Alert) -> None:
    """What follows when nobody took the alert up in time: the next step; and after the last one, while the alert is fresh
    and reached nobody of the staff, everybody is tried anew, and the family where it reached none of them either."""
    _stand(alert, alert.stage, None)
    following = alarms.next_step(alert.stage)
    tellings = alert_rows.tellings_of(session, [alert.id])
    states = {one.state for one in tellings if one.ring == alert.rings and one.step in alarms.STEPS}
    if following is not None:
        _tell_step(session, call, alert, following, call.now)
    elif "delivered" in states or call.now >= alert.fresh_until:
        return
    elif "waiting" in states:
        _stand(alert, alert.stage, _answer_by(session, call, alert))
    else:
        alert.rings += 1
        if alarms.rings_at_once(alert.level) and not telling.family_heard(tellings):
            telling.tell_family(session, call, alert)
        _stand(alert, None, None)
        _tell_step(session, call, alert, alarms.ACTING[0], call.now)


def try_on(session: Session, call: Call, alert: Alert, failed: Telling) -> None:
    """After a telling that reached nobody: the person's next channel, or else the next person of the step, and for a patient
    those who act for them."""
    if telling.try_next_channel(session, call, alert, failed) or alert.closed_at:
        return
    if failed.step == "patient" and failed.person_id == alert.person_id:
        telling.ask_carers_instead(session, call, alert, failed)
    elif alert.acknowledged_at:
        return
    elif failed.step in alarms.ACTING and alarms.staff_hear(alert.level):
        _tell_step(session, call, alert, failed.step, call.now)
    elif failed.step == "nurse":
        telling.tell_next(session, call, alert, failed.step, call.now)


def schedule(alert: Alert) -> None:
    """Keep the instant at which the clock has something to do about the alert."""
    alert.next_at = None if alert.closed_at else alarms.next_at(alert.recheck_at, alert.escalate_at)


def _tell_step(session: Session, call: Call, alert: Alert, step: str, not_before: dt.datetime) -> None:
    """Tell the next person of that step who can be told; where there is none and the alert has come no further, of the
    step after it."""
    passed = alarms.steps_to(alert.stage)[:-1]
    while not telling.tell_next(session, call, alert, step, not_before) and step not in passed and alarms.next_step(step):
        step = alarms.next_step(step)
    _stand(alert, alarms.steps_to(alert.stage, step)[-1], _answer_by(session, call, alert))


def _answer_by(session: Session, call: Call, alert: Alert) -> dt.datetime | None:
    """Until when an answer is waited for before the next one is told: 15 minutes, and for a critical high two hours of
    service."""
    if alarms.rings_at_once(alert.level):
        return call.now + alarms.UNACKNOWLEDGED_AFTER
    if alert.level == "critical_high":
        return organisations.due_after(hearers.service_hours(session, alert), call.now, alarms.HIGH_SERVICE_TIME)
    return None


def _stand(alert: Alert, stage: str | None, until: dt.datetime | None) -> None:
    """The alert has come to that step, None before the first, and the next one hears at `until`, None for not by the clock.
    Where it stood there already, whatever rings meanwhile puts the next one off no further. Nothing else writes these."""
    if until is not None and stage == alert.stage:
        until = alarms.next_at(alert.escalate_at, until)
    alert.stage, alert.escalate_at = stage, until
    schedule(alert)
