"""What an organisation makes of the knowledge base: its own topics and its own wording, from draft to published.

The texts that are shipped stand in server/domain/knowledge. What an organisation has published under the same slug takes
their place there, and nowhere else.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from server.domain.refusals import Refusal

STATUSES = ("draft", "reviewed", "published", "retired", "discarded")
# From each status where it may go. A published text is changed by a new draft; a retired one comes back by one.
NEXT = {"draft": ("reviewed", "published", "discarded"), "reviewed": ("draft", "published", "discarded"),
        "published": ("retired",), "retired": (), "discarded": ()}
IN_WORK = ("draft", "reviewed")
# Of a topic's own versions the highest number among these speaks.
IN_FORCE = ("published", "retired")
# What is not about the body: anybody of the staff may answer it. An organisation says so of its own topics one by one.
MEDICAL_BUT = frozenset({"训练营"})
SLUG = "^[a-z][a-z0-9_]{1,39}$"
LEAST_ANSWER, MOST_ANSWER = 10, 1000
# A text nobody looked at for a year is looked at again.
REVIEW_EVERY = dt.timedelta(days=365)
OWN_CATEGORY = "本机构"


def check_step(status: str, wanted: str) -> None:
    """Let a topic go from one status to the next. Raises topic_step."""
    if wanted not in NEXT[status]:
        raise Refusal("topic_step")


def check_whole(content: Mapping[str, Any], *, names_dose: bool) -> None:
    """Let a text be published that has a question and an answer and speaks of no dose. Raises topic_incomplete,
    topic_names_dose."""
    if not content["question"] or len(content["answer"]) < LEAST_ANSWER:
        raise Refusal("topic_incomplete")
    if names_dose:
        raise Refusal("topic_names_dose")


def is_overdue(review_due_on: dt.date | None, today: dt.date) -> bool:
    """Whether somebody should look at the text again."""
    return review_due_on is not None and review_due_on < today


def own_slug(digits: str) -> str:
    """A slug for a topic that was made from a question, before anybody thought of a better one."""
    return f"own_{digits}"


def merged_ways(ways: Iterable[str], more: Iterable[str]) -> list[str]:
    """The ways to put a question with more of them, each once, in order."""
    return list(dict.fromkeys([*ways, *more]))
