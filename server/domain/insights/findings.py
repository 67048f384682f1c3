"""What the doctor's page tells below its table: pairs, lows, adherence and a sensor."""

import datetime as dt
from decimal import Decimal
from typing import Any

from server.domain.camps import zone
from server.domain.insights import pairs, sensor
from server.domain.insights.page import Page, height, number, short, value
from server.domain.insights.pairs import Pair
from server.domain.insights.readings import Told
from server.domain.thresholds import CRITICAL_LOW_BELOW, LOW_BELOW, PREGNANCY_RANGE_FROM

MOST_PAIRS, MOST_LOWS, BESIDE_LETTERS = 6, 6, 21
MEALS = {"breakfast": "早", "lunch": "午", "dinner": "晚", "snack": "加"}
MEAL_NAMES = {"breakfast": "早餐", "lunch": "午餐", "dinner": "晚餐"}
DONE = {"complete": "全", "made_up": "补", "partial": "部分", "missed": "缺", "paused": "请假", "open": "今天"}
AGAIN_WITHIN, AROUND_BEFORE = dt.timedelta(minutes=60), dt.timedelta(hours=6)
SENSOR = (("time_in_range_percent", "TIR {low}–{high}", ".0f", "%"), ("time_low_percent", "低于 {low}", ".1f", "%"),
          ("time_high_percent", "高于 {high}", ".1f", "%"), ("cv_percent", "CV", ".0f", "%"), ("gmi_percent", "GMI", ".1f", "%"),
          ("gri", "GRI", ".0f", ""))


def tell_pairs(page: Page) -> dict[str, Any]:
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
            "values": f"{number(page, pair.before)} → {number(page, pair.after)}", "delta": _delta(page, pair.delta_mmol_l),
            "beside": short("；".join([*([ate] if ate else []), *([f"运动 {moved}′"] if moved else [])]), BESIDE_LETTERS)}


def _delta(page: Page, mmol_l: float) -> str:
    shown = page.look.shown(abs(mmol_l))
    return f"{'−' if mmol_l < 0 and Decimal(shown) else '+'}{shown}"


def tell_lows(page: Page) -> dict[str, Any]:
    """The lowest readings, whether each was checked again within the hour, and what came before it; of a sensor, where there
    is no low finger-stick, its lowest stretches and how long each was. A low begins where the range of the whole page does;
    in pregnancy that is below the alert's line, and what lies between the two is told as that."""
    line = PREGNANCY_RANGE_FROM if page.look.pregnant else LOW_BELOW
    limit, severe, alarm = (page.look.shown(float(edge.mmol_l)) for edge in (line, CRITICAL_LOW_BELOW, LOW_BELOW))
    low = [one for one in page.told if one.reading.below(*LOW_BELOW.both)]
    stretches = sensor.lows(page.traced, line)
    said = []
    if page.told:
        below = [one for one in low if one.reading.below(*line.both)]
        deep = sum(one.reading.below(*CRITICAL_LOW_BELOW.both) for one in below)
        said.append(f"低于 {limit} 的 {len(below)} 次，其中低于 {severe} 的 {deep} 次" if below else f"没有低于 {limit} 的读数")
        if len(below) < len(low):
            said.append(f"低于预警线 {alarm} 的另有 {len(low) - len(below)} 次")
    if stretches:
        deep = sum(one.lowest.reading.below(*CRITICAL_LOW_BELOW.both) for one in stretches)
        said.append(f"动态血糖低于 {limit} 满 15 分钟的 {len(stretches)} 段，其中低于 {severe} 的 {deep} 段")
    elif page.traced:
        said.append(f"动态血糖没有低于 {limit} 满 15 分钟的")
    if low:
        lowest = sorted(low, key=lambda one: (height(one), -one.at.timestamp()))[:MOST_LOWS]
        rows = [_low(page, one, one.at, _again(page, one)) for one in sorted(lowest, key=lambda one: one.at)]
    else:
        deepest = sorted(stretches, key=lambda one: (height(one.lowest), -one.at.timestamp()))[:MOST_LOWS]
        rows = [_low(page, one.lowest, one.at, f"共 {one.minutes} 分钟") for one in sorted(deepest, key=lambda one: one.at)]
    return {"note": "；".join(said or ["没有读数"]) + ("。最低的：" if rows else "。"), "rows": rows}


def _again(page: Page, one: Told) -> str:
    again = next((other for other in page.told if one.at < other.at <= one.at + AGAIN_WITHIN), None)
    return f"{round((again.at - one.at).total_seconds() / 60)} 分后 {number(page, again)}" if again else "没有复测"


def _low(page: Page, one: Told, since: dt.datetime, then: str) -> dict[str, str]:
    at = since.astimezone(zone(page.timezone))
    before = [deed for deed in page.deeds if since - AROUND_BEFORE <= deed.at <= since]
    beside = [f"{MEALS.get(deed.slot or '', '')} {deed.text}" if deed.kind == "meal" else f"{deed.text} {deed.minutes}′"
              for deed in before[-2:]]
    return {"when": f"{at.month}/{at.day} {at:%H:%M}", "value": number(page, one), "state": value(page, one)["state"],
            "again": then, "beside": short("；".join(beside), BESIDE_LETTERS)}


def tell_adherence(page: Page) -> str:
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


def tell_sensor(page: Page) -> str:
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
    return (f"{told['days_with_readings']} 天，覆盖 {told['active_percent']:.0f}%：{'，'.join(figures) or why}"
            f"（{told['readings']} 个点）")
