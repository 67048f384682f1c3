"""Which topic a question means: naive Bayes over character grams of every way to put it, with a table of synonyms.

A text is the bag of its one- and two-character grams, weighed by how few topics hold them and brought to length one; a
topic is the sum of its ways and of the words of its answer (McCallum and Nigam 1998; weights after Rennie et al. 2003).
Beside the topics stand groups of what is no question for them: dangers, a wish to die, doses, and what belongs nowhere.
"""

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from server.domain.questions.asked import CRISIS, DANGERS, DOSES
from server.domain.questions.elsewhere import ELSEWHERE
from server.domain.questions.normalising import bare, normalise
from server.domain.questions.synonyms import SYNONYMS

# It is answered when the nearest topic is at least so probable among all of them, and knows so much of what was asked.
PROBABLE, KNOWN = 0.72, 0.2
# What the words of the answer weigh beside one way; what a gram no text of the topic holds counts as; and how steeply
# the distance between two topics becomes a probability.
ANSWER, UNSEEN, STEEP = 3.0, 0.1, 4.0
# A topic with fewer ways than this, as an organisation's own often is, has each count for several.
FEW = 20
DANGER, SELF_HARM, DOSE, NOWHERE = "danger", "self_harm", "dose", "nowhere"
# (kind, rule, ways) of every group that is no topic.
BESIDE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    *((DANGER, rule_id, ways) for rule_id, ways in DANGERS.items()), (SELF_HARM, SELF_HARM, CRISIS),
    *((DOSE, DOSE, ways) for ways in DOSES), *((NOWHERE, NOWHERE, ways) for ways in ELSEWHERE))
# Which long number it is says little of what is asked; that one stands there does.
_NUMBER = re.compile(r"\d{3,}")
_STOP = str.maketrans("", "", "的了吗呢啊呀哦吧嘛么把被是在就都也还又我你他她它们这那个有和跟与及着过给让对于之其")
# What stands between texts that are prepared together; it is neither letter nor space, so that no word reaches across.
_BETWEEN = "\0"
_NEITHER = re.compile(rf"[^\w{_BETWEEN}]|_")


class Index(NamedTuple):
    """What questions are looked up in. `grams` says for each gram which groups hold it, and how much that speaks for them."""

    topics: tuple[Any, ...]
    synonyms: tuple[tuple[str, str], ...]
    rarity: dict[str, float]
    grams: dict[str, list[tuple[int, float]]]
    without: list[float]


class Heard(NamedTuple):
    """What a question is most probably about: the nearest topics, best first, how probable each other kind is, and of
    the dangers the most probable, with the share of the question's weight in grams that it knows."""

    hits: list["Hit"]
    kinds: dict[str, float]
    danger: str
    danger_known: float


class Hit(NamedTuple):
    """A topic, how probable it is, and the share of the question's weight in grams that its texts hold; from 0 to 1."""

    topic: Any
    score: float
    known: float


def prepare(texts: Iterable[str], synonyms: Sequence[tuple[str, str]]) -> list[str]:
    """The letters of each text that are compared. Thousands are as quick as one long one: they are prepared as one."""
    plain = _NEITHER.sub("", normalise(_BETWEEN.join(text.replace(_BETWEEN, " ") for text in texts)))
    for word, instead in synonyms:
        plain = plain.replace(word, instead)
    return _NUMBER.sub("0", plain).translate(_STOP).split(_BETWEEN)


def grams_of(plain: str) -> dict[str, float]:
    """The one- and two-character grams of a prepared text; one that comes again counts less than twice."""
    found = Counter(plain[at:at + length] for length in (1, 2) for at in range(len(plain) - length + 1))
    return {gram: 1 + math.log(count) for gram, count in found.items()}


def build(topics: Iterable[Any], synonyms: Sequence[tuple[str, str]] = ()) -> Index:
    """The index of these topics. Words of the house's own table come after those handed in."""
    own = [(bare(normalise(word)), bare(normalise(instead))) for word, instead in synonyms]
    topics, table = tuple(topics), (*(pair for pair in own if pair[0]), *sorted(SYNONYMS, key=lambda pair: -len(pair[0])))
    wordings = [(topic.question, *topic.ways) for topic in topics] + [ways for _, _, ways in BESIDE]
    prepared = iter(prepare(itertools.chain(*wordings), table))
    asked = [[grams_of(next(prepared)) for _ in ways] for ways in wordings]
    answers = [grams_of(answer) for answer in prepare((topic.answer for topic in topics), table)]
    holders = Counter(gram for ways in asked for gram in set().union(*ways))
    rarity = {gram: _rarity(len(asked), count) for gram, count in holders.items()}
    weights = [_summed([*((way, max(1.0, FEW / len(ways))) for way in ways), *((answer, ANSWER) for answer in answers[number:number + 1])], rarity)
               for number, ways in enumerate(asked)]
    known = len(set().union(*weights))
    grams: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, weight in enumerate(weights):
        for gram, held in weight.items():
            grams[gram].append((number, math.log(1 + held / UNSEEN)))
    without = [math.log(UNSEEN / (sum(weight.values()) + UNSEEN * known)) for weight in weights]
    return Index(topics, table, rarity, dict(grams), without)


def _rarity(groups: int, holders: int) -> float:
    return 1 + math.log((1 + groups) / (1 + holders))


def _summed(texts: Iterable[tuple[dict[str, float], float]], rarity: dict[str, float]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for text, counts in texts:
        for gram, weight in _weighed(text, rarity, 0.0).items():
            total[gram] += counts * weight
    return dict(total)


def _weighed(text: dict[str, float], rarity: dict[str, float], unknown: float) -> dict[str, float]:
    """The grams' weights, the whole text being of length one; `unknown` is the rarity of a gram no topic holds."""
    weights = {gram: count * rarity.get(gram, unknown) for gram, count in text.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {gram: weight / length for gram, weight in weights.items() if gram in rarity}


def listen(text: str, index: Index, most: int = 4) -> Heard:
    """What the question is about."""
    asked = _weighed(grams_of(prepare([text], index.synonyms)[0]), index.rarity, _rarity(len(index.without), 0))
    likely = _likely(asked, index)
    topics = len(index.topics)
    kinds = dict.fromkeys((DANGER, SELF_HARM, DOSE, NOWHERE), 0.0)
    for (kind, _, _), share in zip(BESIDE, likely[topics:], strict=True):
        kinds[kind] += share
    danger = max(range(topics, topics + len(DANGERS)), key=lambda number: likely[number])
    ranked = sorted(range(topics), key=lambda number: (-likely[number], number))[:most] if asked else []
    known = dict.fromkeys((*ranked, danger), 0.0)
    for gram, weight in asked.items():
        for number, _ in index.grams[gram]:
            if number in known:
                known[number] += weight * weight
    hits = [Hit(index.topics[number], round(likely[number], 4), known[number]) for number in ranked]
    return Heard(hits, kinds, BESIDE[danger - topics][1], known[danger])


def _likely(asked: dict[str, float], index: Index) -> list[float]:
    """How probable each group is; together they are 1."""
    heard = sum(asked.values())
    scores = [heard * without for without in index.without]
    for gram, weight in asked.items():
        for number, speaks in index.grams.get(gram, ()):
            scores[number] += weight * speaks
    best = max(scores)
    likely = [math.exp(STEEP * (score - best)) for score in scores]
    total = sum(likely)
    return [share / total for share in likely]


def is_sure(hits: Sequence[Hit]) -> bool:
    """Whether the nearest topic is probable enough to be answered, and knows enough of the words."""
    return bool(hits) and hits[0].score >= PROBABLE and hits[0].known >= KNOWN
