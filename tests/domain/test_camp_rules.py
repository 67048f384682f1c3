"""The rules a camp may have: the shipped ones pass, a sensible change passes, and nonsense is named."""

import pytest

from server.domain.camp_rules import check_rules
from server.domain.camps import merge_patch
from server.domain.refusals import Refusal
from server.domain.templates import TEMPLATES

STANDARD = TEMPLATES["standard-28"]["rules"]
ONE_DAY = {"meal": 1, "exercise": 1, "glucose": 1}


def changed(**changes):
    return merge_patch(STANDARD, changes)


def plan_of(days, day=ONE_DAY):
    return {"days": {str(number): day for number in range(1, days + 1)}}


def day_seven(**asked):
    """A change of the seventh day of the daily plan; a kind that is None is not asked."""
    return {"plans": {"daily": {"days": {"7": asked}}}}


@pytest.mark.parametrize("changes", [
    {},
    {"grace_hours": 0},
    {"grace_hours": 36},
    {"day_starts_at": "03:00"},
    {"day_starts_at": "23:59"},
    {"points": {"complete_day": 0, "finish": 0}},
    # Paying for nothing, or counting nothing, is a camp's own choice.
    {"points": {"meal": {"each": 0, "daily_cap": 0}}},
    {"points": {"milestones": {"28": None, "27": 5}}},
    {"points": {"milestones": dict.fromkeys(["3", "7", "14", "21", "28"])}},
    {"makeup": {"cards": 0, "within_days": 0}},
    {"pause": {"days": 0}},
    {"certificates": [{"level": "结营", "complete_days": 1}]},
    {"plans": {"gentle": plan_of(28, {"meal": 1})}},
    {"plans": {"gentle": {"title": "慢慢来", **plan_of(28)}}},
    day_seven(glucose=7),
    # A day without a lesson, and one that asks for no test.
    day_seven(lesson=None),
    day_seven(glucose=None),
])
def test_a_sensible_change_of_the_rules_passes(changes):
    check_rules(changed(**changes), 28)


@pytest.mark.parametrize(("changes", "named"), [
    ({"plans": None}, "plans"),
    ({"grace_hours": None}, "grace_hours"),
    ({"day_starts_at": None}, "day_starts_at"),
    ({"points": None}, "points"),
    ({"makeup": None}, "makeup"),
    ({"pause": None}, "pause"),
    ({"certificates": None}, "certificates"),
    ({"bonus": 5}, "bonus"),
    ({"plans": []}, "plans"),
    ({"plans": {"daily": None, "four_a_week": None}}, "plans"),
    ({"plans": {"每天": plan_of(28)}}, "plans.每天"),
    ({"plans": {"Daily": plan_of(28)}}, "plans.Daily"),
    ({"plans": {"gentle": plan_of(27)}}, "plans.gentle.days"),
    ({"plans": {"gentle": plan_of(29)}}, "plans.gentle.days"),
    ({"plans": {"gentle": {"title": 7, **plan_of(28)}}}, "plans.gentle.title"),
    ({"plans": {"gentle": {"title": "没有日子"}}}, "plans.gentle"),
    # A day that asks nothing would be complete by itself.
    (day_seven(meal=None, exercise=None, glucose=None), "plans.daily.days.7"),
    (day_seven(meal=0, exercise=0, glucose=0), "plans.daily.days.7"),
    (day_seven(steps=1), "steps"),
    (day_seven(meal=-1), "plans.daily.days.7.meal"),
    (day_seven(meal=21), "plans.daily.days.7.meal"),
    (day_seven(meal=1.5), "plans.daily.days.7.meal"),
    # JSON's true is no 1.
    (day_seven(meal=True), "plans.daily.days.7.meal"),
    (day_seven(lesson=1), "plans.daily.days.7.lesson"),
    (day_seven(lesson=""), "plans.daily.days.7.lesson"),
    ({"grace_hours": -1}, "grace_hours"),
    ({"grace_hours": 73}, "grace_hours"),
    ({"grace_hours": 12.0}, "grace_hours"),
    ({"grace_hours": "12"}, "grace_hours"),
    ({"day_starts_at": "24:00"}, "day_starts_at"),
    ({"day_starts_at": "3:00"}, "day_starts_at"),
    ({"day_starts_at": "03:00:00"}, "day_starts_at"),
    ({"day_starts_at": "03:00\n"}, "day_starts_at"),
    ({"day_starts_at": 3}, "day_starts_at"),
    ({"points": 5}, "points"),
    ({"points": {"meal": None}}, "meal"),
    ({"points": {"sharing": {"each": 5, "daily_cap": 1}}}, "sharing"),
    ({"points": {"meal": {"each": -3}}}, "points.meal.each"),
    ({"points": {"meal": {"each": "3"}}}, "points.meal.each"),
    ({"points": {"meal": {"daily_cap": -1}}}, "points.meal.daily_cap"),
    ({"points": {"glucose": {"per_value": 1}}}, "per_value"),
    ({"points": {"complete_day": -10}}, "points.complete_day"),
    ({"points": {"finish": True}}, "points.finish"),
    ({"points": {"milestones": []}}, "points.milestones"),
    ({"points": {"milestones": {"29": 5}}}, "points.milestones.29"),
    ({"points": {"milestones": {"0": 5}}}, "points.milestones.0"),
    ({"points": {"milestones": {"07": 5}}}, "points.milestones.07"),
    ({"points": {"milestones": {"七": 5}}}, "points.milestones.七"),
    ({"points": {"milestones": {"7": -5}}}, "points.milestones.7"),
    ({"makeup": {"cards": -1}}, "makeup.cards"),
    ({"makeup": {"cards": 29}}, "makeup.cards"),
    ({"makeup": {"within_days": None}}, "within_days"),
    ({"pause": {"days": 29}}, "pause.days"),
    ({"pause": 7}, "pause"),
    ({"certificates": []}, "certificates"),
    ({"certificates": {}}, "certificates"),
    ({"certificates": [{"level": "结营"}]}, "complete_days"),
    ({"certificates": [{"level": "", "complete_days": 21}]}, "certificates.level"),
    ({"certificates": [{"level": "结营", "complete_days": 29}]}, "certificates"),
    ({"certificates": [{"level": "结营", "complete_days": 0}]}, "certificates"),
    # Levels rise, and each is another.
    ({"certificates": [{"level": "优秀", "complete_days": 25}, {"level": "结营", "complete_days": 21}]}, "certificates"),
    ({"certificates": [{"level": "结营", "complete_days": 21}, {"level": "优秀", "complete_days": 21}]}, "certificates"),
    ({"certificates": [{"level": "结营", "complete_days": 21}, {"level": "结营", "complete_days": 25}]}, "certificates"),
])
def test_nonsense_in_the_rules_is_refused_and_named(changes, named):
    with pytest.raises(Refusal, match="rules_invalid") as refused:
        check_rules(changed(**changes), 28)
    assert named in refused.value.says()


def test_rules_belong_to_a_camp_of_their_own_length():
    with pytest.raises(Refusal, match="rules_invalid"):
        check_rules(STANDARD, 27)
    with pytest.raises(Refusal, match="rules_invalid"):
        check_rules(TEMPLATES["prediabetes-21"]["rules"], 28)
