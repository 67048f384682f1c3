"""Standings: the boards' rows, kept by the writes as sums of the ledger, of check-ins and of marks."""

import datetime as dt
import functools
import uuid
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.enrolments import MEMBERS
from server.domain.leaderboards import METRICS, periods_of
from server.models import scores
from server.models.base import Base
from server.models.enrolments import Enrolment, Pause
from server.models.people import Person
from server.models.prepared import Prepared

# A score that nobody has moved yet was reached before every other.
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
Period = tuple[str, dt.date]


class Standing(Base):
    """Scores of one enrolment in one period (day, week or camp, named by its first day), each with the instant at
    which it last changed. `listed` is false for who has left."""

    __tablename__ = "standings"
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("enrolments.id"), primary_key=True)
    period: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    since: Mapped[dt.date] = mapped_column(primary_key=True)
    camp_id: Mapped[uuid.UUID]
    class_id: Mapped[uuid.UUID]
    listed: Mapped[bool]
    points: Mapped[int] = mapped_column(default=0)
    points_at: Mapped[dt.datetime] = mapped_column(default=NEVER)
    streak: Mapped[int] = mapped_column(default=0)
    streak_at: Mapped[dt.datetime] = mapped_column(default=NEVER)
    check_ins: Mapped[int] = mapped_column(default=0)
    check_ins_at: Mapped[dt.datetime] = mapped_column(default=NEVER)
    # A camp's board is read in its order from an index; a class's few rows are sorted when they are read, which spares
    # every entry three more indexes to write.
    __table_args__ = (
        sa.Index("ix_standings_class", "class_id", "period", "since"),
        *(sa.Index(f"ix_standings_camp_{metric}", "camp_id", "period", "since", "listed",
                   sa.text(f"{metric} DESC"), f"{metric}_at", "enrolment_id") for metric in METRICS))


class Move(NamedTuple):
    """A row of an enrolment and the scores it is to have."""

    row: sa.Row
    points: int
    streak: int
    check_ins: int


STANDINGS = Standing.__table__
_S = STANDINGS.c
_ALL = (sa.select(_S.period, _S.since, _S.camp_id, _S.listed, *(_S[metric] for metric in METRICS))
        .where(_S.enrolment_id == sa.bindparam("enrolment")))
_OF_ENROLMENT = Prepared(_ALL)
_OF_ONE_DAY = Prepared(_ALL.where(sa.or_(
    sa.and_(_S.period == "day", _S.since == sa.bindparam("of_day")),
    sa.and_(_S.period == "week", _S.since == sa.bindparam("of_week")), _S.period == "camp")))
_MOVE = Prepared(sa.update(STANDINGS)
         .where(_S.enrolment_id == sa.bindparam("of_enrolment"), _S.period == sa.bindparam("of_period"),
                _S.since == sa.bindparam("of_since"))
         .values({metric: sa.bindparam(f"new_{metric}") for metric in METRICS} | {
             # A score that stays keeps the instant at which it was reached.
             f"{metric}_at": sa.case((_S[metric] == sa.bindparam(f"new_{metric}"), _S[f"{metric}_at"]),
                                     else_=sa.bindparam("now", type_=Standing.points_at.type)) for metric in METRICS}))


def open_rows(session: Session, enrolment: Enrolment, periods: Iterable[Period]) -> None:
    """Give the enrolment its rows, all at zero: everyone active is listed."""
    periods = list(periods)
    session.connection().execute(STANDINGS.insert(), [
        {"enrolment_id": enrolment.id, "period": period, "since": since, "camp_id": enrolment.camp_id,
         "class_id": enrolment.class_id, "listed": True} for period, since in periods])
    scores.shift(session, enrolment.camp_id, [
        (*period, metric, 0, +1) for period in periods for metric in METRICS])


def of_days(session: Session, enrolment_id: uuid.UUID, days: set[dt.date], camp_starts_on: dt.date) -> dict[Period, sa.Row]:
    """The enrolment's rows for the periods in which these camp days count."""
    if len(days) == 1:
        (_, day), (_, week), _ = periods_of(next(iter(days)), camp_starts_on)
        rows = _OF_ONE_DAY.rows(session, enrolment=enrolment_id, of_day=day, of_week=week)
        return {(row.period, row.since): row for row in rows}
    wanted = {period for day in days for period in periods_of(day, camp_starts_on)}
    return {(row.period, row.since): row for row in all_of(session, enrolment_id) if (row.period, row.since) in wanted}


def all_of(session: Session, enrolment_id: uuid.UUID) -> list[sa.Row]:
    """Every row of the enrolment."""
    return _OF_ENROLMENT.rows(session, enrolment=enrolment_id)


def move(session: Session, enrolment_id: uuid.UUID, moves: list[Move], now: dt.datetime) -> None:
    """Set the scores of these rows of the enrolment; a score that stays keeps its instant."""
    if not moves:
        return
    changed, shifts = [], []
    for row, *new_scores in moves:
        values: dict = {"now": now, "of_enrolment": enrolment_id, "of_period": row.period, "of_since": row.since}
        for metric, score in zip(METRICS, new_scores, strict=True):
            before = getattr(row, metric)
            values[f"new_{metric}"] = score
            if score != before and row.listed:
                shifts += [(row.period, row.since, metric, before, -1), (row.period, row.since, metric, score, +1)]
        changed.append(values)
    _MOVE.run_all(session, changed)
    scores.shift(session, moves[0].row.camp_id, shifts)


def relist(session: Session, enrolment_id: uuid.UUID, *, class_id: uuid.UUID, listed: bool) -> None:
    """Put every row of the enrolment on the boards of that class, or off all boards."""
    rows = all_of(session, enrolment_id)
    session.connection().execute(sa.update(STANDINGS).where(_S.enrolment_id == enrolment_id)
                                 .values(class_id=class_id, listed=listed))
    _shift_all(session, rows, listed=listed)


def clear(session: Session, enrolment_id: uuid.UUID) -> bool:
    """Take away the enrolment's rows; whether there were any."""
    rows = all_of(session, enrolment_id)
    session.connection().execute(sa.delete(STANDINGS).where(_S.enrolment_id == enrolment_id))
    _shift_all(session, rows, listed=False)
    return bool(rows)


def _shift_all(session: Session, rows: list[sa.Row], *, listed: bool) -> None:
    by = [(row, int(listed) - int(row.listed)) for row in rows if row.listed != listed]
    if by:
        scores.shift(session, rows[0].camp_id, [
            (row.period, row.since, metric, getattr(row, metric), more) for row, more in by for metric in METRICS])


def _on_board(scope: str) -> list[sa.ColumnElement[bool]]:
    return [_S[f"{scope}_id"] == sa.bindparam("scope", type_=sa.Uuid), _S.period == sa.bindparam("period"),
            _S.since == sa.bindparam("since"), _S.listed.is_(True)]


@functools.cache
def _board(scope: str, metric: str, *, going_on: bool, backwards: bool) -> Prepared:
    """The statement of a page of a board, made once for each kind."""
    score, at, who = _S[metric], _S[f"{metric}_at"], _S.enrolment_id
    rows = sa.select(who, score.label("score"), at.label("at")).where(*_on_board(scope))
    if going_on:
        last = sa.tuple_(sa.bindparam("last_at", type_=at.type), sa.bindparam("last_who", type_=who.type))
        same, last_score = sa.tuple_(at, who), sa.bindparam("last_score", type_=sa.Integer)
        rows = rows.where(sa.and_(score >= last_score, sa.or_(score > last_score, same < last)) if backwards else
                          sa.and_(score <= last_score, sa.or_(score < last_score, same > last)))

    def order(columns: sa.ColumnCollection, score: str, at: str) -> tuple:
        found = columns[score], columns[at], columns.enrolment_id
        return (found[0], found[1].desc(), found[2].desc()) if backwards else (found[0].desc(), *found[1:])

    # The page first, then its names: a join before the limit would read every member's name.
    page = rows.order_by(*order(_S, metric, f"{metric}_at")).limit(sa.bindparam("most", type_=sa.Integer)).subquery()
    people, enrolments = Person.__table__, Enrolment.__table__
    return Prepared(sa.select(page, people.c.nickname, people.c.board_visible)
                    .join_from(page, enrolments, enrolments.c.id == page.c.enrolment_id)
                    .join(people, people.c.id == enrolments.c.person_id).order_by(*order(page.c, "score", "at")))


def board(session: Session, scope: str, scope_id: uuid.UUID, period: str, since: dt.date, metric: str, *,
          after: tuple[int, dt.datetime, uuid.UUID] | None, limit: int, backwards: bool = False) -> list[sa.Row]:
    """Rows (enrolment_id, score, at, nickname, board_visible) in the board's order, or against it."""
    given = {"scope": scope_id, "period": period, "since": since, "most": limit}
    if after:
        given |= zip(("last_score", "last_at", "last_who"), after, strict=True)
    statement = _board(scope, metric, going_on=after is not None, backwards=backwards)
    return statement.rows(session, **given)


@functools.cache
def _own(scope: str, metric: str) -> Prepared:
    enrolments = Enrolment.__table__.c
    # The enrolment first, by its person: a join would let the database walk the board to find it.
    mine = (sa.select(enrolments.id)
            .where(enrolments.person_id == sa.bindparam("person"), enrolments[f"{scope}_id"] == sa.bindparam("scope"),
                   sa.or_(*(enrolments.status == status for status in MEMBERS))).limit(1).scalar_subquery())
    return Prepared(sa.select(_S.enrolment_id, _S[metric].label("score"), _S[f"{metric}_at"].label("at"))
                    .where(_S.enrolment_id == mine, *_on_board(scope)))


def own(session: Session, person_id: uuid.UUID, scope: str, scope_id: uuid.UUID, period: str, since: dt.date,
        metric: str) -> sa.Row | None:
    """The person's own row (enrolment_id, score, at) on that board, if they are listed there."""
    return _own(scope, metric).first(session, person=person_id, scope=scope_id, period=period, since=since)


@functools.cache
def _places_in_class(metric: str) -> Prepared:
    score = sa.bindparam("score", type_=sa.Integer)
    return Prepared(sa.select(sa.func.count(), sa.func.count().filter(_S[metric] > score),
                              sa.func.count().filter(_S[metric] == score)).where(*_on_board("class")))


def places(session: Session, scope: str, scope_id: uuid.UUID, period: str, since: dt.date, metric: str,
           score: int) -> scores.Places:
    """How many stand on the board, how many above that score and how many on it: counted in a class, looked up in a
    camp, which may hold a hundred times as many."""
    if scope == "camp":
        return scores.places(session, scope_id, period, since, metric, score)
    return scores.Places(*_places_in_class(metric).first(session, scope=scope_id, period=period, since=since, score=score))


def class_means(session: Session, camp_id: uuid.UUID, period: str, since: dt.date, metric: str,
                day: dt.date) -> list[sa.Row]:
    """(class_id, members, total) of each class of a camp: everyone enrolled and not paused on that day."""
    away = sa.select(Pause.enrolment_id).where(Pause.first_day <= day, Pause.last_day >= day)
    return list(session.connection().execute(
        sa.select(_S.class_id, sa.func.count().label("members"), sa.func.sum(_S[metric]).label("total"))
        .where(*_on_board("camp"), _S.enrolment_id.not_in(away)).group_by(_S.class_id),
        {"scope": camp_id, "period": period, "since": since}))


def camp_points(session: Session, enrolment_ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The points each of these enrolments has on the camp's board."""
    rows = session.connection().execute(sa.select(_S.enrolment_id, _S.points).where(
        _S.enrolment_id.in_(enrolment_ids), _S.period == "camp"))
    return {row.enrolment_id: row.points for row in rows}


def counted_scores(session: Session, camp_id: uuid.UUID) -> dict[tuple[str, dt.date, str, int], int]:
    """How many listed members of a camp have each score, by (period, since, metric, score), counted row by row."""
    found: dict[tuple[str, dt.date, str, int], int] = {}
    for metric in METRICS:
        rows = session.connection().execute(
            sa.select(_S.period, _S.since, _S[metric], sa.func.count())
            .where(_S.camp_id == camp_id, _S.listed.is_(True)).group_by(_S.period, _S.since, _S[metric]))
        found |= {(period, since, metric, score): members for period, since, score, members in rows}
    return found
