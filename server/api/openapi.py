"""The published document: what flask-smorest makes of the contracts, and what strict fields add to it."""

from typing import Any

import flask_smorest
import orjson
from apispec.ext.marshmallow import MarshmallowPlugin, OpenAPIConverter
from flask import Flask

from server.api.contract import Schema

ABOUT = "糖营：28 天控糖打卡训练营的后端。错误一律是 application/problem+json；时间带时区；编号是 UUID。"


class _Converter(OpenAPIConverter):
    """Adds to a schema what it says beside its fields."""

    def schema2jsonschema(self, schema: Schema) -> dict[str, Any]:
        """The JSON Schema of a schema."""
        published = super().schema2jsonschema(schema)
        also = getattr(schema, "also", {})
        return {**published, **also}


class _Plugin(MarshmallowPlugin):
    Converter = _Converter


class Api(flask_smorest.Api):
    """flask-smorest without its own errors and pages: ours are problem documents, and a page without a CDN."""

    # Every operation names its own refusals; there is no other answer.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def __init__(self, app: Flask) -> None:
        super().__init__(app, spec_kwargs={"marshmallow_plugin": _Plugin(schema_name_resolver=_name), "info": {
            "description": ABOUT}})
        self.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})

    def _register_error_handlers(self) -> None:
        """Leave errors to api.problems."""

    def _register_responses(self) -> None:
        """Every operation names its own answers."""

    def _register_pagination_header(self) -> None:
        """Lists carry `next` in the body."""

    def document(self) -> bytes:
        """The document as JSON."""
        return orjson.dumps(_without_repeats(self.spec.to_dict()))


def _name(schema: Any) -> str:
    """A component's name: the schema's own."""
    return (schema if isinstance(schema, type) else type(schema)).__name__


def _without_repeats(document: Any) -> Any:
    """The document with `anyOf` in place of the type where a field may be several: JSON Schema wants one of both."""
    if isinstance(document, dict):
        kept = {key: _without_repeats(value) for key, value in document.items()}
        if "anyOf" in kept and "type" in kept and "properties" not in kept:
            kept.pop("type")
        return kept
    return [_without_repeats(item) for item in document] if isinstance(document, list) else document
