"""Which topic a question means, and whether it is a danger, a wish to die, a dose, small talk or of something else."""

import math
from typing import Any, NamedTuple

from server.domain.questions.indexing import (
    BESIDE,
    CHAT,
    DANGER,
    DOSE,
    ELSEWHERE,
    KINDS,
    OTHERS,
    SELF_HARM,
    Index,
    grams_of,
    prepare,
    weighed,
)

# How much it counts for a danger, a wish to die or a dose that its group has words for all that was said. Fitted, with
# the bounds in responding.py, to ways hidden from the index in turn (docs/decisions/014).
FAMILIAR = 2.0
# How steeply the distance between two groups becomes a probability.
STEEP = 4.0


class Heard(NamedTuple):
    """What a question is most probably about: the nearest topics, best first; how far the first leads; how strongly each
    other kind is heard, zero being as strongly as the next best; and which of the dangers it would be."""

    hits: list["Hit"]
    lead: float
    kinds: dict[str, float]
    danger: str


class Hit(NamedTuple):
    """A topic, and how probable it is, from 0 to 1."""

    topic: Any
    score: float


def listen(text: str, index: Index, most: int = 4) -> Heard:
    """What the question is about."""
    asked = weighed(grams_of(prepare([text], index.synonyms)[0]), index.rarity)
    scores = _scores(asked, index)
    topics = len(index.topics)
    kinds = ["topic"] * topics + [kind for kind, _, _ in BESIDE]
    order = sorted(range(len(scores)), key=lambda number: -scores[number])
    best = {kind: next(number for number in order if kinds[number] == kind) for kind in KINDS}
    strengths = {kind: scores[number] - next(scores[other] for other in order if kinds[other] != kind)
                 + FAMILIAR * _known(asked, index, number) for kind, number in best.items()}
    ranked = [number for number in order if number < topics][:most] if asked else []
    lead = _lead(scores, ranked, [best[OTHERS], best[ELSEWHERE], best[CHAT]], [best[DANGER], best[SELF_HARM], best[DOSE]]) if ranked else 0.0
    share = 1 / sum(math.exp(STEEP * (score - scores[order[0]])) for score in scores)
    hits = [Hit(index.topics[number], round(share * math.exp(STEEP * (scores[number] - scores[order[0]])), 4))
            for number in ranked]
    return Heard(hits, lead, strengths, BESIDE[best[DANGER] - topics][1])


def _lead(scores: list[float], ranked: list[int], nowhere: list[int], graver: list[int]) -> float:
    """How far the nearest topic leads the next one and what belongs nowhere, together; none where something graver is nearer."""
    first = scores[ranked[0]]
    if first < max(scores[number] for number in graver):
        return 0.0
    return sum(first - scores[other] for other in (*ranked[1:2], max(nowhere, key=scores.__getitem__)))


def _scores(asked: dict[str, float], index: Index) -> list[float]:
    """The logarithm of how likely each group is to put it so."""
    heard, grams = sum(asked.values()), asked.keys()
    return [heard * without + sum(asked[gram] * speaks[gram] for gram in grams & speaks.keys())
            for speaks, without in zip(index.speaks, index.without, strict=True)]


def _known(asked: dict[str, float], index: Index, group: int) -> float:
    """The share of what was asked, by the square of its weights, that a group has words for."""
    return sum(weight * weight for gram, weight in asked.items() if gram in index.speaks[group])
