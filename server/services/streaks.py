"""A person's days with their reasons, and make-up cards."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import enrolments, streaks
from server.domain.camps import Calendar
from server.domain.refusals import Refusal
from server.models import enrolments as enrolment_rows
from server.models import entries as entry_rows
from server.models import seats
from server.models.camps import Camp
from server.models.enrolments import Enrolment, Makeup
from server.services import books, reach, trail, work
from server.services.work import Call


@work.reads
def mine(session: Session, call: Call, enrolment_id: uuid.UUID) -> dict[str, Any]:
    """The run, the sum of complete days, and every camp day with its state and why."""
    enrolment = reach.enrolment(session, call, enrolment_id, "streak.read")
    return _view(session, call, enrolment, session.get_one(Camp, enrolment.camp_id))


@work.writes
def make_up(session: Session, call: Call, enrolment_id: uuid.UUID, day: dt.date) -> dict[str, Any]:
    """The days after a make-up card is spent on one. Raises enrolment_not_active, day_outside_camp and the refusals of
    domain.streaks.check_makeup."""
    enrolment = reach.enrolment(session, call, enrolment_id, "makeup.use", lock=True)
    camp = session.get_one(Camp, enrolment.camp_id)
    calendar = camp.calendar
    if enrolment.status not in enrolments.MEMBERS:
        raise Refusal("enrolment_not_active")
    if not calendar.holds(day):
        raise Refusal("day_outside_camp")
    states = _states(enrolment, calendar, call)
    used = len(enrolment_rows.made_up_days(session, enrolment.id))
    streaks.check_makeup(states[calendar.number_of(day) - 1], day, calendar, camp.rules["makeup"], used, call.now)
    makeup = Makeup(id=uuid.uuid4(), enrolment_id=enrolment.id, organisation_id=enrolment.organisation_id, day=day,
                    filed_by=call.actor_id, filed_at=call.now)
    session.add(makeup)
    session.flush()
    books.settle(session, call, seats.seat_of(enrolment, camp), [day], afresh=True)
    trail.record(session, call, "streak.make_up", f"makeup:{makeup.id}", person_id=enrolment.person_id,
                 organisation_id=enrolment.organisation_id, fields=["day"])
    return {"id": makeup.id, **_view(session, call, enrolment, camp)}


def _states(enrolment: Enrolment, calendar: Calendar, call: Call) -> list[str]:
    joined = calendar.number_of(enrolment.joined_day) if enrolment.joined_day else calendar.days + 1
    return streaks.states(enrolment.marks, calendar, joined, call.now)


def _view(session: Session, call: Call, enrolment: Enrolment, camp: Camp) -> dict[str, Any]:
    calendar, seat = camp.calendar, seats.seat_of(enrolment, camp)
    today = calendar.day_of(call.now)
    states = _states(enrolment, calendar, call)
    counted, late = entry_rows.counted_by_day(session, enrolment.id), entry_rows.late_by_day(session, enrolment.id)
    used = len(enrolment_rows.made_up_days(session, enrolment.id))
    days: list[dict[str, Any]] = []
    shown_today = None
    for number, state in enumerate(states, start=1):
        day = calendar.day_numbered(number)
        asked, done = seat.asked_on(number), counted.get(day, {})
        days.append({"day": day, "number": number, "state": state, "why": streaks.why(state, asked, done, late.get(day))})
        if day == today:
            shown_today = {"day": day, "number": number, **streaks.progress(asked, done)}
    return {"enrolment_id": enrolment.id, "current": streaks.current_run(states), "longest": streaks.longest_shown(states),
            "complete_days": states.count("complete"), "today": shown_today, "days": days,
            "makeup_cards_left": max(0, camp.rules["makeup"]["cards"] - used)}
