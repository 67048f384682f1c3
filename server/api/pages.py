"""Health at the root, and the page on which the interface can be read: no file of it comes from elsewhere."""

import orjson
from flask import Blueprint, Response, current_app, g, render_template

from server.services import certificates, health
from server.services.work import Call

root = Blueprint("pages", __name__, template_folder="templates")
docs = Blueprint("docs", __name__, template_folder="templates", url_prefix="/api/v1")
CONTENT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


@root.get("/healthz")
def alive() -> Response:
    """200 while this process answers."""
    return Response(orjson.dumps({"status": "ok"}), content_type="application/json")


@root.get("/readyz")
def ready() -> Response:
    """200 when the database answers and its schema is this release's, 503 otherwise."""
    world = current_app.extensions["tangying"]
    answer = health.check_ready(Call(world, world.clock.now(), g.request_id), current_app.config["TANGYING_REVISION"])
    return Response(orjson.dumps(answer), content_type="application/json")


@root.get("/c/<string:number>")
def certificate(number: str) -> Response:
    """What anybody may know of a certificate, as a page for whoever scanned its QR code."""
    world = current_app.extensions["tangying"]
    found = certificates.check(Call(world, world.clock.now(), g.request_id), number)
    response = Response(render_template("certificate.html", found=found, asked=number), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@docs.get("/openapi.json")
def openapi() -> Response:
    """The whole interface as OpenAPI 3.1."""
    return Response(current_app.config["TANGYING_OPENAPI"], content_type="application/json")


@docs.get("/docs")
def page() -> Response:
    """The interface as a page to read."""
    spec = orjson.loads(current_app.config["TANGYING_OPENAPI"])
    response = Response(render_template("docs.html", spec=spec), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    return response
