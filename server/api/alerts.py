"""预警: dangerous readings and words, and what was done about each."""

from marshmallow import fields

from server.api.contract import PUBLIC, Word
from server.api.views import Choice, Flag, Id, Instant, PageOfPerson, Schema, Text, View, Whole, Words, items_of
from server.domain.alarms import ABOUT, LEVELS
from server.services import alerts as service

word = Word("alerts", "预警")
STATES = ("waiting", "delivered", "failed", "no_channel")


class AlertQuery(PageOfPerson):
    """Of one person, and only those that are open, if asked."""

    open = Choice(("true", "false"), load_default="false")


class Acknowledgement(Schema):
    """What is being done about it, for the staff who watch over the person to read; `close` when nothing is left to do."""

    note = Text(1, 500, required=True, lines=True)
    close = Flag(load_default=False)


class TellingView(View):
    """Who was told, how, and whether it reached them: `waiting` is on its way. `step` says as what. `who` is null where the
    phone on duty rings for nobody in particular."""

    who = Id(allow_none=True)
    how = Words()
    at = Instant()
    state = Choice(STATES)
    step = Words()


class AcknowledgedView(View):
    """Who took it up, and when."""

    by = Id()
    at = Instant()


class NoteView(View):
    """What one of the staff wrote as they took it up, or later."""

    by = Id()
    at = Instant()
    note = Words()


class AlertView(View):
    """A dangerous reading, or words, and everything done about it; never a value. `notes` are every acknowledgement's, in
    order: staff who watch over the person read them all, whoever wrote one that, everybody else none."""

    id = Id()
    person = Id()
    entry_id = Id(allow_none=True)
    question_id = Id(allow_none=True)
    about = Choice(ABOUT)
    level = Choice(LEVELS)
    at = Instant()
    fresh = Flag()
    told = fields.List(fields.Nested(TellingView))
    recheck_by = Instant(allow_none=True)
    acknowledged = fields.Nested(AcknowledgedView, allow_none=True)
    notes = fields.List(fields.Nested(NoteView))
    closed_at = Instant(allow_none=True)
    closed_why = Words(allow_none=True)
    version = Whole(1, 2**31)


class CardsView(View):
    """Thresholds with their sources, and the cards, under one version. `late` and `over` are what a card says instead, by
    kind of danger, of a reading that was long ago when it was told, and of one that a later reading ended."""

    version = Words()
    thresholds = fields.List(fields.Dict())
    cards = fields.List(fields.Dict())
    confirm = Words()
    cautions = fields.List(fields.Dict())
    late = fields.List(fields.Dict())
    over = fields.List(fields.Dict())


@word.does("GET", "/alerts", asks=AlertQuery, gives=items_of(AlertView), refusals=("cursor_unknown",))
def page(call, query):
    """预警，新的在前"""
    return service.page(call, query)


@word.does("GET", "/alerts/cards", who=PUBLIC, gives=CardsView)
def cards(call):
    """危险值与处理卡片，供没有信号时使用"""
    return service.cards(call)


@word.does("POST", "/alerts/<uuid:alert_id>/acknowledge", takes=Acknowledgement, gives=AlertView,
           door=("alert", "alert.acknowledge"))
def acknowledge(call, alert_id, body):
    """我来处理"""
    return service.acknowledge(call, alert_id, body["note"], close=body["close"])
