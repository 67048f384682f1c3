"""The words an organisation's patients use, and what the knowledge base calls them."""

from marshmallow import fields

from server.api.fields import Several
from server.api.questions.word import OfOrganisation, word
from server.api.views import Id, Schema, Text, View, Whole
from server.services import questions as service

MOST_SYNONYMS = 500


class Synonym(Schema):
    """A word, and what is read in its place; an empty one says that the word says nothing."""

    word = Text(1, 20, required=True)
    instead = Text(0, 20, required=True)


class SynonymsDraft(OfOrganisation):
    """All synonyms of an organisation: what is left out is taken away."""

    synonyms = Several(fields.Nested(Synonym), most=MOST_SYNONYMS, required=True)


class SynonymsView(View):
    """An organisation's own synonyms; `shipped` counts those that every organisation has."""

    organisation_id = Id()
    shipped = Whole(0, 2**31)
    synonyms = fields.List(fields.Nested(Synonym))


@word.does("GET", "/questions/synonyms", asks=OfOrganisation, gives=SynonymsView, refusals=("organisation_unnamed",))
def synonyms(call, query):
    """本机构的同义词"""
    return service.show_synonyms(call, query.get("organisation_id"))


@word.does("PUT", "/questions/synonyms", takes=SynonymsDraft, gives=SynonymsView, refusals=("organisation_unnamed",))
def settle_synonyms(call, body):
    """改本机构的同义词：大家怎么说，知识库里怎么叫"""
    return service.settle_synonyms(call, body)
