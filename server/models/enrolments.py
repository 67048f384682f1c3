"""Enrolments and pauses; what is kept of each for a fast answer."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.access import HOLDER, SELF
from server.domain.enrolments import LIVE, MEMBERS, REACHED_IN
from server.models.base import Base, Id, Version
from server.models.camps import Camp
from server.models.classes import Class
from server.models.people import Person, Tie, after_values
from server.models.prepared import Prepared
from server.models.types import Sealed

_LIVE_SQL = "status IN ('applied', 'active')"


class Enrolment(Base):
    """One patient in one class with one plan. Its row lock puts everything done to its ledger in order.

    `plan_changes` is [[from day number, plan], …]. `marks` is a letter a camp day (domain/streaks.py), kept by
    services/books.py from entries, make-ups and pauses; a command compares and rebuilds it.
    """

    __tablename__ = "enrolments"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    camp_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("camps.id"))
    class_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("classes.id"))
    status: Mapped[str] = mapped_column(sa.String(10))
    plan_changes: Mapped[list[Any]]
    marks: Mapped[str] = mapped_column(sa.Text)
    joined_day: Mapped[dt.date | None]
    applied_at: Mapped[dt.datetime]
    joined_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    ended_reason: Mapped[str | None] = mapped_column(Sealed("enrolments.ended_reason"))
    screening: Mapped[Any | None] = mapped_column(Sealed("enrolments.screening", as_json=True))
    channel: Mapped[str | None] = mapped_column(sa.String(64))
    filed_by: Mapped[uuid.UUID]
    version: Mapped[Version]
    __table_args__ = (
        sa.Index("uq_enrolments_live", "person_id", unique=True,
                 sqlite_where=sa.text(_LIVE_SQL), postgresql_where=sa.text(_LIVE_SQL)),
        sa.Index("ix_enrolments_person", "person_id", "applied_at", "id"),
        sa.Index("ix_enrolments_class", "class_id", "joined_at", "id"),
        sa.Index("ix_enrolments_camp", "camp_id", "status", "id"),
    )


class Pause(Base):
    """Camp days, first to last, on which nothing is asked. The reason is for staff, never for leader or class."""

    __tablename__ = "pauses"
    id: Mapped[Id]
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("enrolments.id"), index=True)
    organisation_id: Mapped[uuid.UUID]
    first_day: Mapped[dt.date]
    last_day: Mapped[dt.date]
    by_staff: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Sealed("pauses.reason"))
    filed_by: Mapped[uuid.UUID]
    filed_at: Mapped[dt.datetime]


class Makeup(Base):
    """One make-up card spent on one camp day."""

    __tablename__ = "makeups"
    id: Mapped[Id]
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("enrolments.id"))
    organisation_id: Mapped[uuid.UUID]
    day: Mapped[dt.date]
    filed_by: Mapped[uuid.UUID]
    filed_at: Mapped[dt.datetime]
    __table_args__ = (sa.UniqueConstraint("enrolment_id", "day"),)


def locked(session: Session, enrolment_id: uuid.UUID) -> Enrolment | None:
    """The enrolment, its row locked and read afresh."""
    return session.scalar(sa.select(Enrolment).where(Enrolment.id == enrolment_id)
                          .with_for_update().execution_options(populate_existing=True))


def live_locked(session: Session, person_id: uuid.UUID) -> Enrolment | None:
    """The person's applied or active enrolment, its row locked."""
    return session.scalar(sa.select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.status.in_(LIVE))
                          .with_for_update().execution_options(populate_existing=True))


def of_person(session: Session, person_id: uuid.UUID, *, after: tuple | None, limit: int) -> list[Enrolment]:
    """The person's enrolments, newest first."""
    query = sa.select(Enrolment).where(Enrolment.person_id == person_id)
    if after:
        query = query.where(sa.tuple_(Enrolment.applied_at, Enrolment.id) < sa.tuple_(
            *after_values(after, Enrolment.applied_at, Enrolment.id)))
    return list(session.scalars(query.order_by(Enrolment.applied_at.desc(), Enrolment.id.desc()).limit(limit)))


def latest(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID | None = None) -> Enrolment | None:
    """The person's enrolment that matters today, in one organisation if asked: the live one, or the last joined."""
    inside = [] if organisation_id is None else [Enrolment.organisation_id == organisation_id]
    return session.scalar(
        sa.select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.joined_at.is_not(None), *inside)
        .order_by(Enrolment.status.in_(LIVE).desc(), Enrolment.applied_at.desc(), Enrolment.id.desc()).limit(1))


def in_scopes(session: Session, *, class_id: uuid.UUID | None, camp_id: uuid.UUID | None, status: str | None,
              after: tuple | None, limit: int) -> list[Enrolment]:
    """The enrolments of a class or camp, newest first."""
    query = sa.select(Enrolment)
    query = query.where(Enrolment.class_id == class_id) if class_id else query.where(Enrolment.camp_id == camp_id)
    if status:
        query = query.where(Enrolment.status == status)
    if after:
        query = query.where(sa.tuple_(Enrolment.applied_at, Enrolment.id) < sa.tuple_(
            *after_values(after, Enrolment.applied_at, Enrolment.id)))
    return list(session.scalars(query.order_by(Enrolment.applied_at.desc(), Enrolment.id.desc()).limit(limit)))


def members(session: Session, class_id: uuid.UUID, *, after: tuple | None, limit: int) -> list[tuple[Enrolment, Person]]:
    """The active and finished members of a class with their people, in the order they joined."""
    query = (sa.select(Enrolment, Person).join(Person, Person.id == Enrolment.person_id)
             .where(Enrolment.class_id == class_id, Enrolment.status.in_(MEMBERS)))
    if after:
        query = query.where(sa.tuple_(Enrolment.joined_at, Enrolment.id) > sa.tuple_(
            *after_values(after, Enrolment.joined_at, Enrolment.id)))
    return [tuple(row) for row in session.execute(query.order_by(Enrolment.joined_at, Enrolment.id).limit(limit))]


def pauses_of(session: Session, enrolment_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Pause]]:
    """The pauses of each of these enrolments, in order."""
    found: dict[uuid.UUID, list[Pause]] = {enrolment_id: [] for enrolment_id in enrolment_ids}
    for pause in session.scalars(sa.select(Pause).where(Pause.enrolment_id.in_(enrolment_ids)).order_by(Pause.first_day)):
        found[pause.enrolment_id].append(pause)
    return found


def made_up_days(session: Session, enrolment_id: uuid.UUID) -> set[dt.date]:
    """The camp days on which a make-up card was spent."""
    return set(session.scalars(sa.select(Makeup.day).where(Makeup.enrolment_id == enrolment_id)))


def with_camp(session: Session, enrolment_id: uuid.UUID) -> tuple[Enrolment, Camp, Class] | None:
    """The enrolment with its camp and class."""
    row = session.execute(sa.select(Enrolment, Camp, Class).join(Camp, Camp.id == Enrolment.camp_id)
                          .join(Class, Class.id == Enrolment.class_id).where(Enrolment.id == enrolment_id)).first()
    return tuple(row) if row else None


def places_of(session: Session, person_id: uuid.UUID) -> list[tuple[uuid.UUID, uuid.UUID, uuid.UUID, str]]:
    """(organisation, camp, class, status) of each of the person's enrolments, in order: the places staff may reach them in."""
    return [tuple(row) for row in session.execute(
        sa.select(Enrolment.organisation_id, Enrolment.camp_id, Enrolment.class_id, Enrolment.status)
        .where(Enrolment.person_id == person_id).order_by(Enrolment.applied_at, Enrolment.id))]


_E, _T = Enrolment.__table__.c, Tie.__table__.c
_WHERE = (_E.class_id, _E.camp_id, _E.status)
# From the person outwards: asked the other way round, a camp of twenty thousand would be looked through.
_REACHED = Prepared(sa.union_all(
    sa.select(sa.literal(1).label("mine"), *_WHERE).where(_E.person_id == sa.bindparam("person")),
    sa.select(sa.literal(0), *_WHERE).join_from(Tie.__table__, Enrolment.__table__, _E.person_id == _T.person_id)
    .where(_T.holder_id == sa.bindparam("person"), _T.ended_at.is_(None))))


def membership(session: Session, person_id: uuid.UUID, scope: str, there: uuid.UUID) -> set[str]:
    """SELF for who is or was a member of that class or camp, HOLDER for who acts for one."""
    return {SELF if row.mine else HOLDER for row in _REACHED.rows(session, person=person_id)
            if getattr(row, f"{scope}_id") == there and row.status in REACHED_IN}


def active_ids(session: Session, camp_id: uuid.UUID, *, after: uuid.UUID | None, limit: int) -> list[uuid.UUID]:
    """Ids of the camp's active enrolments in order, a page at a time."""
    query = sa.select(Enrolment.id).where(Enrolment.camp_id == camp_id, Enrolment.status == "active")
    if after:
        query = query.where(Enrolment.id > after)
    return list(session.scalars(query.order_by(Enrolment.id).limit(limit)))
