"""Bringing one enrolment's marks, ledger, balance and standings to what they should be.

The caller has locked the enrolment's row by taking its seat. `should_hold(facts) - holds = lines to post` is the whole
idea; a run that finds nothing to change posts nothing, so healing after a crash is running it again.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

from sqlalchemy.orm import Session

from server.domain import enrolments, leaderboards, points, streaks
from server.domain.camps import Calendar
from server.models import enrolments as enrolment_rows
from server.models import entries as entry_rows
from server.models import points as ledger
from server.models import seats, standings
from server.models.camps import Camp
from server.models.seats import Seat
from server.services import trail
from server.services.work import Call


@dataclasses.dataclass(frozen=True)
class Settled:
    """What settling did: the sum of the lines it posted, the balance and the marks after, and what counted by kind on
    each day it looked at."""

    points_earned: int
    balance: int
    marks: str = ""
    counted: dict[dt.date, dict[str, int]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class _Day:
    """One camp day as its facts say it is."""

    day: dt.date
    number: int
    mark: str
    counted: dict[str, int]
    check_ins: int
    should: dict[points.Key, int]


def settle(session: Session, call: Call, seat: Seat, days: Iterable[dt.date], *, afresh: bool = False) -> Settled:
    """Bring these camp days, and what follows from them, to what they should be.

    `afresh` reads make-ups and pauses again and compares milestones even when no mark moved: for whoever changed
    those, and for healing. Days outside the camp are ignored.
    """
    calendar, rules = seat.calendar, seat.rules
    read = [_read_day(session, seat, day) for day in sorted(set(days)) if calendar.holds(day)]
    _mark_days(session, seat, read, afresh=afresh)
    marks = enrolments.marks_with(seat.marks, calendar, {day.day: day.mark for day in read})
    changes: dict[points.Key, int] = {}
    for day in read:
        changes |= points.difference(day.should, ledger.day_holds(session, seat.enrolment_id, day.number))
    if marks != seat.marks or afresh:
        should = points.camp_should_hold(marks, seat.joined_number, rules["points"], rules["certificates"])
        changes |= points.difference(should, ledger.camp_holds(session, seat.enrolment_id))
    earned, balance = _post(session, call, seat, changes)
    _move_standings(session, call, seat, read, changes, marks)
    if marks != seat.marks:
        seats.set_marks(session, seat.enrolment_id, marks)
    return Settled(earned, balance, marks, {day.day: day.counted for day in read})


def settle_whole(session: Session, call: Call, seat: Seat) -> Settled:
    """Bring every day of the enrolment to what it should be."""
    calendar = seat.calendar
    return settle(session, call, seat, map(calendar.day_numbered, range(1, calendar.days + 1)), afresh=True)


def finish(session: Session, call: Call, enrolment_id: uuid.UUID) -> bool:
    """Settle the enrolment whole and finish it; False when that had been done. Locks its row."""
    enrolment = enrolment_rows.locked(session, enrolment_id)
    if enrolment is None or enrolment.status != "active":
        return False
    settle_whole(session, call, seats.seat_of(enrolment, session.get_one(Camp, enrolment.camp_id)))
    enrolment.status = "finished"
    trail.record(session, call, "enrolment.finish", f"enrolment:{enrolment.id}", person_id=enrolment.person_id,
                 organisation_id=enrolment.organisation_id)
    return True


def _read_day(session: Session, seat: Seat, day: dt.date) -> _Day:
    number, rules = seat.calendar.number_of(day), seat.rules["points"]
    facts = entry_rows.facts_of_day(session, seat.enrolment_id, day)
    asked, counted = seat.asked_on(number), count_kinds(facts)
    mark = streaks.mark_of(complete=streaks.is_complete(asked, counted), made_up=False, paused=False, counted=len(facts))
    return _Day(day, number, mark, counted, points.check_ins(counted, rules),
                points.day_should_hold(number, facts, asked, rules))


def count_kinds(facts: Iterable[points.Fact]) -> dict[str, int]:
    """How many of these entries there are of each kind."""
    counted: dict[str, int] = {}
    for fact in facts:
        counted[fact.kind] = counted.get(fact.kind, 0) + 1
    return counted


def _mark_days(session: Session, seat: Seat, days: list[_Day], *, afresh: bool) -> None:
    """Give days that are not complete their make-up or pause; read only where there can be one."""
    open_days = [day for day in days if day.mark != streaks.COMPLETE]
    if not afresh:
        open_days = [day for day in open_days if seat.marks[day.number - 1] in streaks.RUNS]
    if not open_days:
        return
    made_up = enrolment_rows.made_up_days(session, seat.enrolment_id)
    pauses = enrolment_rows.pauses_of(session, [seat.enrolment_id])[seat.enrolment_id]
    for day in open_days:
        day.mark = streaks.mark_of(
            complete=False, made_up=day.day in made_up, counted=day.mark == streaks.SOME,
            paused=any(pause.first_day <= day.day <= pause.last_day for pause in pauses))


def _post(session: Session, call: Call, seat: Seat, changes: dict[points.Key, int]) -> tuple[int, int]:
    """Append one line for each change and move the balance by their sum: (that sum, the balance after)."""
    if not changes:
        return 0, ledger.balance(session, seat.person_id, seat.organisation_id)[0]
    ledger.post(session, [
        {"id": uuid.uuid4(), "enrolment_id": seat.enrolment_id, "person_id": seat.person_id,
         "organisation_id": seat.organisation_id, "reason": key.reason, "about": key.about,
         "day_number": key.day_number, "points": change, "rules_version": seat.rules_version, "at": call.now}
        for key, change in changes.items()])
    earned = sum(changes.values())
    return earned, ledger.move_balance(session, seat.person_id, seat.organisation_id, earned)


def _move_standings(session: Session, call: Call, seat: Seat, read: list[_Day], changes: dict[points.Key, int],
                    marks: str) -> None:
    """Move the boards' rows by the same difference: points by the lines, check-ins by the days, runs by the marks."""
    calendar = seat.calendar
    touched = {day.day for day in read} | {calendar.day_numbered(key.day_number) for key in changes}
    if not touched:
        return
    rows = standings.of_days(session, seat.enrolment_id, touched, calendar.starts_on)
    more_points, more_check_ins = dict.fromkeys(rows, 0), dict.fromkeys(rows, 0)
    for key, change in changes.items():
        for period in leaderboards.periods_of(calendar.day_numbered(key.day_number), calendar.starts_on):
            more_points[period] += change
    for day in read:
        more = day.check_ins - rows["day", day.day].check_ins
        for period in leaderboards.periods_of(day.day, calendar.starts_on):
            more_check_ins[period] += more
    moved = []
    for period, row in rows.items():
        run = row.streak
        if marks != seat.marks:
            first, last = numbers_of(calendar, *period)
            run = streaks.longest_run(marks[first - 1:last])
        scores = (row.points + more_points[period], run, row.check_ins + more_check_ins[period])
        if scores != (row.points, row.streak, row.check_ins):
            moved.append(standings.Move(row, *scores))
    standings.move(session, seat.enrolment_id, moved, call.now)


def numbers_of(calendar: Calendar, period: str, since: dt.date) -> tuple[int, int]:
    """The numbers of the first and last camp day of a period."""
    last = calendar.number_of(leaderboards.period_to(period, since, calendar.ends_on))
    return max(calendar.number_of(since), 1), min(last, calendar.days)


def balance_of(session: Session, person_id: uuid.UUID) -> int:
    """The balance of somebody who is in no camp now: with the organisation of the last one, zero before the first."""
    last = enrolment_rows.latest(session, person_id)
    return ledger.balance(session, person_id, last.organisation_id)[0] if last else 0
