"""The word, and what its parts share."""

from marshmallow import fields

from server.api.contract import Word
from server.api.views import Id, Instant, Schema, Text, View, Words
from server.domain.questions import tickets

word = Word("questions", "答疑")
MOST_CHARACTERS = 2000
VERSION = 2**31
KINDS = ("answered", "emergency", "crisis", "dose_refusal", "refused", "small_talk", "unsure")


class TicketWordsDraft(Schema):
    """One message on a question that waits for a person."""

    text = Text(1, MOST_CHARACTERS, required=True, pasted=True)


class OfOrganisation(Schema):
    """Of which organisation, for who works in several."""

    organisation_id = Id()


class OwnTicketView(View):
    """Where a handed-over question stands, and in `says` when a person answers."""

    id = Id()
    status = Words(metadata={"enum": list(tickets.STATUSES)})
    need = Words(metadata={"enum": list(tickets.NEEDS)})
    due_at = Instant(allow_none=True)
    says = Words()


class AuthorView(View):
    """Who answers, as they were when they did."""

    name = Words()
    role = Words()
    role_name = Words()
    credential = Words(allow_none=True)


class WrittenView(View):
    """One message; `label` is 健康咨询 on what staff wrote. A notice of what staff did comes from their side, without label
    and author."""

    id = Id()
    by = Words(metadata={"enum": ["patient", "staff"]})
    label = Words(allow_none=True)
    author = fields.Nested(AuthorView, allow_none=True)
    text = Words()
    at = Instant()
