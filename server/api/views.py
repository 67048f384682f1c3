"""Schemas that several words share, and the shapes of answers."""

from typing import Any

import marshmallow
from marshmallow import fields

from server.api.contract import Schema
from server.api.fields import Choice, Day, Flag, Id, Instant, Text, Whole, WholeInQuery

Number = fields.Float
Words = fields.String


class View(Schema):
    """The shape of an answer: every field is always there; more may come with a later release."""

    class Meta:
        """Unknown fields are no fault."""

        unknown = marshmallow.EXCLUDE

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        for field in cls._declared_fields.values():
            field.required = True


class Page(Schema):
    """Where a list goes on, and how much of it is wanted."""

    limit = WholeInQuery(1, 100, load_default=20)
    after = Text(1, 500)


class PageOfPerson(Page):
    """A page of a list that belongs to a person: oneself when it is not said."""

    person_id = Id()


def items_of(view: type[Schema]) -> dict[str, Any]:
    """The published shape of a list of these."""
    return {"type": "object", "required": ["items", "next"], "properties": {
        "items": {"type": "array", "items": view}, "next": {"type": ["string", "null"]}}}


def map_of(kind: str) -> fields.Dict:
    """An object whose values are all of one JSON type."""
    return fields.Dict(metadata={"additionalProperties": {"type": kind}})


class TodayView(View):
    """What was done today, what the plan asks, and whether that is all."""

    done = map_of("integer")
    required = map_of("integer")
    complete = Flag()


class RoleView(View):
    """A role over a scope."""

    role = Words()
    scope_type = Words()
    scope_id = Id(allow_none=True)


__all__ = ["Choice", "Day", "Flag", "Id", "Instant", "Number", "Page", "PageOfPerson", "RoleView", "Schema", "Text",
           "TodayView", "View", "Whole", "WholeInQuery", "Words", "fields", "items_of", "map_of"]
