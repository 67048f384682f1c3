"""Joining, pausing and leaving a class."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from server.domain import streaks
from server.domain.camps import Calendar
from server.domain.refusals import Refusal

# An enrolment's stored status is one of applied, active, finished, declined, withdrawn, closed.
LIVE = ("applied", "active")
MEMBERS = ("active", "finished")
# Whoever has left, or was never let in, is no longer reached through their class.
REACHED_IN = ("applied", "active", "finished")
# Who watches over somebody: whoever has them now, or had them, before whoever has yet to let them in.
WATCHED_IN = ("active", "finished", "applied")
BACK_DAYS = 2


def watched(places: Sequence[tuple[Any, Any, Any, str]]) -> list[tuple[Any, Any, Any, str]]:
    """Of (organisation, camp, class, status), in order, those that watch over the person, whichever does so now first: of two
    as good the latest."""
    latest_first = [place for place in reversed(places) if place[3] in WATCHED_IN]
    return sorted(latest_first, key=lambda place: WATCHED_IN.index(place[3]))


def first_status(screening: Mapping[str, bool], questions: Iterable[Mapping[str, Any]]) -> str:
    """applied when an answer asks for staff, active otherwise. Raises screening_unknown for an answer to no question."""
    asks = {question["id"]: question["ask_staff_when"] for question in questions}
    for question in screening:
        if question not in asks:
            raise Refusal("screening_unknown", question=question)
    return "applied" if any(asks[question] == answer for question, answer in screening.items()) else "active"


def shown_status(status: str, calendar: Calendar, paused: Iterable[tuple[dt.date, dt.date]], now: dt.datetime) -> str:
    """What an enrolment is at `now`: an active one is paused on a paused day and finished after the last day."""
    if status != "active":
        return status
    if calendar.finished(now):
        return "finished"
    today = calendar.day_of(now)
    return "paused" if any(first <= today <= last for first, last in paused) else "active"


def plan_on(plan_changes: list[list], number: int) -> str:
    """The plan in force on that camp day. `plan_changes` is [[from day number, plan], …] in order, the first from 1."""
    return next(plan for since, plan in reversed(plan_changes) if since <= number or since <= 1)


def check_pause(first: dt.date, last: dt.date, calendar: Calendar, paused: list[tuple[dt.date, dt.date, bool]],
                own_days: int, now: dt.datetime, *, by_staff: bool) -> None:
    """Let a pause from `first` to `last` pass, or refuse.

    `paused` holds the pauses so far as (first, last, by staff). By oneself up to `own_days` in all, from up to 2 days
    back; staff any length. Raises pause_backwards, pause_outside_camp, pause_overlaps, pause_too_early, pause_too_long.
    """
    if last < first:
        raise Refusal("pause_backwards")
    if not (calendar.holds(first) and calendar.holds(last)):
        raise Refusal("pause_outside_camp")
    if any(first <= other_last and other_first <= last for other_first, other_last, _ in paused):
        raise Refusal("pause_overlaps")
    if by_staff:
        return
    if first < calendar.day_of(now) - dt.timedelta(days=BACK_DAYS):
        raise Refusal("pause_too_early", days=BACK_DAYS)
    taken = sum((b - a).days + 1 for a, b, staff in paused if not staff)
    if taken + (last - first).days + 1 > own_days:
        raise Refusal("pause_too_long", days=own_days)


def marks_with(marks: str, calendar: Calendar, changed: Mapping[dt.date, str]) -> str:
    """The marks with those days changed."""
    letters = list(marks)
    for day, mark in changed.items():
        letters[calendar.number_of(day) - 1] = mark
    return "".join(letters)


def no_marks(calendar: Calendar) -> str:
    """The marks of an enrolment on which nothing has been filed."""
    return streaks.NONE * calendar.days
