"""What one operation promises, and how it is published: schemas, parameters, answers and refusals."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import marshmallow

from server.api.problems import CONTENT_TYPE, STATUSES
from server.domain.refusals import REFUSALS

PUBLIC, SIGNED_IN = "public", "signed_in"
MOST_BODY_BYTES = 256 * 1024
# What a form puts around its file: boundaries, names and headers.
FORM_BYTES = 4096


@dataclasses.dataclass(frozen=True)
class Contract:
    """What one operation promises. `door` names what a path's id must be reached for before the body is looked at."""

    operation: str
    who: str
    takes: "type[marshmallow.Schema] | OneOf | Upload | None"
    asks: type[marshmallow.Schema] | None
    gives: Any
    status: int
    door: tuple[str, str] | None
    repeatable: bool
    owes_advice: Callable[..., dict[str, Any] | None] | None
    cheap_tag: Callable[..., str] | None
    refusals: tuple[str, ...]
    most_body_bytes: int = MOST_BODY_BYTES


class OneOf:
    """A body that is one of several schemas, told apart by one of its fields."""

    def __init__(self, field: str, schemas: Mapping[str, type[marshmallow.Schema]]) -> None:
        self.field = field
        self.schemas = schemas
        self._instances = {word: schema() for word, schema in schemas.items()}

    def load(self, body: Any) -> dict[str, Any]:
        """The body as the schema its field names loads it. Raises marshmallow.ValidationError."""
        word = body.get(self.field) if isinstance(body, dict) else None
        if not isinstance(word, str) or word not in self._instances:
            raise marshmallow.ValidationError({self.field: [f"只能是 {'、'.join(self._instances)}。"]})
        return self._instances[word].load(body)


class Upload:
    """A body of bytes of these media types: sent as it is, or as the one file of a form, as wx.uploadFile does."""

    def __init__(self, name: str, types: tuple[str, ...], most_bytes: int) -> None:
        self.name, self.types, self.most_bytes = name, types, most_bytes

    def content(self) -> dict[str, Any]:
        """The published forms of the body."""
        file = {"type": "string", "format": "binary"}
        form = {"type": "object", "required": [self.name], "properties": {self.name: file}}
        return {"multipart/form-data": {"schema": form}, **{each: {"schema": file} for each in self.types}}


class Schema(marshmallow.Schema):
    """A schema that refuses what it does not know. `also` is JSON Schema published beside its fields."""

    also: Mapping[str, Any] = {}
    error_messages = {"unknown": "没有这一项。", "type": "要是一个对象。"}

    class Meta:
        """Unknown fields are refused."""

        unknown = marshmallow.RAISE


class ProblemView(Schema):
    """RFC 9457, with a stable code, a sentence fit to show, and the treat-now card where a danger is behind it."""

    also = {"required": ["type", "title", "status", "code", "detail", "request_id"], "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
        "code": {"type": "string"}, "detail": {"type": "string"}, "request_id": {"type": "string"},
        "errors": {"type": "object"}, "advice": {"type": "object"}}}


_EVERYWHERE = ("not_json", "database_away", "server_error", "disk_full", "too_many_requests")
_KINDS_OF_SHAPE = ("invalid", "body_too_large", "unsupported_media_type")


def operation_of(promised: Contract, method: str) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": promised.operation, "responses": _responses(promised, method)}
    operation["security"] = [] if promised.who == PUBLIC else [{"bearer": []}]
    parameters: list[Any] = [{"in": "query", "schema": promised.asks}] if promised.asks else []
    if promised.repeatable:
        parameters.append({"in": "header", "name": "Idempotency-Key", "required": False,
                           "schema": {"type": "string", "pattern": "^[\\x20-\\x7e]{1,64}$"}})
    if parameters:
        operation["parameters"] = parameters
    if promised.takes is not None:
        operation["requestBody"] = {"required": True, "content": _content_of(promised.takes)}
    if promised.most_body_bytes != MOST_BODY_BYTES:
        operation["x-most-body-bytes"] = promised.most_body_bytes
    return operation


def _content_of(takes: Any) -> dict[str, Any]:
    if isinstance(takes, Upload):
        return takes.content()
    if isinstance(takes, OneOf):
        takes = {"oneOf": list(takes.schemas.values()), "discriminator": {"propertyName": takes.field}}
    return {"application/json": {"schema": takes}}


def _responses(promised: Contract, method: str) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    statuses = [promised.status, 200] if promised.operation == "entries.file" else [promised.status]
    for status in statuses:
        responses[str(status)] = {"description": "完成"}
        if isinstance(promised.gives, str):
            responses[str(status)]["content"] = {promised.gives: {"schema": {"type": "string", "format": "binary"}}}
        elif promised.gives is not None:
            responses[str(status)]["content"] = {"application/json": {"schema": promised.gives}}
    if method == "GET":
        responses["304"] = {"description": "没有变化"}
    for status, codes in _codes(promised, method).items():
        responses[str(status)] = {"description": "、".join(sorted(codes)),
                                  "content": {CONTENT_TYPE: {"schema": ProblemView}}}
    return responses


def _codes(promised: Contract, method: str) -> dict[int, set[str]]:
    codes = {*_EVERYWHERE, *_KINDS_OF_SHAPE, *promised.refusals}
    if promised.who != PUBLIC:
        codes |= {"unauthenticated", "token_expired", "not_found", "forbidden"}
    if promised.repeatable:
        codes.add("idempotency_key_reused")
    if method in ("PATCH", "DELETE"):
        codes.add("stale")
    by_status: dict[int, set[str]] = {}
    for code in codes:
        by_status.setdefault(STATUSES[REFUSALS[code].kind][0], set()).add(code)
    return by_status
