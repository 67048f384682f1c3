"""prediabetes-21: three weeks for people whose glucose is above normal and below diabetes."""

from typing import Any

from server.domain.templates.lessons import lessons_of
from server.domain.templates.plans import daily, four_a_week
from server.domain.templates.rules import shipped_rules
from server.domain.templates.screening import questions

NAME, DAYS = "prediabetes-21", 21

CALENDAR = (
    "welcome", "finger_stick", "prediabetes_numbers", "low_glucose", "plate", "staples_gi", "week_one_review",
    "eating_order", "fruit", "drinks", "eating_out", "labels", "waist", "week_two_review",
    "when_to_move", "how_much", "strength", "sitting", "sleep", "prediabetes_follow_up", "prediabetes_graduation",
)

TEMPLATE: dict[str, Any] = {
    "name": NAME,
    "title": "21 天糖前期营",
    "about": "三个星期，趁身体刚刚提醒，一起把饭桌和脚步调一调。",
    "days": DAYS,
    "for": ["prediabetes"],
    "proposed": {"insulin": "daily", "other": "four_a_week"},
    "rules": shipped_rules(
        DAYS,
        plans={"daily": daily(NAME, DAYS), "four_a_week": four_a_week(NAME, DAYS)},
        complete_days=(16, 19, 21),
    ),
    "screening": questions(
        "told_prediabetes", "takes_glucose_medicine", "heart_or_stroke", "dialysis", "exercise_limited", "pregnant",
    ),
    "lessons": lessons_of(NAME, CALENDAR),
}
