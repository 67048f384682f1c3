"""The queue of those who answer."""

from marshmallow import fields

from server.api.questions.word import VERSION, TicketWordsDraft, WrittenView, word
from server.api.views import Choice, Flag, Id, Instant, Page, Schema, View, Whole, Words, items_of
from server.domain.questions import tickets
from server.services import questions as service


class RouteDraft(Schema):
    """Who should answer: urgent, medical (nurse or doctor) or general."""

    need = Choice(tickets.NEEDS, required=True)


class TicketsQuery(Page):
    """Which tickets: with one status, or every one that is not closed."""

    status = Choice(tickets.STATUSES)


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
           door=("ticket", "ticket.answer"), refusals=("ticket_closed", "ticket_about_body"))
def route(call, ticket_id, body):
    """转给该回答的人：护士或医生，或其他工作人员"""
    return service.route(call, ticket_id, body["need"])
