"""A meter's file through the interface: filed once, told line by line, and dangerous where it is fresh."""

import datetime as dt

import pytest

from tests.makers import World, day

HEAD = "日期,时间,结果,单位,用餐标记\n"


def send(person, text: str, query: str = "", head: str = HEAD):
    """The answer to a file."""
    person.sign_in()
    return person.send(f"/entries/import{query}", (head + text).encode(), "text/csv")


def in_the_morning(world: World):
    """Somebody in a camp at eight in the morning of its third day."""
    ming = world.patient()
    world.clock(f"{day(3)}T08:00:00+08:00")
    return ming


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(2)}T08:00:00+08:00")
    text = (f"{day(2)},06:30,6.1,mmol/L,空腹\n{day(1)},06:30,110,mg/dL,空腹\n{day(2)},06:30,6.1,mmol/L,空腹\n"
            f"{day(9)},06:30,7.0,mmol/L,\n2026-03-01,07:00,质控,mmol/L,\n")
    dry = send(ming, text, "?dry_run=true").json
    assert [item["status"] for item in dry["items"]] == ["new", "new", "identical", "invalid", "skipped"]
    assert ming.get("/entries?kind=glucose")["items"] == []
    first = send(ming, text).json
    assert [(item["status"], item["reason"]) for item in first["items"]] == [
        ("created", None), ("created", None), ("identical", None), ("invalid", "entry_in_future"),
        ("skipped", "control_solution")]
    balance = ming.get("/points/me")["balance"]
    again = send(ming, text).json
    assert (again["created"], again["identical"], again["invalid"]) == (0, 3, 1)
    entries = ming.get("/entries?kind=glucose")["items"]
    assert [(entry["value"], entry["unit"], entry["slot"], entry["source"]) for entry in entries] == [
        (6.1, "mmol/L", "fasting", "meter"), (110, "mg/dL", "fasting", "meter")]
    assert ming.get("/points/me")["balance"] == balance


def test_a_clock_that_runs_ahead_is_set_right(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(1)}T20:00:00+08:00")
    [item] = send(ming, f"{day(1)},07:00,6.1,mmol/L,\n", "?clock_ahead_minutes=60").json["items"]
    assert item["occurred_at"] == f"{day(0)}T22:00:00Z"


def test_a_fresh_danger_in_a_file_brings_its_card_and_an_old_one_is_no_emergency(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(3)}T08:00:00+08:00")
    told = send(ming, f"{day(3)},07:50,2.4,mmol/L,\n{day(1)},07:50,2.4,mmol/L,\n").json
    assert told["advice"]["level"] == "critical_low"
    assert told["created"] == 2
    # What is two days old is kept and told of, and wakes nobody.
    assert [(alert["fresh"], bool(alert["told"])) for alert in ming.get("/alerts")["items"]] == [(True, True), (False, False)]


def test_a_file_for_somebody_elses_record_is_refused_as_a_whole(world: World) -> None:
    ming, hong = world.patient("ming"), world.person("hong")
    refused = send(hong, f"{day(1)},07:00,6.1,mmol/L,\n", f"?person_id={ming.id}")
    assert refused.status in (403, 404)
    assert send(world.person("fei"), "2026-03-01,07:00,6.1,mmol/L,\n").code in (None, "consent_required")
    assert ming.send("/entries/import", b"\x00\x01", "text/csv").code == "file_unreadable"
    assert ming.send("/entries/import", b"a,b\n1,2\n", "text/csv").code == "columns_unknown"


@pytest.mark.parametrize("head, row, query", [
    ("t,v", "54 mg/dL", "?time_column=t&value_column=v&unit=mmol/L"),
    ("t,v,单位", "54,mg/dL", "?time_column=t&value_column=v&unit=mmol/L"),
    ("t,v,u", "54,mg/dL", "?time_column=t&value_column=v&unit=mmol/L&unit_column=u"),
    ("t,v,x", "54,mg/dL", "?time_column=t&value_column=v&unit=mmol/L"),
    ("Units: mg/dL\nt,v", "54", "?time_column=t&value_column=v&unit=mmol/L")])
def test_a_unit_that_stands_anywhere_in_the_file_is_obeyed(world: World, head: str, row: str, query: str) -> None:
    ming = in_the_morning(world)
    told = send(ming, f"{head}\n{day(3)} 07:50,{row}\n", query, head="")
    assert [(item["status"], item["value"], item["unit"]) for item in told["items"]] == [("created", 54, "mg/dL")]
    assert told["advice"]["level"] == "low"


@pytest.mark.parametrize("text, query, reason, level", [
    (f"{HEAD}{day(3)},08:20,2.1,mmol/L,\n", "", "entry_in_future", "critical_low"),  # the meter's clock runs ahead
    (f"{HEAD}{day(3)},07:50,60,mmol/L,\n", "", "glucose_implausible", "low"),  # it is mg/dL: water would be wrong
    (f"测量时间,血糖值\n{day(3)} 07:50,2.1\n", "", "unit_unknown", "critical_low"),
    (f"测量时间,血糖值\n{day(3)} 07:50,30\n", "", "unit_unknown", "critical_low"),
    (f"测量时间,血糖值(g/L)\n{day(3)} 07:50,2.1\n", "?unit=mmol/L", "unit_unknown", "critical_low"),
    (f"测量时间,血糖值(mmol/L)\n{day(3)} 07:50,54mg/dL\n", "", "unit_contradicted", "low"),
    ("测量时间,血糖值(mmol/L)\n04/03/2026 07:50,2.1\n", "", "date_ambiguous", "critical_low"),
    ("测量时间,血糖值(mmol/L)\n昨天,2.1\n", "", "time_unreadable", "critical_low"),
    (f"{HEAD}{day(3)},07:50,2.15,mmol/L,\n", "", "value_unreadable", "critical_low"),
    (f"{HEAD}{day(3)},07:50,<3.0,mmol/L,\n", "", "value_inexact", "critical_low"),
    (f"{HEAD}{day(3)},07:50,2.1,mmol/L,质控液\n", "", "control_solution", "critical_low"),
    (f"{HEAD}{day(3)},07:50,2.1,mmol/L,\n", "?dry_run=true", None, "critical_low")])
def test_no_line_that_is_not_filed_hides_a_danger(world: World, text: str, query: str, reason: str | None, level: str) -> None:
    told = send(in_the_morning(world), text, query, head="")
    assert ([item["reason"] for item in told["items"]], told["created"]) == ([reason], 0)
    assert told["advice"]["level"] == told["items"][0]["advice"]["level"] == level


def test_no_line_that_is_not_filed_again_hides_a_danger(world: World) -> None:
    ming = in_the_morning(world)
    low = f"{day(3)},07:50,2.1,mmol/L,\n"
    entry_id = send(ming, low)["items"][0]["entry_id"]
    for statuses, query in ((["identical"] * 2, ""), (["conflict"] * 2, "?clock_ahead_minutes=5")):
        told = send(ming, low * 2, query)
        assert [item["status"] for item in told["items"]] == statuses
        assert [item["advice"]["level"] for item in told["items"]] == ["critical_low"] * 2
    ming.ask("DELETE", f"/entries/{entry_id}")
    assert send(ming, low)["items"][0]["advice"]["level"] == "critical_low"


def test_a_file_that_is_refused_as_a_whole_hides_no_danger(world: World) -> None:
    world.clock(f"{day(3)}T08:00:00+08:00")
    fei = world.person("fei")
    for low, level in (("2.1", "critical_low"), ("6.1", None)):
        refused = fei.send("/entries/import", f"{HEAD}{day(3)},07:50,{low},mmol/L,\n".encode(), "text/csv")
        assert (refused.code, refused.json.get("advice", {}).get("level")) == ("consent_required", level)


def test_the_latest_danger_of_a_file_is_shown_and_a_fresh_one_before_an_old_one(world: World) -> None:
    ming = in_the_morning(world)
    old, fresh, now = (f"{at},mmol/L,\n" for at in (f"{day(1)},07:00,HI", f"{day(3)},07:00,17.0", f"{day(3)},07:50,2.4"))
    assert send(ming, fresh + old)["advice"]["level"] == "critical_high"
    assert send(ming, old + fresh + now)["advice"]["level"] == "critical_low"


def test_a_dry_run_says_what_the_real_one_would(world: World) -> None:
    ming = in_the_morning(world)
    gone = send(ming, f"{day(3)},06:32,6.3,mmol/L,\n{day(3)},06:33,6.4,mmol/L,\n")["items"][0]["entry_id"]
    ming.ask("DELETE", f"/entries/{gone}")
    text = (f"{day(9)},06:30,7.0,mmol/L,\n{day(3)},06:31,70,mmol/L,\n{day(3)},06:32,6.3,mmol/L,\n{day(3)},06:33,6.4,mmol/L,\n"
            f"{day(3)},06:34,6.5,mmol/L,\n{day(3)},06:34,6.5,mmol/L,\n")
    for query in ("", "&clock_ahead_minutes=5"):
        dry = send(ming, text, f"?dry_run=true{query}")["items"]
        real = send(ming, text, f"?{query}")["items"]
        assert [item["status"] for item in dry] == [item["status"].replace("created", "new") for item in real]
        assert [item["reason"] for item in dry] == [item["reason"] for item in real]
    fei = world.person("fei")
    fei.sign_in()
    assert fei.send("/entries/import?dry_run=true", (HEAD + text).encode(), "text/csv").code == "consent_required"


def test_a_reading_is_one_however_the_program_writes_it(world: World) -> None:
    ming = in_the_morning(world)
    at = f"{day(2)},06:30"
    assert send(ming, f"{at},6.0,mmol/L,\n{at},6.00,mmol/L,\n{at},6,mmol/L,睡前\n")["identical"] == 2
    named = "?time_column=t&value_column=v&unit=mmol/L"
    for stamp in (f"{day(2)}T06:30:00+08:00", f"{day(1)}T22:30:00Z"):
        assert send(ming, f"t,v\n{stamp},6\n", named, head="")["identical"] == 1
    assert send(ming, f"设备时间戳,历史葡萄糖\n{day(2)} 06:30,6.0 mmol/L\n", head="")["identical"] == 1
    assert [entry["value"] for entry in ming.get("/entries?kind=glucose")["items"]] == [6]


def test_a_time_with_its_offset_is_that_instant(world: World) -> None:
    text = f"t,v\n{day(2)}T06:30:00Z,6.6\n"
    [item] = send(in_the_morning(world), text, "?time_column=t&value_column=v&unit=mmol/L", head="")["items"]
    assert item["occurred_at"] == f"{day(2)}T06:30:00Z"


def test_a_clock_is_set_right_across_the_end_of_summer_time(world: World) -> None:
    ming = world.patient(group=world.group(world.camp(dt.date(2026, 10, 20), timezone="Europe/Berlin")))
    world.clock("2026-10-26T08:00:00+01:00")
    # 03:10 in winter time is 02:10 UTC; the meter is half an hour ahead.
    [item] = send(ming, "2026-10-25,03:10,6.8,mmol/L,\n", "?clock_ahead_minutes=30")["items"]
    assert item["occurred_at"] == "2026-10-25T01:40:00Z"


def test_ninety_days_of_a_sensor_are_one_file(world: World) -> None:
    first = dt.datetime.combine(day(2), dt.time()) - dt.timedelta(days=90)
    lines = "".join(f"{first + dt.timedelta(minutes=15 * n):%Y/%m/%d %H:%M},0,7.1\n" for n in range(90 * 96))
    told = send(in_the_morning(world), f"设备时间戳,记录类型,历史葡萄糖(mmol/L)\n{lines}", "?dry_run=true", head="")
    assert (told["new"], told["advice"]) == (8640, None)


def test_any_file_is_read_by_naming_its_columns(world: World) -> None:
    text = f"测的日子,几点,多少,怎么量,什么时候\n{day(3)},07:00,99,mg/dL,睡前\n"
    query = "?time_column=测的日子,几点&value_column=多少&unit_column=怎么量&slot_column=什么时候"
    [item] = send(in_the_morning(world), text, query, head="")["items"]
    assert (item["status"], item["value"], item["unit"], item["occurred_at"]) == (
        "created", 99, "mg/dL", f"{day(2)}T23:00:00Z")
    assert world.person("ming").get(f"/entries/{item['entry_id']}")["slot"] == "bedtime"
