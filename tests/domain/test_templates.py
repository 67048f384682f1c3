"""The shipped camps: every day is there, every plan can be lived, and no lesson says what only a doctor may."""

import json
import re
from itertools import pairwise

import pytest

from server.domain.camp_rules import check_rules
from server.domain.camps import KINDS
from server.domain.templates import TEMPLATES
from server.domain.templates.lessons import (
    TEXTS,
    birth,
    eating,
    living,
    measuring,
    moving,
    prediabetes,
    pregnancy,
    type1,
)
from server.domain.templates.screening import QUESTIONS

MODULES = (birth, eating, living, measuring, moving, prediabetes, pregnancy, type1)
DIABETES_TYPES = {"type1", "type2", "gestational", "prediabetes", "unknown"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
DOSE = re.compile(r"[\d一二两三四五六七八九十半几]\s*个?\s*(单位|片|毫克|粒药|mg\b|U\b)")
PROMISE = re.compile(r"逆转|根治|治愈|断根|不用再吃药")

every_template = pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))
every_text = pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))


@pytest.mark.parametrize(
    ("name", "days", "plans", "proposed", "levels", "cards", "last_milestone"),
    [
        ("standard-28", 28, {"daily", "four_a_week"}, ("daily", "four_a_week"), [21, 25, 28], 2, ("28", 100)),
        ("gestational-42", 42, {"daily", "four_points"}, ("four_points", "daily"), [32, 38, 42], 3, ("42", 150)),
        ("prediabetes-21", 21, {"daily", "four_a_week"}, ("daily", "four_a_week"), [16, 19, 21], 2, ("21", 70)),
        # A profile without a treatment does not mean a type 1 without insulin.
        ("type1-28", 28, {"daily", "four_points"}, ("four_points", "four_points"), [21, 25, 28], 2, ("28", 100)),
    ],
)
def test_a_template_is_as_long_and_as_strict_as_promised(name, days, plans, proposed, levels, cards, last_milestone):
    template = TEMPLATES[name]
    rules = template["rules"]
    assert (template["name"], template["days"]) == (name, days)
    assert set(rules["plans"]) == plans
    assert (template["proposed"]["insulin"], template["proposed"]["other"]) == proposed
    assert [level["complete_days"] for level in rules["certificates"]] == levels
    assert [level["level"] for level in rules["certificates"]] == ["结营", "优秀", "全勤"]
    assert rules["makeup"] == {"cards": cards, "within_days": 3}
    assert list(rules["points"]["milestones"].items())[-1] == last_milestone


def test_the_standard_camp_pays_what_the_product_says():
    rules = TEMPLATES["standard-28"]["rules"]
    assert rules["points"] == {
        "meal": {"each": 3, "daily_cap": 3},
        "exercise": {"each": 6, "daily_cap": 1},
        "glucose": {"each": 6, "daily_cap": 1},
        "lesson": {"each": 4, "daily_cap": 1},
        "complete_day": 10,
        "milestones": {"3": 10, "7": 30, "14": 50, "21": 70, "28": 100},
        "finish": 100, "purchase": {"each": 20, "cap": 40},
    }
    assert (rules["grace_hours"], rules["day_starts_at"], rules["pause"]) == (12, "00:00", {"days": 7})


@every_template
def test_a_template_passes_the_schema_of_every_camp(template):
    check_rules(template["rules"], template["days"])


@every_template
def test_a_template_is_plain_json(template):
    assert json.loads(json.dumps(template)) == template


@every_template
def test_a_template_says_what_it_is_and_for_whom(template):
    assert set(template) == {"name", "title", "about", "days", "for", "proposed", "rules", "screening", "lessons"}
    assert CHINESE.search(template["title"])
    assert template["about"].endswith("。")
    assert set(template["for"]) <= DIABETES_TYPES
    assert template["for"]


def test_every_diabetes_type_has_a_camp():
    assert {kind for template in TEMPLATES.values() for kind in template["for"]} == DIABETES_TYPES


@every_template
def test_every_day_of_every_plan_asks_only_known_kinds_and_offers_its_lesson(template):
    by_day = {str(lesson["day"]): lesson["id"] for lesson in template["lessons"]}
    for plan in template["rules"]["plans"].values():
        assert CHINESE.search(plan["title"])
        assert list(plan["days"]) == [str(day) for day in range(1, template["days"] + 1)]
        for number, day in plan["days"].items():
            assert set(day) <= set(KINDS)
            assert (day["meal"], day["exercise"], day["lesson"]) == (1, 1, by_day[number])


@pytest.mark.parametrize(
    ("plan", "asked_in_a_week"),
    [
        ("daily", [1, 1, 1, 1, 1, 1, 1]),
        ("four_a_week", [1, 1, 0, 1, 0, 1, 0]),
        ("four_points", [4, 4, 4, 4, 4, 4, 4]),
    ],
)
def test_a_plan_asks_for_the_same_tests_every_camp_week(plan, asked_in_a_week):
    having = [template for template in TEMPLATES.values() if plan in template["rules"]["plans"]]
    assert having
    for template in having:
        days = template["rules"]["plans"][plan]["days"].values()
        assert [day.get("glucose", 0) for day in days] == asked_in_a_week * (template["days"] // 7)


@every_template
def test_levels_rise_to_every_day_and_milestones_stay_inside_the_camp(template):
    needed = [level["complete_days"] for level in template["rules"]["certificates"]]
    assert all(lower < higher for lower, higher in pairwise(needed))
    assert needed[-1] == template["days"]
    milestones = [(int(run), points) for run, points in template["rules"]["points"]["milestones"].items()]
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(milestones))
    assert milestones[-1][0] <= template["days"]
    assert template["rules"]["makeup"]["cards"] < template["days"] - needed[0]


@every_template
def test_the_proposed_plan_is_one_of_the_camps(template):
    assert set(template["proposed"]) == {"insulin", "other"}
    assert set(template["proposed"].values()) <= set(template["rules"]["plans"])


@every_template
def test_screening_is_a_handful_of_yes_or_no_questions(template):
    assert 4 <= len(template["screening"]) <= 7
    assert len({question["id"] for question in template["screening"]}) == len(template["screening"])
    for question in template["screening"]:
        assert set(question) == {"id", "question", "ask_staff_when"}
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,39}", question["id"])
        assert question["question"].endswith("？")
        assert type(question["ask_staff_when"]) is bool


def test_every_camp_but_the_one_for_pregnancy_asks_about_it():
    asks = {name: any(q["id"] == "pregnant" for q in template["screening"]) for name, template in TEMPLATES.items()}
    assert asks == {"standard-28": True, "gestational-42": False, "prediabetes-21": True, "type1-28": True}


@every_template
def test_every_day_has_one_lesson_in_order(template):
    assert [lesson["day"] for lesson in template["lessons"]] == list(range(1, template["days"] + 1))
    for lesson in template["lessons"]:
        assert set(lesson) == {"id", "day", "title", "minutes", "body"}
    titles = [lesson["title"] for lesson in template["lessons"]]
    assert len(set(titles)) == len(titles)


def test_lesson_ids_are_unique_over_all_camps_and_never_change():
    ids = [lesson["id"] for template in TEMPLATES.values() for lesson in template["lessons"]]
    assert len(set(ids)) == len(ids)
    assert TEMPLATES["standard-28"]["lessons"][0]["id"] == "57f73827-2749-5246-8fb1-98eba7de4765"


@every_template
def test_day_4_teaches_what_to_do_in_a_low(template):
    low = template["lessons"][3]
    assert "低血糖" in low["title"]
    for word in ("3.9", "十五到二十克", "十五分钟", "120", "阿卡波糖", "不要往嘴里喂东西"):
        assert word in low["body"]


@every_text
def test_a_lesson_is_short_warm_plain_text(text):
    assert set(text) == {"title", "minutes", "body"}
    assert 3 <= text["minutes"] <= 6
    assert 150 <= len(CHINESE.findall(text["body"])) <= 300
    assert 4 <= len(text["title"]) <= 20
    assert not re.search(r"[<>*#|\\\t\r]|https?:|\n\n", text["body"])
    assert text["body"] == text["body"].strip()
    assert text["body"][-1] in "。！？"


@every_text
def test_a_lesson_names_no_dose_and_promises_no_cure(text):
    for words in (text["title"], text["body"]):
        assert not DOSE.search(words)
        assert not PROMISE.search(words)


@pytest.mark.parametrize("name", sorted([*pregnancy.TEXTS, *birth.TEXTS]))
def test_a_pregnancy_lesson_leaves_the_target_to_the_doctor(name):
    body = {**pregnancy.TEXTS, **birth.TEXTS}[name]["body"]
    # 16.7 is a danger, told to everyone; 6.7 would be a target.
    assert not re.search(r"(?<!\d)(5\.[13]|6\.7|7\.8|8\.5|10\.0)", body)


def test_every_text_and_question_is_written_once_and_used():
    assert sum(len(module.TEXTS) for module in MODULES) == len(TEXTS)
    used = {lesson["body"] for template in TEMPLATES.values() for lesson in template["lessons"]}
    assert used == {text["body"] for text in TEXTS.values()}
    asked = {question["id"] for template in TEMPLATES.values() for question in template["screening"]}
    assert asked == set(QUESTIONS)
