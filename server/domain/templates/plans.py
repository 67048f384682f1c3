"""What each day of a camp asks, by plan. A kind that a day does not name is not asked; a lesson is a bonus.

Every plan can earn the same points. The daily cap of a kind belongs to the camp and not to the plan, so four tests a
day pay what one pays; and where a day asks for no test, the complete day pays the reading's points on top.
"""

from typing import Any

from server.domain.templates.lessons import lesson_id

TEST_DAYS_OF_A_WEEK = (1, 2, 4, 6)


def daily(template: str, days: int) -> dict[str, Any]:
    """A plan that asks for one meal, one exercise and one glucose reading every day."""
    return {"title": "每天测一次", "days": {str(day): _asked(template, day, glucose=1) for day in range(1, days + 1)}}


def four_points(template: str, days: int) -> dict[str, Any]:
    """A plan that asks for four glucose readings every day: which four, the doctor says."""
    return {"title": "每天测四次", "days": {str(day): _asked(template, day, glucose=4) for day in range(1, days + 1)}}


def four_a_week(template: str, days: int) -> dict[str, Any]:
    """A plan that asks for a glucose reading on days 1, 2, 4 and 6 of each camp week, and for no test on the others."""
    return {
        "title": "每周测四天",
        "days": {
            str(day): _asked(template, day, glucose=1 if day_of_camp_week(day) in TEST_DAYS_OF_A_WEEK else 0)
            for day in range(1, days + 1)
        },
    }


def day_of_camp_week(day: int) -> int:
    """1 to 7. A camp's weeks are counted from its own first day, whatever the calendar says."""
    return (day - 1) % 7 + 1


def _asked(template: str, day: int, glucose: int) -> dict[str, Any]:
    test = {"glucose": glucose} if glucose else {}
    return {"meal": 1, "exercise": 1, **test, "lesson": lesson_id(template, day)}
