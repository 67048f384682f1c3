"""Entries: one meal, exercise, glucose reading or finished lesson each."""

import datetime as dt
import functools
import uuid
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.points import Fact
from server.models.base import Base, Id, on_each_engine
from server.models.people import Journal
from server.models.prepared import Prepared
from server.models.types import Sealed, Tenths


class Entry(Base):
    """One entry under the id its client made. `digest` is that of the content as first filed.

    `words` holds the free text (note, meal text, foods, activity); measurements stay in columns of their own. A deleted
    entry stays as a tombstone without them.
    """

    __tablename__ = "entries"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    filed_by: Mapped[uuid.UUID]
    enrolment_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("enrolments.id"))
    organisation_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(sa.String(8))
    occurred_at: Mapped[dt.datetime]
    recorded_at: Mapped[dt.datetime]
    day: Mapped[dt.date]
    counts: Mapped[bool]
    counts_reason: Mapped[str] = mapped_column(sa.String(16))
    source: Mapped[str] = mapped_column(sa.String(8))
    words: Mapped[Any | None] = mapped_column(Sealed("entries.words", as_json=True))
    slot: Mapped[str | None] = mapped_column(sa.String(16))
    hours_after: Mapped[int | None]
    glucose_typed: Mapped[str | None] = mapped_column(sa.String(8))
    glucose_unit: Mapped[str | None] = mapped_column(sa.String(6))
    glucose_mmol_l: Mapped[Decimal | None] = mapped_column(Tenths)
    on_target: Mapped[bool | None]
    not_mine: Mapped[bool | None]
    ketone_mmol_l: Mapped[Decimal | None] = mapped_column(Tenths)
    urine_ketone: Mapped[str | None] = mapped_column(sa.String(2))
    symptoms: Mapped[Any | None] = mapped_column(sa.JSON(none_as_null=True))
    minutes: Mapped[int | None]
    intensity: Mapped[str | None] = mapped_column(sa.String(6))
    rest: Mapped[bool | None]
    lesson_id: Mapped[str | None] = mapped_column(sa.String(64))
    digest: Mapped[str] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column(default=1)
    change_number: Mapped[int]
    deleted_at: Mapped[dt.datetime | None]
    __table_args__ = (
        sa.Index("ix_entries_history", "person_id", "occurred_at", "id"),
        sa.Index("uq_entries_change", "person_id", "change_number", unique=True),
        sa.Index("ix_entries_day", "enrolment_id", "day"),
    )


ENTRIES = Entry.__table__
_J = Journal.__table__.c
_NEXT_CHANGE = Prepared(sa.update(Journal.__table__).where(_J.person_id == sa.bindparam("person"))
                        .values(last_change=_J.last_change + sa.bindparam("count")).returning(_J.last_change))
_DAY_FACTS = Prepared(sa.select(ENTRIES.c.id, ENTRIES.c.kind, ENTRIES.c.occurred_at)
                      .where(ENTRIES.c.enrolment_id == sa.bindparam("enrolment"), ENTRIES.c.day == sa.bindparam("on_day"),
                             ENTRIES.c.counts.is_(True), ENTRIES.c.deleted_at.is_(None)))
_ONE = Prepared(sa.select(ENTRIES).where(ENTRIES.c.id == sa.bindparam("entry")))
_LAST_CHANGE = Prepared(sa.select(_J.last_change).where(_J.person_id == sa.bindparam("person")))
_INSERT = Prepared(on_each_engine(lambda insert: insert(ENTRIES).on_conflict_do_nothing()), columns=ENTRIES.c.keys())


def insert(session: Session, row: dict[str, Any]) -> bool:
    """Insert a whole row unless its id is taken; whether it was inserted. Nothing is looked up first."""
    return _INSERT.run(session, **row) == 1


def take_back(session: Session, entry_id: uuid.UUID) -> None:
    """Undo an insert of this very transaction, which nobody has seen."""
    session.connection().execute(sa.delete(ENTRIES).where(ENTRIES.c.id == entry_id))


def take_change_numbers(session: Session, person_id: uuid.UUID, count: int) -> int:
    """The first of `count` new change numbers of the person; locks the person's journal until the commit."""
    return _NEXT_CHANGE.first(session, person=person_id, count=count).last_change - count + 1


def last_change(session: Session, person_id: uuid.UUID) -> int:
    """The number of the last change of the person's entries."""
    journal = _LAST_CHANGE.first(session, person=person_id)
    return journal.last_change if journal else 0


def facts_of_day(session: Session, enrolment_id: uuid.UUID, day: dt.date) -> list[Fact]:
    """The counted entries of one camp day."""
    return [Fact(*row) for row in _DAY_FACTS.rows(session, enrolment=enrolment_id, on_day=day)]


def counted_by_day(session: Session, enrolment_id: uuid.UUID) -> dict[dt.date, dict[str, int]]:
    """How many entries of each kind counted on each camp day."""
    return _by_day(session, enrolment_id, Entry.counts.is_(True))


def late_by_day(session: Session, enrolment_id: uuid.UUID) -> dict[dt.date, dict[str, int]]:
    """How many entries of each kind were filed of each camp day once it had closed."""
    return _by_day(session, enrolment_id, Entry.counts_reason == "day_closed")


def _by_day(session: Session, enrolment_id: uuid.UUID, which: sa.ColumnElement[bool]) -> dict[dt.date, dict[str, int]]:
    found: dict[dt.date, dict[str, int]] = {}
    rows = session.execute(
        sa.select(Entry.day, Entry.kind, sa.func.count()).where(
            Entry.enrolment_id == enrolment_id, which, Entry.deleted_at.is_(None)).group_by(Entry.day, Entry.kind))
    for day, kind, count in rows:
        found.setdefault(day, {})[kind] = count
    return found


def counted_on(session: Session, enrolment_ids: list[uuid.UUID], day: dt.date) -> dict[uuid.UUID, dict[str, int]]:
    """How many entries of each kind counted that day, for each of these enrolments."""
    counted: dict[uuid.UUID, dict[str, int]] = {enrolment_id: {} for enrolment_id in enrolment_ids}
    rows = session.execute(
        sa.select(Entry.enrolment_id, Entry.kind, sa.func.count()).where(
            Entry.enrolment_id.in_(enrolment_ids), Entry.day == day, Entry.counts.is_(True), Entry.deleted_at.is_(None))
        .group_by(Entry.enrolment_id, Entry.kind))
    for enrolment_id, kind, count in rows:
        counted[enrolment_id][kind] = count
    return counted


def last_readings(session: Session, person_ids: list[uuid.UUID]) -> dict[uuid.UUID, Entry]:
    """The latest glucose reading of each of these people that is their own."""
    newest = (sa.select(Entry.id, sa.func.row_number().over(
        partition_by=Entry.person_id, order_by=(Entry.occurred_at.desc(), Entry.id.desc())).label("place"))
        .where(Entry.person_id.in_(person_ids), Entry.kind == "glucose", Entry.deleted_at.is_(None),
               Entry.not_mine.is_not(True)).subquery())
    rows = session.scalars(sa.select(Entry).join(newest, newest.c.id == Entry.id).where(newest.c.place == 1))
    return {entry.person_id: entry for entry in rows}


@functools.cache
def _history(*, kind: bool, first: bool, last: bool, after: bool) -> Prepared:
    """The statement of a page of history with these conditions, made once for each choice of them."""
    query = sa.select(ENTRIES).where(ENTRIES.c.person_id == sa.bindparam("person"), ENTRIES.c.deleted_at.is_(None))
    if kind:
        query = query.where(ENTRIES.c.kind == sa.bindparam("of_kind"))
    if first:
        query = query.where(ENTRIES.c.day >= sa.bindparam("first_day"))
    if last:
        query = query.where(ENTRIES.c.day <= sa.bindparam("last_day"))
    if after:
        query = query.where(sa.tuple_(ENTRIES.c.occurred_at, ENTRIES.c.id) < sa.tuple_(
            sa.bindparam("after_at", type_=ENTRIES.c.occurred_at.type), sa.bindparam("after_id", type_=ENTRIES.c.id.type)))
    query = query.order_by(ENTRIES.c.occurred_at.desc(), ENTRIES.c.id.desc())
    return Prepared(query.limit(sa.bindparam("most", type_=sa.Integer)))


def history(session: Session, person_id: uuid.UUID, *, kind: str | None, first: dt.date | None, last: dt.date | None,
            after: tuple | None, limit: int) -> list[sa.Row]:
    """The person's entries, newest first; `first` and `last` are camp days, both included."""
    statement = _history(kind=kind is not None, first=first is not None, last=last is not None, after=after is not None)
    after_at, after_id = after or (None, None)
    return statement.rows(session, person=person_id, of_kind=kind, first_day=first, last_day=last, after_at=after_at,
                          after_id=after_id, most=limit)


_CHANGES = Prepared(sa.select(ENTRIES).where(
    ENTRIES.c.person_id == sa.bindparam("person"), ENTRIES.c.change_number > sa.bindparam("since", type_=sa.BigInteger))
    .order_by(ENTRIES.c.change_number).limit(sa.bindparam("most", type_=sa.Integer)))


def changes(session: Session, person_id: uuid.UUID, *, since: int, limit: int) -> list[sa.Row]:
    """The person's entries and tombstones in the order they last changed."""
    return _CHANGES.rows(session, person=person_id, since=since, most=limit)


def one(session: Session, entry_id: uuid.UUID) -> sa.Row | None:
    """The entry as its row, tombstones too."""
    return _ONE.first(session, entry=entry_id)


def rewrite(session: Session, entry_id: uuid.UUID, values: dict[str, Any]) -> None:
    """Change columns of one entry."""
    session.connection().execute(sa.update(ENTRIES).where(ENTRIES.c.id == entry_id).values(**values))


def by_ids(session: Session, entry_ids: list[uuid.UUID]) -> dict[uuid.UUID, sa.Row]:
    """These entries as their rows, tombstones too."""
    if len(entry_ids) <= 1:
        found = [one(session, entry_id) for entry_id in entry_ids]
        return {row.id: row for row in found if row is not None}
    return {row.id: row for row in session.connection().execute(sa.select(ENTRIES).where(ENTRIES.c.id.in_(entry_ids)))}


def lock_journal(session: Session, person_id: uuid.UUID) -> None:
    """Wait until nobody else is changing the person's entries, and keep it so until the commit."""
    session.connection().execute(sa.select(Journal.last_change).where(Journal.person_id == person_id).with_for_update())


def readings(session: Session, person_id: uuid.UUID, first: dt.date, last: dt.date, *, sensor: bool) -> list[sa.Row]:
    """The person's own glucose readings of these days, oldest first: a sensor's, or all the others."""
    columns = ENTRIES.c
    return list(session.execute(
        sa.select(columns.id, columns.occurred_at, columns.day, columns.slot, columns.hours_after, columns.glucose_typed,
                  columns.glucose_unit)
        .where(columns.person_id == person_id, columns.kind == "glucose", columns.deleted_at.is_(None),
               columns.not_mine.is_not(True), columns.day >= first, columns.day <= last,
               columns.source == "cgm" if sensor else columns.source != "cgm")
        .order_by(columns.occurred_at, columns.id)))


def deeds(session: Session, person_id: uuid.UUID, first: dt.date, last: dt.date) -> list[sa.Row]:
    """The person's meals and exercises of these days, oldest first."""
    columns = ENTRIES.c
    return list(session.execute(
        sa.select(columns.kind, columns.occurred_at, columns.day, columns.slot, columns.words, columns.minutes, columns.rest)
        .where(columns.person_id == person_id, columns.kind.in_(("meal", "exercise")), columns.deleted_at.is_(None),
               columns.day >= first, columns.day <= last)
        .order_by(columns.occurred_at, columns.id)))
