"""消息: the shapes of what is written to somebody and kept in the app. They are asked for under people."""

from marshmallow import fields

from server.api.contract import Schema
from server.api.fields import Choice, Id, Instant, Text
from server.api.views import View, Words
from server.domain.messages import FIRST, KINDS, SEVERITIES, STATES


class MessageDraft(Schema):
    """What is said, and how serious it is."""

    severity = Choice(SEVERITIES, required=True)
    subject = Text(1, 60, required=True)
    body = Text(1, 1000, required=True, lines=True)


class ToldView(View):
    """Who is told, as the patient or as family, in the app: `how` a nudge left and its `state`, of which `waiting` has not
    left yet, and when it was read."""

    who = Id()
    as_ = Choice(FIRST, data_key="as")
    how = Words()
    at = Instant()
    state = Choice(STATES)
    read_at = Instant(allow_none=True)


class RoutedView(View):
    """The message, and who is told of it in this order."""

    id = Id()
    person = Id()
    severity = Choice(SEVERITIES)
    at = Instant()
    from_id = Id(allow_none=True)
    told = fields.List(fields.Nested(ToldView))


class KeptView(View):
    """A message kept in the app for its reader: about whom, whether it came to them as the patient or as family, and from
    whom; `read_at` is null on the first look."""

    id = Id()
    kind = Choice(KINDS)
    severity = Choice(SEVERITIES)
    person_id = Id()
    as_ = Choice(FIRST, data_key="as")
    from_id = Id(allow_none=True)
    from_name = Words(allow_none=True)
    subject = Words()
    body = Words()
    at = Instant()
    read_at = Instant(allow_none=True)
