"""消息: the shapes of what health staff write to a patient. They are sent under people."""

from marshmallow import fields

from server.api.contract import Schema
from server.api.fields import Choice, Id, Instant, Text
from server.api.views import View, Words
from server.domain.messages import FIRST, SEVERITIES


class MessageDraft(Schema):
    """What is said, and how serious it is."""

    severity = Choice(SEVERITIES, required=True)
    subject = Text(1, 60, required=True)
    body = Text(1, 1000, required=True, lines=True)


class ToldView(View):
    """Who is told, as the patient or as family; `waiting` has not left yet."""

    who = Id()
    as_ = Choice(FIRST, data_key="as")
    how = Words()
    at = Instant()
    state = Choice(("waiting", "delivered", "failed", "no_channel"))


class RoutedView(View):
    """The message, and who is told of it in this order."""

    id = Id()
    person = Id()
    severity = Choice(SEVERITIES)
    told = fields.List(fields.Nested(ToldView))
