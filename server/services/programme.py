"""What only the operator of the installation does, from its own command line: no person asks, so no grant is asked for."""

import secrets
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import codes, points, streaks
from server.domain.refusals import Refusal
from server.models import camps as camp_rows
from server.models import enrolments as enrolment_rows
from server.models import entries as entry_rows
from server.models import organisations as organisation_rows
from server.models import points as ledger
from server.models import rewards as reward_rows
from server.models import scores, seats, standings
from server.models.base import insert_once
from server.models.camps import Camp
from server.models.enrolments import Enrolment
from server.models.organisations import Organisation, RoleInvite
from server.models.people import Person, RoleGrant
from server.models.seats import Seat
from server.services import books, trail, work
from server.services.work import Call


@work.writes
def create_organisation(session: Session, call: Call, name: str, admin_id: uuid.UUID | None) -> dict[str, Any]:
    """A new organisation whose admin is that person, or whoever redeems the invite code in the answer first.

    Raises already_exists, not_found.
    """
    row = {"id": uuid.uuid4(), "name": name, "created_at": call.now, "version": 1}
    if not insert_once(session, Organisation.__table__, row):
        raise Refusal("already_exists")
    code = None
    if admin_id is None:
        code = codes.make(secrets.choice, codes.INVITE_LENGTH)
        session.add(RoleInvite(
            id=uuid.uuid4(), organisation_id=row["id"], role="admin", scope_type="organisation", scope_id=row["id"],
            code_index=organisation_rows.code_index(code), invited_by=row["id"], created_at=call.now,
            expires_at=call.now + codes.INVITE_LIFE))
    else:
        _grant(session, call, admin_id, "admin", row["id"])
    trail.record(session, call, "organisation.create", f"organisation:{row['id']}", organisation_id=row["id"], fields=["name"])
    return {"id": row["id"], "name": name, "code": code}


@work.writes
def name_owner(session: Session, call: Call, person_id: uuid.UUID) -> None:
    """Make the person an owner of the whole programme. Raises not_found."""
    _grant(session, call, person_id, "owner", None)
    trail.record(session, call, "role.grant", f"person:{person_id}", person_id=person_id, fields=["role"])


def _grant(session: Session, call: Call, person_id: uuid.UUID, role: str, organisation_id: uuid.UUID | None) -> None:
    if session.get(Person, person_id) is None:
        raise Refusal("not_found")
    session.add(RoleGrant(id=uuid.uuid4(), person_id=person_id, organisation_id=organisation_id, role=role,
                          scope_type="organisation" if organisation_id else "programme", scope_id=organisation_id,
                          granted_at=call.now))


@work.reads
def members(session: Session, call: Call) -> list[uuid.UUID]:
    """The ids of every enrolment that was ever let in."""
    del call
    return list(session.scalars(sa.select(Enrolment.id).where(Enrolment.joined_at.is_not(None)).order_by(Enrolment.id)))


@work.writes
def recount(session: Session, call: Call, enrolment_id: uuid.UUID, *, mend: bool) -> list[str]:
    """What of one enrolment's books is not what its facts say, in words: marks, ledger, balance, boards.

    With `mend` they are brought right: missing lines are posted, kept sums are set to what they are the sum of.
    """
    enrolment = enrolment_rows.locked(session, enrolment_id)
    if enrolment is None:
        raise Refusal("not_found")
    seat = seats.seat_of(enrolment, session.get_one(Camp, enrolment.camp_id))
    with session.begin_nested() as trial:  # mended to see what was wrong, and taken back unless it was asked for
        settled = books.settle_whole(session, call, seat)
        faults = [f"marks {seat.marks} should be {settled.marks}"] if seat.marks != settled.marks else []
        faults += [f"ledger is off by {settled.points_earned}"] if settled.points_earned else []
        faults += _wrong_balance(session, enrolment)
        faults += _wrong_holds(session, enrolment)
        faults += _wrong_standings(session, call, seat, settled.marks)
        if not mend:
            trial.rollback()
    if faults and mend:
        trail.record(session, call, "enrolment.mend", f"enrolment:{enrolment_id}", person_id=enrolment.person_id,
                     organisation_id=enrolment.organisation_id)
    return faults


def _wrong_balance(session: Session, enrolment: Enrolment) -> list[str]:
    """Set the balance to the sum of the person's lines; what was wrong with it."""
    kept, _ = ledger.balance(session, enrolment.person_id, enrolment.organisation_id)
    summed = ledger.sum_of_lines(session, enrolment.person_id, enrolment.organisation_id)
    if kept == summed:
        return []
    ledger.move_balance(session, enrolment.person_id, enrolment.organisation_id, summed - kept)
    return [f"balance {kept} should be {summed}"]


def _wrong_holds(session: Session, enrolment: Enrolment) -> list[str]:
    """Let the balance hold what the held redemptions hold; what was wrong with it."""
    _, kept = ledger.balance(session, enrolment.person_id, enrolment.organisation_id)
    should = reward_rows.held_points(session, enrolment.person_id, enrolment.organisation_id)
    if kept == should:
        return []
    reward_rows.set_held(session, enrolment.person_id, enrolment.organisation_id, should)
    return [f"held {kept} should be {should}"]


def _wrong_standings(session: Session, call: Call, seat: Seat, marks: str) -> list[str]:
    """Set the boards' rows to what ledger, entries and marks say; what was wrong with them."""
    calendar = seat.calendar
    ours = ledger.rule_points_by_day(session, seat.enrolment_id)
    check_ins = {calendar.number_of(day): points.check_ins(counted, seat.rules["points"])
                 for day, counted in entry_rows.counted_by_day(session, seat.enrolment_id).items()}
    faults, moved = [], []
    for row in standings.all_of(session, seat.enrolment_id):
        first, last = books.numbers_of(calendar, row.period, row.since)
        should = {"points": sum(ours.get(n, 0) for n in range(first, last + 1)),
                  "streak": streaks.longest_run(marks[first - 1:last]),
                  "check_ins": sum(check_ins.get(n, 0) for n in range(first, last + 1))}
        wrong = {name: score for name, score in should.items() if getattr(row, name) != score}
        if wrong:
            faults.append(f"board of {row.period} {row.since}: {', '.join(sorted(wrong))}")
            moved.append(standings.Move(row, **should))
    standings.move(session, seat.enrolment_id, moved, call.now)
    return faults


@work.reads
def camps(session: Session, call: Call) -> list[uuid.UUID]:
    """The ids of every camp."""
    del call
    return list(session.scalars(sa.select(Camp.id).order_by(Camp.id)))


@work.writes
def recount_scores(session: Session, call: Call, camp_id: uuid.UUID, *, mend: bool) -> list[str]:
    """What of a camp's counts of scores is not what its boards' rows say, in words; with `mend` they are brought right.

    Run it while nobody files: rows and counts are read one after the other.
    """
    camp_rows.locked(session, camp_id)
    should, kept = scores.should_keep(standings.counted_scores(session, camp_id)), scores.kept(session, camp_id)
    wrong = {key: should.get(key, 0) - kept.get(key, 0) for key in {*should, *kept} if should.get(key, 0) != kept.get(key, 0)}
    if wrong and mend:
        scores.add(session, camp_id, wrong)
        trail.record(session, call, "camp.mend", f"camp:{camp_id}")
    return [f"{len(wrong)} counts of scores are off by {sum(map(abs, wrong.values()))} members"] if wrong else []
