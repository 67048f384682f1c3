"""What follows from the clock alone. Each is safe to run twice: it does what is left to do."""

import uuid
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy.orm import Session

from server.domain.photos import ARRIVES_WITHIN, WAITS_FOR_AN_ENTRY
from server.models import camps as camp_rows
from server.models import enrolments as enrolment_rows
from server.models import photos as photo_rows
from server.services import alarms, books, outbox, questions, trail, work
from server.services.certificates import exporting, issuing
from server.services.rewards import redeeming
from server.services.work import Call

log = structlog.get_logger()
BATCH = 100


def finish_camps(call: Call) -> int:
    """Settle and finish every enrolment of camps whose last day has closed; how many were finished.

    Each enrolment is a transaction of its own, so that a crash in the middle loses nothing and the next run goes on.
    """
    finished = 0
    for camp_id in _camps_over(call):
        while ids := _active(call, camp_id):
            for enrolment_id in ids:
                finished += _finish(call, enrolment_id)
        _close_camp(call, camp_id)
    return finished


@work.reads
def _camps_over(session: Session, call: Call) -> list[uuid.UUID]:
    return [camp.id for camp in camp_rows.not_settled(session, 1000) if camp.calendar.finished(call.now)]


@work.reads
def _active(session: Session, call: Call, camp_id: uuid.UUID) -> list[uuid.UUID]:
    del call
    return enrolment_rows.active_ids(session, camp_id, after=None, limit=BATCH)


@work.writes
def _finish(session: Session, call: Call, enrolment_id: uuid.UUID) -> bool:
    return books.finish(session, call, enrolment_id)


@work.writes
def _close_camp(session: Session, call: Call, camp_id: uuid.UUID) -> None:
    camp = camp_rows.locked(session, camp_id)
    if camp is not None and camp.finished_at is None:
        camp.finished_at = call.now
        trail.record(session, call, "camp.finish", f"camp:{camp.id}", organisation_id=camp.organisation_id)


def sweep_photos(call: Call) -> int:
    """Remove photos that never arrived, never were used, or whose entry is gone; how many. The files go before the row:
    a crash in between leaves the row, and the next run finds it."""
    swept = 0
    while photo_ids := _photos_to_sweep(call):
        for photo_id in photo_ids:
            call.world.photos.remove(photo_id)
        swept += _forget_photos(call, photo_ids)
    return swept


@work.writes
def _photos_to_sweep(session: Session, call: Call) -> list[uuid.UUID]:
    photo_rows.drop_left(session, arriving_since=call.now - ARRIVES_WITHIN, waiting_since=call.now - WAITS_FOR_AN_ENTRY)
    return photo_rows.dropped(session, BATCH)


@work.writes
def _forget_photos(session: Session, call: Call, photo_ids: list[uuid.UUID]) -> int:
    photo_rows.forget(session, photo_ids)
    for photo_id in photo_ids:
        trail.record(session, call, "photo.remove", f"photo:{photo_id}")
    return len(photo_ids)


ALARMS: dict[str, Callable[[Call], int]] = {"watch_alerts": alarms.watch, "deliver_tellings": alarms.deliver}


def run_alarms(call: Call) -> dict[str, Any]:
    """What is due about dangers: a loop of its own does it, so that nothing else keeps anybody from being told."""
    return _run(call, ALARMS)


def run(call: Call) -> dict[str, Any]:
    """Everything that is due by now, dangers first, and how much of each was done. Raises what a job raised once the others
    are done."""
    return _run(call, ALARMS | {
        "tell_who_watches": alarms.tell_who_watches, "finish_camps": finish_camps, "issue_certificates": issuing.issue_due,
        "make_exports": exporting.run_exports, "sweep_photos": sweep_photos, "release_rewards": redeeming.release_overdue,
        "chase_tickets": questions.chase, "send_messages": outbox.send})


def _run(call: Call, jobs: dict[str, Callable[[Call], int]]) -> dict[str, Any]:
    done, faults = {}, []
    for name, job in jobs.items():
        try:
            done[name] = job(call)
        except Exception as fault:
            log.exception("job", job=name)
            faults.append(fault)
    if faults:
        raise faults[0]
    return done
