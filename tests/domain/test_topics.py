"""What an organisation may do with a topic of the knowledge base."""

import datetime as dt
import re

import pytest

from server.domain.questions import topics
from server.domain.refusals import Refusal

WHOLE = {"question": "停车在哪里？", "ways": [], "answer": "门诊楼北侧有停车场，半天免费。"}


def test_a_topic_goes_from_draft_to_published_and_no_other_way() -> None:
    allowed = {(status, wanted) for status in topics.STATUSES for wanted in topics.STATUSES if passes(status, wanted)}
    assert allowed == {("draft", "reviewed"), ("draft", "published"), ("draft", "discarded"), ("reviewed", "draft"),
                       ("reviewed", "published"), ("reviewed", "discarded"), ("published", "retired")}


def passes(status: str, wanted: str) -> bool:
    """Whether a topic may go there."""
    try:
        topics.check_step(status, wanted)
    except Refusal as refusal:
        return refusal.code != "topic_step"
    return True


@pytest.mark.parametrize(("changes", "names_dose", "code"), [
    ({"question": ""}, False, "topic_incomplete"), ({"answer": "短"}, False, "topic_incomplete"),
    ({}, True, "topic_names_dose"),
])
def test_only_a_whole_text_without_a_dose_is_published(changes: dict, names_dose: bool, code: str) -> None:
    topics.check_whole(WHOLE, names_dose=False)
    with pytest.raises(Refusal, match=code):
        topics.check_whole({**WHOLE, **changes}, names_dose=names_dose)


def test_a_review_is_overdue_the_day_after_it_was_due() -> None:
    day = dt.date(2026, 3, 1)
    assert [topics.is_overdue(due, day) for due in (day - dt.timedelta(days=1), day, None)] == [True, False, False]


def test_a_slug_made_for_a_question_is_a_slug() -> None:
    assert re.fullmatch(topics.SLUG, topics.own_slug("0a1b2c3d"))


def test_ways_to_ask_stand_once_each() -> None:
    assert topics.merged_ways(["甲", "乙"], ["乙", "丙"]) == ["甲", "乙", "丙"]


def test_words_taken_back_leave_the_rest_of_a_text() -> None:
    content = {"question": "甲怎么办", "ways": ["甲怎么办", "乙怎么办"], "answer": "先坐一会儿，再来问。"}
    assert topics.without_words(content, "甲怎么办", ()) == {
        "question": "乙怎么办", "ways": ["乙怎么办"], "answer": "先坐一会儿，再来问。"}
    assert topics.without_words(content, "丙", ["先坐一会儿，再来问。", "好"]) == {**content, "answer": ""}
    long = "很长" * 150
    assert topics.without_words({**content, "question": long[:200], "ways": []}, long, ())["question"] == ""


def test_only_the_camps_own_places_are_filled() -> None:
    assert topics.filled("{cards} {卡} } {within}", None) == "几张补卡 {卡} } 几天"
