"""What a family tie lets a relative see, and which of a relative's acts count."""

from collections.abc import Iterable

# What the patient may show, from the least to the most.
DANGER, PROGRESS, READINGS = "danger", "progress", "readings"
SEES = (DANGER, PROGRESS, READINGS)
DEFAULT_SEES = (DANGER,)
MOST_TIES = 20
# How far back a relative sees dangers and readings.
SHARED_DAYS = 14


def in_order(sees: Iterable[str]) -> list[str]:
    """What may be seen, each once, from the least to the most."""
    chosen = set(sees)
    return [each for each in SEES if each in chosen]


def shows_check_ins(sees: Iterable[str]) -> bool:
    """Whether a relative who may see this sees check-ins: a danger alone shows none."""
    return bool({PROGRESS, READINGS} & set(sees))
