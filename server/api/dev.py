"""Development aids: they exist only where TANGYING_ENV is development or testing."""

from marshmallow import fields

from server.api.contract import PUBLIC, Word
from server.api.views import Id, Instant, Page, Schema, View, Words, items_of
from server.services import dev as service
from server.services import due

word = Word("dev", "开发辅助")


class ClockDraft(Schema):
    """The instant to stop at; null lets the clock run."""

    now = Instant(required=True, allow_none=True)


class ClockView(View):
    """The instant now."""

    now = Instant()


class DueDraft(Schema):
    """Nothing."""


class DueView(View):
    """What was done, by job."""

    ran = fields.Dict()


class MessageView(View):
    """A message that would have left."""

    channel = Words()
    to = Id(allow_none=True)
    template = Words()
    body = Words()
    about = Words()
    at = Instant()


@word.does("PUT", "/dev/clock", who=PUBLIC, takes=ClockDraft, gives=ClockView)
def set_clock(call, body):
    """停住或放开时钟"""
    return service.set_clock(call, body["now"])


@word.does("POST", "/dev/run-due", who=PUBLIC, takes=DueDraft, gives=DueView)
def run_due(call, body):
    """把到点该做的都做了"""
    return {"ran": due.run(call)}


@word.does("GET", "/dev/outbox", who=PUBLIC, asks=Page, gives=items_of(MessageView), refusals=("cursor_unknown",))
def outbox(call, query):
    """发件箱，新的在前"""
    return service.outbox(call, query.get("after"), query["limit"])
