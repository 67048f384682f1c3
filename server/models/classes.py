"""Classes."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.models.base import Base, Id, Version
from server.models.prepared import Prepared


class Class(Base):
    """A group within a camp. `seats_taken` is kept by the joins themselves and can never pass `capacity`."""

    __tablename__ = "classes"
    id: Mapped[Id]
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    camp_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("camps.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    capacity: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    join_code: Mapped[str] = mapped_column(sa.String(12), unique=True)
    created_at: Mapped[dt.datetime]
    version: Mapped[Version]
    __table_args__ = (
        sa.UniqueConstraint("camp_id", "name"),
        sa.CheckConstraint("seats_taken >= 0 AND seats_taken <= capacity", name="seats"),
    )


_BY_ID = Prepared(sa.select(Class.__table__).where(Class.__table__.c.id == sa.bindparam("group")))


def by_id(session: Session, class_id: uuid.UUID) -> sa.Row | None:
    """The class as its row."""
    return _BY_ID.first(session, group=class_id)


def by_code(session: Session, join_code: str) -> Class | None:
    """The class with that join code; letters' case does not matter."""
    return session.scalar(sa.select(Class).where(Class.join_code == join_code.upper()))


def take_seat(session: Session, class_id: uuid.UUID) -> bool:
    """Take a seat if one is free; whether it was. One statement, so that the last seat goes to one person."""
    taken = session.execute(sa.update(Class).where(Class.id == class_id, Class.seats_taken < Class.capacity)
                            .values(seats_taken=Class.seats_taken + 1).execution_options(synchronize_session=False))
    return taken.rowcount == 1


def give_seat_back(session: Session, class_id: uuid.UUID) -> None:
    """Free a seat."""
    session.execute(sa.update(Class).where(Class.id == class_id)
                    .values(seats_taken=Class.seats_taken - 1).execution_options(synchronize_session=False))


def page(session: Session, camp_id: uuid.UUID, *, only: set[uuid.UUID] | None, after: tuple | None,
         limit: int) -> list[Class]:
    """The camp's classes by name; only those of `only` unless it is None."""
    query = sa.select(Class).where(Class.camp_id == camp_id)
    if only is not None:
        query = query.where(Class.id.in_(only))
    if after:
        query = query.where(sa.tuple_(Class.name, Class.id) > sa.tuple_(sa.literal(after[0]), sa.literal(after[1], sa.Uuid)))
    return list(session.scalars(query.order_by(Class.name, Class.id).limit(limit)))
