"""Refusals and failures as application/problem+json (RFC 9457). The only place that knows HTTP statuses of refusals."""

import logging
from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from server.domain.refusals import Refusal

CONTENT_TYPE = "application/problem+json"
# Kind of refusal -> status and title.
STATUSES: dict[str, tuple[int, str]] = {
    "malformed": (400, "Bad Request"),
    "unauthenticated": (401, "Unauthorized"),
    "forbidden": (403, "Forbidden"),
    "not_found": (404, "Not Found"),
    "method": (405, "Method Not Allowed"),
    "conflict": (409, "Conflict"),
    "gone": (410, "Gone"),
    "stale": (412, "Precondition Failed"),
    "too_large": (413, "Content Too Large"),
    "media_type": (415, "Unsupported Media Type"),
    "shape": (422, "Unprocessable Content"),
    "limited": (429, "Too Many Requests"),
    "broken": (500, "Internal Server Error"),
    "away": (503, "Service Unavailable"),
    "full": (507, "Insufficient Storage"),
}
_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 415: "unsupported_media_type",
               400: "not_json"}
RETRY_SECONDS = 2
log = structlog.get_logger()


def problem(refusal: Refusal) -> dict[str, Any]:
    """The refusal as a problem document."""
    status, title = STATUSES[refusal.meaning.kind]
    document: dict[str, Any] = {
        "type": f"/api/v1/docs#{refusal.code}", "title": title, "status": status, "code": refusal.code,
        "detail": refusal.says(english=_prefers_english()), "request_id": g.get("request_id", "")}
    if refusal.meaning.kind == "shape":
        document["errors"] = refusal.errors or {}
    advice = refusal.advice or _owed_advice()
    return {**document, "advice": advice} if advice else document


def answer(refusal: Refusal) -> Response:
    """The refusal as a response."""
    document = problem(refusal)
    response = Response(orjson.dumps(document, option=orjson.OPT_NON_STR_KEYS), document["status"], content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    if refusal.meaning.kind == "unauthenticated":
        response.headers["WWW-Authenticate"] = "Bearer"
    if refusal.meaning.kind in ("limited", "away"):
        response.headers["Retry-After"] = str(refusal.retry_after_seconds or RETRY_SECONDS)
    return response


def _owed_advice() -> dict[str, Any] | None:
    """The card that this request is owed whatever becomes of it: set by contract.route before anything can refuse."""
    owed = g.get("owed_advice")
    return owed() if owed else None


def _prefers_english() -> bool:
    return request.accept_languages.best_match(["zh", "en"], "zh") == "en"


def register(app: Flask) -> None:
    """Answer every failure of the application with a problem document."""
    app.register_error_handler(Refusal, answer)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(DBAPIError, _answer_database)
    app.register_error_handler(PoolTimeout, _answer_database)
    app.register_error_handler(Exception, _answer_broken)


def _answer_http(error: HTTPException) -> Response | HTTPException:
    if error.code is not None and error.code < 400:
        return error  # a redirect is no failure
    response = answer(Refusal(_HTTP_CODES.get(error.code or 500, "server_error")))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _answer_database(error: Exception) -> Response:
    """503 while the database is away, 507 when its disk is full; anything else is our own fault."""
    text = str(getattr(error, "orig", error))
    if "disk is full" in text or getattr(getattr(error, "orig", None), "sqlstate", None) == "53100":
        return answer(Refusal("disk_full"))
    if isinstance(error, OperationalError | PoolTimeout) or getattr(error, "connection_invalidated", False):
        log.warning("database_away", request_id=g.get("request_id"), kind=type(error).__name__)
        return answer(Refusal("database_away", retry_after_seconds=RETRY_SECONDS))
    return _answer_broken(error)


def _answer_broken(error: Exception) -> Response:
    """500 without a word of what happened; the log has the trace, without local values."""
    logging.getLogger("tangying").error("unexpected error in request %s", g.get("request_id"), exc_info=error)
    return answer(Refusal("server_error"))
