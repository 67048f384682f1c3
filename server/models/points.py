"""The append-only ledger and the balances that are its sums."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.points import Key
from server.models.base import Base, on_each_engine
from server.models.prepared import Prepared
from server.models.types import Sealed

ADJUSTMENT, REDEMPTION = "adjustment", "redemption"


class PointsLine(Base):
    """One line; nothing ever changes or removes it. `day_number` is the camp day, 0 for lines outside the rules."""

    __tablename__ = "points_lines"
    number: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    id: Mapped[uuid.UUID]
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("enrolments.id"))
    person_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    reason: Mapped[str] = mapped_column(sa.String(16))
    about: Mapped[str] = mapped_column(sa.String(36))
    day_number: Mapped[int]
    points: Mapped[int]
    rules_version: Mapped[int]
    note: Mapped[str | None] = mapped_column(Sealed("points_lines.note"))
    filed_by: Mapped[uuid.UUID | None]
    at: Mapped[dt.datetime]
    __table_args__ = (
        sa.Index("ix_points_lines_day", "enrolment_id", "day_number"),
        sa.Index("ix_points_lines_person", "person_id", "number"),
    )


class Balance(Base):
    """What a person holds with one organisation: the sum of the ledger, kept by the same transactions."""

    __tablename__ = "balances"
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"), primary_key=True)
    points: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)


LINES = PointsLine.__table__
BALANCES = Balance.__table__
_OF_CAMP = sa.or_(LINES.c.reason == "milestone", LINES.c.reason == "finish")
_HOLDS = (sa.select(LINES.c.reason, LINES.c.about, LINES.c.day_number, sa.func.sum(LINES.c.points))
          .where(LINES.c.enrolment_id == sa.bindparam("enrolment"))
          .group_by(LINES.c.reason, LINES.c.about, LINES.c.day_number))
_HOLDS_DAY = Prepared(_HOLDS.where(LINES.c.day_number == sa.bindparam("day"), sa.not_(_OF_CAMP)))
_HOLDS_CAMP = Prepared(_HOLDS.where(_OF_CAMP))
_POST = Prepared(LINES.insert(), columns=(
    "id", "enrolment_id", "person_id", "organisation_id", "reason", "about", "day_number", "points", "rules_version", "at"))
_BALANCE = Prepared(sa.select(BALANCES.c.points, BALANCES.c.held).where(
    BALANCES.c.person_id == sa.bindparam("person"), BALANCES.c.organisation_id == sa.bindparam("organisation")))



def _move_balance(insert: Callable[..., Any]) -> sa.Executable:
    row = insert(BALANCES)
    return row.on_conflict_do_update(
        index_elements=list(BALANCES.primary_key.columns), set_={"points": BALANCES.c.points + row.excluded.points}
    ).returning(BALANCES.c.points)


_MOVE_BALANCE = Prepared(on_each_engine(_move_balance), columns=BALANCES.c.keys())


def day_holds(session: Session, enrolment_id: uuid.UUID, day_number: int) -> dict[Key, int]:
    """What the ledger holds for one day's entries and its completion."""
    rows = _HOLDS_DAY.rows(session, enrolment=enrolment_id, day=day_number)
    return {Key(reason, about, day): int(points) for reason, about, day, points in rows if points}


def camp_holds(session: Session, enrolment_id: uuid.UUID) -> dict[Key, int]:
    """What the ledger holds for milestones and the finish."""
    rows = _HOLDS_CAMP.rows(session, enrolment=enrolment_id)
    return {Key(reason, about, day): int(points) for reason, about, day, points in rows if points}


def post(session: Session, lines: list[dict]) -> None:
    """Append lines to the ledger."""
    _POST.run_all(session, lines)


def move_balance(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID, by: int) -> int:
    """Move the balance by so many points, making its row if it is the first; the balance after."""
    return _MOVE_BALANCE.first(session, person_id=person_id, organisation_id=organisation_id, points=by, held=0).points


def balance(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID | None) -> tuple[int, int]:
    """(points, held) of a person with an organisation; zeros when there is no row."""
    row = _BALANCE.first(session, person=person_id, organisation=organisation_id)
    return (row.points, row.held) if row else (0, 0)


def lines_of(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID, *, before: int | None,
             limit: int) -> list[PointsLine]:
    """The person's lines with one organisation, newest first."""
    query = sa.select(PointsLine).where(PointsLine.person_id == person_id, PointsLine.organisation_id == organisation_id)
    if before is not None:
        query = query.where(PointsLine.number < before)
    return list(session.scalars(query.order_by(PointsLine.number.desc()).limit(limit)))


def sums_by_enrolment(session: Session, enrolment_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """What each of these enrolments has earned: the sum of its lines but for what was redeemed."""
    rows = session.execute(sa.select(LINES.c.enrolment_id, sa.func.sum(LINES.c.points)).where(
        LINES.c.enrolment_id.in_(list(enrolment_ids)), LINES.c.reason != REDEMPTION).group_by(LINES.c.enrolment_id))
    return {enrolment_id: int(points) for enrolment_id, points in rows}


def sum_of_lines(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID) -> int:
    """The sum of every line of a person with an organisation."""
    return int(session.execute(sa.select(sa.func.coalesce(sa.func.sum(LINES.c.points), 0)).where(
        LINES.c.person_id == person_id, LINES.c.organisation_id == organisation_id)).scalar_one())


def rule_points_by_day(session: Session, enrolment_id: uuid.UUID) -> dict[int, int]:
    """What the rules' own lines of an enrolment sum to, by the number of their camp day."""
    rows = session.execute(sa.select(LINES.c.day_number, sa.func.sum(LINES.c.points)).where(
        LINES.c.enrolment_id == enrolment_id, LINES.c.day_number > 0).group_by(LINES.c.day_number))
    return {number: int(points) for number, points in rows}
