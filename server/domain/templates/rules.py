"""The rules that the shipped templates share; a template names only what its length changes."""

from typing import Any

LEVELS = ("结营", "优秀", "全勤")
MILESTONES = {3: 10, 7: 30, 14: 50, 21: 70, 28: 100, 35: 120, 42: 150}
DAYS_PER_MAKEUP_CARD = 14


def shipped_rules(days: int, plans: dict[str, Any], complete_days: tuple[int, int, int]) -> dict[str, Any]:
    """The rules of a camp of that many days; `complete_days` is what 结营, 优秀 and 全勤 ask, in that order.

    Milestones longer than the camp are left out. There are two make-up cards for every 28 days, a begun half counted.
    """
    return {
        "plans": plans,
        "grace_hours": 12,
        "day_starts_at": "00:00",
        "points": {
            "meal": {"each": 3, "daily_cap": 3},
            "exercise": {"each": 6, "daily_cap": 1},
            "glucose": {"each": 6, "daily_cap": 1},
            "lesson": {"each": 4, "daily_cap": 1},
            "complete_day": 10,
            "milestones": {str(run): points for run, points in MILESTONES.items() if run <= days},
            "finish": 100,
            "purchase": {"each": 20, "cap": 40},
        },
        "makeup": {"cards": -(-days // DAYS_PER_MAKEUP_CARD), "within_days": 3},
        "pause": {"days": 7},
        "certificates": [
            {"level": level, "complete_days": needed} for level, needed in zip(LEVELS, complete_days, strict=True)
        ],
    }
