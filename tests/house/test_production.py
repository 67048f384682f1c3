"""Development aids are absent from production, and production starts only with keys of its own."""

import base64
import json
import pathlib
import secrets

import pytest

from server.app import CLOCK_FILE, create_app
from server.config import SETTINGS, BadSettings, read_settings
from server.models.types import KEYRING


def production(folder: pathlib.Path, **more: str) -> dict[str, str]:
    """Settings of a production server with fresh keys and a database of its own in that folder."""
    keys = {name: secrets.token_urlsafe(32) for name in ("TANGYING_TOKEN_KEY", "TANGYING_INDEX_KEY", "TANGYING_SEAL_KEY")}
    return {"TANGYING_ENV": "production", "TANGYING_DATA_DIR": str(folder), **keys,
            "TANGYING_COLUMN_KEYS": f"k1:{secrets.token_urlsafe(32)}", "TANGYING_WECHAT_APP_ID": "wx0000000000000000",
            "TANGYING_WECHAT_SECRET": secrets.token_hex(16), **more}


def key_of(size: int) -> str:
    """A key of that many different bytes, the same in every run."""
    return base64.urlsafe_b64encode(bytes(range(size))).rstrip(b"=").decode()


@pytest.fixture
def server(app, tmp_path):
    """A production server beside the tests' own, whose keys it hands back."""
    del app
    ours = KEYRING.cipher
    # A clock that somebody stopped before the server became a production one.
    (tmp_path / CLOCK_FILE).write_text("2001-01-01T00:00:00+00:00", "ascii")
    yield create_app(read_settings(production(tmp_path)))
    KEYRING.use(ours)


def test_no_development_aid_has_a_route(server):
    assert [rule.rule for rule in server.url_map.iter_rules() if "dev" in rule.rule.split("/")] == []
    client = server.test_client()
    for method, path in (("PUT", "clock"), ("POST", "run-due"), ("GET", "outbox")):
        answer = client.open(f"/api/v1/dev/{path}", method=method, json={"now": None})
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_no_development_aid_is_published(server):
    published = json.loads(server.config["TANGYING_OPENAPI"])
    assert [path for path in published["paths"] if "/dev/" in path] == []
    assert len(published["paths"]) > 40


@pytest.mark.parametrize("code", ["dev:admin", "dev:owner", "dev:", "dev:a b"])
def test_a_development_code_signs_nobody_in(server, code):
    answer = server.test_client().post("/api/v1/session", json={"code": code})
    assert (answer.status_code, answer.json["code"]) == (401, "code_refused")


def test_a_stopped_clock_is_not_looked_at_and_cannot_be_stopped(server):
    clock = server.extensions["tangying"].clock
    assert clock.now().year > 2001
    with pytest.raises(RuntimeError):
        clock.stop_at(clock.now())


def test_production_names_every_setting_that_is_missing_at_once(tmp_path):
    with pytest.raises(BadSettings) as refused:
        read_settings({"TANGYING_ENV": "production", "TANGYING_DATA_DIR": str(tmp_path / "never")})
    assert [setting.name for setting in SETTINGS if setting.production and setting.name not in str(refused.value)] == []
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize("weak", ["", "secret", "A" * 43, key_of(31), key_of(64), "中" * 32],
                         ids=["empty", "word", "all_alike", "short", "long", "not_base64"])
@pytest.mark.parametrize("name", ["TANGYING_TOKEN_KEY", "TANGYING_INDEX_KEY", "TANGYING_SEAL_KEY", "TANGYING_COLUMN_KEYS"])
def test_production_refuses_a_weak_key(tmp_path, name, weak):
    given = f"k1:{weak}" if name == "TANGYING_COLUMN_KEYS" else weak
    with pytest.raises(BadSettings, match=name):
        read_settings(production(tmp_path, **{name: given}))


@pytest.mark.parametrize("name", ["TANGYING_TOKN_KEY", "TANGYING_DEBUG"])
def test_a_misspelt_setting_stops_the_start(tmp_path, name):
    with pytest.raises(BadSettings, match=name):
        read_settings(production(tmp_path, **{name: "1"}))
