"""What an organisation makes of the knowledge base: its own topics and its own wording, from draft to published.

The texts that are shipped stand in server/domain/knowledge. What an organisation has published under the same slug takes
their place there, and nowhere else.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from server.domain.knowledge import ENDING, filling
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
MOST_QUESTION = 200
# Twice as many as the longest list that is shipped: it is edited as a whole.
MOST_WAYS = 300
# Questions a topic can be made from: those the knowledge base was asked for. What is refused or an emergency is neither.
MADE_FROM = frozenset({"unsure", "answered"})
# A text nobody looked at for a year is looked at again.
REVIEW_EVERY = dt.timedelta(days=365)
OWN_CATEGORY = "本机构"
# The places that an answer may leave open for the asker's camp; any other brace is what it looks like.
_PLACE = re.compile("|".join(re.escape(f"{{{name}}}") for name in filling.GENERAL))


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


def ended(answer: str) -> str:
    """The answer with the disclaimer and the offer of a person at its end, as every answer has them."""
    return answer if answer.endswith(ENDING) else answer + ENDING


def filled(answer: str, rules: Mapping[str, Any] | None) -> str:
    """The answer with its places filled by these rules of a camp, or in general words without any."""
    return _PLACE.sub(lambda place: filling.fill(place[0], rules), answer)


def is_overdue(review_due_on: dt.date | None, today: dt.date) -> bool:
    """Whether somebody should look at the text again."""
    return review_due_on is not None and review_due_on < today


def own_slug(digits: str) -> str:
    """A slug for a topic that was made from a question, before anybody thought of a better one."""
    return f"own_{digits}"


def without_words(content: Mapping[str, Any], words: str, answers: Collection[str]) -> dict[str, Any]:
    """A text without these words of somebody's, as they were brought into it, and without an answer to them: where they
    were its question the first other way to put it becomes that."""
    ways = [way for way in content["ways"] if way != words]
    question = content["question"]
    if question == words[:MOST_QUESTION]:
        question = next(iter(ways), "")
    return {"question": question, "ways": ways, "answer": "" if content["answer"] in answers else content["answer"]}


def merged_ways(ways: Iterable[str], more: Iterable[str]) -> list[str]:
    """The ways to put a question with more of them, each once, in order."""
    return list(dict.fromkeys([*ways, *more]))
