"""A meter's file, read and filed: the same file twice changes nothing."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from server.domain import alarms, alerts, camps, meters
from server.domain.alarms import Ended
from server.domain.glucose import HI, LO, MMOL_L, Patient
from server.domain.meters import Line
from server.domain.refusals import Refusal
from server.services import work
from server.services.entries import filing, late, rows
from server.services.entries.filing import Desk, Outcome
from server.services.entries.late import Dated
from server.services.work import Call

# An imported reading's id is made of what the meter says, so that it is the same reading whenever it comes again.
NAMESPACE = uuid.UUID("8f1f7d36-6f0e-5c53-9a44-2f6c0f0f7a10")
# It is the same whatever else another program writes beside it: a meal tag, another source.
COMPARED = ("kind", "occurred_at", "value", "unit")
AT_ONCE = 100
# These are no fault of one line: they refuse the file.
OF_THE_FILE = ("not_found", "forbidden", "consent_required")
STATUSES = ("new", "created", "identical", "conflict", "gone", "invalid", "skipped")


def import_file(call: Call, data: bytes, query: dict[str, Any]) -> dict[str, Any]:
    """What became of every line: created, identical, conflict, gone, invalid or skipped, each with its reason and, whatever
    became of it, the card that a dangerous value is owed; with `dry_run` nothing is written and a line that would be filed
    is new.

    Lines are filed a hundred at a time, each hundred in one transaction: after a crash the same file is sent again.
    Raises file_unreadable, import_too_long, columns_unknown, not_found, forbidden, consent_required.
    """
    wishes = meters.wishes_of(query)
    dry_run = query["dry_run"] == "true"
    layout, lines = meters.read(data, wishes)
    desk = _desk(call, query.get("person_id"))
    zone = desk.calendar.timezone if desk.calendar else camps.DEFAULT_TIMEZONE
    times = {line.number: _at(line.stamp, zone, wishes.clock_ahead_minutes) for line in lines if line.stamp}
    drafts = {line.number: _draft(line, desk.person_id, zone, times[line.number]) for line in lines if not line.reason}
    outcomes = file_once(call, drafts, filing.rehearse if dry_run else filing.take_in)
    views = [_told(line, drafts[line.number], outcomes[line.number]) if line.number in drafts
             else _skipped(line, _owed(line, desk.patient)) for line in lines]
    ended = _ended(call, desk, [(view["advice"], times.get(view["line"])) for view in views],
                   [drafts[number] for number, outcome in outcomes.items() if outcome.status == "new"])
    for view in views:
        view["advice"] = alarms.card_told(view["advice"], times.get(view["line"]), call.now, ended)
    counts = {status: sum(view["status"] == status for view in views) for status in STATUSES}
    return {"layout": layout, "dry_run": dry_run, "lines": len(views), **counts, "items": views,
            "advice": alarms.foremost(((view["advice"], view["occurred_at"]) for view in views), call.now)}


@work.reads
def _desk(session: Session, call: Call, person_id: uuid.UUID | None) -> Desk:
    """The desk of whom the file is for. Raises not_found, forbidden, consent_required."""
    desk = filing.open_desk(session, call, person_id)
    if not desk.may_be_kept:
        raise Refusal("consent_required")
    return desk


def _ended(call: Call, desk: Desk, cards: list[Dated], tried: list[dict[str, Any]]) -> Ended:
    """When a danger was ended last, by what is in the record or is only tried: a dry run says what the run would."""
    if not any(alarms.is_late(card, at, call.now) for card, at in cards):
        return {}
    ended, own = late.recorded(call, desk.person_id, cards), alarms.ended_by(tried, desk.patient)
    return {**own, **{key: max(at, own.get(key, at)) for key, at in ended.items()}}


def _at(stamp: dt.datetime, zone: str, clock_ahead_minutes: int) -> dt.datetime:
    """When the meter says it was, in the person's zone where the file says no other. The meter's clock is set right on the
    line of time, not on the wall, which jumps twice a year."""
    at = stamp if stamp.tzinfo else stamp.replace(tzinfo=camps.zone(zone))
    return at.astimezone(dt.UTC) - dt.timedelta(minutes=clock_ahead_minutes)


def _draft(line: Line, owner: uuid.UUID, zone: str, at: dt.datetime) -> dict[str, Any]:
    """The draft of a line. Its id is made of the wall time on the meter, in the person's zone where the file says another."""
    there = camps.zone(zone)
    wall = (line.stamp if line.stamp.tzinfo else line.stamp.replace(tzinfo=there)).astimezone(there).replace(tzinfo=None)
    draft = {"id": uuid.uuid5(NAMESPACE, f"{owner}|{wall.isoformat()}|{_spelled(line)}|{line.unit}"), "kind": "glucose",
             "occurred_at": at, "source": line.source, "person_id": owner, "value": line.value, "unit": line.unit}
    return draft | ({"slot": line.slot} if line.slot else {})


def _spelled(line: Line) -> str:
    """The value in the one spelling that meters mostly use: 6.0 mmol/L, 110 mg/dL."""
    return f"{line.value:.1f}" if line.unit == MMOL_L and line.value not in (HI, LO) else str(line.value)


def _owed(line: Line, patient: Patient) -> dict[str, Any] | None:
    """The card that a line is owed which is not filed: when its value is dangerous as it stands or in the other unit."""
    if line.said is None:
        return None
    known = line.value is not None and line.unit is not None
    own = rows.advice_of({"kind": "glucose", "value": line.value, "unit": line.unit}, patient) if known else None
    return own or alerts.advice_for_refused(line.said, line.unit)


def file_once(call: Call, drafts: dict[int, dict[str, Any]], act: Callable[..., list[Outcome]],
              compared: tuple[str, ...] | None = COMPARED) -> dict[int, Outcome]:
    """What `act` makes of each of these drafts, a hundred at a time; two that have one id are one reading, or at odds.
    Raises not_found, forbidden, consent_required."""
    first_of: dict[uuid.UUID, int] = {}
    for place, draft in drafts.items():
        first_of.setdefault(draft["id"], place)
    places, outcomes = list(first_of.values()), {}
    for at in range(0, len(places), AT_ONCE):
        some = places[at:at + AT_ONCE]
        for place, outcome in zip(some, act(call, [drafts[each] for each in some], compared), strict=True):
            if outcome.refusal is not None and outcome.refusal.code in OF_THE_FILE:
                raise outcome.refusal
            outcomes[place] = outcome
    for place, draft in drafts.items():
        if place not in outcomes:
            outcomes[place] = _again(outcomes[first_of[draft["id"]]], drafts[first_of[draft["id"]]], draft, compared)
    return outcomes


def _again(outcome: Outcome, first: dict[str, Any], draft: dict[str, Any], compared: tuple[str, ...] | None) -> Outcome:
    """What becomes of a draft with the id of one before it."""
    if filing.content_of(first, compared) != filing.content_of(draft, compared):
        return Outcome(draft["id"], "conflict", refusal=Refusal("entry_conflict", advice=rows.advice_of(draft, Patient())))
    if outcome.status in ("created", "new"):
        return Outcome(outcome.id, "identical", outcome.entry, outcome.advice)
    return outcome


def _told(line: Line, draft: dict[str, Any], outcome: Outcome) -> dict[str, Any]:
    refusal = outcome.refusal
    return {"line": line.number, "status": outcome.status, "reason": refusal.code if refusal else None,
            "says": refusal.says() if refusal else None, "advice": outcome.card,
            "entry_id": draft["id"], "occurred_at": draft["occurred_at"], "value": line.value, "unit": line.unit}


def _skipped(line: Line, advice: dict[str, Any] | None) -> dict[str, Any]:
    return {"line": line.number, "status": "skipped", "reason": line.reason, "says": meters.REASONS[line.reason],
            "advice": advice, "entry_id": None, "occurred_at": None, "value": line.value, "unit": line.unit}
