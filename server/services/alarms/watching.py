"""What the clock does about open alerts: asks for the recheck, raises a low that nobody rechecked, goes on to the next
person, and notices whom nothing is heard of."""

import uuid

import structlog
from sqlalchemy.orm import Session

from server.domain import alarms, streaks
from server.models import alerts as alert_rows
from server.models import camps as camp_rows
from server.models import people as people_rows
from server.models.alerts import Alert
from server.models.camps import Camp
from server.services import outbox, trail, work
from server.services.alarms import episodes, telling
from server.services.alarms.episodes import Cause
from server.services.work import Call

log = structlog.get_logger()
BATCH = 100
WATCHED = "明天起训练营结束。之后由{organisation}的健康管理师继续看您的预警；不舒服还是先打 120。"
UNWATCHED = "明天起训练营结束，之后没有人看您的预警。血糖低于 3.9 先吃糖，高于 16.7 请就医，危急打 120。"


def watch(call: Call) -> int:
    """Do what is due about alerts; how many steps were taken."""
    taken = 0
    for alert_id in _due(call):
        taken += _try(call, alert_id)
    return taken + _notice_silence(call) + _notice_return(call)


def _try(call: Call, alert_id: uuid.UUID) -> bool:
    """Whether a step was taken. An alert that fails for a reason nobody thought of is logged and keeps no other waiting."""
    try:
        return _step(call, alert_id)
    except Exception:
        log.exception("alert", alert=str(alert_id))
        return False


@work.reads
def _due(session: Session, call: Call) -> list[uuid.UUID]:
    return alert_rows.due(session, call.now, 10 * BATCH)


@work.writes
def _step(session: Session, call: Call, alert_id: uuid.UUID) -> bool:
    alert = alert_rows.locked(session, alert_id)
    if alert is None or alert.closed_at is not None or alert.next_at is None or alert.next_at > call.now:
        return False
    if alert.recheck_at is not None and alert.recheck_at <= call.now:
        _recheck(session, call, alert)
    if alert.escalate_at is not None and alert.escalate_at <= call.now:
        alert.escalate_at = None
        if alert.acknowledged_at is None:
            telling.go_on(session, call, alert)
    telling.schedule(alert)
    trail.record(session, call, "alert.watch", f"alert:{alert.id}", person_id=alert.person_id,
                 organisation_id=alert.organisation_id)
    return True


def _recheck(session: Session, call: Call, alert: Alert) -> None:
    """After 15 minutes the patient is asked; after 20 without a reading the low is one step worse, and rings so."""
    missed_at = alert.recheck_by + (alarms.RECHECK_MISSED_AFTER - alarms.RECHECK_AFTER)
    if call.now < missed_at:
        telling.tell_patient(session, call, alert, "recheck")
        alert.recheck_at = missed_at
        return
    alert.recheck_at = None
    worse = alarms.WORSE.get(alert.level)
    if worse is not None:
        alert.level = alert.missed_level = worse
        telling.ring(session, call, alert)


@work.writes
def _notice_silence(session: Session, call: Call) -> int:
    found = 0
    for enrolment, camp in alert_rows.silent(session, call.now - alarms.SILENT_FOR, 10 * BATCH):
        today = camp.calendar.day_of(call.now)
        if not camp.calendar.holds(today) or enrolment.marks[camp.calendar.number_of(today) - 1] == streaks.PAUSED:
            continue
        episodes.add(session, call, Cause(uuid.uuid4(), enrolment.person_id, "lost_contact", call.now))
        found += 1
    return found


@work.writes
def _notice_return(session: Session, call: Call) -> int:
    ids = alert_rows.heard_again(session, 10 * BATCH)
    for alert_id in ids:
        alert = alert_rows.locked(session, alert_id)
        if alert is not None:
            episodes.close(session, call, alert, "heard")
    return len(ids)


def tell_who_watches(call: Call) -> int:
    """On a camp's last day tell every patient who watches from tomorrow, or that nobody does; how many were told."""
    return sum(_tell_camp(call, camp_id) for camp_id in _ending_today(call))


@work.reads
def _ending_today(session: Session, call: Call) -> list[uuid.UUID]:
    return [camp.id for camp in camp_rows.not_settled(session, 1000)
            if camp.calendar.holds(camp.calendar.day_of(call.now))
            and camp.calendar.number_of(camp.calendar.day_of(call.now)) == camp.calendar.days]


@work.writes
def _tell_camp(session: Session, call: Call, camp_id: uuid.UUID) -> int:
    camp, template, about = session.get_one(Camp, camp_id), "who_watches", f"camp:{camp_id}"
    # After the camp only who watches over the whole organisation goes on.
    watched = bool(people_rows.on_duty(session, ("health_manager",), {"organisation": camp.organisation_id}))
    text = WATCHED.format(organisation="本机构") if watched else UNWATCHED
    people = alert_rows.not_yet_written_to(session, camp_id, template, about)
    for person_id in people:
        outbox.leave(session, call, person_id, template, text, about, organisation_id=camp.organisation_id)
    return len(people)
