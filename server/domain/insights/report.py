"""The one page for the doctor: who, targets, table by slot, pairs, lows, meals and exercise beside them, adherence.

Everything is text by now, each as short as its place on the paper; the paper itself is server/papers/report.typ.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from server.domain import glucose
from server.domain.camps import zone
from server.domain.certificates import printable_name
from server.domain.charts.drawing import Look
from server.domain.charts.trend import SLOT_NAMES, modal_day, some_days
from server.domain.consents import age_years
from server.domain.glucose import MG_DL_PER_MMOL_L
from server.domain.insights import findings, fingersticks, measures
from server.domain.insights.findings import DONE, MEALS
from server.domain.insights.page import Page, height, number, short, value
from server.domain.insights.readings import Told, numbers
from server.domain.measurements import KINDS

# What fits on the page: days in the table, values in a cell, letters of a meal.
TABLE_DAYS, MOST_VALUES = 14, 3
LEAST_MEAL_LETTERS, DAY_LETTERS = 6, 44
# On paper the pictures are wider than on a phone.
PRINTED = {"width": 440, "height": 290}
SLOTS = ("night", "fasting", "after_breakfast", "before_lunch", "after_lunch", "before_dinner", "after_dinner",
         "bedtime", "random")
TYPES = {"type1": "1 型", "type2": "2 型", "gestational": "妊娠期", "prediabetes": "糖尿病前期", "unknown": "类型未填"}
SEXES = {"male": "男", "female": "女"}
TREATMENTS = {"lifestyle": "生活方式", "oral": "口服药", "basal_insulin": "基础胰岛素", "premixed_insulin": "预混胰岛素",
              "intensive_insulin": "强化胰岛素", "pump": "胰岛素泵"}
MEDICINES = {"metformin": "二甲双胍", "sulfonylurea": "磺脲类", "glinide": "格列奈类", "acarbose": "阿卡波糖",
             "sglt2": "SGLT2 抑制剂", "dpp4": "DPP-4 抑制剂", "glp1": "GLP-1 类", "tzd": "噻唑烷二酮",
             "steroid": "糖皮质激素", "basal": "基础胰岛素", "premixed": "预混胰岛素", "rapid": "速效胰岛素"}
WEEKDAYS = "一二三四五六日"
RESULTS = {"normal": "正常", "mild": "轻度", "moderate": "中度", "severe": "重度", "proliferative": "增殖期",
           "macular_oedema": "黄斑水肿", "not_gradable": "无法判读", "neuropathy": "神经病变", "poor_circulation": "供血差",
           "both": "神经与供血", "ulcer": "溃疡"}
MEASURED: dict[str, tuple[str, str]] = {
    "hba1c": ("糖化", "{percent:g}%"), "blood_pressure": ("血压", "{systolic_mm_hg:g}/{diastolic_mm_hg:g}"),
    "weight": ("体重", "{weight_kg:g} kg"), "waist": ("腰围", "{waist_cm:g} cm"), "sleep": ("睡眠", "{hours:g} 小时")}
PARTS = {"lipids": {"ldl_mmol_l": "LDL-C", "total_cholesterol_mmol_l": "TC", "hdl_mmol_l": "HDL-C", "triglycerides_mmol_l": "TG"},
         "kidney": {"egfr_ml_min": "eGFR", "albumin_creatinine_mg_g": "UACR", "creatinine_umol_l": "肌酐"}}
PART_NAMES = {"lipids": "血脂", "kidney": "肾"}
FIGURES = (("mean_mmol_l", "平均", ".1f", ""), ("sd_mmol_l", "标准差", ".1f", ""), ("cv_percent", "变异系数", ".0f", "%"),
           ("in_target_percent", "达标", ".0f", "%"), ("in_range_percent", "在范围内", ".0f", "%"),
           ("low_percent", "偏低", ".1f", "%"),
           ("lbgi", "LBGI", ".1f", ""), ("hbgi", "HBGI", ".1f", ""), ("ea1c_percent", "推算糖化*", ".1f", "%"))
# What stands in the place of a share that nobody can tell for want of a target.
NO_TARGET = {"target_not_set": "待定", "no_target_for_these": "无目标"}
# A share in percent is of so many readings.
SHARES = {"in_target_percent": "judged", "in_range_percent": "readings", "low_percent": "readings"}
BY_SENSOR = "没有手指血：表里是动态血糖在每个时段的最低和最高，下面是平均。"
FOOT = ("由本人的记录自动整理，未经医生审核，不是诊断。手指血的比例是次数的比例；HI、LO 计入比例、不计入平均。{sensor}{range}"
        "▼\u00a0低于\u00a0{low}　▲\u00a0高于\u00a0{high}。* 由平均值推算，只是估计。“—”是读数还不够。{done}")
HOW_DONE = "打卡：全、补（补卡）、部分、缺（没打卡）、请假。"
NOT_ALL = "表里是最后 {days} 天（{first}—{last}），平均也是这 {days} 天的；图和其余的数字是全部 {all} 天的。"
LEFT_OUT = "没列出的 {days} 天有 {readings}：最低 {lowest}，最高 {highest}。"


def facts(page: Page) -> dict[str, Any]:
    """The page in the words of the paper."""
    figures = fingersticks.summary(list(page.told), page.patient)
    low, high = (page.look.shown(edge) for edge in page.look.range_mmol_l)
    printed = dataclasses.replace(page.look, **PRINTED)
    return {
        "name": printable_name(page.who["full_name"] or page.who["nickname"]),
        "about": _about(page), "treated": _treated(page.who),
        "where": page.where, "period": f"{_long(page.first)}—{_long(page.last)}（{len(page.days)} 天）",
        "printed": f"{page.printed_at.astimezone(zone(page.timezone)):%Y-%m-%d %H:%M}", "unit": page.look.unit,
        "targets": _targets(page),
        "targets_by": page.targets_by, "measured": _measured(page.measured),
        "figures": [_figure(figures, page.look, *one) for one in FIGURES],
        "slots": [SLOT_NAMES[slot] for slot in SLOTS], "days": [_day(page, day) for day in _listed(page)],
        "of_days": _of_days(page), "mean_of": f"{TABLE_DAYS} 天平均" if len(page.days) > TABLE_DAYS else "平均",
        "means": [_mean(page, slot) for slot in SLOTS],
        "pairs": findings.tell_pairs(page), "lows": findings.tell_lows(page), "adherence": findings.tell_adherence(page),
        "sensor": findings.tell_sensor(page),
        "trend_svg": some_days(page.told, page.traced, page.first, page.last, page.timezone, printed),
        "modal_svg": modal_day(page.told, page.first, page.last, printed, page.traced),
        "foot": FOOT.format(low=low, high=high, range="孕期范围。" if page.look.pregnant else "",
                            sensor=BY_SENSOR if page.is_by_sensor else "", done=HOW_DONE if page.states else "")}


def _listed(page: Page) -> list[dt.date]:
    """The days that have a row in the table, and of which its means are."""
    return page.days[-TABLE_DAYS:]


def _of_days(page: Page) -> str:
    """Which days the table lists, and what the others hold; empty where it lists all."""
    listed = _listed(page)
    if len(listed) == len(page.days):
        return ""
    said = NOT_ALL.format(days=len(listed), first=_short(listed[0]), last=_short(listed[-1]), all=len(page.days))
    others = sorted((one for one in page.tabled if one.day < listed[0]), key=height)
    if not others:
        return said
    lowest, highest = (f"{number(page, one)}（{_short(one.day)} {SLOT_NAMES[one.slot]}）" for one in (others[0], others[-1]))
    counted = f"{len(others)} {'个点' if page.is_by_sensor else '次读数'}"
    return said + LEFT_OUT.format(days=len(page.days) - len(listed), readings=counted, lowest=lowest, highest=highest)


def _about(page: Page) -> str:
    who = page.who
    said = [SEXES.get(who["sex"] or "", ""), f"{age_years(who['birth_on'], page.last)} 岁" if who["birth_on"] else "",
            TYPES[who["diabetes_type"]], f"{who['diagnosed_on'].year} 年确诊" if who["diagnosed_on"] else "",
            f"预产期 {_long(who['due_on'])}" if who["due_on"] else ""]
    weight_kg = _weight_kg(page)
    if who["height_cm"] and weight_kg:
        bmi = weight_kg / (float(who["height_cm"]) / 100) ** 2
        said.append(f"{who['height_cm']:g} cm，{weight_kg:g} kg，BMI {bmi:.1f}")
    return " · ".join(one for one in said if one)


def _weight_kg(page: Page) -> float | None:
    """The last one measured by the end of these days, or the profile's: as exercise is reckoned."""
    measured = page.measured.get("weight")
    weight_kg = measured[0]["weight_kg"] if measured else page.who["weight_kg"]
    return None if weight_kg is None else float(weight_kg)


def _treated(who: Mapping[str, Any]) -> str:
    named = [*(TREATMENTS[one] for one in who["treatments"]), *(MEDICINES[one] for one in who["medicines"])]
    return "、".join(dict.fromkeys(named)) or "未填"


def _targets(page: Page) -> list[dict[str, str]]:
    """The targets in force, HbA1c among them; groups that share one are named together."""
    shared: dict[str, list[str]] = {}
    for one in page.targets:
        if one["text"]:
            shared.setdefault(_target(one, page.look), []).append(one["name"])
    aimed = [] if page.hba1c_below_percent is None else [{"name": "糖化", "text": f"低于 {page.hba1c_below_percent:.1f}%"}]
    return [*({"name": "、".join(names), "text": text} for text, names in shared.items()), *aimed]


def _target(one: Mapping[str, Any], look: Look) -> str:
    if look.unit == glucose.MMOL_L:
        return f"{one['from_mmol_l']:.1f}–{one['below_mmol_l'] - Decimal('0.1'):.1f}"
    return f"{one['from_mg_dl']}–{one['below_mg_dl'] - 1}"


def _measured(measured: Mapping[str, tuple[Mapping[str, Any], dt.date]]) -> list[str]:
    said = []
    for kind in KINDS:
        if kind not in measured:
            continue
        values, on = measured[kind]
        if kind in MEASURED:
            name, form = MEASURED[kind]
            told = f"{name} {form.format(**values)}"
        elif kind in PARTS:
            parts = [f"{name} {values[part]:g}" for part, name in PARTS[kind].items() if part in values]
            told = f"{PART_NAMES[kind]} {'，'.join(parts)}"
        else:
            grade = f"，Wagner {values['wagner']:g}" if "wagner" in values else ""
            told = f"{'眼底' if kind == 'eye' else '足'} {RESULTS[values['result']]}{grade}"
        said.append(f"{told}（{on:%Y-%m-%d}）")
    return said


def _figure(figures: Mapping[str, Any], look: Look, name: str, said: str, form: str, sign: str) -> dict[str, str]:
    """A figure, and of how many readings it is; one that is not told says how many it needs."""
    value = figures[name]
    if value is None:
        why = figures["reasons"][name]
        needs = f"{why['have']} 次，要 {why['needed']} 次" if why["needed"] else "0 次" if why["code"] == "no_readings" else ""
        return {"name": said, "value": NO_TARGET.get(why["code"], "—"), "of": needs}
    shown = look.shown(value) if name.endswith("_mmol_l") else f"{round(value, 6):{form}}{sign}"
    if name in SHARES:
        of = figures[SHARES[name]]
        return {"name": said, "value": shown, "of": f"{round(value * of / 100)}/{of} 次"}
    beyond = sum(figures["beyond_meter"].values())
    return {"name": said, "value": shown, "of": f"{figures['readings'] - beyond} 次"}


def _mean(page: Page, slot: str) -> str:
    """The mean of a slot over the days that the table lists."""
    since = _listed(page)[0]
    values = numbers(one for one in page.tabled if one.slot == slot and one.day >= since)
    return page.look.shown(measures.mean(values) / MG_DL_PER_MMOL_L) if values else ""


def _day(page: Page, day: dt.date) -> dict[str, Any]:
    """One row of the table."""
    here = [one for one in page.tabled if one.day == day]
    deeds = [deed for deed in page.deeds if deed.day == day]
    eaten = [deed for deed in deeds if deed.kind == "meal"]
    letters = max(LEAST_MEAL_LETTERS, DAY_LETTERS // max(1, len(eaten)) - 3)
    meals = [f"{MEALS.get(deed.slot or '', '')} {short(deed.text, letters)}" for deed in eaten]
    minutes = sum(deed.minutes for deed in deeds if deed.kind == "exercise")
    moved = "、".join(dict.fromkeys(short(deed.text, 4) for deed in deeds if deed.kind == "exercise" and deed.minutes))
    return {"day": f"{_short(day)} {WEEKDAYS[day.weekday()]}",
            "cells": [_cell(page, [one for one in here if one.slot == slot]) for slot in SLOTS],
            "meals": short("；".join(meals), DAY_LETTERS), "exercise": f"{moved} {minutes}′" if minutes else "",
            "done": DONE.get(page.states.get(day, ""), "")}


def _cell(page: Page, told: Sequence[Told]) -> list[dict[str, str]]:
    """The readings of a slot: all that fit, else the lowest, the highest and the last, and how many more; of a sensor the
    lowest and the highest."""
    by_height = sorted(told, key=height)
    if told and page.is_by_sensor:
        return [value(page, one) for one in dict.fromkeys((by_height[0], by_height[-1]))]
    if len(told) <= MOST_VALUES:
        return [value(page, one) for one in told]
    chosen = {id(one) for one in (by_height[0], by_height[-1], told[-1])}
    return [*(value(page, one) for one in told if id(one) in chosen), {"text": f"+{len(told) - len(chosen)}", "state": "more"}]


def _short(day: dt.date) -> str:
    return f"{day.month}/{day.day}"


def _long(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
