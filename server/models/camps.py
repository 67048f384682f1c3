"""Camps."""

import dataclasses
import datetime as dt
import functools
import json
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.camps import Calendar, calendar_of
from server.models.base import Base, Id, Version
from server.models.prepared import Prepared


class Camp(Base):
    """A run of a programme. `rules` is what it publishes; `rules_version` grows with every change of them."""

    __tablename__ = "camps"
    id: Mapped[Id]
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"), index=True)
    template: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(200))
    starts_on: Mapped[dt.date]
    days: Mapped[int]
    timezone: Mapped[str] = mapped_column(sa.String(64))
    rules_json: Mapped[str] = mapped_column(sa.Text)
    rules_version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[dt.datetime | None]
    archived_at: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    certified_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    version: Mapped[Version]

    @property
    def rules(self) -> dict[str, Any]:
        """The camp's rules. Shared between requests: never change them in place."""
        return rules_of(self.rules_json)

    @property
    def calendar(self) -> Calendar:
        """The camp's days."""
        return calendar_of(self.rules, self.timezone, self.starts_on, self.days)


@functools.lru_cache(maxsize=256)
def rules_of(rules_json: str) -> dict[str, Any]:
    """The rules in that text, read once a process for each text."""
    return json.loads(rules_json)


@dataclasses.dataclass(frozen=True)
class Course:
    """What of a camp whoever reads a board needs."""

    camp_id: uuid.UUID
    organisation_id: uuid.UUID
    calendar: Calendar


_C = Camp.__table__.c
_COURSE = Prepared(sa.select(_C.id, _C.organisation_id, _C.rules_json, _C.timezone, _C.starts_on, _C.days)
                   .where(_C.id == sa.bindparam("camp")))


def course(session: Session, camp_id: uuid.UUID) -> Course | None:
    """The course of that camp."""
    row = _COURSE.first(session, camp=camp_id)
    if row is None:
        return None
    rules = rules_of(row.rules_json)
    return Course(row.id, row.organisation_id, calendar_of(rules, row.timezone, row.starts_on, row.days))


def locked(session: Session, camp_id: uuid.UUID) -> Camp | None:
    """The camp, locked."""
    return session.scalar(sa.select(Camp).where(Camp.id == camp_id).with_for_update())


def page(session: Session, organisation_ids: set[uuid.UUID], camp_ids: set[uuid.UUID], *, after: tuple | None,
         limit: int) -> list[Camp]:
    """Camps of these organisations and these ones, latest start first."""
    query = sa.select(Camp).where(sa.or_(Camp.organisation_id.in_(organisation_ids), Camp.id.in_(camp_ids)))
    if after:
        query = query.where(sa.tuple_(Camp.starts_on, Camp.id) < sa.tuple_(
            sa.literal(after[0], sa.Date), sa.literal(after[1], sa.Uuid)))
    return list(session.scalars(query.order_by(Camp.starts_on.desc(), Camp.id.desc()).limit(limit)))


def ending(session: Session, settled_since: dt.datetime, limit: int) -> list[Camp]:
    """Opened camps of which the last day's close has not been followed up, or was since then."""
    return list(session.scalars(sa.select(Camp).where(
        Camp.opened_at.is_not(None), sa.or_(Camp.finished_at.is_(None), Camp.finished_at >= settled_since))
        .order_by(Camp.starts_on, Camp.id).limit(limit)))


def not_settled(session: Session, limit: int) -> list[Camp]:
    """Opened camps of which the last day's close has not been followed up yet."""
    return list(session.scalars(sa.select(Camp).where(
        Camp.opened_at.is_not(None), Camp.finished_at.is_(None)).order_by(Camp.starts_on, Camp.id).limit(limit)))
