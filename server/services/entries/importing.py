"""A meter's file, read and filed: the same file twice changes nothing."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import camps, meters
from server.domain.meters import Line
from server.domain.refusals import Refusal
from server.models import entries as entry_rows
from server.models import seats
from server.services import reach, work
from server.services.entries import filing
from server.services.entries.filing import Outcome
from server.services.work import Call

# An imported reading's id is made of what the meter says, so that it is the same reading whenever it comes again.
NAMESPACE = uuid.UUID("8f1f7d36-6f0e-5c53-9a44-2f6c0f0f7a10")
AT_ONCE = 100
_YES = {"true": True, "false": False}
# These are no fault of one line: they refuse the file.
OF_THE_FILE = ("not_found", "forbidden", "consent_required")


def import_file(call: Call, data: bytes, query: dict[str, Any]) -> dict[str, Any]:
    """What became of every line: created, identical, conflict, gone, invalid or skipped, each with its reason; with
    `dry_run` nothing is written and a line that would be filed is new.

    Lines are filed a hundred at a time, each hundred in one transaction: after a crash the same file is sent again.
    Raises file_unreadable, import_too_long, columns_unknown, not_found, forbidden, consent_required.
    """
    wishes = meters.Wishes(query.get("unit"), _YES.get(query.get("day_first", "")), query["clock_ahead_minutes"],
                           query.get("time_column"), query.get("value_column"))
    dry_run = query["dry_run"] == "true"
    layout, lines = meters.read(data, wishes)
    owner, zone = _owner(call, query.get("person_id"))
    told, drafts = {}, {}
    for line in lines:
        if line.reason:
            told[line.number] = _told(line, "skipped", line.reason)
        else:
            drafts[line.number] = (line, _draft(line, owner, zone, wishes.clock_ahead_minutes))
    outcomes = _would(call, owner, drafts) if dry_run else _file(call, drafts)
    told |= {number: _told(line, *outcomes[number], draft) for number, (line, draft) in drafts.items()}
    views = [told[line.number] for line in lines]
    counts = {status: sum(view["status"] == status for view in views) for status in
              ("new", "created", "identical", "conflict", "gone", "invalid", "skipped")}
    return {"layout": layout, "dry_run": dry_run, "lines": len(views), **counts, "items": views,
            "advice": next((view["advice"] for view in views if view["advice"]), None)}


@work.reads
def _owner(session: Session, call: Call, person_id: uuid.UUID | None) -> tuple[uuid.UUID, str]:
    owner = reach.person_id(session, call, person_id, "entry.file")
    seat = seats.active(session, owner)
    return owner, seat.calendar.timezone if seat else camps.DEFAULT_TIMEZONE


def _draft(line: Line, owner: uuid.UUID, zone: str, clock_ahead_minutes: int) -> dict[str, Any]:
    at = line.stamp.replace(tzinfo=camps.zone(zone)) - dt.timedelta(minutes=clock_ahead_minutes)
    draft = {"id": uuid.uuid5(NAMESPACE, f"{owner}|{line.stamp.isoformat()}|{line.value}|{line.unit}"), "kind": "glucose",
             "occurred_at": at.astimezone(dt.UTC), "source": line.source, "person_id": owner, "value": line.value,
             "unit": line.unit}
    return draft | ({"slot": line.slot} if line.slot else {})


def _file(call: Call, drafts: dict[int, tuple[Line, dict[str, Any]]]) -> dict[int, tuple]:
    """{line: (status, reason, advice)}: two lines that say the same are one reading."""
    outcomes: dict[int, tuple] = {}
    first_of: dict[uuid.UUID, int] = {}
    for number, (_, draft) in drafts.items():
        first_of.setdefault(draft["id"], number)
    numbers = list(first_of.values())
    for at in range(0, len(numbers), AT_ONCE):
        some = numbers[at:at + AT_ONCE]
        for number, outcome in zip(some, filing.sync(call, [drafts[number][1] for number in some]), strict=True):
            outcomes[number] = _outcome(outcome)
    for number, (_, draft) in drafts.items():
        if number not in outcomes:
            status, reason, _ = outcomes[first_of[draft["id"]]]
            outcomes[number] = ("identical" if status == "created" else status, reason, None)
    return outcomes


def _outcome(outcome: Outcome) -> tuple[str, str | None, dict[str, Any] | None]:
    refusal = outcome.refusal
    if refusal is not None and refusal.code in OF_THE_FILE:
        raise refusal
    advice = outcome.advice if refusal is None else refusal.advice
    return outcome.status, refusal.code if refusal else None, advice if outcome.status == "created" else None


@work.reads
def _would(session: Session, call: Call, owner: uuid.UUID, drafts: dict[int, tuple[Line, dict[str, Any]]]) -> dict[int, tuple]:
    del call, owner
    ids = [draft["id"] for _, draft in drafts.values()]
    known = {row for at in range(0, len(ids), AT_ONCE) for row in entry_rows.by_ids(session, ids[at:at + AT_ONCE])}
    outcomes: dict[int, tuple] = {}
    for number, (_, draft) in drafts.items():
        outcomes[number] = ("identical" if draft["id"] in known else "new", None, None)
        known.add(draft["id"])
    return outcomes


def _told(line: Line, status: str, reason: str | None = None, advice: dict[str, Any] | None = None,
          draft: dict[str, Any] | None = None) -> dict[str, Any]:
    says = meters.REASONS.get(reason or "") or (Refusal(reason).meaning.chinese if reason else None)
    return {"line": line.number, "status": status, "reason": reason, "says": says, "advice": advice,
            "entry_id": draft["id"] if draft else None, "occurred_at": draft["occurred_at"] if draft else None,
            "value": line.value, "unit": line.unit}
