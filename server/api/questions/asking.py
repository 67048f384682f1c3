"""Asking, and what the asker does with the answer."""

from typing import Any

from marshmallow import fields

from server.api.questions.word import KINDS, MOST_CHARACTERS, VERSION, OwnTicketView, TicketWordsDraft, WrittenView, word
from server.api.views import Choice, Day, Flag, Id, Instant, Number, Page, Schema, Text, View, Whole, Words, items_of
from server.services import questions as service


class QuestionDraft(Schema):
    """What somebody wants to know, in their own words, and whom it is about where they say so."""

    text = Text(1, MOST_CHARACTERS, required=True, pasted=True)
    about = Choice(("self", "relative"))


class RatingDraft(Schema):
    """Whether the answer helped, and whether staff may read these words when they improve it."""

    helpful = Flag(required=True)
    may_use_words = Flag(load_default=False)


class SuggestionView(View):
    """A topic that may be meant, and its question."""

    topic = Words()
    question = Words()


class AnswerView(View):
    """What was answered, where it comes from, by which rule, and `why` in words to show. A null `reviewed_on` says that
    nobody has reviewed the text; `not_urgent_at` is when the asker last said that it was no emergency."""

    id = Id()
    kind = Words(metadata={"enum": list(KINDS)})
    answer = Words()
    topic = Words(allow_none=True)
    topic_version = Whole(1, VERSION, allow_none=True)
    topic_edited = Flag()
    score = Number(allow_none=True)
    rule_id = Words()
    why = Words()
    about = Words(metadata={"enum": ["self", "relative", "unknown"]})
    source = Words(allow_none=True)
    reviewed_on = Day(allow_none=True)
    advice = fields.Dict(allow_none=True)
    suggestions = fields.List(fields.Nested(SuggestionView))
    ticket = fields.Nested(OwnTicketView, allow_none=True)
    asked_at = Instant()
    not_urgent_at = Instant(allow_none=True)
    helpful = Flag(allow_none=True)
    may_use_words = Flag()
    version = Whole(1, VERSION)


class AskedView(AnswerView):
    """A question with the words it was asked in."""

    text = Words()


class ThreadView(AskedView):
    """A question with everything that was written about it."""

    thread = fields.List(fields.Nested(WrittenView))


def owed_advice(body: Any) -> dict[str, Any] | None:
    """The card owed with any refusal of a body in which somebody tells of an emergency."""
    texts = [value for value in body.values() if isinstance(value, str)] if isinstance(body, dict) else []
    return next(filter(None, map(service.card_for, texts)), None)


@word.does("POST", "/questions", takes=QuestionDraft, gives=AnswerView, status=201, owes_advice=owed_advice)
def ask(call, body):
    """问一个问题，马上有回答"""
    return service.ask(call, body)


@word.does("GET", "/questions", asks=Page, gives=items_of(AskedView), refusals=("cursor_unknown",))
def mine(call, query):
    """我问过的"""
    return service.mine(call, query.get("after"), query["limit"])


@word.does("GET", "/questions/<uuid:question_id>", gives=ThreadView)
def show(call, question_id):
    """一个问题和它的全部回复（自己的，或经手的工作人员）"""
    return service.show(call, question_id)


@word.does("POST", "/questions/<uuid:question_id>/rating", takes=RatingDraft, gives=AnswerView,
           door=("question", "question.change"))
def rate(call, question_id, body):
    """这个回答有没有帮助；愿不愿意让工作人员看到原话来改进"""
    return service.rate(call, question_id, body)


@word.does("POST", "/questions/<uuid:question_id>/hand-over", gives=ThreadView)
def hand_over(call, question_id):
    """请人来回答"""
    return service.hand_over(call, question_id)


@word.does("POST", "/questions/<uuid:question_id>/messages", takes=TicketWordsDraft, gives=ThreadView, owes_advice=owed_advice,
           door=("question", "question.change"))
def write_on(call, question_id, body):
    """接着写；已经结束的咨询会重新打开"""
    return service.write_on(call, question_id, body["text"])


@word.does("POST", "/questions/<uuid:question_id>/not-urgent", gives=ThreadView, refusals=("question_not_urgent",))
def not_urgent(call, question_id):
    """不是紧急：关掉预警和转接"""
    return service.not_urgent(call, question_id)
