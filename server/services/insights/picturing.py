"""The trend of a person's readings as a picture."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain.charts import trend as charts
from server.domain.charts.drawing import Look
from server.domain.charts.trend import Event
from server.domain.refusals import Refusal
from server.models import entries as entry_rows
from server.models.people import Person
from server.services import work
from server.services.insights import reading
from server.services.insights.reading import Asked
from server.services.work import Call


def trend(call: Call, query: dict[str, Any]) -> bytes:
    """The picture as SVG: a day, some days, or the modal day by slot. A look at somebody else's is put on the trail.

    Raises not_found, forbidden, window_backwards, window_too_long.
    """
    theirs = query.get("person_id") not in (None, call.person_id)
    return _trend_of_other(call, query) if theirs else _own_trend(call, query)


@work.reads
def _own_trend(session: Session, call: Call, query: dict[str, Any]) -> bytes:
    return _drawn(session, reading.asked_for(session, call, query), query["view"])


@work.writes
def _trend_of_other(session: Session, call: Call, query: dict[str, Any]) -> bytes:
    asked = reading.asked_for(session, call, query)
    reading.record(session, call, asked, "insights.read")
    return _drawn(session, asked, query["view"])


def check_length(asked: Asked) -> None:
    """Let pass what a picture can show. Raises window_too_long."""
    if (asked.last - asked.first).days >= charts.MOST_DAYS:
        raise Refusal("window_too_long", days=charts.MOST_DAYS)


def look_of(session: Session, asked: Asked) -> Look:
    """How this person's readings are drawn: in the unit they chose."""
    unit = session.scalar(sa.select(Person.glucose_unit).where(Person.id == asked.person_id))
    return Look(unit or "mmol/L", asked.patient.diabetes_type == "gestational")


def _drawn(session: Session, asked: Asked, view: str) -> bytes:
    check_length(asked)
    look, first = look_of(session, asked), asked.last if view == "day" else asked.first
    told = reading.told(session, asked, first, sensor=False)
    traced = reading.told(session, asked, first, sensor=True)
    if view == "modal":
        return charts.modal_day(told, first, asked.last, look, traced).encode()
    if view == "days":
        return charts.some_days(told, traced, first, asked.last, asked.timezone, look).encode()
    deeds = entry_rows.deeds(session, asked.person_id, first, asked.last)
    events = [Event(row.kind, row.occurred_at, row.minutes or 0) for row in deeds if not row.rest]
    return charts.one_day(told, traced, events, asked.last, asked.timezone, look).encode()
