"""A filled server as the bench sees it: who is in the camp, and the requests they make."""
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from time import process_time

from bench.drafts import Draft
from bench.load import Call, Door

HISTORY_PATH = "/api/v1/entries?limit=50"
BOARD_LIMIT = 20


def stay(_: date) -> None:
    """Do nothing: a server without days needs no telling that one has passed."""


@dataclass
class Camp:
    """One camp behind one door.

    `turn_to` moves its clock to the evening of a day and signs everybody in again. `cpu_seconds` tells what the
    server's workers have used so far; a camp inside this very process has this process's own time.
    """

    door: Door
    tokens: list[str]
    board_path: str
    turn_to: Callable[[date], None] = stay
    cpu_seconds: Callable[[], float] = process_time
    camp_id: str = ""

    def filing(self, draft: Draft) -> Call:
        """Return the request that files one entry."""
        return Call("POST", "/api/v1/entries", self.tokens[draft.member], encoded(draft.entry), 201)

    def syncing(self, member: int, entries: list[dict]) -> Call:
        """Return the request that hands in many entries of one member."""
        return Call("POST", "/api/v1/entries/sync", self.tokens[member], encoded({"entries": entries}), 200)

    def reading_history(self, member: int) -> Call:
        """Return the request for a member's newest 50 entries."""
        return Call("GET", HISTORY_PATH, self.tokens[member])

    def reading_board(self, member: int) -> Call:
        """Return the request for the first 20 places and the member's own."""
        return Call("GET", f"{self.board_path}&limit={BOARD_LIMIT}", self.tokens[member])


def encoded(data: dict) -> bytes:
    """Return the data as compact JSON in UTF-8."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
