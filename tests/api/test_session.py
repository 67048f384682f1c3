"""Signing in, refreshing with reuse detection, signing out, phone and dev codes."""

from server.adapters.limits import WINDOW_SECONDS
from server.clock import monotonic_seconds
from tests.makers import World


def _start(world: World, code: str):
    return world.ask("POST", "/session", {"code": code})


def test_a_wechat_code_works_once_and_the_session_key_stays_here(world: World) -> None:
    first = _start(world, "wang/1")
    assert (first.status, first["is_new"], first["person"]["nickname"]) == (201, True, "糖友")
    assert "session_key" not in str(first.json)
    assert "openid" not in str(first.json)
    assert _start(world, "wang/1").code == "code_refused"
    second = _start(world, "wang/2")
    assert (second["is_new"], second["person"]["id"]) == (False, first["person"]["id"])


def test_one_unionid_is_one_person(world: World) -> None:
    assert _start(world, "a@union/1")["person"]["id"] == _start(world, "b@union/1")["person"]["id"]


def test_a_refresh_token_used_twice_ends_the_whole_family(world: World) -> None:
    first = _start(world, "dev:ming")
    second = world.ask("POST", "/session/refresh", {"refresh_token": first["refresh_token"]})
    assert second.status == 200
    assert world.ask("GET", "/people/me", token=second["access_token"]).status == 200
    reused = world.ask("POST", "/session/refresh", {"refresh_token": first["refresh_token"]})
    assert (reused.status, reused.code) == (401, "token_reused")
    assert world.ask("GET", "/people/me", token=second["access_token"]).status == 401
    assert world.ask("POST", "/session/refresh", {"refresh_token": second["refresh_token"]}).status == 401


def test_signing_out_ends_the_token_at_once(world: World) -> None:
    ming = world.person("ming")
    assert ming.ask("DELETE", "/session").status == 204
    assert ming.get("/people/me").code == "unauthenticated"


def test_tokens_obey_the_stopped_clock(world: World) -> None:
    token = world.person("ming").token
    world.clock("2026-03-01T21:59:59+08:00")
    assert world.ask("GET", "/people/me", token=token).status == 200
    world.clock("2026-03-01T22:00:00+08:00")
    assert world.ask("GET", "/people/me", token=token).code == "token_expired"


def test_a_phone_belongs_to_one_person(world: World) -> None:
    ming, hong = world.person("ming"), world.person("hong")
    assert ming.post("/session/phone", {"code": "x"}).status == 200
    assert hong.post("/session/phone", {"code": "x"}).code == "phone_taken"


def test_too_many_sign_ins_of_one_person_wait(world: World) -> None:
    while True:
        minute = int(monotonic_seconds() // WINDOW_SECONDS)
        answers = [_start(world, "dev:eager") for _ in range(61)]
        # The minute may have ended in between, and then fills again.
        if minute == int(monotonic_seconds() // WINDOW_SECONDS):
            break
    assert {a.status for a in answers[:60]} == {201}
    assert (answers[60].status, answers[60].code) == (429, "too_many_requests")
    assert int(answers[60].headers["Retry-After"]) >= 1


def test_wechat_away_is_said_and_can_be_tried_again(world: World) -> None:
    away = _start(world, "away")
    assert (away.status, away.code, away.headers["Retry-After"]) == (503, "wechat_away", "5")
