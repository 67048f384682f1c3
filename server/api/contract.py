"""A route that reads as its own contract: who may call it, what it takes, what it gives.

The order of refusals is the contract's: who are you (401), too large (413), not JSON (400), not yours (404, 403), wrong
shape (422), a rule (409 and the like), too often (429).
"""

import dataclasses
import functools
import hashlib
import io
import json
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import flask_smorest
import marshmallow
import orjson
from flask import Response, current_app, g, request, send_file

from server.api.promises import FORM_BYTES, MOST_BODY_BYTES, PUBLIC, SIGNED_IN, Contract, OneOf, Schema, Upload, operation_of
from server.domain.refusals import Refusal
from server.services import doors, session
from server.services.work import Call, Download, Replayed, Tagged, World

# What anything outside an operation may send; each operation sets its own.
LAST_BYTE_READ = MOST_BODY_BYTES + 1
_JSON = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
_KEY = re.compile(r"[\x20-\x7e]{1,64}")
_TAG = re.compile(r'(?:W/)?"(\d+)\.[0-9a-f]+"')
__all__ = ["PUBLIC", "SIGNED_IN", "OneOf", "Schema", "Upload", "Word", "pretty", "request_id"]
# What the responder has to read has a limit of its own.
ASKING = frozenset({"questions.ask", "questions.write_on"})
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Word(flask_smorest.Blueprint):
    """The routes of one word of the domain."""

    def __init__(self, name: str, about: str) -> None:
        super().__init__(name, f"server.api.{name}", description=about)

    def does(self, method: str, rule: str, *, who: str = SIGNED_IN, takes: Any = None, asks: Any = None, gives: Any = None,
             status: int = 200, door: tuple[str, str] | None = None, repeatable: bool | None = None,
             owes_advice: Callable[..., dict[str, Any] | None] | None = None,
             cheap_tag: Callable[..., str] | None = None,
             refusals: tuple[str, ...] = (), most_body_bytes: int = MOST_BODY_BYTES,
             ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare one operation; the decorated function is called with a Call, the path's values, then `query` and
        `body` where the operation asks or takes them, and answers a dict, bytes or a Response. `owes_advice` is asked for
        the card that any refusal carries: of the body as it arrived, or of an upload's bytes and its query."""
        if repeatable is None:
            repeatable = method == "POST" and status == 201 and who == SIGNED_IN
        if isinstance(takes, Upload):
            most_body_bytes = takes.most_bytes + FORM_BYTES

        def declare(view: Callable[..., Any]) -> Callable[..., Any]:
            promised = Contract(f"{self.name}.{view.__name__}", who, takes, asks, gives, status, door, repeatable,
                                owes_advice, cheap_tag, refusals, most_body_bytes)
            schema = takes() if isinstance(takes, type) else takes
            query = asks() if asks else None

            def run(**path: Any) -> Response:
                return _run(promised, view, schema, query, path)

            run.__name__, run.__doc__ = view.__name__, view.__doc__
            run.contract = promised  # type: ignore[attr-defined]
            run._apidoc = {"manual_doc": operation_of(promised, method)}  # type: ignore[attr-defined]
            self.add_url_rule(rule, view.__name__, run, methods=[method])
            return view

        return declare


def _run(promised: Contract, view: Callable[..., Any], schema: Any, query_schema: Any, path: dict[str, Any]) -> Response:
    if promised.owes_advice is not None:
        g.owed_advice = functools.cache(lambda: _owed(promised))
    call = _call(promised)
    given: dict[str, Any] = {}
    try:
        _check_length(promised)
        if isinstance(schema, Upload):
            given["body"] = _read_upload(promised, schema)
        elif schema is not None:
            given["body"] = _load(schema, _read_body(promised))
        if query_schema is not None:
            given["query"] = _load(query_schema, _read_query())
        call = _with_headers(promised, call, given.get("body"))
    except Refusal as refusal:
        _knock(promised, call, path, of_shape=refusal.meaning.kind == "shape")
        raise
    _count(promised, call)
    if promised.cheap_tag is not None and request.headers.get("If-None-Match"):
        tag = promised.cheap_tag(call, **given)
        if _matches(tag):
            return _unchanged(tag)
    return _respond(promised, view(call, **path, **given))


def _owed(promised: Contract) -> dict[str, Any] | None:
    """The card that this request is owed with any refusal. It must not fall with the request that owes it."""
    if not isinstance(promised.takes, Upload):
        return promised.owes_advice(_raw_body())  # type: ignore[misc]
    try:
        return promised.owes_advice(_read_upload(promised, promised.takes), _read_query())  # type: ignore[misc]
    except Exception:  # noqa: BLE001 no file, or none that can be read
        return None


def _call(promised: Contract) -> Call:
    """Who asks, and when. Raises unauthenticated, token_expired."""
    world: World = current_app.extensions["tangying"]
    now = world.clock.now()
    if promised.who == PUBLIC:
        return Call(world, now, g.request_id)
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refusal("unauthenticated")
    bearer = world.tokens.read(token.strip(), now)
    return Call(world, now, g.request_id, bearer.person_id, bearer.sign_in_id)


def _knock(promised: Contract, call: Call, path: dict[str, Any], *, of_shape: bool) -> None:
    """Before a body is refused: is the sign-in alive? Before its shape is: may the caller know of the path's object?"""
    if promised.who == PUBLIC:
        return
    session.check_alive(call)
    if of_shape and promised.door is not None:
        doors.knock(call, *promised.door, next(iter(path.values()), None))


def _check_length(promised: Contract) -> None:
    if request.content_length is not None and request.content_length > promised.most_body_bytes:
        raise Refusal("body_too_large")
    # A body that comes in chunks is cut off here without a word, so one byte more than is taken has to be read.
    request.max_content_length = promised.most_body_bytes + 1


def _read_bytes(promised: Contract) -> bytes:
    try:
        data = request.get_data(cache=True)
    except Exception:  # noqa: BLE001 chunks that are none, a line that broke: each server has its own word for them
        raise Refusal("not_json") from None
    if len(data) > promised.most_body_bytes:  # in chunks, so that no length was announced
        raise Refusal("body_too_large")
    return data


def _read_upload(promised: Contract, upload: Upload) -> bytes:
    """The bytes of the body, or of the one file in its form; what the form calls it does not matter."""
    data = _read_bytes(promised)
    if request.mimetype == "multipart/form-data":
        files = [file for _, file in request.files.items(multi=True)]
        if len(files) != 1:
            raise Refusal("invalid", errors={upload.name: ["请在表单里放一个文件。"]})
        data = files[0].read()
    elif request.mimetype not in ("", "application/octet-stream", *upload.types):
        raise Refusal("unsupported_media_type")
    if len(data) > upload.most_bytes:
        raise Refusal("body_too_large")
    return data


def _read_body(promised: Contract) -> Any:
    data = _read_bytes(promised)
    if request.mimetype and request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise Refusal("unsupported_media_type")
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Refusal("not_json") from None


def _raw_body() -> Any:
    """The body as it arrived if it can be read at all, for the advice that any refusal of a reading is owed."""
    try:
        return orjson.loads(request.get_data(cache=True))
    except (orjson.JSONDecodeError, Exception):  # noqa: BLE001 the card must not fall with the request that owes it
        return None


def _read_query() -> dict[str, str]:
    """The query's parameters; one given twice is refused by being a list where a text is due."""
    return {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}


def _load(schema: Any, data: Any) -> dict[str, Any]:
    try:
        return schema.load(data)
    except marshmallow.ValidationError as error:
        messages = error.messages
        raise Refusal("invalid", errors=messages if isinstance(messages, dict) else {"body": messages}) from None
    except RecursionError:
        raise Refusal("not_json") from None


def _with_headers(promised: Contract, call: Call, body: Any) -> Call:
    """The call with what its headers ask: an Idempotency-Key, an If-Match."""
    key, match = request.headers.get("Idempotency-Key"), request.headers.get("If-Match")
    if key is not None and promised.repeatable:
        if not _KEY.fullmatch(key):
            raise Refusal("invalid", errors={"Idempotency-Key": ["要是 1 到 64 个可见字符。"]})
        # A form draws its boundaries anew each time it is sent; the file in it is the same.
        sent = body if isinstance(body, bytes) else request.get_data(cache=True)
        content = hashlib.sha256(request.path.encode() + b"\0" + sent).hexdigest()
        call = dataclasses.replace(call, receipt=(key, content))
    if match is not None and match.strip() != "*" and request.method in ("PATCH", "DELETE"):
        tag = _TAG.fullmatch(match.strip())
        call = dataclasses.replace(call, if_match=int(tag[1]) if tag else -1)
    return call


def _count(promised: Contract, call: Call) -> None:
    settings, limits = call.world.settings, call.world.limits
    if promised.operation == "session.start":
        limits.check("sign_in_address", request.remote_addr or "", settings.sign_ins_per_minute_address)
    elif promised.operation in ASKING:
        _count_question(call)
    elif call.person_id is not None and request.method in WRITING:
        limits.check("write", str(call.person_id), settings.writes_per_minute)


def _count_question(call: Call) -> None:
    """Count a question. An emergency is answered in full above the limit too, as often again in a minute: by then staff
    have heard of it so often, and only the card is left to give. Raises too_many_requests."""
    limits, most = call.world.limits, call.world.settings.questions_per_minute
    try:
        limits.check("question", str(call.person_id), most)
    except Refusal:
        if g.owed_advice() is None:
            raise
        limits.check("emergency", str(call.person_id), most)


def _respond(promised: Contract, result: Any) -> Response:
    if isinstance(result, Response):
        return result
    if result is None:
        return Response(status=204)
    if isinstance(result, Download):
        return _send(result)
    body = result if isinstance(result, bytes) else orjson.dumps(result, default=_plain, option=_JSON)
    content_type = promised.gives if isinstance(promised.gives, str) else "application/json"
    response = Response(body, _status(promised, result), content_type=content_type)
    if content_type.startswith("image/"):
        # Opened by itself, a picture is a picture: whatever it may hold runs and fetches nothing.
        response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if isinstance(result, Replayed):
        response.headers["Idempotency-Replayed"] = "true"
    if request.method in ("GET", "PATCH"):
        tag = result.tag if isinstance(result, Tagged) else _tag(result, body)
        if request.method == "GET" and _matches(tag):
            return _unchanged(tag)
        response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _send(file: Download) -> Response:
    """The file under its own name, Chinese and quotes in it too (RFC 6266)."""
    content = io.BytesIO(file.content) if isinstance(file.content, bytes) else file.content
    response = send_file(content, file.content_type, as_attachment=not file.inline, download_name=file.name,
                         conditional=False, etag=False)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _status(promised: Contract, result: Any) -> int:
    """The promised status; 200 for an entry that was there already."""
    return 200 if isinstance(result, dict) and result.get("status") == "identical" else promised.status


def _tag(result: Any, body: bytes) -> str:
    version = result.get("version", 0) if isinstance(result, dict) else 0
    return f'"{version}.{hashlib.blake2b(body, digest_size=8).hexdigest()}"'


def _matches(tag: str) -> bool:
    wanted = request.headers.get("If-None-Match")
    return wanted is not None and tag in (part.strip().removeprefix("W/") for part in wanted.split(","))


def _unchanged(tag: str) -> Response:
    return Response(status=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})


def _plain(value: Any) -> Any:
    """What orjson does not know: a Decimal goes out as the JSON number it is."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)


def request_id() -> str:
    """An id for this request, made by us: what a client sends is not written into our logs."""
    return uuid.uuid4().hex


def pretty(document: Any) -> bytes:
    """A document as JSON for reading."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
