"""The one page for the doctor: who, targets, table by slot, pairs, lows, meals and exercise beside them, adherence.

Everything is text by now, each as short as its place on the paper; the paper itself is server/papers/report.typ.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from server.domain import glucose, thresholds
from server.domain.camps import zone
from server.domain.charts.drawing import Look
from server.domain.charts.trend import SLOT_NAMES, modal_day, some_days
from server.domain.consents import age_years
from server.domain.glucose import MG_DL_PER_MMOL_L, Patient
from server.domain.insights import fingersticks, pairs, sensor
from server.domain.insights.pairs import Pair
from server.domain.insights.readings import Told
from server.domain.measurements import KINDS

# What fits on the page: days in the table, pairs and lows beside it, letters of a meal.
TABLE_DAYS, MOST_PAIRS, MOST_LOWS, MOST_VALUES = 14, 6, 6, 3
LEAST_MEAL_LETTERS, DAY_LETTERS, BESIDE_LETTERS = 6, 44, 21
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
MEALS = {"breakfast": "早", "lunch": "午", "dinner": "晚", "snack": "加"}
MEAL_NAMES = {"breakfast": "早餐", "lunch": "午餐", "dinner": "晚餐"}
WEEKDAYS = "一二三四五六日"
DONE = {"complete": "全", "made_up": "补", "partial": "部分", "missed": "—", "paused": "请假", "open": "今天"}
AGAIN_WITHIN, AROUND_BEFORE = dt.timedelta(minutes=60), dt.timedelta(hours=6)
RESULTS = {"normal": "正常", "mild": "轻度", "moderate": "中度", "severe": "重度", "proliferative": "增殖期",
           "macular_oedema": "黄斑水肿", "not_gradable": "无法判读", "neuropathy": "神经病变", "poor_circulation": "供血差",
           "both": "神经与供血", "ulcer": "溃疡"}
MEASURED: dict[str, tuple[str, str]] = {
    "hba1c": ("糖化", "{percent:g}%"), "blood_pressure": ("血压", "{systolic_mm_hg}/{diastolic_mm_hg}"),
    "weight": ("体重", "{weight_kg:g} kg"), "waist": ("腰围", "{waist_cm:g} cm"), "sleep": ("睡眠", "{hours:g} 小时")}
PARTS = {"lipids": {"ldl_mmol_l": "LDL-C", "total_cholesterol_mmol_l": "TC", "hdl_mmol_l": "HDL-C", "triglycerides_mmol_l": "TG"},
         "kidney": {"egfr_ml_min": "eGFR", "albumin_creatinine_mg_g": "UACR", "creatinine_umol_l": "肌酐"}}
PART_NAMES = {"lipids": "血脂", "kidney": "肾"}
FIGURES = (("mean_mmol_l", "平均", ".1f", ""), ("sd_mmol_l", "标准差", ".1f", ""), ("cv_percent", "变异系数", ".0f", "%"),
           ("in_target_percent", "达标", ".0f", "%"), ("in_range_percent", "在范围内", ".0f", "%"),
           ("low_percent", "偏低", ".1f", "%"),
           ("lbgi", "LBGI", ".1f", ""), ("hbgi", "HBGI", ".1f", ""), ("ea1c_percent", "推算糖化*", ".1f", "%"))
SENSOR = (("time_in_range_percent", "TIR {low}–{high}", ".0f", "%"), ("time_low_percent", "低于 {low}", ".1f", "%"),
          ("time_high_percent", "高于 {high}", ".1f", "%"), ("cv_percent", "CV", ".0f", "%"), ("gmi_percent", "GMI", ".1f", "%"),
          ("gri", "GRI", ".0f", ""))
FOOT = ("由本人的记录自动整理，未经医生审核，不是诊断。手指血的比例是次数的比例；HI、LO 计入比例、不计入平均。{range}"
        "▼ 低于 {low}　▲ 高于 {high}。* 由平均值推算，只是估计。“—”是读数还不够。")


@dataclasses.dataclass(frozen=True)
class Deed:
    """A meal or an exercise as it was told."""

    kind: str
    at: dt.datetime
    day: dt.date
    slot: str | None = None
    text: str = ""
    minutes: int = 0


@dataclasses.dataclass(frozen=True)
class Page:
    """All that the page is made of. `who` is the profile, `states` the camp days by date."""

    who: Mapping[str, Any]
    where: str
    first: dt.date
    last: dt.date
    printed_at: dt.datetime
    timezone: str
    look: Look
    patient: Patient
    told: Sequence[Told]
    traced: Sequence[Told]
    deeds: Sequence[Deed]
    states: Mapping[dt.date, str]
    targets: Sequence[Mapping[str, Any]]
    targets_by: str
    measured: Mapping[str, tuple[Mapping[str, Any], dt.date]]

    @property
    def days(self) -> list[dt.date]:
        """The days of the period."""
        return [self.first + dt.timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def facts(page: Page) -> dict[str, Any]:
    """The page in the words of the paper."""
    figures = fingersticks.summary(list(page.told), page.patient)
    low, high = (page.look.shown(edge) for edge in page.look.range_mmol_l)
    printed = dataclasses.replace(page.look, **PRINTED)
    return {
        "name": page.who["full_name"] or page.who["nickname"], "about": _about(page), "treated": _treated(page.who),
        "where": page.where, "period": f"{_long(page.first)}—{_long(page.last)}（{len(page.days)} 天）",
        "printed": f"{page.printed_at.astimezone(zone(page.timezone)):%Y-%m-%d %H:%M}", "unit": page.look.unit,
        "targets": _targets(page),
        "targets_by": page.targets_by, "measured": _measured(page.measured),
        "figures": [_figure(figures, page.look, *one) for one in FIGURES],
        "slots": [SLOT_NAMES[slot] for slot in SLOTS], "days": [_day(page, day) for day in page.days[-TABLE_DAYS:]],
        "means": [_mean(page, one) for slot in SLOTS for one in figures["slots"] if one["slot"] == slot],
        "pairs": _pairs(page), "lows": _lows(page), "adherence": _adherence(page),
        "sensor": _sensor(page),
        "trend_svg": some_days(page.told, page.traced, page.first, page.last, page.timezone, printed),
        "modal_svg": modal_day(page.told, page.first, page.last, printed),
        "foot": FOOT.format(low=low, high=high, range="孕期范围。" if page.look.pregnant else "")}


def _about(page: Page) -> str:
    who = page.who
    said = [SEXES.get(who["sex"] or "", ""), f"{age_years(who['birth_on'], page.last)} 岁" if who["birth_on"] else "",
            TYPES[who["diabetes_type"]], f"{who['diagnosed_on'].year} 年确诊" if who["diagnosed_on"] else "",
            f"预产期 {_long(who['due_on'])}" if who["due_on"] else ""]
    if who["height_cm"] and who["weight_kg"]:
        bmi = who["weight_kg"] / (who["height_cm"] / 100) ** 2
        said.append(f"{who['height_cm']:g} cm，{who['weight_kg']:g} kg，BMI {bmi:.1f}")
    return " · ".join(one for one in said if one)


def _treated(who: Mapping[str, Any]) -> str:
    named = [*(TREATMENTS[one] for one in who["treatments"]), *(MEDICINES[one] for one in who["medicines"])]
    return "、".join(dict.fromkeys(named)) or "治疗方式未填"


def _targets(page: Page) -> list[dict[str, str]]:
    """The targets in force; groups that share one are named together."""
    shared: dict[str, list[str]] = {}
    for one in page.targets:
        if one["text"]:
            shared.setdefault(_target(one, page.look), []).append(one["name"])
    return [{"name": "、".join(names), "text": text} for text, names in shared.items()]


def _target(one: Mapping[str, Any], look: Look) -> str:
    if look.unit == glucose.MMOL_L:
        return str(one["text"])
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
            grade = f"，Wagner {values['wagner']}" if "wagner" in values else ""
            told = f"{'眼底' if kind == 'eye' else '足'} {RESULTS[values['result']]}{grade}"
        said.append(f"{told}（{on:%Y-%m-%d}）")
    return said


def _figure(figures: Mapping[str, Any], look: Look, name: str, said: str, form: str, sign: str) -> dict[str, str]:
    value = figures[name]
    if value is None:
        return {"name": said, "value": "—"}
    if name.endswith("_mmol_l"):
        return {"name": said, "value": look.shown(value)}
    return {"name": said, "value": f"{value:{form}}{sign}"}


def _mean(page: Page, slot: Mapping[str, Any]) -> str:
    return f"{page.look.shown(slot['mean_mmol_l'])}" if slot["mean_mmol_l"] is not None else ""


def _day(page: Page, day: dt.date) -> dict[str, Any]:
    """One row of the table."""
    here = [one for one in page.told if one.day == day]
    deeds = [deed for deed in page.deeds if deed.day == day]
    eaten = [deed for deed in deeds if deed.kind == "meal"]
    letters = max(LEAST_MEAL_LETTERS, DAY_LETTERS // max(1, len(eaten)) - 3)
    meals = [f"{MEALS.get(deed.slot or '', '')} {_short(deed.text, letters)}" for deed in eaten]
    minutes = sum(deed.minutes for deed in deeds if deed.kind == "exercise")
    moved = "、".join(dict.fromkeys(_short(deed.text, 4) for deed in deeds if deed.kind == "exercise" and deed.minutes))
    return {"day": f"{day.month}/{day.day} {WEEKDAYS[day.weekday()]}",
            "cells": [_cell(page, [one for one in here if one.slot == slot]) for slot in SLOTS],
            "meals": _short("；".join(meals), DAY_LETTERS), "exercise": f"{moved} {minutes}′" if minutes else "",
            "done": DONE.get(page.states.get(day, ""), "")}


def _cell(page: Page, told: Sequence[Told]) -> list[dict[str, str]]:
    """The readings of a slot: all that fit, else the lowest, the highest and the last, and how many more."""
    if len(told) <= MOST_VALUES:
        return [_value(page, one) for one in told]
    by_height = sorted(told, key=lambda one: (one.mg_dl is None, one.mg_dl or 0))
    chosen = {id(one) for one in (by_height[0], by_height[-1], told[-1])}
    return [*(_value(page, one) for one in told if id(one) in chosen), {"text": f"+{len(told) - len(chosen)}", "state": "more"}]


def _value(page: Page, one: Told) -> dict[str, str]:
    band = glucose.band(one.reading, page.patient.diabetes_type)
    state = {"very_low": "low", "low": "low", "high": "high", "very_high": "high"}.get(band, "")
    return {"text": _number(page, one), "state": state}


def _number(page: Page, one: Told) -> str:
    if one.mg_dl is None:
        return str(one.reading.typed)
    if one.reading.unit == page.look.unit:
        return f"{one.reading.typed:.1f}" if one.reading.unit == glucose.MMOL_L else f"{one.reading.typed}"
    return page.look.shown(one.mg_dl / MG_DL_PER_MMOL_L)


def _pairs(page: Page) -> dict[str, Any]:
    """The pairs that rose most, with what was eaten and done, and the mean of all."""
    found = pairs.found(page.told)
    told = pairs.summary(found)
    if not found:
        return {"note": "没有成对的餐前、餐后读数。", "rows": []}
    mean = _delta(page, told["mean_delta_mmol_l"])
    limit = page.look.shown(pairs.NOTABLE_RISE_MMOL_L)
    most = sorted(found, key=lambda pair: -pair.delta_mmol_l)[:MOST_PAIRS]
    note = f"{told['n']} 对，平均 {mean}；升高超过 {limit} 的 {told['notable_rises']} 对，下降的 {told['falls']} 对。升得最多的："
    return {"note": note, "rows": [_pair(page, pair) for pair in most]}


def _pair(page: Page, pair: Pair) -> dict[str, str]:
    ate = "；".join(deed.text for deed in page.deeds
                   if deed.kind == "meal" and deed.day == pair.after.day and deed.slot == pair.meal)
    moved = sum(deed.minutes for deed in page.deeds
                if deed.kind == "exercise" and pair.before.at <= deed.at <= pair.after.at)
    return {"when": f"{pair.after.day.month}/{pair.after.day.day} {MEAL_NAMES[pair.meal]}",
            "values": f"{_number(page, pair.before)} → {_number(page, pair.after)}", "delta": _delta(page, pair.delta_mmol_l),
            "beside": _short("；".join([*([ate] if ate else []), *([f"运动 {moved}′"] if moved else [])]), BESIDE_LETTERS)}


def _delta(page: Page, mmol_l: float) -> str:
    shown = page.look.shown(abs(mmol_l))
    return f"{'−' if mmol_l < 0 and Decimal(shown) else '+'}{shown}"


def _lows(page: Page) -> dict[str, Any]:
    """The lowest readings, whether each was checked again within the hour, and what came before it."""
    low = [one for one in page.told if one.reading.below(*thresholds.LOW_BELOW.both)]
    if not low:
        if not page.told:
            return {"note": "没有读数。", "rows": []}
        return {"note": f"没有低于 {page.look.shown(float(thresholds.LOW_BELOW.mmol_l))} 的读数。", "rows": []}
    severe_below = thresholds.CRITICAL_LOW_BELOW
    severe = sum(one.reading.below(*severe_below.both) for one in low)
    lowest = sorted(low, key=lambda one: (one.mg_dl or 0, -one.at.timestamp()))[:MOST_LOWS]
    return {"note": f"{len(low)} 次，其中低于 {page.look.shown(float(severe_below.mmol_l))} 的 {severe} 次。最低的：",
            "rows": [_low(page, one) for one in sorted(lowest, key=lambda one: one.at)]}


def _low(page: Page, one: Told) -> dict[str, str]:
    at = one.at.astimezone(zone(page.timezone))
    again = next((other for other in page.told if one.at < other.at <= one.at + AGAIN_WITHIN), None)
    before = [deed for deed in page.deeds if one.at - AROUND_BEFORE <= deed.at <= one.at]
    beside = [f"{MEALS.get(deed.slot or '', '')} {deed.text}" if deed.kind == "meal" else f"{deed.text} {deed.minutes}′"
              for deed in before[-2:]]
    return {"when": f"{at.month}/{at.day} {at:%H:%M}", "value": _number(page, one),
            "again": f"{round((again.at - one.at).total_seconds() / 60)} 分后 {_number(page, again)}" if again else "没有复测",
            "beside": _short("；".join(beside), BESIDE_LETTERS)}


def _adherence(page: Page) -> str:
    tested = len({one.day for one in page.told})
    weekly = len(page.told) * 7 / len(page.days)
    said = [f"{len(page.days)} 天里 {tested} 天有手指血，共 {len(page.told)} 次，每周约 {weekly:.0f} 次"]
    if page.traced:
        said.append(f"动态血糖 {len({one.day for one in page.traced})} 天")
    counted = [page.states[day] for day in page.days if day in page.states]
    if counted:
        done = sum(state in ("complete", "made_up") for state in counted)
        past = sum(state in DONE and state != "open" for state in counted)
        paused = counted.count("paused")
        said.append(f"打卡：{past} 个营日完成 {done} 天" + (f"，请假 {paused} 天" if paused else ""))
    meals = sum(deed.kind == "meal" for deed in page.deeds)
    minutes = sum(deed.minutes for deed in page.deeds if deed.kind == "exercise")
    return "；".join([*said, f"记了 {meals} 餐，运动 {minutes} 分钟"]) + "。"


def _sensor(page: Page) -> str:
    """What the sensor says of the last of these days, or why it says nothing yet; empty without one."""
    since = page.last - dt.timedelta(days=sensor.MOST_DAYS - 1)
    told = sensor.summary([one for one in page.traced if one.day >= since], page.patient, page.timezone)
    if told is None:
        return ""
    low, high = (page.look.shown(edge) for edge in page.look.range_mmol_l)
    figures = [f"{name.format(low=low, high=high)} {told[key]:{form}}{sign}"
               for key, name, form, sign in SENSOR if told[key] is not None]
    if told["mage_mmol_l"] is not None:
        figures.append(f"MAGE {page.look.shown(told['mage_mmol_l'])}")
    why = next(iter(told["reasons"].values()))["text"] if not figures else ""
    return f"{told['days_with_readings']} 天，覆盖 {told['active_percent']:.0f}%：{'，'.join(figures) or why}"


def _short(text: str, most: int) -> str:
    """The text on one line, cut where it is too long for its place."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most - 1] + "…"


def _long(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
