"""One cause of an alert put where it belongs: into the episode that runs, or a new one."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy.orm import Session

from server.domain import alarms
from server.domain.enrolments import REACHED_IN
from server.models import alerts as alert_rows
from server.models import enrolments as enrolment_rows
from server.models.alerts import Alert, AlertCause
from server.services import trail
from server.services.alarms import telling
from server.services.work import Call


@dataclasses.dataclass(frozen=True)
class Cause:
    """What raised it. `id` is the entry's or the question's; `over` the better reading that came later; `quiet` that it
    messages nobody, as imported and old ones do."""

    id: uuid.UUID
    person_id: uuid.UUID
    level: str
    at: dt.datetime
    about: str = "self"
    is_question: bool = False
    over: uuid.UUID | None = None
    quiet: bool = False
    nurse: bool = False
    doctor: bool = False


def add(session: Session, call: Call, cause: Cause) -> Alert:
    """The alert that the cause belongs to. It rings when it is new, when it is worse, and for what the cause asks."""
    kind = alarms.kind_of(cause.level)
    found = alert_rows.episode(session, cause.person_id, kind, cause.about, cause.at - alarms.EPISODE, cause.at + alarms.EPISODE)
    is_new = found is None
    alert = found or _begin(session, call, cause, kind)
    session.flush()
    # An entry corrected away and dangerous again comes back under the id it had.
    session.merge(AlertCause(id=cause.id, kind=kind, alert_id=alert.id, person_id=cause.person_id, level=cause.level,
                             at=cause.at))
    session.flush()
    stands = cause.over is None and not cause.quiet
    # What never rang, as an imported one, has told nobody; against what is over, a danger that comes again is worse.
    unheard = alert.rings == 0 or alert.closed_at is not None
    worse = unheard or alarms.rank(cause.level) > alarms.rank(alert.level)
    later = is_new or cause.at >= alert.last_at
    # Who joined a camp, or changed it, within the episode is watched over by whoever watches now.
    alert.organisation_id = _organisation_of(session, cause.person_id) or alert.organisation_id
    # What rings for nobody lifts no level either, or the next one as bad that should ring would seem known.
    if stands or is_new:
        alert.level = alarms.worst((alert.level, cause.level)) or cause.level
    alert.last_at = max(alert.last_at, cause.at)
    alert.fresh_until = alert.last_at if cause.quiet and is_new else alert.last_at + alarms.FRESH[kind]
    if is_new and cause.over is not None:
        close(call, alert, "recovered", by=cause.over)
    elif is_new and cause.quiet and kind != "low":
        close(call, alert, "past")
    elif stands and (later or worse) and alert.closed_at is not None:
        alert.closed_at = alert.closed_why = alert.ended_by = None
    if stands and kind == "low" and later:
        ask_recheck(session, call, alert, late=call.now - cause.at > alarms.LATE_AFTER)
    if stands and (worse or cause.doctor):
        telling.ring(session, call, alert, nurse=cause.nurse, doctor=cause.doctor)
    elif stands:
        telling.ring_on(session, call, alert, nurse=cause.nurse)
    telling.schedule(alert)
    trail.record(session, call, "alert.raise", f"alert:{alert.id}", person_id=cause.person_id,
                 organisation_id=alert.organisation_id, fields=["level"])
    return alert


def _begin(session: Session, call: Call, cause: Cause, kind: str) -> Alert:
    alert = Alert(id=uuid.uuid4(), person_id=cause.person_id, organisation_id=_organisation_of(session, cause.person_id),
                  kind=kind, level=cause.level, about=cause.about, entry_id=None if cause.is_question else cause.id,
                  question_id=cause.id if cause.is_question else None, at=cause.at, last_at=cause.at, raised_at=call.now,
                  fresh_until=cause.at + alarms.FRESH[kind], rings=0)
    if kind == "lost_contact":
        alert.entry_id = None
    session.add(alert)
    return alert


def ask_recheck(session: Session, call: Call, alert: Alert, *, late: bool) -> None:
    """Ask for a recheck within 15 minutes from now; of a low that came late, how the person is now."""
    alert.recheck_by = call.now + alarms.RECHECK_AFTER
    alert.recheck_at = alert.recheck_by
    if late:
        telling.tell_patient(session, call, alert, "how_are_you")


def close(call: Call, alert: Alert, why: str, *, by: uuid.UUID | None = None) -> None:
    """Close the alert, `by` the reading that ended it; nothing more is due about it."""
    alert.closed_at, alert.closed_why, alert.ended_by = call.now, why, by
    alert.recheck_at = alert.escalate_at = alert.next_at = None


def open_again(session: Session, call: Call, alert: Alert) -> None:
    """Put the alert back to where it was, for the reading that ended it is none of the person's or is gone; unless another
    one ended it too. While it is fresh a recheck is due anew, and who did not take it up hears of it on."""
    alert.ended_by = alert_rows.ending(session, alert.person_id, alert.kind, alert.last_at)
    if alert.ended_by is not None:
        return
    alert.closed_at = alert.closed_why = None
    if call.now < alert.fresh_until:
        if alert.kind == "low":
            ask_recheck(session, call, alert, late=False)
        if alert.rings == 0:
            telling.ring(session, call, alert)
        elif alert.acknowledged_at is None and alarms.rings_at_once(alert.level):
            alert.escalate_at = call.now + alarms.UNACKNOWLEDGED_AFTER
    telling.schedule(alert)
    trail.record(session, call, "alert.reopen", f"alert:{alert.id}", person_id=alert.person_id,
                 organisation_id=alert.organisation_id)


def correct(session: Session, call: Call, cause: AlertCause, level: str | None) -> None:
    """The cause at another level, None when it is none after all; everyone who was told hears of it."""
    cause.level = level
    alert = alert_rows.locked(session, cause.alert_id)
    session.flush()
    standing = alarms.worst(one.level for one in alert_rows.causes_of(session, cause.alert_id))
    if alert is None or standing == alert.level:
        return
    if standing is None:
        close(call, alert, "corrected")
    else:
        alert.level = standing
    telling.tell_corrected(session, call, alert)
    telling.schedule(alert)
    trail.record(session, call, "alert.correct", f"alert:{alert.id}", person_id=alert.person_id,
                 organisation_id=alert.organisation_id, fields=["level"])


def _organisation_of(session: Session, person_id: uuid.UUID) -> uuid.UUID | None:
    """The organisation that watches over the person: where they are active, or else where they were."""
    places = [place for place in enrolment_rows.places_of(session, person_id) if place[3] in REACHED_IN]
    places.sort(key=lambda place: REACHED_IN.index(place[3]) if place[3] != "active" else -1)
    return places[0][0] if places else None
