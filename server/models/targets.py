"""Targets that nurses and doctors have set, each set whole; the one that has not ended is in force."""

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.models.base import Base, Id
from server.models.types import Sealed, Tenths


class TargetSet(Base):
    """What was set for one person at one time. `ranges` and `limits` are as domain/targets.py reads them."""

    __tablename__ = "target_sets"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    organisation_id: Mapped[uuid.UUID | None]
    ranges: Mapped[dict[str, Any]]
    limits: Mapped[dict[str, Any]]
    frail: Mapped[bool]
    hba1c_below_percent: Mapped[Decimal | None] = mapped_column(Tenths)
    note: Mapped[str | None] = mapped_column(Sealed("target_sets.note"))
    role: Mapped[str] = mapped_column(sa.String(16))
    set_by: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    set_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    __table_args__ = (
        sa.Index("uq_target_sets_in_force", "person_id", unique=True, sqlite_where=sa.text("ended_at IS NULL"),
                 postgresql_where=sa.text("ended_at IS NULL")),
    )


def in_force(session: Session, person_id: uuid.UUID) -> TargetSet | None:
    """What is set for the person now."""
    return session.scalar(sa.select(TargetSet).where(TargetSet.person_id == person_id, TargetSet.ended_at.is_(None)))


def end(session: Session, person_id: uuid.UUID, now: dt.datetime) -> None:
    """End what was set before."""
    session.execute(sa.update(TargetSet).where(TargetSet.person_id == person_id, TargetSet.ended_at.is_(None))
                    .values(ended_at=now))
