"""Codes that people read aloud and copy by hand."""

import datetime as dt
from collections.abc import Callable

# Letters and digits that are not mistaken for one another: no 0 and O, no 1, I and L.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
JOIN_LENGTH = 8
INVITE_LENGTH = 10
INVITE_LIFE = dt.timedelta(days=7)


def make(choose: Callable[[str], str], length: int) -> str:
    """A code of that length; `choose` picks one letter of many and brings the chance that the domain may not have."""
    return "".join(choose(LETTERS) for _ in range(length))


def is_one(code: str) -> bool:
    """Whether somebody could have been told this code; in either case of its letters."""
    return set(code.upper()) <= set(LETTERS)
