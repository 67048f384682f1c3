"""The composition root: the only place where everything meets."""

import logging
import os
import pathlib

import orjson
import structlog
from alembic.script import ScriptDirectory
from flask import Flask, Response, g, request
from flask.json.provider import JSONProvider
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from server import commands
from server.adapters.limits import Limits, SharedLimits
from server.adapters.papers import Papers
from server.adapters.photos import Photos
from server.adapters.secrets import Cipher, Seal
from server.adapters.signer import Signer
from server.adapters.sms import OfflineSms, RealSms, Sms
from server.adapters.tokens import Tokens
from server.adapters.voice import OfflineVoice, RealVoice, Voice
from server.adapters.wechat import OfflineWeChat, RealWeChat, WeChat
from server.api import (
    alerts,
    audit,
    camps,
    certificates,
    classes,
    consents,
    contract,
    dev,
    enrolments,
    entries,
    insights,
    leaderboards,
    lessons,
    measurements,
    organisations,
    pages,
    people,
    photos,
    points,
    problems,
    purchases,
    questions,
    rewards,
    session,
    streaks,
)
from server.api.methods import patch_by_post
from server.api.openapi import Api
from server.clock import Clock
from server.config import Settings, read_settings
from server.models.base import db, prepare_engine
from server.models.types import KEYRING
from server.services.work import World

VERSION = "0.1.0"
MIGRATIONS = pathlib.Path(__file__).parent / "migrations"
CLOCK_FILE = "clock"
PHOTOS_FOLDER = "photos"
WORDS = (session, people, consents, organisations, camps, classes, enrolments, entries, photos, streaks, points, leaderboards,
         lessons, questions, rewards, purchases, certificates, alerts, audit, measurements,
         insights)


def create_app(settings: Settings | None = None, *, wechat: WeChat | None = None) -> Flask:
    """The application for these settings, those of the environment when none are given. Raises BadSettings.

    `wechat` takes the place of the adapter that the settings would choose.
    """
    settings = settings or read_settings(os.environ)
    app = Flask("server", static_folder=None)
    app.json = _Json(app)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url, SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        API_TITLE="糖营", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0", MAX_CONTENT_LENGTH=contract.LAST_BYTE_READ,
        TANGYING_REVISION=ScriptDirectory(str(MIGRATIONS)).get_current_head())
    if settings.is_production:
        # nginx in front is the only client then; it says who the real one is.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.wsgi_app = patch_by_post(app.wsgi_app)  # type: ignore[method-assign]
    app.extensions["tangying"] = _world(settings, wechat)
    KEYRING.use(Cipher(settings.column_keys, settings.index_key))
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)
    with app.app_context():
        prepare_engine(db.engine)
    _serve_words(app, settings)
    commands.register(app)
    _watch(app)
    return app


def _world(settings: Settings, wechat: WeChat | None) -> World:
    clock = Clock(None if settings.is_production else settings.data_dir / CLOCK_FILE)
    return World(settings, clock, Tokens(settings.token_key, settings.access_token_seconds),
                 wechat or _wechat(settings), Seal(settings.seal_key),
                 SharedLimits(settings.redis_url) if settings.redis_url else Limits(),
                 Signer(settings.seal_key), Papers(settings.fonts_dir),
                 Photos(settings.data_dir / PHOTOS_FOLDER, Cipher(settings.column_keys, settings.index_key)), *_phones(settings))


def _phones(settings: Settings) -> tuple[Sms | None, Voice | None]:
    """What reaches a phone. In production a gateway that is not set up is none, never a twin: nobody would be told."""
    twins: tuple[Sms | None, Voice | None] = (None, None) if settings.is_production else (OfflineSms(), OfflineVoice())
    return (RealSms(settings.sms_url, settings.sms_token or "") if settings.sms_url else twins[0],
            RealVoice(settings.voice_url, settings.voice_token or "") if settings.voice_url else twins[1])


def _wechat(settings: Settings) -> WeChat:
    if settings.wechat_app_id and settings.wechat_secret:
        return RealWeChat(settings.wechat_app_id, settings.wechat_secret)
    return OfflineWeChat()


def _engine_options(settings: Settings) -> dict:
    # A failing statement is told without its parameters: they are what people wrote, and the log may hold none of it.
    always = {"json_serializer": lambda value: orjson.dumps(value).decode(), "json_deserializer": orjson.loads,
              "hide_parameters": True}
    if settings.database_url.startswith("sqlite"):
        return {**always, "connect_args": {"check_same_thread": False}}
    return {**always, "pool_size": 2, "max_overflow": 2, "pool_timeout": 5, "pool_recycle": 300,
            "connect_args": {"connect_timeout": 5, "options": "-c timezone=UTC"}}


def _serve_words(app: Flask, settings: Settings) -> None:
    problems.register(app)
    api = Api(app)
    for module in WORDS if settings.is_production else (*WORDS, dev):
        api.register_blueprint(module.word, url_prefix="/api/v1")
    app.register_blueprint(pages.root)
    app.register_blueprint(pages.docs)
    app.config["TANGYING_OPENAPI"] = api.document()


def _watch(app: Flask) -> None:
    """Give every request an id, and write one line about each: ids, names and numbers, never a word of its content."""
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.processors.JSONRenderer(serializer=orjson.dumps)],
        logger_factory=structlog.BytesLoggerFactory(), cache_logger_on_first_use=False,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    log = structlog.get_logger()

    @app.before_request
    def begin() -> None:
        g.request_id = contract.request_id()

    @app.after_request
    def finish(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        response.headers["X-Content-Type-Options"] = "nosniff"
        log.info("request", request_id=g.request_id, operation=request.endpoint, status=response.status_code)
        return response


class _Json(JSONProvider):
    """orjson in place of Flask's own JSON."""

    def dumps(self, obj: object, **_: object) -> str:
        """The object as JSON text."""
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: object) -> object:
        """What the JSON text says."""
        return orjson.loads(s)
