"""The one method that a WeChat client cannot send."""

from collections.abc import Callable, Iterable
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def patch_by_post(wsgi_app: Wsgi) -> Wsgi:
    """The application, taking a POST with `X-HTTP-Method-Override: PATCH` for the PATCH that is meant.

    wx.request knows no PATCH. Nothing else can be asked for in this way: a form on a stranger's page can send no such
    header, and a method that is not POST keeps its meaning.
    """
    def run(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ.get("HTTP_X_HTTP_METHOD_OVERRIDE") == "PATCH":
            environ["REQUEST_METHOD"] = "PATCH"
        return wsgi_app(environ, start_response)

    return run
