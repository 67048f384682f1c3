"""Boards by effort, never by glucose: periods, ranks and names."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator

METRICS = ("points", "streak", "check_ins")
PERIODS = ("day", "week", "camp")
ANONYMOUS = "匿名糖友"
RULE = {
    "ties": "分数相同，名次相同，后面的名次顺延（1、2、2、4）。",
    "order": "同分时先达到的在前，再按编号。",
}


def week_of(day: dt.date) -> dt.date:
    """The Monday of that day's week."""
    return day - dt.timedelta(days=day.weekday())


def period_from(period: str, day: dt.date, camp_starts_on: dt.date) -> dt.date:
    """The first day of the period that holds that day; it names the period on a board."""
    return {"day": day, "week": week_of(day), "camp": camp_starts_on}[period]


def period_to(period: str, since: dt.date, camp_ends_on: dt.date) -> dt.date:
    """The last day of the period that begins on `since`."""
    return {"day": since, "week": since + dt.timedelta(days=6), "camp": camp_ends_on}[period]


def periods_of(day: dt.date, camp_starts_on: dt.date) -> list[tuple[str, dt.date]]:
    """The three periods a camp day counts in."""
    return [(period, period_from(period, day, camp_starts_on)) for period in PERIODS]


def periods_of_camp(starts_on: dt.date, days: int) -> list[tuple[str, dt.date]]:
    """Every period of a camp: its days, its weeks and itself."""
    all_days = [starts_on + dt.timedelta(days=n) for n in range(days)]
    weeks = sorted({week_of(day) for day in all_days})
    return [("camp", starts_on), *(("week", monday) for monday in weeks), *(("day", day) for day in all_days)]


def ranks(scores: Iterable[int], above: int = 0, level: int | None = None) -> Iterator[int]:
    """Ranks of a page of scores in falling order: equal scores share one, the next is skipped (1, 2, 2, 4).

    `above` is how many on the whole board have more than the page's first score, `level` how many have just that score,
    on this page or before it; None when all of them are on the page.
    """
    for _, group in itertools.groupby(scores):
        members = len(list(group))
        yield from itertools.repeat(above + 1, members)
        above += members if level is None else level
        level = None


def name_on_board(nickname: str, *, visible: bool, is_me: bool) -> str:
    """What others see: the nickname, or 匿名糖友 for who chose not to be shown; oneself always sees one's own."""
    return nickname if visible or is_me else ANONYMOUS
