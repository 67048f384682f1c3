"""What stands on the doctor's page, place by place."""

import dataclasses
import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest

from server.domain import targets
from server.domain.charts.drawing import Look
from server.domain.glucose import HI, LO, MG_DL, MMOL_L, Patient, Reading, slot_by_hour
from server.domain.insights.page import Deed, Page
from server.domain.insights.readings import Told
from server.domain.insights.report import SLOTS, TABLE_DAYS, facts

FIRST = dt.date(2026, 3, 2)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
WHO = {"full_name": None, "nickname": "小明", "sex": "other", "birth_on": None, "diabetes_type": "type2", "diagnosed_on": None,
       "due_on": None, "height_cm": None, "weight_kg": None, "treatments": [], "medicines": []}
EMPTY = Page(who=WHO, where="", first=FIRST, last=FIRST + dt.timedelta(days=13),
             printed_at=dt.datetime(2026, 3, 15, 13, tzinfo=dt.UTC), timezone="Asia/Shanghai",
             look=Look(), patient=Patient("type2"), told=[], traced=[], deeds=[], states={},
             targets=targets.in_force(Patient("type2"), FIRST), targets_by="",
             hba1c_below_percent=None, measured={})


def at(day: int, clock: str) -> dt.datetime:
    return dt.datetime.combine(FIRST + dt.timedelta(days=day), dt.time.fromisoformat(clock), SHANGHAI)


def told(day: int, clock: str, value: float | str, slot: str = "random", unit: str = MMOL_L) -> Told:
    typed = value if value in (HI, LO) else Decimal(str(value))
    return Told(uuid.uuid4(), at(day, clock), FIRST + dt.timedelta(days=day), slot, None, Reading(typed, unit))


def page(*readings: Told, **more: Any) -> dict[str, Any]:
    return facts(dataclasses.replace(EMPTY, told=readings, **more))


def cells(*readings: Told, **more: Any) -> list[tuple[str, str]]:
    """The cell of the first day's fasting readings."""
    return [(one["text"], one["state"]) for one in page(*readings, **more)["days"][0]["cells"][SLOTS.index("fasting")]]


@pytest.mark.parametrize(("typed", "expected"), [
    ([7], [("7.0", "")]), ([3.8, 10.1], [("3.8", "low"), ("10.1", "high")]), ([LO], [("LO", "low")]), ([HI], [("HI", "high")]),
    ([7, 6, 5], [("7.0", ""), ("6.0", ""), ("5.0", "")]),
    # More than fit: the lowest, the highest and the last, and how many more.
    ([6, 12, 3.5, 7, 8], [("12.0", "high"), ("3.5", "low"), ("8.0", ""), ("+2", "more")]),
    ([6, 12, 7, 3.5], [("12.0", "high"), ("3.5", "low"), ("+2", "more")]),
])
def test_a_cell_holds_what_a_doctor_looks_for(typed, expected):
    readings = [told(0, f"06:{place:02d}", value, "fasting") for place, value in enumerate(typed)]
    assert cells(*readings) == expected


def test_values_stand_in_the_persons_unit_and_as_typed_where_they_were_typed_in_it():
    both = [told(0, "06:00", 6, "fasting"), told(0, "06:10", 150, "fasting", MG_DL)]
    assert [text for text, _ in cells(*both)] == ["6.0", "8.3"]
    assert [text for text, _ in cells(*both, look=Look(unit=MG_DL))] == ["108", "150"]


def test_the_table_holds_the_last_days_and_the_rest_is_in_the_figures():
    long = page(told(0, "06:00", 6), last=FIRST + dt.timedelta(days=27))
    assert (len(long["days"]), long["days"][0]["day"], long["days"][-1]["day"]) == (TABLE_DAYS, "3/16 一", "3/29 日")
    assert long["adherence"].startswith("28 天里 1 天有手指血，共 1 次")


def test_a_page_of_more_days_than_rows_says_which_it_lists_and_its_means_are_of_those():
    short = page(told(0, "06:00", 6, "fasting"))
    assert (short["of_days"], short["mean_of"], short["means"][SLOTS.index("fasting")]) == ("", "平均", "6.0")
    readings = [told(0, "06:00", 3.2, "fasting"), told(1, "09:00", HI, "after_breakfast"), told(2, "06:00", 20, "fasting"),
                told(20, "06:00", 6, "fasting"), told(20, "09:00", HI, "after_breakfast")]
    long = page(*readings, last=FIRST + dt.timedelta(days=20))
    assert long["of_days"] == ("表里是最后 14 天（3/9—3/22），平均也是这 14 天的；图和其余的数字是全部 21 天的。"
                               "没列出的 7 天有 3 次读数：最低 3.2（3/2 空腹），最高 HI（3/3 早餐后）。")
    assert (long["mean_of"], long["means"][SLOTS.index("fasting")], long["means"][SLOTS.index("after_breakfast")]) == (
        "14 天平均", "6.0", "")
    assert page(readings[-1], last=FIRST + dt.timedelta(days=20))["of_days"].endswith("全部 21 天的。")


def figures(*readings: Told, **more: Any) -> dict[str, tuple[str, str]]:
    return {one["name"]: (one["value"], one["of"]) for one in page(*readings, **more)["figures"]}


def test_a_figure_says_of_how_many_readings_it_is_and_a_dash_means_that_there_are_too_few():
    told_of = figures(told(0, "06:00", 6, "fasting"), told(1, "06:00", 8, "fasting"), told(2, "06:00", 3.5, "fasting"),
                      told(3, "06:00", HI, "fasting"))
    assert told_of["达标"] == ("33%", "1/3 次")
    assert (told_of["在范围内"], told_of["偏低"], told_of["平均"]) == (("50%", "2/4 次"), ("25.0%", "1/4 次"), ("5.8", "3 次"))
    assert told_of["变异系数"] == ("—", "3 次，要 14 次")
    old = figures(told(0, "06:00", 6, "fasting"), patient=Patient("type2", dt.date(1940, 1, 1)))
    assert old["达标"] == ("待定", ""), "a dash is for too few readings alone"
    nowhere = figures(told(0, "22:00", 6, "bedtime"), patient=Patient("gestational"), look=Look(pregnant=True))
    assert nowhere["达标"] == ("无目标", "")
    assert figures()["平均"] == ("—", "0 次")


def test_what_stands_for_a_camp_day_has_its_legend():
    assert "缺（没打卡）" in page(states={FIRST: "missed"})["foot"]
    assert "打卡" not in page()["foot"]


def test_a_low_says_whether_it_was_checked_again_and_what_came_before():
    lows = page(told(1, "03:00", 2.9, "night"), told(1, "03:16", 4.4), told(3, "16:00", 3.5), told(3, "17:01", 6.0), deeds=[
        Deed("exercise", at(3, "14:00"), FIRST + dt.timedelta(days=3), text="快走", minutes=60),
        Deed("meal", at(3, "09:59"), FIRST + dt.timedelta(days=3), "breakfast", "粥")])["lows"]
    assert "2 次，其中低于 3.0 的 1 次" in lows["note"]
    assert [(row["when"], row["value"], row["again"], row["beside"]) for row in lows["rows"]] == [
        ("3/3 03:00", "2.9", "16 分后 4.4", ""), ("3/5 16:00", "3.5", "没有复测", "快走 60′")]
    assert page(told(0, "06:00", 3.9))["lows"]["note"] == "没有低于 3.9 的读数。"


def test_a_pair_stands_beside_what_was_eaten_and_done_between():
    pairs = page(told(0, "07:00", 6, "fasting"), told(0, "09:00", 9.5, "after_breakfast"),
                 told(1, "07:00", 8, "fasting"), told(1, "09:00", 7, "after_breakfast"), deeds=[
        Deed("meal", at(0, "07:10"), FIRST, "breakfast", "油条两根"), Deed("meal", at(0, "12:00"), FIRST, "lunch", "米饭"),
        Deed("exercise", at(0, "08:00"), FIRST, text="散步", minutes=20)])["pairs"]
    assert "2 对，平均 +1.3；升高超过 3.3 的 1 对，下降的 1 对" in pairs["note"]
    assert [tuple(row.values()) for row in pairs["rows"]] == [
        ("3/2 早餐", "6.0 → 9.5", "+3.5", "油条两根；运动 20′"), ("3/3 早餐", "8.0 → 7.0", "−1.0", "")]


def test_camp_days_are_counted_as_the_camp_counts_them():
    states = {FIRST + dt.timedelta(days=number): state for number, state in enumerate(
        ("complete", "made_up", "partial", "paused", "missed", "open", "future"))}
    whole = page(states=states)
    assert "打卡：5 个营日完成 2 天，请假 1 天" in whole["adherence"]
    assert [day["done"] for day in whole["days"][:7]] == ["全", "补", "部分", "请假", "缺", "今天", ""]
    assert "打卡" not in page()["adherence"]


def test_a_sensor_has_its_own_line_and_says_so_when_it_told_too_little():
    traced = [told(minute // 1440, f"{minute % 1440 // 60:02d}:{minute % 60:02d}", 6.0 + minute % 300 / 50)
              for minute in range(0, 14 * 1440, 15)]
    said = page(traced=traced)["sensor"]
    assert said.startswith("14 天，覆盖 100%：TIR 3.9–10.0 ")
    assert all(word in said for word in ("低于 3.9", "高于 10.0", "CV", "GMI", "GRI", "MAGE"))
    assert "动态血糖要有 14 天的数据才算得准，现在有 3 天" in page(traced=traced[:3 * 96])["sensor"]
    assert page()["sensor"] == ""


def trace(*spells: tuple[float, float, float], value: float = 6.0) -> list[Told]:
    """A day of a sensor that tells every 15 minutes, with another value from one hour up to another."""
    hours = [minute / 60 for minute in range(0, 1440, 15)]
    values = [next((low for since, until, low in spells if since <= hour < until), value) for hour in hours]
    return [told(0, f"{int(hour):02d}:{int(hour % 1 * 60):02d}", one, slot_by_hour(int(hour)))
            for hour, one in zip(hours, values, strict=True)]


def test_with_a_sensor_alone_the_table_the_lows_and_the_modal_day_are_of_it():
    whole = page(traced=trace((2, 3, 3.4), (2.25, 2.5, 2.8), (13, 14, 12.0)), deeds=[
        Deed("meal", at(0, "00:30"), FIRST, "snack", "无糖饼干")])
    first = dict(zip(SLOTS, whole["days"][0]["cells"], strict=True))
    assert [tuple(one.values()) for one in first["night"]] == [("3.4", "low"), ("6.0", "")]
    assert [tuple(one.values()) for one in first["after_lunch"]] == [("6.0", ""), ("12.0", "high")]
    assert whole["means"][SLOTS.index("bedtime")] == "6.0"
    assert "动态血糖在每个时段的最低和最高" in whole["foot"]
    assert "低于 3.9 满 15 分钟的 1 段" in whole["lows"]["note"]
    assert [tuple(row.values()) for row in whole["lows"]["rows"]] == [("3/2 02:00", "3.4", "low", "共 60 分钟", "加 无糖饼干")]
    assert "动态血糖 96 个点" in whole["modal_svg"]
    assert "没有手指血" in whole["modal_svg"]


def test_beside_finger_sticks_a_sensor_has_no_place_in_the_table_and_its_lows_are_told_of():
    whole = page(told(0, "07:00", 5.5, "fasting"), traced=trace((2, 3, 3.4)))
    assert sum(len(cell) for day in whole["days"] for cell in day["cells"]) == 1
    assert whole["lows"]["note"].startswith("没有低于 3.9 的读数；动态血糖低于 3.9 满 15 分钟的 1 段，其中低于 3.0 的 0 段")
    assert len(whole["lows"]["rows"]) == 1
    assert "动态" not in whole["foot"]
    calm = page(told(0, "07:00", 3.5, "fasting"), traced=trace())
    assert "低于 3.9 的 1 次，其中低于 3.0 的 0 次；动态血糖没有低于 3.9 满 15 分钟的" in calm["lows"]["note"]


def test_in_pregnancy_the_page_has_one_line_for_a_low_and_what_the_alert_heard_above_it_is_told_as_that():
    lows = page(told(0, "07:00", 3.6, "fasting"), patient=Patient("gestational"), look=Look(pregnant=True))["lows"]
    assert lows["note"] == "没有低于 3.5 的读数；低于预警线 3.9 的另有 1 次。最低的："
    assert [(row["value"], row["state"]) for row in lows["rows"]] == [("3.6", "")]
    both = page(told(0, "07:00", 3.6), told(0, "08:00", 3.4), patient=Patient("gestational"), look=Look(pregnant=True))
    assert both["lows"]["note"].startswith("低于 3.5 的 1 次，其中低于 3.0 的 0 次；低于预警线 3.9 的另有 1 次")
    assert "▼\u00a0低于\u00a03.5" in both["foot"]
    by_sensor = page(traced=trace((2, 3, 3.7)), patient=Patient("gestational"), look=Look(pregnant=True))
    assert "没有低于 3.5 满 15 分钟的" in by_sensor["lows"]["note"]


def test_the_head_reckons_with_the_weight_that_was_measured():
    who = {**WHO, "height_cm": Decimal(160), "weight_kg": Decimal(60)}
    assert "60 kg，BMI 23.4" in page(who=who)["about"]
    assert "95 kg，BMI 37.1" in page(who=who, measured={"weight": ({"weight_kg": 95}, FIRST)})["about"]


def test_whole_numbers_from_elsewhere_are_printed_whole_and_the_hba1c_aimed_at_among_the_targets():
    measured = {"blood_pressure": ({"systolic_mm_hg": 130.0, "diastolic_mm_hg": 80.0}, FIRST),
                "foot": ({"result": "ulcer", "wagner": 2.0}, FIRST)}
    whole = page(measured=measured, hba1c_below_percent=Decimal("8.0"))
    assert whole["measured"] == ["血压 130/80（2026-03-02）", "足 溃疡，Wagner 2（2026-03-02）"]
    assert whole["targets"][-1] == {"name": "糖化", "text": "低于 8.0%"}


def test_a_name_is_printed_without_its_pictures():
    assert page(who={**WHO, "nickname": "小飞😀❤️"})["name"] == "小飞"
    assert page(who={**WHO, "nickname": "🌸"})["name"] == "糖友"


def test_who_and_what_was_measured_fit_their_lines():
    who = {**WHO, "full_name": "欧阳明德", "sex": "male", "birth_on": dt.date(1968, 5, 2), "diagnosed_on": dt.date(2019, 3, 1),
           "height_cm": Decimal(170), "weight_kg": Decimal("72.5"), "treatments": ["oral", "basal_insulin"],
           "medicines": ["metformin", "basal"]}
    whole = page(who=who, measured={
        "foot": ({"result": "ulcer", "wagner": 2}, FIRST), "hba1c": ({"percent": 7.4}, FIRST),
        "lipids": ({"triglycerides_mmol_l": 1.9, "ldl_mmol_l": 2.61}, FIRST)})
    assert (whole["name"], whole["about"]) == ("欧阳明德", "男 · 57 岁 · 2 型 · 2019 年确诊 · 170 cm，72.5 kg，BMI 25.1")
    assert whole["treated"] == "口服药、基础胰岛素、二甲双胍"
    assert whole["measured"] == [
        "糖化 7.4%（2026-03-02）", "血脂 LDL-C 2.61，TG 1.9（2026-03-02）", "足 溃疡，Wagner 2（2026-03-02）"]
    assert whole["targets"][0] == {"name": "空腹", "text": "4.4–7.0"}
    assert page()["name"] == "小明"
