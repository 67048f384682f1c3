"""Bodies that only a real connection can send: in chunks, too many of them, broken off, or none at all."""

import http.client
import json
import socket
from collections.abc import Iterator

import pytest

from tests.live import Live, serving
from tests.makers import entry

CHUNK_BYTES = 50_000


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One server for all of them."""
    with serving(tmp_path_factory.mktemp("data")) as served:
        yield served


def say(live: Live, head: str, body: bytes, path: str = "/entries") -> tuple[int, dict]:
    """Status and JSON of the answer to these very bytes."""
    host, _, port = live.base_url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        request = f"POST /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}\r\n\r\n"
        connection.sendall(request.encode() + body)
        connection.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, json.load(answer)


def in_chunks(body: bytes) -> bytes:
    """The body as Transfer-Encoding: chunked sends it."""
    parts = [body[start:start + CHUNK_BYTES] for start in range(0, len(body), CHUNK_BYTES)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.fixture
def head(live: Live) -> str:
    """The headers of somebody signed in who sends JSON in chunks."""
    sign_in = json.dumps({"code": "dev:ming"}).encode()
    _, tokens = say(live, f"Content-Length: {len(sign_in)}", sign_in, "/session")
    return f"Content-Type: application/json\r\nAuthorization: Bearer {tokens['access_token']}\r\nTransfer-Encoding: chunked"


def test_a_body_in_chunks_is_read_like_any_other(live: Live, head: str) -> None:
    reading = entry("glucose", "2026-03-01T12:00:00+08:00", value=2.6)
    status, said = say(live, head, in_chunks(json.dumps(reading).encode()))
    assert (status, said["code"], said["advice"]["level"]) == (403, "consent_required", "critical_low")


def test_too_many_chunks_are_too_large_for_who_is_signed_in_and_unknown_to_who_is_not(live: Live, head: str) -> None:
    body = in_chunks(b'{"note": "' + b"x" * 256 * 1024 + b'"}')
    assert [say(live, head, body)[1]["code"], say(live, "Transfer-Encoding: chunked", body)[1]["code"]] == [
        "body_too_large", "unauthenticated"]


@pytest.mark.parametrize("body", [b"zz\r\n{}\r\n0\r\n\r\n", b"2\r\n{}0\r\n\r\n", b"5\r\n{}", b"-2\r\n{}\r\n0\r\n\r\n",
                                  b"2;\x00\r\n{}\r\n0\r\n\r\n", b""])
def test_chunks_that_are_none_are_no_fault_of_the_server(live: Live, head: str, body: bytes) -> None:
    status, said = say(live, head, body)
    assert (status, said["code"]) == (400, "not_json")


def test_a_body_that_is_announced_too_large_is_refused_before_it_is_sent(live: Live, head: str) -> None:
    announced = head.replace("Transfer-Encoding: chunked", f"Content-Length: {10**12}")
    assert say(live, announced, b"")[1]["code"] == "body_too_large"


def test_a_body_without_any_length_is_no_body(live: Live, head: str) -> None:
    assert say(live, head.replace("\r\nTransfer-Encoding: chunked", ""), b'{"kind": "meal"}')[1]["code"] == "not_json"


def test_two_tokens_are_none(live: Live, head: str) -> None:
    again = head.split("\r\n")[1]
    status, said = say(live, f"{head}\r\n{again}", in_chunks(b"{}"))
    assert (status, said["code"]) == (401, "unauthenticated")
