"""The index in which questions are looked up: which grams stand for which topic, and how much each says for it.

A text is the bag of its one- and two-character grams, weighed by how few topics hold them and brought to length one; a
topic is the sum of its ways and of the words of its answer: naive Bayes (McCallum and Nigam 1998; weights after Rennie et
al. 2003). Beside the topics stand groups of what is no question for them: dangers, a wish to die, doses, small talk, and
what belongs nowhere.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from server.domain.questions.asked import CRISES, DANGERS, DOSES, NOWHERE, OTHERS_DATA, SMALL_TALK
from server.domain.questions.normalising import bare, normalise
from server.domain.questions.synonyms import SYNONYMS

# What the words of the answer weigh beside one way; what a gram no text of the topic holds counts as.
ANSWER, UNSEEN = 3.0, 0.1
# The rarity of a gram that no group holds.
UNKNOWN = 6.0
# A topic with fewer ways than this, as an organisation's own often is, has each count for several.
FEW = 20
DANGER, SELF_HARM, DOSE, OTHERS, ELSEWHERE, CHAT = "danger", "self_harm", "dose", "others", "elsewhere", "chat"
KINDS = (DANGER, SELF_HARM, DOSE, OTHERS, ELSEWHERE, CHAT)
# (kind, name, ways) of every group that is no topic; a danger is named by its rule.
BESIDE: tuple[tuple[str, str, tuple[str, ...]], ...] = tuple(
    (kind, name, tuple(ways.split("|")))
    for kind, groups in ((DANGER, DANGERS), (SELF_HARM, {SELF_HARM: CRISES}), (DOSE, DOSES), (OTHERS, {OTHERS: OTHERS_DATA}), (ELSEWHERE, NOWHERE),
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
    groups = _grams_of_all([_wording(topic) for topic in topics] + [ways for _, _, ways in beside], table)
    holders = Counter(itertools.chain.from_iterable(set().union(*ways) for ways in groups))
    rarity = {gram: _rarity(len(groups), count) for gram, count in holders.items()}
    answers = [grams_of(answer) for answer in prepare((topic.answer for topic in topics), table)]
    made = [_group(ways, answer, rarity) for ways, answer in itertools.zip_longest(groups, answers, fillvalue=frozenset())]
    return Index(topics, table, rarity, *map(list, zip(*made, strict=True)))


def changed(index: Index, topics: Iterable[Any]) -> Index:
    """The index of these topics, made from another one: what both hold is taken over, and how rare a gram is stays as it was
    there. A publishing costs what it changes."""
    topics, place = tuple(topics), {id(topic): number for number, topic in enumerate(index.topics)}
    new = [topic for topic in topics if id(topic) not in place]
    groups = _grams_of_all([_wording(topic) for topic in new], index.synonyms)
    fresh = set().union(*itertools.chain.from_iterable(groups)) - index.rarity.keys()
    rarity = index.rarity | dict.fromkeys(fresh, _rarity(len(index.without), 1))
    answers = map(grams_of, prepare((topic.answer for topic in new), index.synonyms))
    made = iter([_group(ways, answer, rarity) for ways, answer in zip(groups, answers, strict=bool(new))])
    kept = [(index.speaks[place[id(topic)]], index.without[place[id(topic)]]) if id(topic) in place else next(made)
            for topic in topics]
    kept += zip(index.speaks[len(index.topics):], index.without[len(index.topics):], strict=True)
    return Index(topics, index.synonyms, rarity, *map(list, zip(*kept, strict=True)))


def _wording(topic: Any) -> tuple[str, ...]:
    return (topic.question, *topic.ways)


def _grams_of_all(wordings: Sequence[Sequence[str]], table: Sequence[tuple[str, str]]) -> list[list[set[str]]]:
    prepared = map(grams_of, prepare(itertools.chain(*wordings), table))
    return [list(itertools.islice(prepared, len(ways))) for ways in wordings]


def _group(ways: Sequence[set[str]], answer: Iterable[str], rarity: dict[str, float]) -> tuple[dict[str, float], float]:
    """How much each gram of a group speaks for it, and what every gram is worth that it lacks."""
    held = _summed(ways, rarity, max(1.0, FEW / len(ways)))
    for gram, weight in weighed(set(answer), rarity).items():
        held[gram] = held.get(gram, 0.0) + ANSWER * weight
    without = math.log(UNSEEN / (sum(held.values()) + UNSEEN * len(rarity)))
    return {gram: math.log1p(weight / UNSEEN) for gram, weight in held.items()}, without


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


def weighed(text: set[str], rarity: dict[str, float]) -> dict[str, float]:
    """The grams' weights, the whole text being of length one; a gram that no group holds only makes the others weigh less."""
    weights = {gram: rarity[gram] for gram in text if gram in rarity}
    unknown = math.sqrt(len(text) - len(weights)) * UNKNOWN
    length = math.hypot(unknown, *weights.values()) or 1.0
    return {gram: weight / length for gram, weight in weights.items()}
