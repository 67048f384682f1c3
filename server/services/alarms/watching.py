"""What the clock does about open alerts: asks for the recheck, raises a low that nobody rechecked, goes on to the next
person, and notices whom nothing is heard of."""

import datetime as dt
import uuid
from collections.abc import Callable

import structlog
from sqlalchemy.orm import Session

from server.domain import alarms, messages
from server.domain.alerts import CRITICAL_HIGH, LOW
from server.models import alerts as alert_rows
from server.models import camps as camp_rows
from server.models import enrolments as enrolment_rows
from server.models.alerts import Alert
from server.models.camps import Camp
from server.services import outbox, trail, work
from server.services.alarms import episodes, hearers, steps, telling
from server.services.alarms.episodes import Cause
from server.services.outbox import Letter
from server.services.work import Call

log = structlog.get_logger()
BATCH = 100
SUBJECT = "训练营结束之后"
# A notice of the last day that nobody wrote then is written as long as this after the camp was settled.
TOLD_WITHIN = dt.timedelta(days=14)
ENDS, ENDED = "明天起训练营结束", "训练营已经结束"
WATCHED = "{ended}。之后由本机构的{who}继续看您的预警；不舒服还是先打 120。"
UNWATCHED = f"{{ended}}，之后没有人看您的预警。血糖低于 {LOW}先吃糖，{CRITICAL_HIGH}以上请就医，危急打 120。"
WATCHERS, ON_DUTY = {"health_manager": "健康管理师", "nurse": "护士", "doctor": "医生"}, "值班人员"


def watch(call: Call) -> int:
    """Do what is due about alerts; how many steps were taken."""
    return sum(_try(part, call) for part in (_take_steps, _notice_silence, _notice_return))


def _try(part: Callable[..., int], call: Call, *ids: uuid.UUID) -> int:
    """What the part answers. One that fails for a reason nobody thought of is logged and keeps no other waiting."""
    try:
        return part(call, *ids)
    except Exception:
        log.exception("watch", part=part.__name__, ids=[str(each) for each in ids])
        return 0


def _take_steps(call: Call) -> int:
    return sum(_try(_step, call, alert_id) for alert_id in _due(call))


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
        steps.go_on(session, call, alert)
    steps.schedule(alert)
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
        steps.ring(session, call, alert)


def _notice_silence(call: Call) -> int:
    """How many are noticed of whom nothing is heard, page by page: no number of them keeps another from being looked at."""
    found, last = 0, None
    while True:
        enrolment_ids, last = _silent(call, last)
        found += sum(_try(_miss, call, enrolment_id) for enrolment_id in enrolment_ids)
        if last is None:
            return found


@work.reads
def _silent(session: Session, call: Call, last: uuid.UUID | None) -> tuple[list[uuid.UUID], uuid.UUID | None]:
    """Those of the next page who are out of reach, and the last of the page; None when it was empty."""
    rows = alert_rows.silent(session, call.now - alarms.SILENT_FOR, last, 10 * BATCH)
    missed = [enrolment.id for enrolment, camp in rows if alarms.out_of_reach(camp.calendar, enrolment.marks, call.now)]
    return missed, rows[-1][0].id if rows else None


@work.writes
def _miss(session: Session, call: Call, enrolment_id: uuid.UUID) -> bool:
    """Whether somebody is missed: looked at again under the lock that filing and pausing take too."""
    enrolment = enrolment_rows.locked(session, enrolment_id)
    if enrolment is None or enrolment.status != "active":
        return False
    camp = session.get_one(Camp, enrolment.camp_id)
    if not (alarms.out_of_reach(camp.calendar, enrolment.marks, call.now)
            and alert_rows.is_silent(session, enrolment_id, call.now - alarms.SILENT_FOR)):
        return False
    episodes.add(session, call, Cause(uuid.uuid4(), enrolment.person_id, "lost_contact", call.now))
    return True


def _notice_return(call: Call) -> int:
    return sum(_try(_hear, call, alert_id) for alert_id in _heard_again(call))


@work.reads
def _heard_again(session: Session, call: Call) -> list[uuid.UUID]:
    del call
    return alert_rows.heard_again(session, 10 * BATCH)


@work.writes
def _hear(session: Session, call: Call, alert_id: uuid.UUID) -> bool:
    alert = alert_rows.locked(session, alert_id)
    if alert is None or alert.closed_at is not None:
        return False
    episodes.close(session, call, alert, "heard")
    return True


def tell_who_watches(call: Call) -> int:
    """On a camp's last day, or later where the clock stood still over that day, tell every patient who watches from then
    on, or that nobody does; how many were told."""
    return sum(_try(_tell_patient, call, camp_id, person_id)
               for camp_id in _ending(call) for person_id in _not_told(call, camp_id))


@work.reads
def _ending(session: Session, call: Call) -> list[uuid.UUID]:
    return [camp.id for camp in camp_rows.ending(session, call.now - TOLD_WITHIN, 1000)
            if camp.calendar.number_of(camp.calendar.day_of(call.now)) >= camp.calendar.days]


@work.reads
def _not_told(session: Session, call: Call, camp_id: uuid.UUID) -> list[uuid.UUID]:
    del call
    return alert_rows.not_yet_written_to(session, camp_id)


@work.writes
def _tell_patient(session: Session, call: Call, camp_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    camp = session.get_one(Camp, camp_id)
    organisation_id, calendar = camp.organisation_id, camp.calendar
    ended = ENDS if calendar.holds(calendar.day_of(call.now)) else ENDED
    who = _watcher(session, organisation_id, person_id)
    text = WATCHED.format(ended=ended, who=who) if who else UNWATCHED.format(ended=ended)
    return outbox.keep(session, call, Letter(camp_id, person_id, messages.WHO_WATCHES, "routine", SUBJECT, text,
                                             organisation_id), person_id)


def _watcher(session: Session, organisation_id: uuid.UUID, person_id: uuid.UUID) -> str | None:
    """Who would be told first of this very person from tomorrow on: a finished class is watched as it was before."""
    for step in alarms.ACTING:
        for _, role in hearers.stand_ready(session, organisation_id, person_id, step):
            return WATCHERS.get(role, ON_DUTY)
    return ON_DUTY if hearers.duty_phone(session, organisation_id) else None
