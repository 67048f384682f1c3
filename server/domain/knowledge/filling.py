"""An answer about the camp's rules, filled from the asker's own camp."""

import string
from collections.abc import Mapping
from typing import Any

# What is said to somebody who is in no camp.
GENERAL = {
    "deadline": "当天结束后的一段时间，营里会公布", "cards": "几张补卡", "within": "几天", "milestones": "约定的天数",
    "points": "记饮食、运动、血糖、课程各有分值，当天全部完成再加分", "levels": "结营、优秀、全勤，各要求一定的完成天数",
    "pause": "几天"}
KIND_NAMES = {"meal": "饮食", "exercise": "运动", "glucose": "血糖", "lesson": "课程"}


def places_of(text: str) -> set[str]:
    """The names of the places that a text leaves open."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def fill(text: str, rules: Mapping[str, Any] | None) -> str:
    """The text with its places filled by these rules of a camp, or in general words without any."""
    return text.format_map(GENERAL if rules is None else _said(rules)) if places_of(text) else text


def _said(rules: Mapping[str, Any]) -> dict[str, str]:
    points = rules["points"]
    each = [f"{name} {points[kind]['each']} 分（每天最多算 {points[kind]['daily_cap']} 次）"
            for kind, name in KIND_NAMES.items()]
    return {
        "deadline": f"这一天结束后 {rules['grace_hours']} 小时",
        "cards": f"{rules['makeup']['cards']} 张补卡",
        "within": f"{rules['makeup']['within_days']} 天",
        "pause": f"{rules['pause']['days']} 天",
        "points": f"{'、'.join(each)}，当天全部完成再加 {points['complete_day']} 分",
        "milestones": "、".join(sorted(points["milestones"], key=int)) + " 天",
        "levels": "、".join(f"{level['level']} {level['complete_days']} 天" for level in rules["certificates"])}
