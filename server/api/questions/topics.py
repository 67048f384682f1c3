"""The knowledge base, and what it did not answer."""

from marshmallow import fields

from server.api.fields import Several
from server.api.questions.word import VERSION, OfOrganisation, word
from server.api.views import Choice, Day, Flag, Id, Instant, Page, Schema, Text, View, Whole, Words, items_of
from server.domain.questions import topics
from server.services import questions as service


class TopicsQuery(OfOrganisation, Page):
    """Which topics: with one status, or only those whose review is overdue."""

    status = Choice(topics.STATUSES)
    overdue = Choice(("true", "false"))


class TopicText(Schema):
    """What a topic says."""

    question = Text(2, topics.MOST_QUESTION)
    ways = Several(Text(1, topics.MOST_QUESTION), most=topics.MOST_WAYS)
    answer = Text(topics.LEAST_ANSWER, topics.MOST_ANSWER, lines=True)
    category = Text(1, 20)
    medical = Flag()
    source = Text(1, 200, allow_none=True)
    reviewer = Text(1, 100, allow_none=True)
    review_due_on = Day(allow_none=True)


class TopicDraft(TopicText):
    """A new topic, or new wording for one that is there. With `from_question_id` it begins with what that question
    brings where the asker agreed: its words, and what staff answered."""

    slug = Text(2, 40, pattern=topics.SLUG)
    organisation_id = Id()
    from_question_id = Id()


class TopicChange(TopicText):
    """Fields to change, and the status to go to."""

    status = Choice(topics.STATUSES)
    organisation_id = Id()


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
