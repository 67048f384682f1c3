"""Whose readings of which days are asked for, and what they say."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import glucose, targets
from server.domain.camps import DEFAULT_TIMEZONE, zone
from server.domain.glucose import Patient, Reading
from server.domain.insights import fingersticks, sensor
from server.domain.insights.readings import Told, plain, window
from server.models import enrolments as enrolment_rows
from server.models import entries as entry_rows
from server.models import seats
from server.models.camps import Camp
from server.models.enrolments import Enrolment
from server.services import reach, trail, work
from server.services.work import Call


class Asked(NamedTuple):
    """Whose readings, of which days, in which zone, and what they are judged by."""

    person_id: uuid.UUID
    first: dt.date
    last: dt.date
    timezone: str
    patient: Patient
    enrolment: Enrolment | None


def show(call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """The figures of some days. A look at somebody else's is a write, because it is put on the trail.

    Raises not_found, forbidden, window_backwards, window_too_long.
    """
    return _show_other(call, query) if query.get("person_id") not in (None, call.person_id) else _show_own(call, query)


@work.reads
def _show_own(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    return _figures(session, asked_for(session, call, query))


@work.writes
def _show_other(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    asked = asked_for(session, call, query)
    record(session, call, asked, "insights.read")
    return _figures(session, asked)


def record(session: Session, call: Call, asked: Asked, verb: str) -> None:
    """Put a look, or a copy taken, on the trail."""
    organisation_id = reach.organisation_of(session, call, asked.person_id)
    if asked.person_id == call.actor_id and asked.enrolment is not None:
        organisation_id = asked.enrolment.organisation_id
    trail.record(session, call, verb, f"person:{asked.person_id}", person_id=asked.person_id, organisation_id=organisation_id)


def asked_for(session: Session, call: Call, query: dict[str, Any]) -> Asked:
    """What the query asks for, resolved for this caller. Raises not_found, forbidden, window_backwards, window_too_long."""
    person_id = reach.person_id(session, call, query.get("person_id"), "insights.read")
    enrolment = enrolment_rows.latest(session, person_id)
    calendar = session.get_one(Camp, enrolment.camp_id).calendar if enrolment else None
    today = calendar.day_of(call.now) if calendar else call.now.astimezone(zone(DEFAULT_TIMEZONE)).date()
    first, last = window(query.get("from"), query.get("to"), query.get("days"), today)
    return Asked(person_id, first, last, calendar.timezone if calendar else DEFAULT_TIMEZONE,
                 seats.holder(session, person_id).patient, enrolment)


def _figures(session: Session, asked: Asked) -> dict[str, Any]:
    traced = told(session, asked, max(asked.first, asked.last - dt.timedelta(days=sensor.MOST_DAYS - 1)), sensor=True)
    return {"person_id": asked.person_id, "from": asked.first, "to": asked.last,
            **plain(fingersticks.summary(told(session, asked, asked.first, sensor=False), asked.patient)),
            "sensor": plain(sensor.summary(traced, asked.patient, asked.timezone)),
            "targets": targets.in_force(asked.patient, asked.last)}


def told(session: Session, asked: Asked, first: dt.date, *, sensor: bool) -> list[Told]:
    """The person's own readings from that day on, oldest first: a sensor's, or all the others."""
    return [_one(row) for row in entry_rows.readings(session, asked.person_id, first, asked.last, sensor=sensor)]


def _one(row: sa.Row) -> Told:
    typed = row.glucose_typed if row.glucose_typed in (glucose.HI, glucose.LO) else Decimal(row.glucose_typed)
    return Told(row.id, row.occurred_at, row.day, row.slot, row.hours_after, Reading(typed, row.glucose_unit))
