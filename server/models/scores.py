"""How many of a camp's members have which score: what makes one's own place a look-up however many they are.

Two levels: every score by itself, and spans of 64 scores. A place is the sum of the spans above and of the scores above
within one's own span, so at most a few dozen rows are read. The writes that move a score move these counts.
"""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.models.base import Base, on_each_engine
from server.models.prepared import Prepared

SINGLE, SPAN = 1, 64
# (period, its first day, metric, score, by how many members more)
Shift = tuple[str, dt.date, str, int, int]


class ScoreCount(Base):
    """How many listed members of a camp have a score from `score` on, `width` scores wide."""

    __tablename__ = "score_counts"
    camp_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("camps.id"), primary_key=True)
    period: Mapped[str] = mapped_column(sa.String(4), primary_key=True)
    since: Mapped[dt.date] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(sa.String(9), primary_key=True)
    width: Mapped[int] = mapped_column(primary_key=True)
    score: Mapped[int] = mapped_column(primary_key=True)
    members: Mapped[int]


class Places(NamedTuple):
    """How many stand on a board, above a score, and on it."""

    total: int
    above: int
    level: int


COUNTS = ScoreCount.__table__
_C = COUNTS.c


def _shift(insert: Callable[..., Any]) -> sa.Executable:
    row = insert(COUNTS)
    return row.on_conflict_do_update(
        index_elements=list(COUNTS.primary_key.columns), set_={"members": _C.members + row.excluded.members})


_SHIFT = Prepared(on_each_engine(_shift), columns=_C.keys())
_score, _span = sa.bindparam("of_score", type_=sa.Integer), sa.bindparam("of_span", type_=sa.Integer)
_ABOVE = sa.or_(sa.and_(_C.width == SPAN, _C.score > _span), sa.and_(_C.width == SINGLE, _C.score > _score))


def _sum(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(_C.members).filter(condition), 0)


_PLACES = Prepared(sa.select(
    _sum(_C.width == SPAN), _sum(_ABOVE), _sum(sa.and_(_C.width == SINGLE, _C.score == _score))).where(
    _C.camp_id == sa.bindparam("camp"), _C.period == sa.bindparam("of_period"), _C.since == sa.bindparam("of_since"),
    _C.metric == sa.bindparam("of_metric"),
    sa.or_(_C.width == SPAN, sa.and_(_C.width == SINGLE, _C.score >= _score, _C.score < _span + SPAN))))


def span_of(score: int) -> int:
    """The first score of the span that holds this one."""
    return score // SPAN * SPAN


def shift(session: Session, camp_id: uuid.UUID, shifts: Iterable[Shift]) -> None:
    """Count members more or less at these scores. In one order for everybody, so that two writers never wait for each
    other in a ring."""
    by: Counter[tuple[str, dt.date, str, int, int]] = Counter()
    for period, since, metric, score, more in shifts:
        by[period, since, metric, SINGLE, score] += more
        by[period, since, metric, SPAN, span_of(score)] += more
    add(session, camp_id, by)


def add(session: Session, camp_id: uuid.UUID, by: Mapping[tuple[str, dt.date, str, int, int], int]) -> None:
    """Add to the counts named by (period, since, metric, width, score)."""
    rows = [{"camp_id": camp_id, "period": key[0], "since": key[1], "metric": key[2], "width": key[3], "score": key[4],
             "members": more} for key, more in sorted(by.items()) if more]
    if rows:
        _SHIFT.run_all(session, rows)


def places(session: Session, camp_id: uuid.UUID, period: str, since: dt.date, metric: str, score: int) -> Places:
    """How many stand on a camp's board, above that score and on it."""
    row = _PLACES.first(session, camp=camp_id, of_period=period, of_since=since, of_metric=metric, of_score=score,
                        of_span=span_of(score))
    return Places(*map(int, row))


def kept(session: Session, camp_id: uuid.UUID) -> dict[tuple[str, dt.date, str, int, int], int]:
    """The counts as kept, by (period, since, metric, width, score); those at zero left out."""
    rows = session.connection().execute(sa.select(_C.period, _C.since, _C.metric, _C.width, _C.score, _C.members).where(
        _C.camp_id == camp_id, _C.members != 0))
    return {tuple(row[:5]): row.members for row in rows}


def should_keep(counted: dict[tuple[str, dt.date, str, int], int]) -> dict[tuple[str, dt.date, str, int, int], int]:
    """The counts that members counted one by one ask for."""
    should: Counter[tuple[str, dt.date, str, int, int]] = Counter()
    for (period, since, metric, score), members in counted.items():
        should[period, since, metric, SINGLE, score] += members
        should[period, since, metric, SPAN, span_of(score)] += members
    return dict(should)
