"""What one topic of the knowledge base holds, and what every answer ends with."""

import datetime as dt
from typing import NamedTuple

from server.domain.knowledge.asked import ASKED

# Every answer ends so: it is no doctor's, and there is a person to ask.
ENDING = "以上不能替代医生诊疗，拿不准就点“转人工”，有人帮您看。"
WRITTEN_BY = "糖营编写组（尚未经临床医生审核）"
LOOK_AGAIN_ON = dt.date(2027, 2, 24)

DIABETES = "《中国2型糖尿病防治指南（2020年版）》"
PRIMARY_CARE = "《国家基层糖尿病防治管理指南（2022）》"
MONITORING = "《中国血糖监测临床应用指南（2021年版）》"
FOOD = "《成人糖尿病食养指南（2023年版）》"
DIET = "《中国居民膳食指南（2022）》"
PREGNANCY = "《妊娠期高血糖诊治指南（2022）》"
TYPE_1 = "《中国1型糖尿病诊治指南（2021版）》"
INJECTING = "《中国糖尿病药物注射技术指南（2016年版）》"
CAMP = "本营公布的规则"
PRODUCT = "糖营使用说明"


class Topic(NamedTuple):
    """One topic: `ways` are other ways a patient puts the question; the review is nobody's until `reviewed_on` says so."""

    slug: str
    category: str
    question: str
    ways: tuple[str, ...]
    answer: str
    source: str
    reviewer: str
    reviewed_on: dt.date | None
    review_due_on: dt.date | None
    version: int


def topic(category: str, source: str, slug: str, question: str, answer: str) -> Topic:
    """A shipped topic, with the ways people ask for it."""
    return Topic(slug, category, question, tuple(ASKED[slug].split("|")), f"{answer}{ENDING}", source, WRITTEN_BY, None,
                 LOOK_AGAIN_ON, 1)
