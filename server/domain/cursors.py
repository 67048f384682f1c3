"""Where a list goes on: the last row's sort key as an opaque text, and a page of rows with it."""

import base64
import binascii
import datetime as dt
import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from server.domain.refusals import Refusal

Row = TypeVar("Row")
_READERS: dict[str, Callable[[Any], Any]] = {
    "i": int,
    "s": str,
    "u": uuid.UUID,
    "d": dt.date.fromisoformat,
    "t": dt.datetime.fromisoformat,
}


def write(*values: int | str | uuid.UUID | dt.date | dt.datetime) -> str:
    """The cursor that stands for these values."""
    tagged = [f"{_tag(value)}{value.isoformat() if isinstance(value, dt.date) else value}" for value in values]
    return base64.urlsafe_b64encode(json.dumps(tagged, ensure_ascii=False).encode()).decode().rstrip("=")


def read(text: str | None, kinds: str) -> tuple[Any, ...] | None:
    """The values of a cursor whose kinds are as given (i int, s str, u UUID, d date, t instant); None for no cursor.

    Raises Refusal cursor_unknown for anything that `write` did not make of such values.
    """
    if text is None:
        return None
    try:
        tagged = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        if not isinstance(tagged, list) or "".join(value[0] for value in tagged) != kinds:
            raise ValueError(kinds)
        return tuple(_READERS[value[0]](value[1:]) for value in tagged)
    except (binascii.Error, ValueError, TypeError, IndexError, KeyError, OverflowError):
        raise Refusal("cursor_unknown") from None


def page(rows: Sequence[Row], limit: int, view: Callable[[Row], dict], key: Callable[[Row], tuple]) -> dict[str, Any]:
    """{"items": the first `limit` rows as viewed, "next": where to go on, or None}. Rows are read one beyond the limit."""
    shown = rows[:limit]
    return {"items": [view(row) for row in shown],
            "next": write(*key(shown[-1])) if len(rows) > limit else None}


def _tag(value: object) -> str:
    if isinstance(value, dt.datetime):
        return "t"
    if isinstance(value, dt.date):
        return "d"
    return {int: "i", str: "s", uuid.UUID: "u"}[type(value)]
