"""Entries filed, synced, read, changed and deleted."""

from typing import Any

from marshmallow import fields

from server.api import problems
from server.api.entries.drafts import ENTRY, EntryChanges, SyncDraft, refused_advice
from server.api.entries.word import word
from server.api.views import (
    Choice,
    Day,
    Flag,
    Id,
    Instant,
    PageOfPerson,
    Schema,
    TodayView,
    View,
    Whole,
    WholeInQuery,
    Words,
    items_of,
)
from server.domain import entries
from server.domain.camps import KINDS
from server.services import entries as service

LARGEST_CHANGE = 2**53 - 1
RULES = ("entry_in_future", "entry_too_old", "glucose_implausible", "lesson_unknown", "photo_unknown")


class HistoryQuery(PageOfPerson):
    """Which entries: of one kind, from one camp day to another."""

    Meta = type("Meta", (Schema.Meta,), {"include": {"from": Day()}})
    to = Day()
    kind = Choice(KINDS)


class ChangesQuery(Schema):
    """What changed after the change of that number."""

    since = WholeInQuery(0, LARGEST_CHANGE, load_default=0)
    limit = WholeInQuery(1, 100, load_default=100)


class EntryView(View):
    """An entry; each kind adds its own fields."""

    id = Id()
    kind = Words(metadata={"enum": list(KINDS)})
    person_id = Id()
    filed_by = Id()
    enrolment_id = Id(allow_none=True)
    occurred_at = Instant()
    recorded_at = Instant()
    day = Day()
    counts = Flag()
    counts_reason = Words(metadata={"enum": list(entries.REASONS)})
    source = Words()
    note = Words(allow_none=True)
    version = Whole(1, 2**31)


class ChangeView(View):
    """One change: the entry as it stands, or null with `deleted` for a tombstone."""

    id = Id()
    change = Whole(1, LARGEST_CHANGE)
    deleted = Flag()
    entry = fields.Nested(EntryView, allow_none=True)


class ChangesView(View):
    """Changes in order; `last_change` is the `since` of the next time."""

    items = fields.List(fields.Nested(ChangeView))
    next = Words(allow_none=True)
    last_change = Whole(0, LARGEST_CHANGE)


class StreakNow(View):
    """The run today, and the longest."""

    current = Whole(0, 366)
    longest = Whole(0, 366)


class StandingView(View):
    """What every change of entries tells: the points it moved, the balance, the run and today."""

    points_earned = Whole(-(2**31), 2**31)
    balance = Whole(-(2**31), 2**31)
    streak = fields.Nested(StreakNow, allow_none=True)
    today = fields.Nested(TodayView, allow_none=True)


class FiledView(StandingView):
    """A filed entry with what it moved, and the card to show at once when the reading is dangerous."""

    entry = fields.Nested(EntryView)
    advice = fields.Dict(allow_none=True)


class RemovedView(StandingView):
    """What deleting an entry moved."""

    id = Id()


class TakenInView(View):
    """What became of many entries that came at once: counts by outcome, and the card to show at once."""

    created = Whole(0, 2**31)
    identical = Whole(0, 2**31)
    conflict = Whole(0, 2**31)
    gone = Whole(0, 2**31)
    invalid = Whole(0, 2**31)
    skipped = Whole(0, 2**31)
    advice = fields.Dict(allow_none=True)


class SyncView(View):
    """One result for each item, in order: created, identical, conflict, gone or invalid."""

    results = fields.List(fields.Dict())


def _sync_view(results: list[service.Outcome]) -> dict[str, Any]:
    shown = []
    for outcome in results:
        result: dict[str, Any] = {"id": outcome.id, "status": outcome.status}
        if outcome.refusal is not None:
            result["problem"] = problems.problem(outcome.refusal)
        else:
            result |= {"entry": outcome.entry, "advice": outcome.advice}
        shown.append(result)
    return {"results": shown}


@word.does("POST", "/entries", takes=ENTRY, gives=FiledView, status=201, repeatable=False, owes_advice=refused_advice,
           refusals=(*RULES, "consent_required", "entry_conflict", "entry_gone"))
def file(call, body):
    """记一条"""
    return service.file(call, body)


@word.does("POST", "/entries/sync", takes=SyncDraft, gives=SyncView, owes_advice=refused_advice)
def sync(call, body):
    """补传离线记录，最多 100 条"""
    return _sync_view(service.sync(call, body["entries"]))


@word.does("GET", "/entries", asks=HistoryQuery, gives=items_of(EntryView), cheap_tag=service.history_tag,
           refusals=("cursor_unknown",))
def history(call, query):
    """历史记录，新的在前"""
    return service.history(call, query)


@word.does("GET", "/entries/changes", asks=ChangesQuery, gives=ChangesView)
def changes(call, query):
    """上次之后的变化，含删除"""
    return service.changes(call, query["since"], query["limit"])


@word.does("GET", "/entries/<uuid:entry_id>", gives=EntryView, refusals=("entry_gone",))
def show(call, entry_id):
    """一条记录"""
    return service.show(call, entry_id)


@word.does("PATCH", "/entries/<uuid:entry_id>", takes=EntryChanges, gives=FiledView, door=("entry", "entry.read"),
           owes_advice=refused_advice,
           refusals=(*RULES, "entry_gone", "kind_fixed", "field_of_other_kind", "entry_incomplete", "camp_archived"))
def change(call, entry_id, body):
    """修改一条记录"""
    return service.change(call, entry_id, body)


@word.does("DELETE", "/entries/<uuid:entry_id>", gives=RemovedView, refusals=("entry_gone", "camp_archived"))
def remove(call, entry_id):
    """删除一条记录"""
    return service.remove(call, entry_id)
