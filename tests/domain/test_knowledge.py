"""The shipped knowledge base: whole, short enough to read, never a dose, true to the asker's own camp."""

import collections
import json
import pathlib
import re

import pytest

from server.domain.knowledge import ENDING, TOPICS, filling
from server.domain.questions import HOUSE, indexing, respond
from server.domain.questions.normalising import bare, normalise
from server.domain.templates import TEMPLATES

INDEX = HOUSE
MEASURED_BY = [json.loads(line)["question"]
               for file in sorted((pathlib.Path(__file__).parents[1] / "data").glob("questions_*.jsonl"))
               for line in file.read_text("utf-8").splitlines()]
CAMPS = [None, *(template["rules"] for template in TEMPLATES.values())]
AMOUNT_OF_MEDICINE = re.compile(r"\d+\s*(单位|片|颗|粒|毫克|mg(?!/))|加量|减量|自己停药|可以停药|停用|加倍服")


def test_there_are_a_hundred_and_thirty_one_topics_each_with_its_own_words():
    assert len(TOPICS) == len({topic.slug for topic in TOPICS}) == 131
    said = [bare(way) for topic in TOPICS for way in (topic.question, *topic.ways)]
    assert len(said) == len(set(said))
    assert min(len(topic.ways) for topic in TOPICS) >= 15


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.slug)
def test_an_answer_is_of_a_length_to_read_speaks_of_no_dose_and_offers_a_person(topic):
    for rules in CAMPS:
        answer = filling.fill(topic.answer, rules)
        assert 80 <= len(answer) <= 250
        assert answer.endswith(ENDING)
        assert "{" not in answer
    assert not AMOUNT_OF_MEDICINE.search(topic.answer)
    assert filling.places_of(topic.answer) <= set(filling.GENERAL)


def test_nobody_is_said_to_have_reviewed_what_nobody_has():
    assert {topic.reviewed_on for topic in TOPICS} == {None}
    assert all("尚未经临床医生审核" in topic.reviewer and topic.source and topic.review_due_on for topic in TOPICS)


def test_an_answer_about_the_rules_says_those_of_ones_own_camp():
    text = next(topic.answer for topic in TOPICS if topic.slug == "makeup")
    rules = TEMPLATES["gestational-42"]["rules"]
    assert f"{rules['makeup']['cards']} 张补卡" in filling.fill(text, rules)
    assert "几张补卡" in filling.fill(text, None)


def test_every_topic_is_found_by_its_own_question():
    assert {topic.slug: respond(topic.question, INDEX).kind for topic in TOPICS
            if respond(topic.question, INDEX).topic != topic.slug} == {}


def test_a_topic_is_found_by_the_ways_people_put_it():
    # Every third: all of them take half a minute.
    asked = [(topic.slug, respond(way, INDEX)) for topic in TOPICS for way in topic.ways[::3]]
    answered = [(slug, reply.topic) for slug, reply in asked if reply.kind == "answered"]
    assert len(answered) >= 0.97 * len(asked), "the rest ask for a dose, or tell of a danger"
    assert sum(slug == topic for slug, topic in answered) >= 0.99 * len(answered)


def test_no_question_it_is_measured_by_is_in_it_nor_anything_nearly_equal():
    shipped = [way for topic in TOPICS for way in (topic.question, *topic.ways)]
    # Below five letters two greetings are one and the same whoever wrote them.
    shipped += [way for _, _, ways in indexing.BESIDE for way in ways if len(bare(normalise(way))) > 4]
    ways = [(way, pairs(way)) for way in shipped]
    holders = collections.defaultdict(list)
    for number, (_, theirs) in enumerate(ways):
        for pair in theirs:
            holders[pair].append(number)
    near = []
    for text in MEASURED_BY:
        asked = pairs(text)
        for number, shared in collections.Counter(number for pair in asked for number in holders[pair]).items():
            # Jaccard's share: the pairs that both hold of those that either holds.
            if shared >= 0.8 * (len(asked) + len(ways[number][1]) - shared):
                near.append((text, ways[number][0]))
    assert near == []


def pairs(text: str) -> frozenset[str]:
    """The pairs of letters that stand side by side."""
    letters = bare(normalise(text))
    return frozenset(letters[at:at + 2] for at in range(len(letters) - 1))
