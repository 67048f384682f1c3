"""Which topic a question means: naive Bayes over character grams of every way to put it, with a table of synonyms.

A text is the bag of its one- and two-character grams, weighed by how few topics hold them and brought to length one; a
topic is the sum of its ways and of the words of its answer (McCallum and Nigam 1998; weights after Rennie et al. 2003).
Beside the topics stand groups of what is no question for them: dangers, a wish to die, doses, and what belongs nowhere.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from server.domain.questions.asked import CRISES, DANGERS, DOSES, NOWHERE, SMALL_TALK
from server.domain.questions.normalising import bare, normalise
from server.domain.questions.synonyms import SYNONYMS

# How much it counts for a danger, a wish to die or a dose that its group has words for all that was said. Fitted, with
# the bounds in responding.py, to ways hidden from the index in turn (docs/decisions/014).
FAMILIAR = 2.0
# What the words of the answer weigh beside one way; what a gram no text of the topic holds counts as; and how steeply
# the distance between two topics becomes a probability.
ANSWER, UNSEEN, STEEP = 3.0, 0.1, 4.0
# The rarity of a gram that no group holds.
UNKNOWN = 6.0
# A topic with fewer ways than this, as an organisation's own often is, has each count for several.
FEW = 20
DANGER, SELF_HARM, DOSE, ELSEWHERE, CHAT = "danger", "self_harm", "dose", "elsewhere", "chat"
KINDS = (DANGER, SELF_HARM, DOSE, ELSEWHERE, CHAT)
# (kind, name, ways) of every group that is no topic; a danger is named by its rule.
BESIDE: tuple[tuple[str, str, tuple[str, ...]], ...] = tuple(
    (kind, name, tuple(ways.split("|")))
    for kind, groups in ((DANGER, DANGERS), (SELF_HARM, {SELF_HARM: CRISES}), (DOSE, DOSES), (ELSEWHERE, NOWHERE),
                         (CHAT, {CHAT: SMALL_TALK}))
    for name, ways in groups.items())
# Which long number it is says little of what is asked; that one stands there does.
_NUMBER = re.compile(r"\d{3,}")
_STOP = str.maketrans("", "", "的了吗呢啊呀哦吧嘛么把被是在就都也还又我你他她它们这那个有和跟与及着过给让对于之其")
# What stands between texts that are prepared together; it is neither letter nor space, so that no word reaches across.
_BETWEEN = "\0"
_NEITHER = re.compile(rf"[^\w{_BETWEEN}]|_")


class Index(NamedTuple):
    """What questions are looked up in. `speaks` holds for each group how much each of its grams speaks for it, `without` what
    every gram is worth that it lacks."""

    topics: tuple[Any, ...]
    synonyms: tuple[tuple[str, str], ...]
    rarity: dict[str, float]
    speaks: list[dict[str, float]]
    without: list[float]


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


def prepare(texts: Iterable[str], synonyms: Sequence[tuple[str, str]]) -> list[str]:
    """The letters of each text that are compared. Thousands are as quick as one long one: they are prepared as one."""
    plain = _NEITHER.sub("", normalise(_BETWEEN.join(text.replace(_BETWEEN, " ") for text in texts)))
    for word, instead in synonyms:
        plain = plain.replace(word, instead)
    return _NUMBER.sub("0", plain).translate(_STOP).split(_BETWEEN)


def grams_of(plain: str) -> set[str]:
    """The one- and two-character grams of a prepared text."""
    return {*plain, *[first + second for first, second in itertools.pairwise(plain)]}


def build(topics: Iterable[Any], synonyms: Sequence[tuple[str, str]] = (),
          beside: Sequence[tuple[str, str, tuple[str, ...]]] = BESIDE) -> Index:
    """The index of these topics. Words of the house's own table come after those handed in; `beside` are the groups that
    stand beside the topics, those of BESIDE with other ways to put them."""
    own = [(bare(normalise(word)), bare(normalise(instead))) for word, instead in synonyms]
    topics, table = tuple(topics), (*(pair for pair in own if pair[0]), *sorted(SYNONYMS, key=lambda pair: -len(pair[0])))
    wordings = [(topic.question, *topic.ways) for topic in topics] + [ways for _, _, ways in beside]
    prepared = map(grams_of, prepare(itertools.chain(*wordings), table))
    groups = [list(itertools.islice(prepared, len(ways))) for ways in wordings]
    holders = Counter(itertools.chain.from_iterable(set().union(*ways) for ways in groups))
    rarity = {gram: _rarity(len(groups), count) for gram, count in holders.items()}
    held = [_summed(ways, rarity, max(1.0, FEW / len(ways))) for ways in groups]
    for weights, answer in zip(held, prepare((topic.answer for topic in topics), table), strict=False):
        for gram, weight in _weighed(grams_of(answer), rarity).items():
            weights[gram] = weights.get(gram, 0.0) + ANSWER * weight
    without = [math.log(UNSEEN / (sum(weights.values()) + UNSEEN * len(rarity))) for weights in held]
    speaks = [{gram: math.log1p(weight / UNSEEN) for gram, weight in weights.items()} for weights in held]
    return Index(topics, table, rarity, speaks, without)


def _rarity(groups: int, holders: int) -> float:
    return 1 + math.log((1 + groups) / (1 + holders))


def _summed(texts: Iterable[set[str]], rarity: dict[str, float], worth: float) -> dict[str, float]:
    """The grams of all the texts, each text of the length that it is worth."""
    total: dict[str, float] = {}
    for text in texts:
        weights = [rarity[gram] for gram in text]
        share = worth / (math.hypot(*weights) or 1.0)
        for gram, weight in zip(text, weights, strict=True):
            total[gram] = total.get(gram, 0.0) + share * weight
    return total


def _weighed(text: set[str], rarity: dict[str, float]) -> dict[str, float]:
    """The grams' weights, the whole text being of length one; a gram that no group holds only makes the others weigh less."""
    weights = {gram: rarity[gram] for gram in text if gram in rarity}
    unknown = math.sqrt(len(text) - len(weights)) * UNKNOWN
    length = math.hypot(unknown, *weights.values()) or 1.0
    return {gram: weight / length for gram, weight in weights.items()}


def listen(text: str, index: Index, most: int = 4) -> Heard:
    """What the question is about."""
    asked = _weighed(grams_of(prepare([text], index.synonyms)[0]), index.rarity)
    scores = _scores(asked, index)
    topics = len(index.topics)
    kinds = ["topic"] * topics + [kind for kind, _, _ in BESIDE]
    order = sorted(range(len(scores)), key=lambda number: -scores[number])
    best = {kind: next(number for number in order if kinds[number] == kind) for kind in KINDS}
    strengths = {kind: scores[number] - next(scores[other] for other in order if kinds[other] != kind)
                 + FAMILIAR * _known(asked, index, number) for kind, number in best.items()}
    ranked = [number for number in order if number < topics][:most] if asked else []
    lead = _lead(scores, ranked, [best[ELSEWHERE], best[CHAT]], [best[DANGER], best[SELF_HARM], best[DOSE]]) if ranked else 0.0
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
