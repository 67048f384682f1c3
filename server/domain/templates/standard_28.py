"""standard-28: four weeks for people with type 2 diabetes, or who do not know their type yet."""

from typing import Any

from server.domain.templates.lessons import lessons_of
from server.domain.templates.plans import daily, four_a_week
from server.domain.templates.rules import shipped_rules
from server.domain.templates.screening import questions

NAME, DAYS = "standard-28", 28

# Measure, eat, move, live: a theme a week. Day 4 comes before any low is likely.
CALENDAR = (
    "welcome", "finger_stick", "reading_numbers", "low_glucose", "plate", "staples_gi", "week_one_review",
    "eating_order", "fruit", "drinks", "eating_out", "labels", "sugar_free", "week_two_review",
    "when_to_move", "how_much", "strength", "test_around_exercise", "feet", "sleep", "week_three_review",
    "sick_days", "medicines", "yearly_checks", "mood_and_family", "recap", "follow_up", "graduation",
)

TEMPLATE: dict[str, Any] = {
    "name": NAME,
    "title": "28 天控糖营",
    "about": "四个星期，和一班同伴一起，把测、吃、动和日常照顾慢慢变成习惯。",
    "days": DAYS,
    "for": ["type2", "unknown"],
    "proposed": {"insulin": "daily", "other": "four_a_week"},
    "rules": shipped_rules(
        DAYS,
        plans={"daily": daily(NAME, DAYS), "four_a_week": four_a_week(NAME, DAYS)},
        complete_days=(21, 25, 28),
    ),
    "screening": questions(
        "recent_ketoacidosis", "severe_low", "heart_or_stroke", "dialysis", "exercise_limited", "eye_bleeding",
        "pregnant",
    ),
    "lessons": lessons_of(NAME, CALENDAR),
}
