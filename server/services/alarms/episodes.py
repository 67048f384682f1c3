"""One cause of an alert put where it belongs: into the episode that runs, or a new one."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy.orm import Session

from server.domain import alarms
from server.domain.enrolments import watched
from server.models import alerts as alert_rows
from server.models import causes as cause_rows
from server.models import enrolments as enrolment_rows
from server.models.alerts import Alert
from server.models.causes import AlertCause
from server.services import trail
from server.services.alarms import steps, telling
from server.services.work import Call


@dataclasses.dataclass(frozen=True)
class Cause:
    """What raised it. `id` is the entry's, or that of the words, which belong to `question_id`; `quiet` that it messages
    nobody, as imported and old ones do; `nurse` and `doctor` that of itself it is theirs; `of_kind` the kind of episode where
    the level does not tell."""

    id: uuid.UUID
    person_id: uuid.UUID
    level: str
    at: dt.datetime
    about: str = "self"
    question_id: uuid.UUID | None = None
    quiet: bool = False
    nurse: bool = False
    doctor: bool = False
    of_kind: str | None = None

    @property
    def kind(self) -> str:
        """What makes causes of one time one episode."""
        return self.of_kind or alarms.kind_of(self.level)


def add(session: Session, call: Call, cause: Cause) -> Alert:
    """The alert that the cause belongs to. It rings when it is new, when it is worse, and for what the cause asks."""
    found = alert_rows.episode(session, cause.person_id, cause.kind, cause.about, cause.at - alarms.EPISODE,
                               cause.at + alarms.EPISODE)
    alert = found or _begin(session, call, cause, cause.kind)
    session.flush()
    if cause.quiet and alert.closed_at is not None:
        # Ninety days of a sensor bring a thousand such: past where the alert is closed, and nothing of it stands but that.
        _keep(session, call, alert, cause)
        return _recorded(session, call, alert)
    # What never rang, as an imported one, has told nobody; against what is over, a danger that comes again is worse.
    loud = [one for one in _standing(session, alert, besides=cause.id)[0] if not one.quiet]
    level = alert.level if loud and alert.rings else None
    alert.missed_level = alert.missed_level if loud else None
    wanted = _wants_recheck(alert, cause, [one for one in loud if one.id != cause.id])
    doctor = _asks_for_doctor(session, alert, cause, level, loud)
    _keep(session, call, alert, cause)
    # Who joined a camp, or changed it, within the episode is watched over by whoever watches now.
    alert.organisation_id = _organisation_of(session, cause.person_id) or alert.organisation_id
    stands = any(one.id == cause.id and not one.quiet for one in settle(session, call, alert))
    if stands and cause.kind == "low" and wanted:
        ask_recheck(session, call, alert, late=call.now - cause.at > alarms.LATE_AFTER)
    if stands and (doctor or alarms.rank(cause.level) > alarms.rank(level)):
        steps.ring(session, call, alert, afresh=level is None, nurse=cause.nurse, doctor=doctor)
    elif stands:
        steps.ring_on(session, call, alert, nurse=cause.nurse)
    steps.schedule(alert)
    return _recorded(session, call, alert)


def _recorded(session: Session, call: Call, alert: Alert) -> Alert:
    trail.record(session, call, "alert.raise", f"alert:{alert.id}", person_id=alert.person_id,
                 organisation_id=alert.organisation_id, fields=["level"])
    return alert


def _wants_recheck(alert: Alert, cause: Cause, loud: list[AlertCause]) -> bool:
    """Whether it is what has to be measured again: the latest of what stands and was told. What was measured before a recheck
    was asked for is no answer, as one typed anew or synced late, and puts off none that is running."""
    if alert.recheck_at is not None and cause.at <= alert.recheck_by - alarms.RECHECK_AFTER:
        return False
    return all(one.at <= cause.at for one in loud)


def _asks_for_doctor(session: Session, alert: Alert, cause: Cause, level: str | None, loud: list[AlertCause]) -> bool:
    """Whether the doctor hears of it at once beside what has rung at that level: the first one that is theirs of itself,
    and the second one as high within 24 hours unless the alert has come to them."""
    if alarms.rank(cause.level) < alarms.rank(level):
        return False
    if level is None:
        return cause.doctor or _is_second(session, cause)
    return (cause.doctor and not any(one.doctor for one in loud)) or (
        "doctor" not in alarms.steps_to(alert.stage) and _is_second(session, cause))


def _is_second(session: Session, cause: Cause | AlertCause) -> bool:
    """Whether another critical high lies within 24 hours of it, before it or after: readings do not come in order."""
    near = cause_rows.levels_between(session, cause.person_id, cause.at - alarms.TWICE_WITHIN, cause.at + alarms.TWICE_WITHIN,
                                     besides=cause.id) if cause.level == "critical_high" else []
    return not {"critical_high", "emergency_high"}.isdisjoint(near)


def _keep(session: Session, call: Call, alert: Alert, cause: Cause) -> None:
    """The cause behind the alert, as it is now. One that was behind another, as before its hour was put right, leaves that
    one; what is quiet keeps no alert open but a low of its own, of which a later reading may be asked."""
    alert.last_at = max(alert.last_at, cause.at)
    before = session.get(AlertCause, (cause.id, cause.kind))
    if before is not None and before.level is not None and before.alert_id != alert.id:
        correct(session, call, before, None)
    # An entry corrected away and dangerous again comes back under the id it had.
    session.merge(AlertCause(id=cause.id, kind=cause.kind, alert_id=alert.id, person_id=cause.person_id, level=cause.level,
                             at=cause.at, quiet=cause.quiet, nurse=cause.nurse, doctor=cause.doctor,
                             past=cause.quiet and (cause.kind != "low" or alert.closed_at is not None)))
    session.flush()


def _begin(session: Session, call: Call, cause: Cause, kind: str) -> Alert:
    alert = Alert(id=uuid.uuid4(), person_id=cause.person_id, organisation_id=_organisation_of(session, cause.person_id),
                  kind=kind, level=cause.level, about=cause.about, entry_id=None if cause.question_id else cause.id,
                  question_id=cause.question_id, at=cause.at, last_at=cause.at, raised_at=call.now,
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


def close(session: Session, call: Call, alert: Alert, why: str, *, by: uuid.UUID | None = None) -> None:
    """Close the alert, `by` the reading that ended it; nothing more is due about it, nor told in the morning."""
    alert.closed_at, alert.closed_why, alert.ended_by = call.now, why, by
    alert.recheck_at = None
    if why == "staff":
        cause_rows.put_past(session, alert.id)
    steps.stand_down(session, call, alert, alarms.ACTING if why == "recovered" else alarms.STEPS)


def settle(session: Session, call: Call, alert: Alert) -> list[AlertCause]:
    """The causes that stand; the alert's level, freshness, and whether it is open are brought to what they ask for. What
    came before a reading that ends it is over, and what is quiet lifts no level of one that rang."""
    standing, ended_by = _standing(session, alert)
    causes = cause_rows.causes_of(session, alert.id)
    heard = [one.level for one in standing if not one.quiet]
    if standing:
        alert.closed_at = alert.closed_why = alert.ended_by = None
        before = alert.level
        if heard:
            alert.level = alarms.worst([*heard, alert.missed_level])
        elif alert.rings == 0:
            alert.level = alarms.worst(one.level for one in standing)
        if not heard:
            alert.recheck_at = None
        if not heard or (alarms.staff_hear(before) and not alarms.staff_hear(alert.level)):
            steps.stand_down(session, call, alert, alarms.ACTING)
    elif not causes:
        close(session, call, alert, "corrected")
    elif alert.closed_at is None:
        close(session, call, alert, "recovered" if ended_by else "past", by=ended_by)
    elif alert.ended_by is not None:
        alert.ended_by = ended_by
    if causes:
        alert.last_at = max(one.at for one in causes)
        loud = [one.at for one in causes if not one.quiet]
        alert.fresh_until = max(loud) + alarms.FRESH[alert.kind] if loud else alert.last_at
    steps.schedule(alert)
    return standing


def _standing(session: Session, alert: Alert, *, besides: uuid.UUID | None = None) -> tuple[list[AlertCause], uuid.UUID | None]:
    """The alert's causes of which none is over, and the reading, any besides that one, that ended the others."""
    causes = [one for one in cause_rows.causes_of(session, alert.id) if not one.past]
    if not causes:
        return [], None
    calm = alarms.needs_calm(alert.kind, alarms.worst(one.level for one in causes))
    ending = cause_rows.last_ending(session, alert.person_id, alert.kind, min(one.at for one in causes), calm=calm,
                                    besides=besides)
    if ending is None:
        return causes, None
    return [one for one in causes if one.at >= ending[1]], ending[0]


def look_again(session: Session, call: Call, alert_id: uuid.UUID) -> None:
    """Bring the alert to its causes after a reading that may have ended some is another, or gone. What stands again rings
    where it is worse than what was told; while it is fresh a low's recheck is due anew."""
    alert = alert_rows.locked(session, alert_id)
    if alert is None:
        return
    was_closed, level = alert.closed_at is not None, alert.level
    standing = settle(session, call, alert)
    worse = alarms.rank(alert.level) > alarms.rank(level)
    if alert.closed_at is not None or not (was_closed or worse):
        return
    if call.now < alert.fresh_until:
        if alert.kind == "low" and was_closed:
            ask_recheck(session, call, alert, late=False)
        loud = [one for one in standing if not one.quiet]
        steps.ring_again(session, call, alert, worse=worse, nurse=any(one.nurse for one in loud),
                         doctor=any(one.doctor or _is_second(session, one) for one in loud))
    steps.schedule(alert)
    trail.record(session, call, "alert.reopen", f"alert:{alert.id}", person_id=alert.person_id,
                 organisation_id=alert.organisation_id)


def correct(session: Session, call: Call, cause: AlertCause, level: str | None) -> None:
    """The cause at another level, None when it is none after all; everyone who was told hears of it, unless what they were
    told of stands all the same."""
    alert = alert_rows.locked(session, cause.alert_id)
    told, shown = _worst_told(session, cause.alert_id), alert.level
    cause.level = level
    session.flush()
    now = _worst_told(session, cause.alert_id)
    less = alarms.rank(now) < alarms.rank(told)
    if less and alert.missed_level is not None:
        # A recheck that did not come raises by one step, and no higher than from what was measured.
        alert.missed_level = alarms.WORSE.get(now)
    settle(session, call, alert)
    if not less or (alert.closed_at is None and alarms.rank(alert.level) == alarms.rank(shown)):
        return
    telling.tell_corrected(session, call, alert)
    trail.record(session, call, "alert.correct", f"alert:{alert.id}", person_id=alert.person_id,
                 organisation_id=alert.organisation_id, fields=["level"])


def _worst_told(session: Session, alert_id: uuid.UUID) -> str | None:
    """The worst level behind the alert that somebody may have been told of, over or not."""
    return alarms.worst(one.level for one in cause_rows.causes_of(session, alert_id) if not one.quiet)


def _organisation_of(session: Session, person_id: uuid.UUID) -> uuid.UUID | None:
    """The organisation that watches over the person: where they are active, or else where they were last; one that has yet
    to let them in where there is no other."""
    places = watched(enrolment_rows.places_of(session, person_id))
    return places[0][0] if places else None
