"""type1-28: four weeks for people with type 1 diabetes, all of whom live on insulin."""

from typing import Any

from server.domain.templates.lessons import lessons_of
from server.domain.templates.plans import daily, four_points
from server.domain.templates.rules import shipped_rules
from server.domain.templates.screening import questions

NAME, DAYS = "type1-28", 28

CALENDAR = (
    "welcome", "finger_stick", "type1_numbers", "low_glucose", "carbohydrate_first_look", "carbohydrate_by_hand",
    "type1_week_one_review",
    "injection_sites", "insulin_keeping", "night_lows", "carry_kit", "labels", "eating_out", "type1_week_two_review",
    "type1_exercise", "test_around_exercise", "how_much", "delayed_lows", "feet", "sleep", "week_three_review",
    "type1_sick_days", "insulin_is_air", "yearly_checks", "type1_burnout", "telling_others", "follow_up", "graduation",
)

TEMPLATE: dict[str, Any] = {
    "name": NAME,
    "title": "28 天一型糖友营",
    "about": "四个星期，把测、打、吃、动里的难处说给懂的人听，一起活得自在些。",
    "days": DAYS,
    "for": ["type1"],
    # A profile that names no treatment does not mean no insulin, so both ways lead to the plan for it.
    "proposed": {"insulin": "four_points", "other": "four_points"},
    "rules": shipped_rules(
        DAYS,
        plans={"daily": daily(NAME, DAYS), "four_points": four_points(NAME, DAYS)},
        complete_days=(21, 25, 28),
    ),
    "screening": questions(
        "uses_insulin", "recent_ketoacidosis", "severe_low", "dialysis", "eye_bleeding", "pregnant", "under_age",
    ),
    "lessons": lessons_of(NAME, CALENDAR),
}
