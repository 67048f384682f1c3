"""知情同意: documents, agreement, withdrawal."""

from server.api.contract import Word
from server.api.views import Choice, Flag, Id, Instant, PageOfPerson, Schema, Text, View, Words, items_of
from server.services import consents as service

word = Word("consents", "知情同意")


class DocumentView(View):
    """One document to agree to."""

    id = Id()
    purpose = Words()
    version = Words()
    title = Words()
    body = Words()
    required = Flag()


class ConsentDraft(Schema):
    """Agreement to one version of one document."""

    document_id = Id(required=True)
    version = Text(1, 16, required=True)
    given_by = Choice(("self", "guardian"), required=True)
    guardian_name = Text(1, 30)
    person_id = Id()


class ConsentView(View):
    """An agreement, live while `withdrawn_at` is null."""

    id = Id()
    person_id = Id()
    document_id = Id()
    purpose = Words()
    version = Words()
    given_by = Words()
    filed_by = Id()
    given_at = Instant()
    withdrawn_at = Instant(allow_none=True)


@word.does("GET", "/consents/documents/current", gives=items_of(DocumentView))
def documents(call):
    """现行的知情同意书"""
    return service.documents(call)


@word.does("POST", "/consents", takes=ConsentDraft, gives=ConsentView, status=201,
           refusals=("document_outdated", "guardian_needed", "guardian_name_needed"))
def give(call, body):
    """同意"""
    return service.give(call, body)


@word.does("DELETE", "/consents/<uuid:consent_id>", status=204)
def withdraw(call, consent_id):
    """撤回同意"""
    return service.withdraw(call, consent_id)


@word.does("GET", "/consents", asks=PageOfPerson, gives=items_of(ConsentView), refusals=("cursor_unknown",))
def page(call, query):
    """我的同意记录"""
    return service.page(call, query.get("person_id"), query.get("after"), query["limit"])
