"""FHIR R4, out and in."""

from typing import Any

import marshmallow
from marshmallow import fields

from server.api.entries.filing import TakenInView
from server.api.entries.word import word
from server.api.fields import Several
from server.api.views import Choice, Day, Id, Schema, Text, View, Whole, WholeInQuery, Words
from server.domain import alarms, alerts, fhir, meters
from server.services import entries as service

MOST_OBSERVATIONS = 500


class FhirQuery(Schema):
    """Which readings: from one camp day to another, a page of at most a thousand."""

    Meta = type("Meta", (Schema.Meta,), {"include": {"from": Day()}})
    to = Day()
    person_id = Id()
    limit = WholeInQuery(1, 1000, load_default=1000)
    after = Text(1, 200)


class FhirTakeQuery(Schema):
    """Into whose record."""

    person_id = Id()


class FhirDraft(Schema):
    """A Bundle of Observations, or one; what else it holds is let be."""

    Meta = type("Meta", (Schema.Meta,), {"unknown": marshmallow.INCLUDE})
    resourceType = Choice(("Bundle", "Observation"), required=True)  # noqa: N815 - FHIR's own name
    entry = Several(fields.Dict(), most=MOST_OBSERVATIONS)


class BundleView(View):
    """A FHIR R4 Bundle: the Patient and Observations."""

    resourceType = Words()  # noqa: N815 - FHIR's own name
    type = Words()
    timestamp = Words()
    link = fields.List(fields.Dict())
    entry = fields.List(fields.Dict())


class TakenOneView(View):
    """What became of one Observation, in the place it stood."""

    place = Whole(0, 2**31)
    status = Words(metadata={"enum": ["created", "identical", "conflict", "gone", "invalid", "skipped"]})
    reason = Words(allow_none=True)
    says = Words(allow_none=True)
    id = Id(allow_none=True)
    advice = fields.Dict(allow_none=True)


class TakenView(TakenInView):
    """What became of a Bundle: counts, every Observation, and the card to show at once."""

    items = fields.List(fields.Nested(TakenOneView))


def advice_for_fhir(body: Any) -> dict[str, Any] | None:
    """The card owed with any refusal of Observations among which is a dangerous reading."""
    found = fhir.entries_of(body)[:MOST_OBSERVATIONS] if isinstance(body, dict) else []
    said = filter(None, (fhir.read(one.get("resource")).said for one in found if isinstance(one, dict)))
    return alarms.foremost((alerts.advice_for_refused(*each), None) for each in said)


@word.does("GET", "/entries/fhir", asks=FhirQuery, gives=BundleView, refusals=("cursor_unknown",))
def export_fhir(call, query):
    """导出为 FHIR R4：血糖与化验"""
    return service.export(call, query)


@word.does("POST", "/entries/fhir", takes=FhirDraft, asks=FhirTakeQuery, gives=TakenView, most_body_bytes=meters.MOST_BYTES,
           owes_advice=advice_for_fhir, refusals=("consent_required",))
def take_fhir(call, body, query):
    """导入 FHIR R4 的 Observation：同样的传两次，什么也不会多"""
    return service.take(call, body, query.get("person_id"))
