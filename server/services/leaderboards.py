"""Boards, read from the rows that the writes keep."""

import datetime as dt
import uuid
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import cursors, leaderboards
from server.domain.refusals import Refusal
from server.models import classes as class_rows
from server.models import enrolments as enrolment_rows
from server.models import standings
from server.models.camps import Camp
from server.models.enrolments import Enrolment
from server.services import reach, work
from server.services.work import Call


class Board(NamedTuple):
    """Which board: of a class or a camp, for one period, by one metric."""

    scope: str
    scope_id: uuid.UUID
    camp: Camp
    period: str
    since: dt.date
    metric: str

    @property
    def key(self) -> tuple[str, uuid.UUID, str, dt.date]:
        """What the board's rows share."""
        return self.scope, self.scope_id, self.period, self.since


@work.reads
def show(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """A page of a board with the caller's own place; `around=me` opens it where the caller stands.

    Raises board_unnamed, day_outside_camp, not_found, forbidden, cursor_unknown.
    """
    board = _board(session, call, query)
    own = _own_row(session, call, board)
    rank = 1 + standings.count_above(session, *board.key, board.metric, own.score) if own else None
    after = cursors.read(query.get("after"), "itui")
    place, before = (after[:3], after[3]) if after else (None, 0)
    if own and query.get("around") == "me" and after is None:
        place, before = _around(session, board, own, query["limit"])
    rows = standings.board(session, *board.key, board.metric, after=place, limit=query["limit"] + 1)
    items = _items(session, board, rows[:query["limit"]], before, own)
    more = len(rows) > query["limit"]
    last = rows[query["limit"] - 1] if more else None
    return {"rule": leaderboards.RULE, "period": _period_view(board), "metric": board.metric,
            "total": standings.count_listed(session, *board.key), "items": items,
            "me": {"rank": rank, "score": own.score} if own else None,
            "next": cursors.write(last.score, last.at, last.enrolment_id, before + query["limit"]) if last else None}


def _board(session: Session, call: Call, query: dict[str, Any]) -> Board:
    if (query.get("class_id") is None) == (query.get("camp_id") is None):
        raise Refusal("board_unnamed")
    if query.get("class_id"):
        group = reach.class_(session, call, query["class_id"], "board.read")
        scope, scope_id, camp = "class", group.id, session.get_one(Camp, group.camp_id)
    else:
        camp = reach.camp(session, call, query["camp_id"], "board.read")
        scope, scope_id = "camp", camp.id
    return Board(scope, scope_id, camp, query["period"], _since(camp, call, query), query["metric"])


def _since(camp: Camp, call: Call, query: dict[str, Any]) -> dt.date:
    """The first day of the wanted period: that of `day`, or of today, or of the camp's nearest day to today."""
    calendar = camp.calendar
    today = min(max(calendar.day_of(call.now), calendar.starts_on), calendar.ends_on)
    day = query.get("day") or today
    since = leaderboards.period_from(query["period"], day, camp.starts_on)
    if since not in {first for period, first in leaderboards.periods_of_camp(camp.starts_on, camp.days)
                     if period == query["period"]}:
        raise Refusal("day_outside_camp")
    return since


class _Own(NamedTuple):
    enrolment_id: uuid.UUID
    score: int
    at: dt.datetime


def _own_row(session: Session, call: Call, board: Board) -> _Own | None:
    column = Enrolment.class_id if board.scope == "class" else Enrolment.camp_id
    mine = session.scalar(sa.select(Enrolment.id).where(
        Enrolment.person_id == call.actor_id, column == board.scope_id, Enrolment.status.in_(("active", "finished"))))
    row = standings.own(session, mine, board.period, board.since) if mine else None
    return _Own(mine, getattr(row, board.metric), getattr(row, f"{board.metric}_at")) if row else None


def _around(session: Session, board: Board, own: _Own, limit: int) -> tuple[tuple | None, int]:
    """Where to open the board so that the caller stands in the middle: the row before the page, and how many precede."""
    place = (own.score, own.at, own.enrolment_id)
    ahead = standings.board(session, *board.key, board.metric, after=place, limit=limit // 2 + 1, backwards=True)
    preceding = standings.count_ahead(session, *board.key, board.metric, place)
    if len(ahead) <= limit // 2:
        return None, 0
    first = ahead[-1]
    return (first.score, first.at, first.enrolment_id), preceding - limit // 2


def _items(session: Session, board: Board, rows: list[sa.Row], before: int, own: _Own | None) -> list[dict[str, Any]]:
    if not rows:
        return []
    first_rank = 1 + standings.count_above(session, *board.key, board.metric, rows[0].score) if before else 1
    ranks = leaderboards.ranks((row.score for row in rows), first_rank, before)
    mine = own.enrolment_id if own else None
    return [{"rank": rank, "name": leaderboards.name_on_board(row.nickname, visible=row.board_visible,
                                                              is_me=row.enrolment_id == mine),
             "score": row.score, "is_me": row.enrolment_id == mine} for rank, row in zip(ranks, rows, strict=True)]


def _period_view(board: Board) -> dict[str, dt.date]:
    return {"from": board.since, "to": leaderboards.period_to(board.period, board.since, board.camp.calendar.ends_on)}


@work.reads
def classes(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """Class against class: the mean over everyone enrolled who is neither paused today nor gone."""
    camp = reach.camp(session, call, query["camp_id"], "board.read")
    board = Board("camp", camp.id, camp, query["period"], _since(camp, call, query), query["metric"])
    today = camp.calendar.day_of(call.now)
    means = {row.class_id: (row.members, int(row.total)) for row in standings.class_means(
        session, camp.id, board.period, board.since, board.metric, today)}
    groups = class_rows.page(session, camp.id, only=None, after=None, limit=1000)
    mine = {row[2] for row in enrolment_rows.places_of(session, call.actor_id)}
    scored = sorted(((_mean(*means.get(group.id, (0, 0))), group) for group in groups),
                    key=lambda pair: (-pair[0], pair[1].name, pair[1].id))
    ranks = leaderboards.ranks((score for score, _ in scored), 1, 0)
    items = [{"rank": rank, "class_id": group.id, "name": group.name, "score": score,
              "members": means.get(group.id, (0, 0))[0], "is_mine": group.id in mine}
             for rank, (score, group) in zip(ranks, scored, strict=True)]
    return {"rule": leaderboards.RULE, "period": _period_view(board), "metric": board.metric, "items": items, "next": None}


def _mean(members: int, total: int) -> float:
    """The mean to two decimals, 0 for an empty class."""
    return round(total / members, 2) if members else 0.0
