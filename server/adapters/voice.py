"""Calls that read a text aloud, through an HTTPS gateway, and their offline twin."""

import dataclasses
from typing import Protocol

from server.adapters.sms import Gateway


class Voice(Protocol):
    """What rings a phone and reads a text."""

    def send(self, phone: str, text: str, key: str) -> bool:
        """Whether somebody picked up, as far as the gateway knows. `key` is the same when the same call is made again."""


class RealVoice(Gateway):
    """A gateway for calls. It answers 2xx only for a call that was picked up."""


@dataclasses.dataclass
class OfflineVoice:
    """The twin for development and tests: it keeps what it read out, and nobody picks up at a number of `silent`."""

    read_out: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    silent: set[str] = dataclasses.field(default_factory=set)

    def send(self, phone: str, text: str, key: str) -> bool:
        """Whether somebody picks up."""
        del key
        if phone in self.silent:
            return False
        self.read_out.append((phone, text))
        return True
