"""The shipped knowledge base: whole, short enough to read, never a dose, true to the asker's own camp."""

import re

import pytest

from server.domain.knowledge import ENDING, TOPICS, filling
from server.domain.questions import build_index, respond
from server.domain.questions.normalising import bare
from server.domain.templates import TEMPLATES

INDEX = build_index(TOPICS)
CAMPS = [None, *(template["rules"] for template in TEMPLATES.values())]
AMOUNT_OF_MEDICINE = re.compile(r"\d+\s*(单位|片|颗|粒|毫克|mg(?!/))|加量|减量|自己停药|可以停药|停用|加倍服")


def test_there_are_a_hundred_and_thirty_one_topics_each_with_its_own_words():
    assert len(TOPICS) == len({topic.slug for topic in TOPICS}) == 131
    said = [bare(way) for topic in TOPICS for way in (topic.question, *topic.ways)]
    assert len(said) == len(set(said))
    assert min(len(topic.ways) for topic in TOPICS) >= 6


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


def test_every_topic_is_found_by_its_own_question_but_what_asks_for_a_dose():
    lost = {topic.slug: respond(topic.question, INDEX).kind for topic in TOPICS
            if respond(topic.question, INDEX).topic != topic.slug}
    assert lost == {"remission": "dose_refusal"}
