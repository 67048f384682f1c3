"""打卡记录: one by one, by the hundred, changed, deleted, read."""

from typing import Any

import marshmallow
from marshmallow import ValidationError, fields

from server.api import problems
from server.api.contract import OneOf, Upload, Word
from server.api.fields import Glucose, Several, Tenth
from server.api.views import (
    Choice,
    Day,
    Flag,
    Id,
    Instant,
    PageOfPerson,
    Schema,
    Text,
    TodayView,
    View,
    Whole,
    WholeInQuery,
    Words,
    items_of,
)
from server.domain import alarms, alerts, entries, fhir, meters
from server.domain.camps import KINDS
from server.domain.glucose import FILING_RANGE, HI, LO, MG_DL, MMOL_L, SLOTS, UNITS
from server.domain.refusals import Refusal
from server.services import entries as service

word = Word("entries", "打卡记录")
GLUCOSE_BY_UNIT = [
    {"properties": {"unit": {"enum": [unit]}, "value": {"anyOf": [
        {"type": "number", "minimum": float(FILING_RANGE[unit][0]), "maximum": float(FILING_RANGE[unit][1])},
        {"type": "string", "enum": [HI, LO]}]}}} for unit in (MMOL_L, MG_DL)]
LARGEST_CHANGE = 2**53 - 1
MOST_OBSERVATIONS = 500
METER_FILE = Upload("file", ("text/csv", "text/plain", "application/vnd.ms-excel"), meters.MOST_BYTES)


class Draft(Schema):
    """What every entry has."""

    id = Id(required=True)
    occurred_at = Instant(required=True)
    source = Choice(entries.SOURCES, load_default="manual")
    note = Text(0, 500, lines=True)
    person_id = Id()


class GlucoseDraft(Draft):
    """One glucose reading, its value and unit as the person typed them."""

    also = {"anyOf": GLUCOSE_BY_UNIT}
    kind = Choice(("glucose",), required=True)
    value = Glucose(required=True)
    unit = Choice(UNITS, required=True)
    slot = Choice(SLOTS)
    hours_after = Whole(1, 2)
    ketone_mmol_l = Tenth("0", "30")
    urine_ketone = Choice(alerts.URINE_KETONES)
    symptoms = Several(Choice(alerts.SYMPTOMS), len(alerts.SYMPTOMS))
    not_mine = Flag()


class Food(Schema):
    """One food and its grams."""

    name = Text(1, 40, required=True)
    grams = Tenth("0.1", "5000", required=True)


class MealDraft(Draft):
    """One meal: what was eaten in free text, as foods, as a photo, or more than one of them."""

    also = {"anyOf": [{"required": ["text"]}, {"required": ["foods"]}, {"required": ["photo_id"]}]}
    kind = Choice(("meal",), required=True)
    slot = Choice(entries.MEAL_SLOTS, required=True)
    text = Text(2, 500, lines=True)
    foods = Several(fields.Nested(Food), 40, least=1)
    photo_id = Id()


class ExerciseDraft(Draft):
    """One exercise, or a stated rest with its reason in the note."""

    also = {"anyOf": [{"required": ["activity", "minutes", "intensity"]},
                      {"required": ["rest", "note"],
                       "properties": {"rest": {"const": True}, "note": {"type": "string", "minLength": 1}}}]}
    kind = Choice(("exercise",), required=True)
    activity = Text(1, 40)
    minutes = Whole(1, 600)
    intensity = Choice(entries.INTENSITIES)
    rest = Flag()


class LessonDraft(Draft):
    """One finished lesson."""

    kind = Choice(("lesson",), required=True)
    lesson_id = Text(1, 64, required=True)


class WholeMealDraft(MealDraft):
    """A meal that says what was eaten."""

    @marshmallow.validates_schema
    def check_whole(self, draft: dict[str, Any], **_: Any) -> None:
        """Refuse a meal that says nothing."""
        if not entries.is_whole(draft):
            raise ValidationError("请写一写吃了什么，或者传一张照片。", "text")


class WholeExerciseDraft(ExerciseDraft):
    """An exercise with activity, minutes and intensity, or a rest with a note."""

    @marshmallow.validates_schema
    def check_whole(self, draft: dict[str, Any], **_: Any) -> None:
        """Refuse an exercise without its facts."""
        if not entries.is_whole(draft):
            raise ValidationError("请填写运动项目、时长和强度；休息一天要写一句原因。", "minutes")


ENTRY = OneOf("kind", {"glucose": GlucoseDraft, "meal": WholeMealDraft, "exercise": WholeExerciseDraft,
                       "lesson": LessonDraft})


class SyncItem(fields.Field):
    """One item of a sync: an open object, loaded strictly by itself, so that a bad one spoils no other.

    Loads as the draft, or as the Refusal that its shape deserves.
    """

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError("要是一条记录。")
        try:
            return ENTRY.load(value)
        except ValidationError as error:
            known = value.get("id") if isinstance(value.get("id"), str) else None
            return Refusal("invalid", errors=error.messages_dict, advice=refused_advice(value), id=known)


class SyncDraft(Schema):
    """1 to 100 entries."""

    entries = Several(SyncItem(metadata={"type": "object"}), 100, least=1, required=True)


class EntryChanges(Schema):
    """Fields to change; which of them an entry has depends on its kind. null empties those that may be empty."""

    kind = Choice(KINDS)
    occurred_at = Instant()
    source = Choice(entries.SOURCES)
    note = Text(0, 500, lines=True, allow_none=True)
    value = Glucose()
    unit = Choice(UNITS)
    slot = Choice((*SLOTS, *entries.MEAL_SLOTS))
    hours_after = Whole(1, 2, allow_none=True)
    ketone_mmol_l = Tenth("0", "30", allow_none=True)
    urine_ketone = Choice(alerts.URINE_KETONES, allow_none=True)
    symptoms = Several(Choice(alerts.SYMPTOMS), len(alerts.SYMPTOMS), allow_none=True)
    not_mine = Flag(allow_none=True)
    text = Text(2, 500, lines=True, allow_none=True)
    foods = Several(fields.Nested(Food), 40, least=1, allow_none=True)
    photo_id = Id(allow_none=True)
    activity = Text(1, 40, allow_none=True)
    minutes = Whole(1, 600, allow_none=True)
    intensity = Choice(entries.INTENSITIES, allow_none=True)
    rest = Flag(allow_none=True)
    lesson_id = Text(1, 64)


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


class ImportQuery(Schema):
    """How a meter's file is to be read; `dry_run` only tells what would be filed. `unit` is that of values which say none.
    `time_column` names one column, or a date's and a time's with a comma between them."""

    dry_run = Choice(("true", "false"), load_default="false")
    unit = Choice(UNITS)
    day_first = Choice(("true", "false"))
    clock_ahead_minutes = WholeInQuery(-525_600, 525_600, load_default=0)
    time_column = Text(1, 160)
    value_column = Text(1, 80)
    unit_column = Text(1, 80)
    slot_column = Text(1, 80)
    person_id = Id()


class ImportedLineView(View):
    """What became of one line of the file."""

    line = Whole(1, 2**31)
    status = Words(metadata={"enum": ["new", "created", "identical", "conflict", "gone", "invalid", "skipped"]})
    reason = Words(allow_none=True)
    says = Words(allow_none=True)
    advice = fields.Dict(allow_none=True)
    entry_id = Id(allow_none=True)
    occurred_at = Instant(allow_none=True)
    value = fields.Raw(allow_none=True)
    unit = Words(allow_none=True)


class ImportedView(View):
    """What became of a file: its layout, counts, every line, and the card to show at once."""

    layout = Words()
    dry_run = Flag()
    lines = Whole(0, 2**31)
    new = Whole(0, 2**31)
    created = Whole(0, 2**31)
    identical = Whole(0, 2**31)
    conflict = Whole(0, 2**31)
    gone = Whole(0, 2**31)
    invalid = Whole(0, 2**31)
    skipped = Whole(0, 2**31)
    items = fields.List(fields.Nested(ImportedLineView))
    advice = fields.Dict(allow_none=True)


class FhirQuery(Schema):
    """Which readings: from one camp day to another, a page of at most a thousand."""

    Meta = type("Meta", (Schema.Meta,), {"include": {"from": Day()}})
    to = Day()
    person_id = Id()
    limit = WholeInQuery(1, 1000, load_default=1000)
    after = Text(1, 200)


class FhirTakeQuery(Schema):
    """Into whose record."""

    person_id = Id()


class FhirDraft(Schema):
    """A Bundle of Observations, or one; what else it holds is let be."""

    Meta = type("Meta", (Schema.Meta,), {"unknown": marshmallow.INCLUDE})
    resourceType = Choice(("Bundle", "Observation"), required=True)  # noqa: N815 - FHIR's own name
    entry = Several(fields.Dict(), most=MOST_OBSERVATIONS)


class BundleView(View):
    """A FHIR R4 Bundle: the Patient and Observations."""

    resourceType = Words()  # noqa: N815 - FHIR's own name
    type = Words()
    timestamp = Words()
    link = fields.List(fields.Dict())
    entry = fields.List(fields.Dict())


class TakenOneView(View):
    """What became of one Observation, in the place it stood."""

    place = Whole(0, 2**31)
    status = Words(metadata={"enum": ["created", "identical", "conflict", "gone", "invalid", "skipped"]})
    reason = Words(allow_none=True)
    id = Id(allow_none=True)
    advice = fields.Dict(allow_none=True)


class TakenView(View):
    """What became of a Bundle: counts, every Observation, and the card to show at once."""

    items = fields.List(fields.Nested(TakenOneView))
    advice = fields.Dict(allow_none=True)
    created = Whole(0, 2**31)
    identical = Whole(0, 2**31)
    conflict = Whole(0, 2**31)
    gone = Whole(0, 2**31)
    invalid = Whole(0, 2**31)
    skipped = Whole(0, 2**31)


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


class SyncView(View):
    """One result for each item, in order: created, identical, conflict, gone or invalid."""

    results = fields.List(fields.Dict())


def refused_advice(body: Any) -> dict[str, Any] | None:
    """The card owed with any refusal of a body that holds a dangerous reading."""
    if not isinstance(body, dict):
        return None
    if isinstance(body.get("entries"), list):
        return next(filter(None, map(refused_advice, body["entries"][:100])), None)
    return alerts.advice_for_refused(body.get("value"), body.get("unit"))


def advice_for_file(data: bytes, query: dict[str, Any]) -> dict[str, Any] | None:
    """The card owed with any refusal of a meter's file that holds a dangerous reading; the query is as it arrived."""
    _, lines = meters.read(data, meters.wishes_of(query))
    return alarms.foremost((alerts.advice_for_refused(line.said, line.unit), None) for line in lines)


def advice_for_fhir(body: Any) -> dict[str, Any] | None:
    """The card owed with any refusal of Observations among which is a dangerous reading."""
    found = fhir.entries_of(body)[:MOST_OBSERVATIONS] if isinstance(body, dict) else []
    said = filter(None, (fhir.read(one.get("resource")).said for one in found if isinstance(one, dict)))
    return alarms.foremost((alerts.advice_for_refused(*each), None) for each in said)


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


RULES = ("entry_in_future", "entry_too_old", "glucose_implausible", "lesson_unknown", "photo_unknown")


@word.does("POST", "/entries", takes=ENTRY, gives=FiledView, status=201, repeatable=False, owes_advice=refused_advice,
           refusals=(*RULES, "consent_required", "entry_conflict", "entry_gone"))
def file(call, body):
    """记一条"""
    return service.file(call, body)


@word.does("POST", "/entries/sync", takes=SyncDraft, gives=SyncView, owes_advice=refused_advice)
def sync(call, body):
    """补传离线记录，最多 100 条"""
    return _sync_view(service.sync(call, body["entries"]))


@word.does("POST", "/entries/import", takes=METER_FILE, asks=ImportQuery, gives=ImportedView,
           owes_advice=advice_for_file,
           refusals=("file_unreadable", "columns_unknown", "import_too_long", "consent_required"))
def import_file(call, body, query):
    """导入血糖仪的文件：同一个文件传两次，什么也不会多"""
    return service.import_file(call, body, query)


@word.does("GET", "/entries/fhir", asks=FhirQuery, gives=BundleView, refusals=("cursor_unknown",))
def export_fhir(call, query):
    """导出为 FHIR R4：血糖与化验"""
    return service.export(call, query)


@word.does("POST", "/entries/fhir", takes=FhirDraft, asks=FhirTakeQuery, gives=TakenView, most_body_bytes=meters.MOST_BYTES,
           owes_advice=advice_for_fhir, refusals=("consent_required",))
def take_fhir(call, body, query):
    """导入 FHIR R4 的 Observation：同样的传两次，什么也不会多"""
    return service.take(call, body, query.get("person_id"))


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
