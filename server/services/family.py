"""Family ties: inviting, what each may see, cheering, and what a relative is shown."""

import datetime as dt
import secrets
import uuid
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, alarms, camps, codes, cursors, family, glucose, streaks
from server.domain.camps import DEFAULT_TIMEZONE, zone
from server.domain.glucose import Reading
from server.domain.refusals import Refusal
from server.models import alerts as alert_rows
from server.models import causes as cause_rows
from server.models import consents as consent_rows
from server.models import enrolments as enrolment_rows
from server.models import entries as entry_rows
from server.models import family as family_rows
from server.models import seats
from server.models.camps import Camp
from server.models.family import FamilyDeed, FamilyInvite, FamilyTie
from server.models.people import Person
from server.services import outbox, reach, trail, work
from server.services.work import Call

MOST_READINGS = 300


@work.writes
def invite(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """A code that ties one relative to the patient, once, within 7 days. Raises family_consent_required, too_many_ties."""
    person_id = reach.person_id(session, call, draft.get("person_id"), "family.change")
    if consent_rows.live(session, person_id, "family") is None:
        raise Refusal("family_consent_required")
    _check_room(session, person_id)
    code = codes.make(secrets.choice, codes.INVITE_LENGTH)
    row = FamilyInvite(id=uuid.uuid4(), person_id=person_id, invited_by=call.actor_id,
                       code_index=family_rows.code_index(code), sees=family.in_order(draft["sees"]),
                       may_file=draft["may_file"], created_at=call.now, expires_at=call.now + codes.INVITE_LIFE)
    session.add(row)
    trail.record(session, call, "family.invite", f"family_invite:{row.id}", person_id=person_id, fields=["may_file", "sees"],
                 content={"sees": row.sees, "may_file": row.may_file})
    return {"code": code, "expires_at": row.expires_at, "sees": row.sees, "may_file": row.may_file}


def _check_room(session: Session, person_id: uuid.UUID) -> None:
    if family_rows.count_live(session, person_id) >= family.MOST_TIES:
        raise Refusal("too_many_ties", most=family.MOST_TIES)


@work.writes
def join(session: Session, call: Call, code: str, relation: str) -> dict[str, Any]:
    """The tie an invite's code makes of the caller. Raises code_unknown, code_used, code_expired, family_of_oneself,
    already_exists, too_many_ties."""
    found = family_rows.locked_invite(session, code)
    if found is None:
        raise Refusal("code_unknown")
    if found.used_at is not None:
        raise Refusal("code_used")
    if call.now >= found.expires_at:
        raise Refusal("code_expired")
    if found.person_id == call.actor_id:
        raise Refusal("family_of_oneself")
    # A rival's tie of the same two shows at the constraint, and the retry finds it here.
    if family_rows.live_between(session, found.person_id, call.actor_id) is not None:
        raise Refusal("already_exists")
    _check_room(session, found.person_id)
    found.used_at, found.used_by = call.now, call.actor_id
    tie = FamilyTie(id=uuid.uuid4(), person_id=found.person_id, relative_id=call.actor_id, relation=relation,
                    sees=found.sees, may_file=found.may_file, made_by=found.invited_by, created_at=call.now)
    session.add(tie)
    session.flush()
    trail.record(session, call, "family.join", f"family_tie:{tie.id}", person_id=tie.person_id, fields=["may_file", "sees"])
    outbox.leave(session, call, tie.person_id, "family_joined", "家人已绑定。给家人看什么，随时可以在“我的家人”里改。",
                 f"family_tie:{tie.id}")
    return _tie_view(session, tie, call.actor_id)


@work.reads
def page(session: Session, call: Call, person_id: uuid.UUID | None, after: str | None, limit: int) -> dict[str, Any]:
    """The live ties of the person: to relatives who see something of them, and to people of whom they see something."""
    owner = reach.person_id(session, call, person_id, "family.change")
    rows = family_rows.page(session, owner, after=cursors.read(after, "tu"), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: _view(row[0], row[1], owner, in_force=row[2]),
                        lambda row: (row[0].created_at, row[0].id))


@work.writes
def change(session: Session, call: Call, tie_id: uuid.UUID, changes: dict[str, Any]) -> dict[str, Any]:
    """The tie with what it lets the relative see and do changed; it counts from the next request. Raises not_found,
    forbidden, stale."""
    tie = reach.family_tie(session, call, tie_id, "family.change", lock=True)
    work.check_version(call, tie.version)
    if "sees" in changes:
        tie.sees = family.in_order(changes["sees"])
    if "may_file" in changes:
        tie.may_file = changes["may_file"]
    trail.record(session, call, "family.change", f"family_tie:{tie.id}", person_id=tie.person_id, fields=changes,
                 content=changes)
    session.flush()
    return _tie_view(session, tie, tie.person_id)


@work.writes
def end(session: Session, call: Call, tie_id: uuid.UUID) -> dict[str, Any]:
    """The tie, ended by either side; nothing is seen from the next request on. Raises not_found, forbidden, stale."""
    tie = reach.family_tie(session, call, tie_id, "family.end", lock=True)
    work.check_version(call, tie.version)
    tie.ended_at = call.now
    trail.record(session, call, "family.end", f"family_tie:{tie.id}", person_id=tie.person_id)
    session.flush()
    mine = call.actor_id if tie.relative_id == call.actor_id else tie.person_id
    return _tie_view(session, tie, mine)


@work.writes
def cheer(session: Session, call: Call, person_id: uuid.UUID, words: str | None) -> dict[str, Any]:
    """The cheer of today and on how many days the relative has cheered. One a day counts: it alone reaches the patient,
    a second says so. Raises not_found, forbidden."""
    reach.person_id(session, call, person_id, "family.cheer")
    day = call.now.astimezone(zone(DEFAULT_TIMEZONE)).date()
    kept = family_rows.do(session, person_id, call.actor_id, family_rows.CHEER, day, call.now, words)
    if kept is not None:
        outbox.leave(session, call, person_id, "family_cheer", words or "家里人为您今天的坚持鼓掌。", f"cheer:{kept}")
        trail.record(session, call, "family.cheer", f"cheer:{kept}", person_id=person_id)
    done = family_rows.deeds_done(session, call.actor_id, person_id)
    return {"person_id": person_id, "day": day, "counts": kept is not None, "days_cheered": done[family_rows.CHEER]}


@work.reads
def cheers(session: Session, call: Call, person_id: uuid.UUID | None, after: str | None, limit: int) -> dict[str, Any]:
    """The cheers the person was given, newest first."""
    owner = reach.person_id(session, call, person_id, "family.change")
    rows = family_rows.cheers(session, owner, after=cursors.read(after, "tu"), limit=limit + 1)
    return cursors.page(rows, limit, lambda row: _cheer_view(*row), lambda row: (row[0].at, row[0].id))


def _cheer_view(deed: FamilyDeed, relative: Person) -> dict[str, Any]:
    return {"id": deed.id, "relative_id": relative.id, "nickname": relative.nickname, "words": deed.words, "day": deed.day,
            "at": deed.at}


@work.writes
def shared(session: Session, call: Call, person_id: uuid.UUID) -> dict[str, Any]:
    """What the patient lets the caller see now; the rest is null. A look is put on the trail, and on the first of a day
    the relative has seen shared check-ins once more. The patient sees what a relative with everything would.

    Raises not_found, forbidden.
    """
    person, held = reach.person(session, call, person_id, "family.see")
    tie = family_rows.in_force(session, call.actor_id, person_id)
    sees = family.SEES if access.OWN & held else family.in_order(tie.sees if tie else ())
    if person_id != call.actor_id:
        trail.record(session, call, "family.look", f"person:{person_id}", person_id=person_id, fields=sees)
    if tie is not None and family.shows_check_ins(sees):
        day = call.now.astimezone(zone(DEFAULT_TIMEZONE)).date()
        family_rows.do(session, person_id, call.actor_id, family_rows.LOOK, day, call.now)
    done = family_rows.deeds_done(session, call.actor_id, person_id)
    return {
        "person_id": person_id, "nickname": person.nickname, "sees": list(sees), "may_file": bool(tie and tie.may_file),
        "progress": _progress(session, call, person_id) if family.PROGRESS in sees else None,
        "dangers": _dangers(session, call, person_id) if family.DANGER in sees else None,
        "readings": _readings(session, call, person_id) if family.READINGS in sees else None,
        "days_cheered": done[family_rows.CHEER], "days_seen": done[family_rows.LOOK]}


def _progress(session: Session, call: Call, person_id: uuid.UUID) -> dict[str, Any] | None:
    """How far the person is in the camp: never a value."""
    enrolment = enrolment_rows.latest(session, person_id)
    if enrolment is None or enrolment.joined_day is None:
        return None
    camp = session.get_one(Camp, enrolment.camp_id)
    calendar, seat = camp.calendar, seats.seat_of(enrolment, camp)
    states = streaks.states(enrolment.marks, calendar, seat.joined_number, call.now)
    today = calendar.day_of(call.now)
    number = calendar.number_of(today) if calendar.holds(today) else None
    done = entry_rows.counted_by_day(session, enrolment.id).get(today, {})
    return {"camp": camp.name, "days": calendar.days, "number": number,
            "today": streaks.progress(seat.asked_on(number), done) if number else None,
            "current": streaks.current_run(states), "longest": streaks.longest_shown(states),
            "complete_days": states.count("complete"), "paused": bool(number) and states[number - 1] == "paused"}


def _dangers(session: Session, call: Call, person_id: uuid.UUID) -> list[dict[str, Any]]:
    """The person's dangers of the last days, newest first, each at its worst and without its value: that is for who may see
    readings. They are the alerts, so that a reading that is deleted, or one of a thousand of a sensor, hides none."""
    enrolment = enrolment_rows.latest(session, person_id)
    calendar = session.get_one(Camp, enrolment.camp_id).calendar if enrolment else None
    rows = alert_rows.dangers_of(session, person_id, call.now - dt.timedelta(days=family.SHARED_DAYS))
    levels = cause_rows.levels_of(session, [row.id for row in rows])
    return [{"entry_id": row.entry_id, "occurred_at": row.at, "day": camps.day_of(row.at, calendar),
             "level": alarms.worst([row.level, *levels[row.id]])} for row in rows]


def _readings(session: Session, call: Call, person_id: uuid.UUID) -> list[dict[str, Any]]:
    """The person's own readings of the last days, newest first."""
    patient = seats.holder(session, person_id).patient
    since = call.now.astimezone(zone(DEFAULT_TIMEZONE)).date() - dt.timedelta(days=family.SHARED_DAYS - 1)
    rows = entry_rows.history(session, person_id, kind="glucose", first=since, last=None, after=None, limit=MOST_READINGS)
    found = []
    for row in rows:
        if row.not_mine:
            continue
        typed = row.glucose_typed if row.glucose_typed in (glucose.HI, glucose.LO) else Decimal(row.glucose_typed)
        reading = Reading(typed, row.glucose_unit)
        found.append({"entry_id": row.id, "occurred_at": row.occurred_at, "day": row.day, "value": typed,
                      "unit": row.glucose_unit, "glucose_mmol_l": row.glucose_mmol_l, "slot": row.slot,
                      "on_target": row.on_target, "band": glucose.band(reading, patient.diabetes_type)})
    return found


def _tie_view(session: Session, tie: FamilyTie, mine: uuid.UUID) -> dict[str, Any]:
    other = session.get_one(Person, tie.relative_id if mine == tie.person_id else tie.person_id)
    agreed = consent_rows.live(session, tie.person_id, "family") is not None
    return _view(tie, other, mine, in_force=agreed and tie.ended_at is None)


def _view(tie: FamilyTie, other: Person, mine: uuid.UUID, *, in_force: bool) -> dict[str, Any]:
    """The tie as one of its ends sees it: `nickname` is the other's."""
    return {"id": tie.id, "side": "patient" if tie.person_id == mine else "relative", "person_id": tie.person_id,
            "relative_id": tie.relative_id, "nickname": other.nickname, "relation": tie.relation, "sees": tie.sees,
            "may_file": tie.may_file, "in_force": in_force, "created_at": tie.created_at, "ended_at": tie.ended_at,
            "version": tie.version}
