"""Bringing one enrolment's marks, ledger, balance and standings to what they should be.

The caller has locked the enrolment's row. `should_hold(facts) - holds = lines to post` is the whole idea; a run that
finds nothing to change posts nothing, so healing after a crash is running it again.
"""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import camps, enrolments, leaderboards, points, streaks
from server.domain.camps import Calendar
from server.models import enrolments as enrolment_rows
from server.models import entries as entry_rows
from server.models import points as ledger
from server.models import standings
from server.models.camps import Camp
from server.models.enrolments import Enrolment
from server.services.work import Call


@dataclasses.dataclass(frozen=True)
class Settled:
    """What settling did: the sum of the lines it posted and the balance after."""

    points_earned: int
    balance: int


@dataclasses.dataclass
class _Day:
    """One camp day as its facts say it is."""

    day: dt.date
    number: int
    mark: str
    check_ins: int
    should: dict[points.Key, int]


def settle(session: Session, call: Call, enrolment: Enrolment, camp: Camp, days: Iterable[dt.date], *,
           afresh: bool = False) -> Settled:
    """Bring these camp days, and what follows from them, to what they should be.

    `afresh` reads make-ups and pauses again and compares milestones even when no mark moved: for whoever changed
    those, and for healing. Days outside the camp are ignored.
    """
    calendar, rules = camp.calendar, camp.rules
    days = sorted(day for day in set(days) if calendar.holds(day))
    read = [_read_day(session, enrolment, calendar, rules, day) for day in days]
    _mark_days(session, enrolment, read, afresh=afresh)
    marks = enrolments.marks_with(enrolment.marks, calendar, {day.day: day.mark for day in read})
    changes: dict[points.Key, int] = {}
    for day in read:
        changes |= points.difference(day.should, ledger.day_holds(session, enrolment.id, day.number))
    if marks != enrolment.marks or afresh:
        should = points.camp_should_hold(marks, _joined_number(enrolment, calendar), rules["points"], rules["certificates"])
        changes |= points.difference(should, ledger.camp_holds(session, enrolment.id))
    settled = _post(session, call, enrolment, camp, changes)
    _move_standings(session, call, enrolment, camp, read, changes, marks)
    if marks != enrolment.marks:
        session.connection().execute(sa.update(Enrolment.__table__).where(Enrolment.id == enrolment.id).values(marks=marks))
        sa.orm.attributes.set_committed_value(enrolment, "marks", marks)
    return settled


def settle_whole(session: Session, call: Call, enrolment: Enrolment, camp: Camp) -> Settled:
    """Bring every day of the enrolment to what it should be."""
    calendar = camp.calendar
    return settle(session, call, enrolment, camp, map(calendar.day_numbered, range(1, calendar.days + 1)), afresh=True)


def _read_day(session: Session, enrolment: Enrolment, calendar: Calendar, rules: dict, day: dt.date) -> _Day:
    number = calendar.number_of(day)
    facts = entry_rows.facts_of_day(session, enrolment.id, day)
    asked = camps.asked_on(rules, enrolments.plan_on(enrolment.plan_changes, number), number)
    counted = count_kinds(facts)
    mark = streaks.mark_of(complete=streaks.is_complete(asked, counted), made_up=False, paused=False, counted=len(facts))
    return _Day(day, number, mark, points.check_ins(facts, rules["points"]),
                points.day_should_hold(number, facts, asked, rules["points"]))


def count_kinds(facts: Iterable[points.Fact]) -> dict[str, int]:
    """How many of these entries there are of each kind."""
    counted: dict[str, int] = {}
    for fact in facts:
        counted[fact.kind] = counted.get(fact.kind, 0) + 1
    return counted


def _mark_days(session: Session, enrolment: Enrolment, days: list[_Day], *, afresh: bool) -> None:
    """Give days that are not complete their make-up or pause; read only where there can be one."""
    open_days = [day for day in days if day.mark != streaks.COMPLETE]
    if not afresh:
        open_days = [day for day in open_days if enrolment.marks[day.number - 1] in streaks.RUNS]
    if not open_days:
        return
    made_up = enrolment_rows.made_up_days(session, enrolment.id)
    pauses = enrolment_rows.pauses_of(session, [enrolment.id])[enrolment.id]
    for day in open_days:
        day.mark = streaks.mark_of(
            complete=False, made_up=day.day in made_up, counted=day.mark == streaks.SOME,
            paused=any(pause.first_day <= day.day <= pause.last_day for pause in pauses))


def _joined_number(enrolment: Enrolment, calendar: Calendar) -> int:
    return calendar.number_of(enrolment.joined_day) if enrolment.joined_day else 1


def _post(session: Session, call: Call, enrolment: Enrolment, camp: Camp, changes: dict[points.Key, int]) -> Settled:
    """Append one line for each change and move the balance by their sum."""
    if not changes:
        return Settled(0, ledger.balance(session, enrolment.person_id, enrolment.organisation_id)[0])
    ledger.post(session, [
        {"id": uuid.uuid4(), "enrolment_id": enrolment.id, "person_id": enrolment.person_id,
         "organisation_id": enrolment.organisation_id, "reason": key.reason, "about": key.about,
         "day_number": key.day_number, "points": change, "rules_version": camp.rules_version, "at": call.now}
        for key, change in changes.items()])
    earned = sum(changes.values())
    return Settled(earned, ledger.move_balance(session, enrolment.person_id, enrolment.organisation_id, earned))


def _move_standings(session: Session, call: Call, enrolment: Enrolment, camp: Camp, read: list[_Day],
                    changes: dict[points.Key, int], marks: str) -> None:
    """Move the boards' rows by the same difference: points by the lines, check-ins by the days, runs by the marks."""
    calendar = camp.calendar
    touched = {day.day for day in read} | {calendar.day_numbered(key.day_number) for key in changes}
    if not touched:
        return
    periods = {period for day in touched for period in leaderboards.periods_of(day, camp.starts_on)}
    rows = {(row.period, row.since): row for row in standings.of_periods(session, enrolment.id, sorted(periods))}
    more_points = dict.fromkeys(rows, 0)
    more_check_ins = dict.fromkeys(rows, 0)
    for key, change in changes.items():
        for period in leaderboards.periods_of(calendar.day_numbered(key.day_number), camp.starts_on):
            more_points[period] += change
    for day in read:
        more = day.check_ins - rows["day", day.day].check_ins
        for period in leaderboards.periods_of(day.day, camp.starts_on):
            more_check_ins[period] += more
    moved = []
    for period, row in rows.items():
        first, last = numbers_of(calendar, *period)
        run = streaks.longest_run(marks[first - 1:last]) if marks != enrolment.marks else row.streak
        scores = {"points": row.points + more_points[period], "streak": run,
                  "check_ins": row.check_ins + more_check_ins[period]}
        if any(score != getattr(row, name) for name, score in scores.items()):
            moved.append(moved_row(call, enrolment, row, scores))
    if moved:
        standings.move(session, moved)


def numbers_of(calendar: Calendar, period: str, since: dt.date) -> tuple[int, int]:
    """The numbers of the first and last camp day of a period."""
    last = calendar.number_of(leaderboards.period_to(period, since, calendar.ends_on))
    return max(calendar.number_of(since), 1), min(last, calendar.days)


def moved_row(call: Call, enrolment: Enrolment, row: sa.Row, scores: dict[str, int]) -> dict:
    """The row of a board with these scores, as models.standings.move takes it; a score that stays keeps its instant."""
    moved = {"of_enrolment": enrolment.id, "of_period": row.period, "of_since": row.since}
    for name, score in scores.items():
        same = score == getattr(row, name)
        moved |= {f"new_{name}": score, f"new_{name}_at": getattr(row, f"{name}_at") if same else call.now}
    return moved


def balance_of(session: Session, person_id: uuid.UUID) -> int:
    """The balance of somebody who is in no camp now: with the organisation of the last one, zero before the first."""
    last = enrolment_rows.latest(session, person_id)
    return ledger.balance(session, person_id, last.organisation_id)[0] if last else 0
