"""The boards' rows: one for each enrolment and period, kept by the writes themselves, so that a page is an index read."""

import datetime as dt
import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.models.base import Base
from server.models.enrolments import Enrolment, Pause
from server.models.people import Person

# A score that nobody has moved yet was reached before every other.
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


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
    __table_args__ = tuple(
        sa.Index(f"ix_standings_{scope}_{metric}", f"{scope}_id", "period", "since", "listed",
                 sa.text(f"{metric} DESC"), f"{metric}_at", "enrolment_id")
        for scope in ("class", "camp") for metric in ("points", "streak", "check_ins"))


STANDINGS = Standing.__table__


def open_rows(session: Session, enrolment: Enrolment, periods: Iterable[tuple[str, dt.date]]) -> None:
    """Give the enrolment its rows, all at zero: everyone active is listed."""
    session.connection().execute(STANDINGS.insert(), [
        {"enrolment_id": enrolment.id, "period": period, "since": since, "camp_id": enrolment.camp_id,
         "class_id": enrolment.class_id, "listed": True} for period, since in periods])


def of_periods(session: Session, enrolment_id: uuid.UUID, periods: list[tuple[str, dt.date]]) -> list[sa.Row]:
    """The enrolment's rows for these periods."""
    wanted = sa.or_(*(sa.and_(STANDINGS.c.period == period, STANDINGS.c.since == since) for period, since in periods))
    return list(session.connection().execute(
        sa.select(STANDINGS).where(STANDINGS.c.enrolment_id == enrolment_id, wanted)))


_MOVE = (sa.update(STANDINGS)
         .where(STANDINGS.c.enrolment_id == sa.bindparam("of_enrolment"), STANDINGS.c.period == sa.bindparam("of_period"),
                STANDINGS.c.since == sa.bindparam("of_since"))
         .values({name: sa.bindparam(f"new_{name}") for name in (
             "points", "points_at", "streak", "streak_at", "check_ins", "check_ins_at")}))


def move(session: Session, rows: list[dict]) -> None:
    """Set the scores of rows named by of_enrolment, of_period and of_since to new_points, new_points_at, …"""
    session.connection().execute(_MOVE, rows)


def relist(session: Session, enrolment_id: uuid.UUID, *, class_id: uuid.UUID, listed: bool) -> None:
    """Put every row of the enrolment on the boards of that class, or off all boards."""
    session.connection().execute(sa.update(STANDINGS).where(STANDINGS.c.enrolment_id == enrolment_id)
                                 .values(class_id=class_id, listed=listed))


def _on_board(scope: str, scope_id: uuid.UUID, period: str, since: dt.date) -> list[sa.ColumnElement[bool]]:
    return [STANDINGS.c[f"{scope}_id"] == scope_id, STANDINGS.c.period == period, STANDINGS.c.since == since,
            STANDINGS.c.listed.is_(True)]


def board(session: Session, scope: str, scope_id: uuid.UUID, period: str, since: dt.date, metric: str, *,
          after: tuple[int, dt.datetime, uuid.UUID] | None, limit: int, backwards: bool = False) -> list[sa.Row]:
    """Rows (enrolment_id, score, at, person_id, nickname, board_visible) in the board's order, or against it."""
    score, at, who = STANDINGS.c[metric], STANDINGS.c[f"{metric}_at"], STANDINGS.c.enrolment_id
    rows = sa.select(who, score.label("score"), at.label("at")).where(*_on_board(scope, scope_id, period, since))
    if after:
        rows = rows.where(_beyond(score, at, who, after, backwards=backwards))
    order = (score, at.desc(), who.desc()) if backwards else (score.desc(), at, who)
    page = rows.order_by(*order).limit(limit).subquery()
    order = ((page.c.score, page.c["at"].desc(), page.c.enrolment_id.desc()) if backwards
             else (page.c.score.desc(), page.c["at"], page.c.enrolment_id))
    return list(session.connection().execute(
        sa.select(page, Person.id.label("person_id"), Person.nickname, Person.board_visible)
        .join(Enrolment, Enrolment.id == page.c.enrolment_id).join(Person, Person.id == Enrolment.person_id)
        .order_by(*order)))


def _beyond(score: sa.ColumnElement, at: sa.ColumnElement, who: sa.ColumnElement, after: tuple, *,
            backwards: bool) -> sa.ColumnElement[bool]:
    last_score, last_at, last_who = after
    later = sa.tuple_(at, who) > sa.tuple_(sa.literal(last_at, at.type), sa.literal(last_who, who.type))
    earlier = sa.tuple_(at, who) < sa.tuple_(sa.literal(last_at, at.type), sa.literal(last_who, who.type))
    if backwards:
        return sa.and_(score >= last_score, sa.or_(score > last_score, earlier))
    return sa.and_(score <= last_score, sa.or_(score < last_score, later))


def own(session: Session, enrolment_id: uuid.UUID, period: str, since: dt.date) -> sa.Row | None:
    """The enrolment's row for that period, if it is listed."""
    return session.connection().execute(sa.select(STANDINGS).where(
        STANDINGS.c.enrolment_id == enrolment_id, STANDINGS.c.period == period, STANDINGS.c.since == since,
        STANDINGS.c.listed.is_(True))).first()


def count_listed(session: Session, scope: str, scope_id: uuid.UUID, period: str, since: dt.date) -> int:
    """How many stand on the board."""
    return session.connection().execute(
        sa.select(sa.func.count()).where(*_on_board(scope, scope_id, period, since))).scalar_one()


def count_above(session: Session, scope: str, scope_id: uuid.UUID, period: str, since: dt.date, metric: str,
                score: int) -> int:
    """How many have a higher score."""
    return session.connection().execute(sa.select(sa.func.count()).where(
        *_on_board(scope, scope_id, period, since), STANDINGS.c[metric] > score)).scalar_one()


def count_ahead(session: Session, scope: str, scope_id: uuid.UUID, period: str, since: dt.date, metric: str,
                place: tuple[int, dt.datetime, uuid.UUID]) -> int:
    """How many stand before this place in the board's order."""
    score, at, who = STANDINGS.c[metric], STANDINGS.c[f"{metric}_at"], STANDINGS.c.enrolment_id
    return session.connection().execute(sa.select(sa.func.count()).where(
        *_on_board(scope, scope_id, period, since), _beyond(score, at, who, place, backwards=True))).scalar_one()


def class_means(session: Session, camp_id: uuid.UUID, period: str, since: dt.date, metric: str,
                day: dt.date) -> list[sa.Row]:
    """(class_id, members, total) of each class of a camp: everyone enrolled and not paused on that day."""
    away = sa.select(Pause.enrolment_id).where(Pause.first_day <= day, Pause.last_day >= day)
    return list(session.connection().execute(
        sa.select(STANDINGS.c.class_id, sa.func.count().label("members"), sa.func.sum(STANDINGS.c[metric]).label("total"))
        .where(*_on_board("camp", camp_id, period, since), STANDINGS.c.enrolment_id.not_in(away))
        .group_by(STANDINGS.c.class_id)))


def clear(session: Session, enrolment_id: uuid.UUID) -> bool:
    """Take away the enrolment's rows; whether there were any."""
    gone = session.connection().execute(sa.delete(STANDINGS).where(STANDINGS.c.enrolment_id == enrolment_id))
    return gone.rowcount > 0


def camp_points(session: Session, enrolment_ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The points each of these enrolments has on the camp's board."""
    rows = session.connection().execute(sa.select(STANDINGS.c.enrolment_id, STANDINGS.c.points).where(
        STANDINGS.c.enrolment_id.in_(enrolment_ids), STANDINGS.c.period == "camp"))
    return {row.enrolment_id: row.points for row in rows}


def all_of(session: Session, enrolment_id: uuid.UUID) -> list[sa.Row]:
    """Every row of the enrolment."""
    return list(session.connection().execute(sa.select(STANDINGS).where(STANDINGS.c.enrolment_id == enrolment_id)))
