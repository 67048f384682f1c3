"""gestational-42: six weeks for people whose glucose rose in pregnancy, up to the birth and the check after it."""

from typing import Any

from server.domain.templates.lessons import lessons_of
from server.domain.templates.plans import daily, four_points
from server.domain.templates.rules import shipped_rules
from server.domain.templates.screening import questions

NAME, DAYS = "gestational-42", 42

# No lesson names a target: in pregnancy it is always the doctor's own.
CALENDAR = (
    "welcome", "finger_stick", "pregnancy_numbers", "low_glucose", "pregnancy_plate", "staples_gi",
    "pregnancy_week_one_review",
    "small_meals", "eating_order", "fruit", "pregnancy_drinks", "labels", "pregnancy_protein", "pregnancy_breakfast",
    "pregnancy_move", "walk_after_meals", "pregnancy_stop_signs", "test_around_exercise", "fetal_movement",
    "pregnancy_sleep", "pregnancy_week_three_review",
    "sick_days", "insulin_in_pregnancy", "pregnancy_weight", "prenatal_visits", "pregnancy_blood_pressure",
    "pregnancy_mood", "pregnancy_family",
    "baby_growth", "night_lows", "eating_out", "pregnancy_fibre", "pregnancy_at_work", "pregnancy_danger_signs",
    "pregnancy_week_five_review",
    "birth_bag", "birth_day", "newborn_glucose", "breastfeeding", "postpartum_check", "after_pregnancy",
    "pregnancy_graduation",
)

TEMPLATE: dict[str, Any] = {
    "name": NAME,
    "title": "42 天孕期控糖营",
    "about": "六个星期，陪准妈妈吃够、动好、按医生的目标看数字，安心等宝宝来。",
    "days": DAYS,
    "for": ["gestational"],
    # Whoever tests more for the doctor loses nothing by the smaller plan: every reading is kept.
    "proposed": {"insulin": "four_points", "other": "daily"},
    "rules": shipped_rules(
        DAYS,
        plans={"daily": daily(NAME, DAYS), "four_points": four_points(NAME, DAYS)},
        complete_days=(32, 38, 42),
    ),
    "screening": questions(
        "told_gestational", "diabetes_before_pregnancy", "pregnancy_bleeding", "pregnancy_rest",
        "pregnancy_blood_pressure", "severe_low", "exercise_limited",
    ),
    "lessons": lessons_of(NAME, CALENDAR),
}
