"""The load: requests over kept-alive connections on loopback, one after the other."""
import http.client
import json
from dataclasses import dataclass
from typing import Any, Protocol

LOCALHOST = "127.0.0.1"
PATIENCE_SECONDS = 60


class BadAnswer(Exception):
    """A server answered with a status that was not expected; the text is fit to show."""


@dataclass(frozen=True)
class Call:
    """One request, ready to be sent, and the status that must come back."""

    method: str
    path: str
    token: str | None = None
    body: bytes | None = None
    expected: int = 200
    if_none_match: str | None = None
    address: str = LOCALHOST


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    etag: str | None
    body: bytes

    def json(self) -> Any:
        """Return the body as data."""
        return json.loads(self.body)


class Door(Protocol):
    """A way in to a server: over a socket, or straight into the application."""

    def send(self, call: Call) -> Answer:
        """Return the answer; raises BadAnswer when the status is not the expected one."""


def headers_of(call: Call) -> dict[str, str]:
    """Return the request headers."""
    headers = {"Accept": "application/json"}
    if call.token:
        headers["Authorization"] = f"Bearer {call.token}"
    if call.body is not None:
        headers["Content-Type"] = "application/json"
    if call.if_none_match:
        headers["If-None-Match"] = call.if_none_match
    return headers


def checked(call: Call, answer: Answer) -> Answer:
    """Return the answer when it has the expected status; raises BadAnswer."""
    if answer.status != call.expected:
        text = answer.body[:600].decode("utf-8", "replace")
        raise BadAnswer(f"{call.method} {call.path}: {answer.status}, expected {call.expected}\n{text}")
    return answer


class SocketDoor:
    """A server behind a port. Keeps one connection open for each address it calls from."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connections: dict[str, http.client.HTTPConnection] = {}

    def send(self, call: Call) -> Answer:
        """Return the answer; raises BadAnswer when the status is not the expected one."""
        connection = self._connections.get(call.address)
        if connection is None:
            connection = http.client.HTTPConnection(LOCALHOST, self.port, timeout=PATIENCE_SECONDS,
                                                    source_address=(call.address, 0))
            self._connections[call.address] = connection
        try:
            return checked(call, self._exchange(connection, call))
        except (http.client.RemoteDisconnected, ConnectionError):
            # A server may close a connection that was idle between two rounds; an entry's own id makes this safe.
            connection.close()
            return checked(call, self._exchange(connection, call))

    def _exchange(self, connection: http.client.HTTPConnection, call: Call) -> Answer:
        connection.request(call.method, call.path, call.body, headers_of(call))
        response = connection.getresponse()
        return Answer(response.status, response.getheader("ETag"), response.read())

    def close(self) -> None:
        """Close every connection."""
        for connection in self._connections.values():
            connection.close()
        self._connections.clear()


class ClientDoor:
    """The application itself, through Flask's test client: for looking inside, never for comparing."""

    def __init__(self, application: Any) -> None:
        self._client = application.test_client()

    def send(self, call: Call) -> Answer:
        """Return the answer; raises BadAnswer when the status is not the expected one."""
        response = self._client.open(call.path, method=call.method, data=call.body, headers=headers_of(call),
                                     environ_base={"REMOTE_ADDR": call.address})
        return checked(call, Answer(response.status_code, response.headers.get("ETag"), response.data))
