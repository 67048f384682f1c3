"""A seat in a camp: one enrolment with its camp, as filing and the books need them. Read in one statement and without
a sealed column, because every entry passes through here."""

import dataclasses
import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import camps, enrolments, targets
from server.domain.camps import Calendar
from server.domain.glucose import Own, Patient
from server.models.camps import Camp
from server.models.consents import Consent
from server.models.enrolments import Enrolment
from server.models.measurements import Measurement
from server.models.people import Person
from server.models.prepared import Prepared
from server.models.targets import TargetSet


@dataclasses.dataclass(frozen=True)
class Seat:
    """One enrolment and what its camp says. `marks` is a letter a camp day, as domain.streaks has them."""

    enrolment_id: uuid.UUID
    person_id: uuid.UUID
    organisation_id: uuid.UUID
    camp_id: uuid.UUID
    status: str
    joined_day: dt.date | None
    marks: str
    plan_changes: list[list[Any]]
    archived_at: dt.datetime | None
    rules_version: int
    rules: dict[str, Any]
    calendar: Calendar

    @property
    def joined_number(self) -> int:
        """The number of the camp day on which the person joined; before they did, one after the last."""
        return self.calendar.number_of(self.joined_day) if self.joined_day else self.calendar.days + 1

    def asked_on(self, number: int) -> dict[str, int]:
        """How many entries of each kind the plan in force asks for on that camp day."""
        return camps.asked_on(self.rules, enrolments.plan_on(self.plan_changes, number), number)


@dataclasses.dataclass(frozen=True)
class Holder:
    """The person who files or is filed for: what a verdict on a reading depends on, and whether care was agreed to."""

    patient: Patient
    agreed_to_care: bool


_E, _C, _P, _T = Enrolment.__table__.c, Camp.__table__.c, Person.__table__.c, TargetSet.__table__.c
_M = Measurement.__table__.c
_SEAT = (sa.select(_E.id, _E.person_id, _E.organisation_id, _E.camp_id, _E.status, _E.joined_day, _E.marks, _E.plan_changes,
                   _C.archived_at, _C.rules_version)
         .join_from(Enrolment.__table__, Camp.__table__, _C.id == _E.camp_id))
_BY_ID = Prepared(_SEAT.where(_E.id == sa.bindparam("enrolment")).with_for_update(of=Enrolment.__table__))
_ACTIVE = Prepared(_SEAT.where(_E.person_id == sa.bindparam("person"), _E.status == "active")
                   .with_for_update(of=Enrolment.__table__))
_WEIGHED = (sa.select(_M["values"]).where(_M.person_id == _P.id, _M.kind == "weight", _M.deleted_at.is_(None))
            .order_by(_M.measured_on.desc(), _M.recorded_at.desc(), _M.id.desc()).limit(1).scalar_subquery())
_HOLDER = Prepared(sa.select(_P.diabetes_type, _P.birth_on, _P.treatments, _P.medicines, _P.weight_kg,
                             _WEIGHED.label("weighed"), sa.exists().where(
    Consent.person_id == _P.id, Consent.purpose == "care", Consent.withdrawn_at.is_(None))
    .label("agreed"), _T.ranges, _T.limits, _T.frail)
    .join_from(Person.__table__, TargetSet.__table__, sa.and_(_T.person_id == _P.id, _T.ended_at.is_(None)), isouter=True)
    .where(_P.id == sa.bindparam("person")))


def seat_of(enrolment: Enrolment, camp: Camp) -> Seat:
    """The seat of an enrolment that is at hand and locked."""
    return Seat(enrolment.id, enrolment.person_id, enrolment.organisation_id, enrolment.camp_id, enrolment.status,
                enrolment.joined_day, enrolment.marks, enrolment.plan_changes, camp.archived_at, camp.rules_version,
                camp.rules, camp.calendar)


def locked(session: Session, enrolment_id: uuid.UUID) -> Seat | None:
    """The seat of that enrolment, its row locked."""
    return _seat(session, _BY_ID.first(session, enrolment=enrolment_id))


def active(session: Session, person_id: uuid.UUID) -> Seat | None:
    """The seat the person has now, its enrolment's row locked."""
    return _seat(session, _ACTIVE.first(session, person=person_id))


def holder(session: Session, person_id: uuid.UUID) -> Holder:
    """What filing needs to know about a person who is known to exist."""
    row = _HOLDER.first(session, person=person_id)
    own = Own() if row.ranges is None else targets.own_of(row.ranges, row.limits, frail=row.frail)
    weight = row.weighed["weight_kg"] if row.weighed else row.weight_kg
    return Holder(Patient(row.diabetes_type, row.birth_on, tuple(row.treatments), tuple(row.medicines), own,
                          None if weight is None else float(weight)), bool(row.agreed))


def _seat(session: Session, row: sa.Row | None) -> Seat | None:
    return None if row is None else Seat(*row, *_course(session, row.camp_id, row.rules_version))


_courses: dict[uuid.UUID, tuple[int, dict[str, Any], Calendar]] = {}
MOST_COURSES = 256


def _course(session: Session, camp_id: uuid.UUID, rules_version: int) -> tuple[dict[str, Any], Calendar]:
    """The rules and the days of a camp, read once a process for every version of them. Shared between requests: never
    change them in place."""
    kept = _courses.get(camp_id)
    if kept is None or kept[0] != rules_version:
        camp = session.get_one(Camp, camp_id)
        if len(_courses) >= MOST_COURSES:
            _courses.clear()
        kept = _courses[camp_id] = (rules_version, camp.rules, camp.calendar)
    return kept[1], kept[2]


_SET_MARKS = Prepared(sa.update(Enrolment.__table__).where(_E.id == sa.bindparam("enrolment"))
                      .values(marks=sa.bindparam("new_marks")))


def set_marks(session: Session, enrolment_id: uuid.UUID, marks: str) -> None:
    """Keep the marks of the enrolment's days."""
    _SET_MARKS.run(session, enrolment=enrolment_id, new_marks=marks)
    # Whoever has the enrolment at hand as an object sees the same.
    known = session.identity_map.get(Session.identity_key(Enrolment, enrolment_id))
    if known is not None:
        sa.orm.attributes.set_committed_value(known, "marks", marks)
