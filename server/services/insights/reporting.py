"""The one page for the doctor, as PDF."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import streaks, targets
from server.domain.insights import report as page_of
from server.domain.insights.page import Deed, Page
from server.domain.spreadsheets import safe_file_name
from server.models import entries as entry_rows
from server.models import measurements as measurement_rows
from server.models import seats
from server.models import targets as target_rows
from server.models.camps import Camp
from server.models.classes import Class
from server.models.organisations import Organisation
from server.models.people import Person
from server.models.targets import TargetSet
from server.services import work
from server.services.insights import picturing, reading
from server.services.insights.reading import Asked
from server.services.work import Call, Download

PROFILE = ("full_name", "nickname", "sex", "birth_on", "diabetes_type", "diagnosed_on", "due_on", "height_cm", "weight_kg",
           "treatments", "medicines")


def report(call: Call, query: dict[str, Any]) -> Download:
    """The page as A4 PDF. That it was taken is put on the trail, one's own too: it leaves our hands.

    Raises not_found, forbidden, window_backwards, window_too_long.
    """
    facts = _facts(call, query)
    name = safe_file_name(f"{facts['name']} 血糖记录 {facts['period']}")
    return Download(call.world.papers.pdf("report", facts), f"{name}.pdf", "application/pdf", inline=True)


@work.writes
def _facts(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    asked = reading.asked_for(session, call, query)
    picturing.check_length(asked)
    reading.record(session, call, asked, "insights.report")
    person, row = session.get_one(Person, asked.person_id), target_rows.in_force(session, asked.person_id)
    return page_of.facts(Page(
        who={name: getattr(person, name) for name in PROFILE}, where=_where(session, asked), first=asked.first, last=asked.last,
        printed_at=call.now, timezone=asked.timezone, look=picturing.look_of(session, asked), patient=asked.patient,
        told=reading.told(session, asked, asked.first, sensor=False),
        traced=reading.told(session, asked, asked.first, sensor=True),
        deeds=[_deed(row) for row in entry_rows.deeds(session, asked.person_id, asked.first, asked.last)],
        states=_states(session, call, asked), targets=targets.in_force(asked.patient, asked.last),
        targets_by=_targets_by(session, asked, row),
        hba1c_below_percent=targets.hba1c_below_percent(row.hba1c_below_percent if row else None, asked.patient, asked.last),
        measured={kind: (row.values, row.measured_on)
                  for kind, row in measurement_rows.latest(session, asked.person_id, asked.last).items()}))


def _where(session: Session, asked: Asked) -> str:
    """Organisation, camp and class, for somebody who is or was in one."""
    enrolment = asked.enrolment
    if enrolment is None:
        return ""
    things = ((Organisation, enrolment.organisation_id), (Camp, enrolment.camp_id), (Class, enrolment.class_id))
    return " · ".join(session.get_one(kind, thing_id).name for kind, thing_id in things)


def _states(session: Session, call: Call, asked: Asked) -> dict[dt.date, str]:
    """The camp days of the enrolment that matters, by date."""
    enrolment = asked.enrolment
    if enrolment is None or enrolment.joined_day is None:
        return {}
    camp = session.get_one(Camp, enrolment.camp_id)
    calendar = camp.calendar
    days = streaks.states(enrolment.marks, calendar, seats.seat_of(enrolment, camp).joined_number, call.now)
    return {calendar.day_numbered(number): state for number, state in enumerate(days, start=1)}


def _targets_by(session: Session, asked: Asked, row: TargetSet | None) -> str:
    """Whose the targets are: of the ranges, and of the HbA1c where that alone was set."""
    cites = f"出处：{targets.SOURCES.get(asked.patient.diabetes_type, targets.ADULT)}"
    if targets.waits(asked.patient, asked.last):
        cites = "等医生或护士设定，未判断是否达标"
    if row is None or not (row.ranges or row.hba1c_below_percent):
        return cites
    author = session.scalar(sa.select(Person).where(Person.id == row.set_by))
    name = (author.full_name or author.nickname) if author else ""
    said = f"{targets.ROLE_NAMES[row.role]} {name} {row.set_at:%Y-%m-%d} 设定"
    return said if row.ranges else f"{cites}；糖化由{said}"


def _deed(row: sa.Row) -> Deed:
    words = row.words or {}
    if row.kind == "exercise":
        return Deed(row.kind, row.occurred_at, row.day, text=words.get("activity") or "", minutes=row.minutes or 0)
    eaten = words.get("text") or "、".join(food["name"] for food in words.get("foods") or [])
    return Deed(row.kind, row.occurred_at, row.day, row.slot, eaten or "有照片")
