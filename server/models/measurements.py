"""Measurements: HbA1c, blood pressure, weight, waist, sleep, lipids, kidney, eye and foot examinations."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.models.base import Base, Id, Version
from server.models.people import after_values
from server.models.types import Sealed


class Measurement(Base):
    """One measurement of a day. `values` are numbers and words by name, as domain/measurements.py lists them; a deleted one
    has none left."""

    __tablename__ = "measurements"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    filed_by: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(sa.String(16))
    measured_on: Mapped[dt.date]
    source: Mapped[str] = mapped_column(sa.String(8))
    values: Mapped[dict[str, Any]]
    note: Mapped[str | None] = mapped_column(Sealed("measurements.note"))
    recorded_at: Mapped[dt.datetime]
    deleted_at: Mapped[dt.datetime | None]
    version: Mapped[Version]
    __table_args__ = (sa.Index("ix_measurements_person", "person_id", "measured_on", "id"),)


def one(session: Session, measurement_id: uuid.UUID, *, lock: bool = False) -> Measurement | None:
    """The measurement that has not been deleted, its row locked if asked."""
    query = sa.select(Measurement).where(Measurement.id == measurement_id, Measurement.deleted_at.is_(None))
    return session.scalar(query.with_for_update() if lock else query)


def ids_of(session: Session, person_id: uuid.UUID, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these ids that are the person's, deleted ones too."""
    return set(session.scalars(sa.select(Measurement.id).where(Measurement.person_id == person_id, Measurement.id.in_(ids))))


def page(session: Session, person_id: uuid.UUID, *, kind: str | None, first: dt.date | None, last: dt.date | None,
         after: tuple | None, limit: int) -> list[Measurement]:
    """The person's measurements of these days, newest first."""
    query = sa.select(Measurement).where(Measurement.person_id == person_id, Measurement.deleted_at.is_(None))
    if kind:
        query = query.where(Measurement.kind == kind)
    if first:
        query = query.where(Measurement.measured_on >= first)
    if last:
        query = query.where(Measurement.measured_on <= last)
    if after:
        query = query.where(sa.tuple_(Measurement.measured_on, Measurement.id) < sa.tuple_(
            *after_values(after, Measurement.measured_on, Measurement.id)))
    return list(session.scalars(query.order_by(Measurement.measured_on.desc(), Measurement.id.desc()).limit(limit)))


def latest(session: Session, person_id: uuid.UUID, on: dt.date) -> dict[str, Measurement]:
    """The latest measurement of each kind up to that day, of two of one day the one that was recorded later."""
    newest = (Measurement.measured_on.desc(), Measurement.recorded_at.desc(), Measurement.id.desc())
    place = sa.func.row_number().over(partition_by=Measurement.kind, order_by=newest).label("place")
    ranked = sa.select(Measurement.id, place).where(
        Measurement.person_id == person_id, Measurement.deleted_at.is_(None), Measurement.measured_on <= on).subquery()
    rows = session.scalars(sa.select(Measurement).join(ranked, ranked.c.id == Measurement.id).where(ranked.c.place == 1))
    return {row.kind: row for row in rows}
