"""答疑: a question and its instant answer, its hand-over to a person, and the knowledge base behind it."""

from typing import Any

from marshmallow import fields

from server.api.contract import Word
from server.api.fields import Several
from server.api.views import (
    Choice,
    Day,
    Flag,
    Id,
    Instant,
    Number,
    Page,
    Schema,
    Text,
    View,
    Whole,
    Words,
    items_of,
)
from server.domain.questions import tickets, topics
from server.services import questions as service

word = Word("questions", "答疑")
MOST_CHARACTERS = 2000
VERSION = 2**31
KINDS = ("answered", "emergency", "crisis", "dose_refusal", "refused", "small_talk", "unsure")


class QuestionDraft(Schema):
    """What somebody wants to know, in their own words, and whom it is about where they say so."""

    text = Text(1, MOST_CHARACTERS, required=True, lines=True)
    about = Choice(("self", "relative"))


class RatingDraft(Schema):
    """Whether the answer helped, and whether staff may read these words when they improve it."""

    helpful = Flag(required=True)
    may_use_words = Flag(load_default=False)


class TicketWordsDraft(Schema):
    """One message on a question that waits for a person."""

    text = Text(1, MOST_CHARACTERS, required=True, lines=True)


class RouteDraft(Schema):
    """Who should answer: urgent, medical (nurse or doctor) or general."""

    need = Choice(tickets.NEEDS, required=True)


class TicketsQuery(Page):
    """Which tickets: with one status, or every one that is not closed."""

    status = Choice(tickets.STATUSES)


class OfOrganisation(Schema):
    """Of which organisation, for who works in several."""

    organisation_id = Id()


class TopicsQuery(OfOrganisation, Page):
    """Which topics: with one status, or only those whose review is overdue."""

    status = Choice(topics.STATUSES)
    overdue = Choice(("true", "false"))


class TopicText(Schema):
    """What a topic says."""

    question = Text(2, 200)
    ways = Several(Text(1, 200), most=60)
    answer = Text(topics.LEAST_ANSWER, topics.MOST_ANSWER, lines=True)
    category = Text(1, 20)
    medical = Flag()
    source = Text(1, 200, allow_none=True)
    reviewer = Text(1, 100, allow_none=True)
    review_due_on = Day(allow_none=True)


class TopicDraft(TopicText):
    """A new topic, or new wording for one that is there. With `from_question_id` it begins with what that question
    brings: its words where the asker agreed, and what staff answered."""

    slug = Text(2, 40, pattern=topics.SLUG)
    organisation_id = Id()
    from_question_id = Id()


class TopicChange(TopicText):
    """Fields to change, and the status to go to."""

    status = Choice(topics.STATUSES)


class SuggestionView(View):
    """A topic that may be meant, and its question."""

    topic = Words()
    question = Words()


class OwnTicketView(View):
    """Where a handed-over question stands, and in `says` when a person answers."""

    id = Id()
    status = Words(metadata={"enum": list(tickets.STATUSES)})
    need = Words(metadata={"enum": list(tickets.NEEDS)})
    due_at = Instant(allow_none=True)
    says = Words()


class AnswerView(View):
    """What was answered, where it comes from, and by which rule."""

    id = Id()
    kind = Words(metadata={"enum": list(KINDS)})
    answer = Words()
    topic = Words(allow_none=True)
    topic_version = Whole(1, VERSION, allow_none=True)
    topic_edited = Flag()
    score = Number(allow_none=True)
    rule_id = Words()
    about = Words(metadata={"enum": ["self", "relative", "unknown"]})
    source = Words(allow_none=True)
    reviewed_on = Day(allow_none=True)
    advice = fields.Dict(allow_none=True)
    suggestions = fields.List(fields.Nested(SuggestionView))
    ticket = fields.Nested(OwnTicketView, allow_none=True)
    asked_at = Instant()
    helpful = Flag(allow_none=True)
    may_use_words = Flag()
    version = Whole(1, VERSION)


class AskedView(AnswerView):
    """A question with the words it was asked in."""

    text = Words()


class AuthorView(View):
    """Who answers, as they were when they did."""

    name = Words()
    role = Words()
    role_name = Words()
    credential = Words(allow_none=True)


class WrittenView(View):
    """One message; `label` is 健康咨询 on what staff wrote."""

    id = Id()
    by = Words(metadata={"enum": ["patient", "staff"]})
    label = Words(allow_none=True)
    author = fields.Nested(AuthorView, allow_none=True)
    text = Words()
    at = Instant()


class ThreadView(AskedView):
    """A question with everything that was written about it."""

    thread = fields.List(fields.Nested(WrittenView))


class AskerView(View):
    """Who asks."""

    id = Id()
    nickname = Words()


class QueuedView(View):
    """A ticket in the list of staff: no word of what was asked."""

    id = Id()
    question_id = Id()
    person = fields.Nested(AskerView)
    need = Words(metadata={"enum": list(tickets.NEEDS)})
    topic = Words(allow_none=True)
    status = Words(metadata={"enum": list(tickets.STATUSES)})
    opened_at = Instant()
    asked_at = Instant()
    due_at = Instant(allow_none=True)
    overdue = Flag()
    round = Whole(1, VERSION)
    first_reply_at = Instant(allow_none=True)
    taken_by = Id(allow_none=True)
    closed_at = Instant(allow_none=True)
    version = Whole(1, VERSION)


class TicketView(QueuedView):
    """A ticket with what was asked and written; null where it was just given to somebody else."""

    text = Words(allow_none=True)
    thread = fields.List(fields.Nested(WrittenView), allow_none=True)


class UnansweredView(View):
    """Questions about the same thing that got no answer, or one that did not help. `words` holds those whose askers
    agreed to it; the others count and are not shown."""

    topic = Words(allow_none=True)
    question = Words(allow_none=True)
    reason = Words(metadata={"enum": ["unsure", "badly_rated"]})
    count = Whole(1, VERSION)
    first_at = Instant()
    last_at = Instant()
    from_question_id = Id()
    words = fields.List(Words())


class TopicView(View):
    """A topic's text in one version. `id` is its slug; `edited` says that it is the organisation's own."""

    id = Words()
    slug = Words()
    organisation_id = Id()
    category = Words()
    medical = Flag()
    question = Words()
    ways = fields.List(Words())
    answer = Words()
    source = Words(allow_none=True)
    reviewer = Words(allow_none=True)
    reviewed_on = Day(allow_none=True)
    review_due_on = Day(allow_none=True)
    overdue = Flag()
    number = Whole(1, VERSION)
    status = Words(metadata={"enum": list(topics.STATUSES)})
    edited = Flag()
    from_question_id = Id(allow_none=True)
    published_at = Instant(allow_none=True)
    version = Whole(1, VERSION)


class WholeTopicView(TopicView):
    """A topic as it answers now, or as it would; `draft` is the text in work, `versions` are the older ones."""

    draft = fields.Nested(TopicView, allow_none=True)
    versions = fields.List(fields.Nested(TopicView))


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


@word.does("GET", "/questions/tickets", asks=TicketsQuery, gives=items_of(QueuedView), refusals=("cursor_unknown",))
def tickets_page(call, query):
    """等人回答的提问（工作人员），等得最久的在前"""
    statuses = [query["status"]] if "status" in query else [each for each in tickets.STATUSES if each != "closed"]
    return service.tickets_page(call, statuses, query.get("after"), query["limit"])


@word.does("POST", "/questions/tickets/<uuid:ticket_id>/take", gives=TicketView, refusals=("ticket_taken", "ticket_closed"))
def take(call, ticket_id):
    """由我来回答"""
    return service.take(call, ticket_id)


@word.does("POST", "/questions/tickets/<uuid:ticket_id>/reply", takes=TicketWordsDraft, gives=TicketView,
           door=("ticket", "ticket.answer"), refusals=("ticket_taken", "ticket_closed", "reply_names_dose"))
def reply(call, ticket_id, body):
    """回复"""
    return service.reply(call, ticket_id, body["text"])


@word.does("POST", "/questions/tickets/<uuid:ticket_id>/close", gives=TicketView)
def close(call, ticket_id):
    """结束这次咨询"""
    return service.close(call, ticket_id)


@word.does("POST", "/questions/tickets/<uuid:ticket_id>/reopen", gives=TicketView)
def reopen(call, ticket_id):
    """放回等待的队伍，别人也可以接"""
    return service.reopen(call, ticket_id)


@word.does("POST", "/questions/tickets/<uuid:ticket_id>/route", takes=RouteDraft, gives=TicketView,
           door=("ticket", "ticket.answer"), refusals=("ticket_closed",))
def route(call, ticket_id, body):
    """转给该回答的人：护士或医生，或其他工作人员"""
    return service.route(call, ticket_id, body["need"])


@word.does("GET", "/questions/unanswered", asks=OfOrganisation, gives=items_of(UnansweredView),
           refusals=("organisation_unnamed",))
def unanswered(call, query):
    """没答上和没帮上忙的提问，按相近的主题归在一起"""
    return service.unanswered(call, query.get("organisation_id"))


@word.does("GET", "/questions/topics", asks=TopicsQuery, gives=items_of(WholeTopicView),
           refusals=("cursor_unknown", "organisation_unnamed"))
def topics_page(call, query):
    """知识库的主题"""
    return service.topics_page(call, query)


@word.does("POST", "/questions/topics", takes=TopicDraft, gives=WholeTopicView, status=201,
           refusals=("already_exists", "organisation_unnamed"))
def create_topic(call, body):
    """起草一个主题，或一个主题的新说法；也可以从一个没答上的提问开始"""
    return service.create_topic(call, body)


@word.does("GET", "/questions/topics/<slug>", asks=OfOrganisation, gives=WholeTopicView, refusals=("organisation_unnamed",))
def show_topic(call, slug, query):
    """一个主题：现在的说法、在改的稿子和从前的版本"""
    return service.show_topic(call, slug, query.get("organisation_id"))


@word.does("PATCH", "/questions/topics/<slug>", takes=TopicChange, gives=WholeTopicView, door=("topic", "topic.draft"),
           refusals=("topic_step", "topic_incomplete", "topic_names_dose", "organisation_unnamed"))
def change_topic(call, slug, body):
    """改主题的稿子，审核、发布或停用"""
    return service.change_topic(call, slug, body)
