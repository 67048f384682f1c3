"""A meter's file."""

from typing import Any

from marshmallow import fields

from server.api.contract import Upload
from server.api.entries.filing import TakenInView
from server.api.entries.word import word
from server.api.views import Choice, Flag, Id, Instant, Schema, Text, View, Whole, WholeInQuery, Words
from server.domain import alarms, alerts, meters
from server.domain.glucose import UNITS
from server.services import entries as service

METER_FILE = Upload("file", ("text/csv", "text/plain", "application/vnd.ms-excel"), meters.MOST_BYTES)


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


class ImportedView(TakenInView):
    """What became of a file: its layout, counts, every line, and the card to show at once."""

    layout = Words()
    dry_run = Flag()
    lines = Whole(0, 2**31)
    new = Whole(0, 2**31)
    items = fields.List(fields.Nested(ImportedLineView))


def advice_for_file(data: bytes, query: dict[str, Any]) -> dict[str, Any] | None:
    """The card owed with any refusal of a meter's file that holds a dangerous reading; the query is as it arrived."""
    _, lines = meters.read(data, meters.wishes_of(query))
    return alarms.foremost((alerts.advice_for_refused(line.said, line.unit), None) for line in lines)


@word.does("POST", "/entries/import", takes=METER_FILE, asks=ImportQuery, gives=ImportedView,
           owes_advice=advice_for_file,
           refusals=("file_unreadable", "columns_unknown", "import_too_long", "consent_required"))
def import_file(call, body, query):
    """导入血糖仪的文件：同一个文件传两次，什么也不会多"""
    return service.import_file(call, body, query)
