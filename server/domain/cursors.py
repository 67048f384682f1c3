"""Where a list goes on: the last row's sort key as an opaque text, and a page of rows with it."""

import base64
import datetime as dt
import json
import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from server.domain.refusals import Refusal

Row = TypeVar("Row")
# What a database keeps in a whole number; Python's have no end.
_WHOLE = range(-2**63, 2**63)


def write(*values: int | str | uuid.UUID | dt.date | dt.datetime) -> str:
    """The cursor that stands for these values; instants are written in UTC."""
    tagged = json.dumps([_tagged(value) for value in values], ensure_ascii=False)
    return base64.urlsafe_b64encode(tagged.encode()).decode().rstrip("=")


def read(text: str | None, kinds: str) -> tuple[Any, ...] | None:
    """The values of a cursor whose kinds are as given (i int, s str, u UUID, d date, t instant); None for no cursor.

    Raises Refusal cursor_unknown for anything that `write` did not make of such values.
    """
    if text is None:
        return None
    try:
        tagged = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        if not isinstance(tagged, list) or "".join(value[:1] for value in tagged) != kinds:
            raise ValueError(kinds)
        values = tuple(_READERS[value[0]](value[1:]) for value in tagged)
        # The readers take many spellings (1_0, a zone-less instant); `write` has one.
        if write(*values) != text:
            raise ValueError(text)
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        raise Refusal("cursor_unknown") from None
    return values


def page(rows: Sequence[Row], limit: int, view: Callable[[Row], dict], key: Callable[[Row], tuple]) -> dict[str, Any]:
    """{"items": the first `limit` rows as viewed, "next": where to go on, or None}. Rows are read one beyond the limit."""
    shown = rows[:limit]
    return {"items": [view(row) for row in shown],
            "next": write(*key(shown[-1])) if len(rows) > limit else None}


def _tagged(value: object) -> str:
    if isinstance(value, dt.datetime):
        return f"t{value.astimezone(dt.UTC).isoformat()}"
    if isinstance(value, dt.date):
        return f"d{value.isoformat()}"
    return {int: "i", str: "s", uuid.UUID: "u"}[type(value)] + str(value)


def _whole(text: str) -> int:
    if int(text) not in _WHOLE:
        raise ValueError(text)
    return int(text)


def _words(text: str) -> str:
    # No name holds a NUL, and PostgreSQL cannot even be asked for one.
    if "\0" in text:
        raise ValueError(text)
    return text


_READERS: dict[str, Callable[[Any], Any]] = {
    "i": _whole,
    "s": _words,
    "u": uuid.UUID,
    "d": dt.date.fromisoformat,
    "t": dt.datetime.fromisoformat,
}
