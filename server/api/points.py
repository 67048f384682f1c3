"""积分: the ledger, and adjustments."""

from marshmallow import fields

from server.api.contract import Word
from server.api.views import Day, Id, Instant, PageOfPerson, Schema, Text, View, Whole, Words
from server.services import points as service

word = Word("points", "积分")
MOST = 1_000_000


class AdjustmentDraft(Schema):
    """Points to add or take, and why."""

    enrolment_id = Id(required=True)
    points = Whole(-MOST, MOST, required=True)
    reason = Text(1, 200, required=True, lines=True)


class LineView(View):
    """One line of the ledger."""

    id = Id()
    points = Whole(-(2**31), 2**31)
    reason = Words()
    about = Words(allow_none=True)
    day = Day(allow_none=True)
    note = Words(allow_none=True)
    enrolment_id = Id()
    rules_version = Whole(1, 2**31)
    at = Instant()


class AdjustedView(LineView):
    """The line, and the balance after it."""

    balance = Whole(-(2**31), 2**31)


class LinesView(View):
    """A page of lines, newest first."""

    items = fields.List(fields.Nested(LineView))
    next = Words(allow_none=True)


class PointsView(View):
    """Balance, what is held of it, the certificate level reached, and a page of lines."""

    balance = Whole(-(2**31), 2**31)
    held = Whole(0, 2**31)
    level = Words(allow_none=True)
    lines = fields.Nested(LinesView)


@word.does("GET", "/points/me", asks=PageOfPerson, gives=PointsView, refusals=("cursor_unknown",))
def me(call, query):
    """我的积分"""
    return service.mine(call, query.get("person_id"), query.get("after"), query["limit"])


@word.does("POST", "/points/adjustments", takes=AdjustmentDraft, gives=AdjustedView, status=201,
           refusals=("adjustment_zero",))
def adjust(call, body):
    """调整积分（管理员）"""
    return service.adjust(call, body)
