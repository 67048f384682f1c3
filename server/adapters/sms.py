"""Text messages through an HTTPS gateway, and their offline twin."""

import dataclasses
from typing import Protocol

import httpx

TIMEOUT_SECONDS = 10.0


class Sms(Protocol):
    """What sends a text to a phone number."""

    def send(self, phone: str, text: str, key: str) -> bool:
        """Whether the gateway took it. `key` is the same when the same message is sent again."""


class Gateway:
    """A gateway that takes `{"to", "text", "key"}` as JSON with a bearer token and answers 2xx for what it took. The
    hospital's own contract with its operator lies behind it."""

    def __init__(self, url: str, token: str, client: httpx.Client | None = None) -> None:
        self._url, self._token = url, token
        self._client = client or httpx.Client(timeout=TIMEOUT_SECONDS)

    def send(self, phone: str, text: str, key: str) -> bool:
        """Whether the gateway took it; one that does not answer did not."""
        try:
            answer = self._client.post(self._url, json={"to": phone, "text": text, "key": key}, headers={
                "Authorization": f"Bearer {self._token}", "Idempotency-Key": key})
        except httpx.HTTPError:
            return False
        return answer.is_success


class RealSms(Gateway):
    """A gateway for texts."""


@dataclasses.dataclass
class OfflineSms:
    """The twin for development and tests: it keeps what it was given, and numbers in `unreachable` cannot be reached."""

    sent: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    unreachable: set[str] = dataclasses.field(default_factory=set)

    def send(self, phone: str, text: str, key: str) -> bool:
        """Whether the number can be reached."""
        del key
        if phone in self.unreachable:
            return False
        self.sent.append((phone, text))
        return True
