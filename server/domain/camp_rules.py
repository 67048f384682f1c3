"""The one schema that every camp's rules pass, the shipped templates' and an admin's alike."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from server.domain.camps import KINDS
from server.domain.refusals import Refusal

MOST_DAYS = 366
MOST_POINTS = 100_000
MOST_ENTRIES = 20
_WALL_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check_rules(rules: Any, days: int) -> None:
    """Let well-formed rules of a camp of so many days pass. Raises Refusal rules_invalid, naming the first problem."""
    for name, check in _PARTS.items():
        if name not in rules:
            raise Refusal("rules_invalid", problem=f"缺少 {name}")
        check(rules[name], days)
    strange = set(rules) - set(_PARTS)
    if strange:
        raise Refusal("rules_invalid", problem=f"不认识 {min(strange)}")


def _need(fits: bool, problem: str) -> None:
    if not fits:
        raise Refusal("rules_invalid", problem=problem)


def _whole(value: Any, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _keys(value: Any, where: str, *needed: str, also: tuple[str, ...] = ()) -> None:
    _need(isinstance(value, Mapping), f"{where} 要是一个对象")
    for key in needed:
        _need(key in value, f"{where} 缺少 {key}")
    for key in value:
        _need(key in needed or key in also, f"{where} 不认识 {key}")


def _check_plans(plans: Any, days: int) -> None:
    _need(isinstance(plans, Mapping) and 1 <= len(plans) <= 10, "plans 要有一到十个方案")
    for name, plan in plans.items():
        where = f"plans.{name}"
        _need(bool(_NAME.fullmatch(name)), f"{where} 的名字要用小写字母、数字和下划线")
        _keys(plan, where, "days", also=("title",))
        _need(isinstance(plan.get("title", name), str), f"{where}.title 要是文字")
        _need(isinstance(plan["days"], Mapping), f"{where}.days 要是一个对象")
        _need(set(plan["days"]) == {str(n) for n in range(1, days + 1)}, f"{where}.days 要从 1 到 {days}")
        for number, day in plan["days"].items():
            _check_day(day, f"{where}.days.{number}")


def _check_day(day: Any, where: str) -> None:
    _keys(day, where, also=KINDS)
    for kind, asked in day.items():
        if kind == "lesson":
            _need(isinstance(asked, str) and 0 < len(asked) <= 64, f"{where}.lesson 要是课程编号")
        else:
            _need(_whole(asked, 0, MOST_ENTRIES), f"{where}.{kind} 要是 0 到 {MOST_ENTRIES} 的整数")
    _need(any(day.get(kind) for kind in KINDS if kind != "lesson"), f"{where} 至少要有一项打卡")


def _check_grace(hours: Any, _days: int) -> None:
    _need(_whole(hours, 0, 72), "grace_hours 要是 0 到 72 的整数")


def _check_day_start(wall: Any, _days: int) -> None:
    _need(isinstance(wall, str) and bool(_WALL_TIME.fullmatch(wall)), "day_starts_at 要写成 HH:MM")


def _check_points(points: Any, days: int) -> None:
    _keys(points, "points", *KINDS, "complete_day", "milestones", "finish", also=("purchase",))
    for kind in KINDS:
        _keys(points[kind], f"points.{kind}", "each", "daily_cap")
        _need(_whole(points[kind]["each"], 0, MOST_POINTS), f"points.{kind}.each 要是不小于 0 的整数")
        _need(_whole(points[kind]["daily_cap"], 0, MOST_ENTRIES), f"points.{kind}.daily_cap 要是 0 到 {MOST_ENTRIES}")
    if "purchase" in points:
        _keys(points["purchase"], "points.purchase", "each", "cap")
        for name in ("each", "cap"):
            _need(_whole(points["purchase"][name], 0, MOST_POINTS), f"points.purchase.{name} 要是不小于 0 的整数")
    for name in ("complete_day", "finish"):
        _need(_whole(points[name], 0, MOST_POINTS), f"points.{name} 要是不小于 0 的整数")
    _need(isinstance(points["milestones"], Mapping), "points.milestones 要是一个对象")
    for run, paid in points["milestones"].items():
        _need(bool(re.fullmatch(r"[1-9][0-9]{0,2}", run)) and int(run) <= days, f"points.milestones.{run} 超出天数")
        _need(_whole(paid, 0, MOST_POINTS), f"points.milestones.{run} 要是不小于 0 的整数")


def _check_makeup(makeup: Any, days: int) -> None:
    _keys(makeup, "makeup", "cards", "within_days")
    _need(_whole(makeup["cards"], 0, days), f"makeup.cards 要是 0 到 {days}")
    _need(_whole(makeup["within_days"], 0, days), f"makeup.within_days 要是 0 到 {days}")


def _check_pause(pause: Any, days: int) -> None:
    _keys(pause, "pause", "days")
    _need(_whole(pause["days"], 0, days), f"pause.days 要是 0 到 {days}")


def _check_certificates(levels: Any, days: int) -> None:
    _need(isinstance(levels, list) and 1 <= len(levels) <= 10, "certificates 要有一到十个等级")
    needed = 0
    for level in levels:
        _keys(level, "certificates", "level", "complete_days")
        _need(isinstance(level["level"], str) and 0 < len(level["level"]) <= 20, "certificates.level 要是文字")
        _need(_whole(level["complete_days"], needed + 1, days), "certificates 的天数要从低到高，不超过营期")
        needed = level["complete_days"]
    names = [level["level"] for level in levels]
    _need(len(set(names)) == len(names), "certificates 的等级不能重名")


_PARTS: dict[str, Callable[[Any, int], None]] = {
    "plans": _check_plans,
    "grace_hours": _check_grace,
    "day_starts_at": _check_day_start,
    "points": _check_points,
    "makeup": _check_makeup,
    "pause": _check_pause,
    "certificates": _check_certificates,
}
