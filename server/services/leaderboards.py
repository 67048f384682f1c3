"""Boards, read from the rows that the writes keep."""

import datetime as dt
import uuid
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import cursors, leaderboards
from server.domain.camps import Calendar
from server.domain.refusals import Refusal
from server.models import camps as camp_rows
from server.models import classes as class_rows
from server.models import enrolments as enrolment_rows
from server.models import standings
from server.services import reach, work
from server.services.work import Call


class Board(NamedTuple):
    """Which board: of a class or a camp, for one period, by one metric."""

    scope: str
    scope_id: uuid.UUID
    calendar: Calendar
    period: str
    since: dt.date
    metric: str

    @property
    def key(self) -> tuple[str, uuid.UUID, str, dt.date, str]:
        """What names the board among all the rows."""
        return self.scope, self.scope_id, self.period, self.since, self.metric


@work.reads
def show(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """A page of a board with the caller's own place; `around=me` opens it where the caller stands.

    Raises board_unnamed, day_outside_camp, not_found, forbidden, cursor_unknown.
    """
    board = _board(session, call, query)
    own = standings.own(session, call.actor_id, *board.key)
    places = standings.places(session, *board.key, own.score if own else 0)
    after = cursors.read(query.get("after"), "itu")
    if own and after is None and query.get("around") == "me":
        after = _around(session, board, own, query["limit"])
    rows = standings.board(session, *board.key, after=after, limit=query["limit"] + 1)
    more = len(rows) > query["limit"]
    rows = rows[:query["limit"]]
    return {"rule": leaderboards.RULE, "period": _period_view(board), "metric": board.metric, "total": places.total,
            "items": _items(session, board, rows, own, going_on=after is not None),
            "me": {"rank": places.above + 1, "score": own.score} if own else None,
            "next": cursors.write(*_place(rows[-1])) if more else None}


def _board(session: Session, call: Call, query: dict[str, Any]) -> Board:
    if (query.get("class_id") is None) == (query.get("camp_id") is None):
        raise Refusal("board_unnamed")
    if query.get("class_id"):
        group = reach.class_(session, call, query["class_id"], "board.read")
        scope, scope_id, course = "class", group.id, camp_rows.course(session, group.camp_id)
    else:
        course = reach.course(session, call, query["camp_id"], "board.read")
        scope, scope_id = "camp", course.camp_id
    return Board(scope, scope_id, course.calendar, query["period"], _since(course.calendar, call, query), query["metric"])


def _since(calendar: Calendar, call: Call, query: dict[str, Any]) -> dt.date:
    """The first day of the wanted period: that of `day`, or of today, or of the camp's nearest day to today."""
    today = min(max(calendar.day_of(call.now), calendar.starts_on), calendar.ends_on)
    day = query.get("day") or today
    since = leaderboards.period_from(query["period"], day, calendar.starts_on)
    until = leaderboards.period_to(query["period"], since, calendar.ends_on)
    if until < calendar.starts_on or since > calendar.ends_on:
        raise Refusal("day_outside_camp")
    return since


def _place(row: sa.Row) -> tuple[int, dt.datetime, uuid.UUID]:
    """Where a row stands in the board's order."""
    return row.score, row.at, row.enrolment_id


def _around(session: Session, board: Board, own: sa.Row, limit: int) -> tuple[int, dt.datetime, uuid.UUID] | None:
    """The place after which the page begins that has the caller in its middle; None for the board's beginning."""
    half = limit // 2
    ahead = standings.board(session, *board.key, after=_place(own), limit=half + 1, backwards=True)
    return _place(ahead[-1]) if len(ahead) > half else None


def _items(session: Session, board: Board, rows: list[sa.Row], own: sa.Row | None, *, going_on: bool) -> list[dict[str, Any]]:
    above, level = 0, None
    if rows and going_on:
        _, above, level = standings.places(session, *board.key, rows[0].score)
    ranks = leaderboards.ranks((row.score for row in rows), above, level)
    mine = own.enrolment_id if own else None
    return [{"rank": rank, "name": leaderboards.name_on_board(row.nickname, visible=row.board_visible,
                                                              is_me=row.enrolment_id == mine),
             "score": row.score, "is_me": row.enrolment_id == mine} for rank, row in zip(ranks, rows, strict=True)]


def _period_view(board: Board) -> dict[str, dt.date]:
    return {"from": board.since, "to": leaderboards.period_to(board.period, board.since, board.calendar.ends_on)}


@work.reads
def classes(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """Class against class: the mean over everyone enrolled who is neither paused today nor gone."""
    course = reach.course(session, call, query["camp_id"], "board.read")
    board = Board("camp", course.camp_id, course.calendar, query["period"], _since(course.calendar, call, query),
                  query["metric"])
    today = course.calendar.day_of(call.now)
    means = {row.class_id: (row.members, int(row.total)) for row in standings.class_means(
        session, course.camp_id, board.period, board.since, board.metric, today)}
    groups = class_rows.page(session, course.camp_id, only=None, after=None, limit=1000)
    mine = {row[2] for row in enrolment_rows.places_of(session, call.actor_id)}
    scored = sorted(((_mean(*means.get(group.id, (0, 0))), group) for group in groups),
                    key=lambda pair: (-pair[0], pair[1].name, pair[1].id))
    ranks = leaderboards.ranks(score for score, _ in scored)
    items = [{"rank": rank, "class_id": group.id, "name": group.name, "score": score,
              "members": means.get(group.id, (0, 0))[0], "is_mine": group.id in mine}
             for rank, (score, group) in zip(ranks, scored, strict=True)]
    return {"rule": leaderboards.RULE, "period": _period_view(board), "metric": board.metric, "items": items, "next": None}


def _mean(members: int, total: int) -> float:
    """The mean to two decimals, 0 for an empty class."""
    return round(total / members, 2) if members else 0.0
