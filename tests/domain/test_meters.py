"""Files of meters: every layout is read, a line that is none says why, and no bytes break it. The files are simulated."""

import contextlib
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import meters
from server.domain.meters import Wishes
from server.domain.refusals import Refusal
from tests.hanging import must_end

LIBREVIEW = """患者报告,生成于,2026-03-10 08:00
Device,Serial Number,Device Timestamp,Record Type,Historic Glucose mmol/L,Scan Glucose mmol/L,Strip Glucose mmol/L
FreeStyle Libre,ABC,2026-03-02 07:00,0,6.1,,
FreeStyle Libre,ABC,2026-03-02 07:20,1,,6.4,
FreeStyle Libre,ABC,2026-03-02 07:21,2,,,5.8
FreeStyle Libre,ABC,2026-03-02 07:30,6,,,
"""
FILES = {
    "libreview": LIBREVIEW,
    "contour": '"#","Date and Time","BG Reading[mmol/L]","Meal Marker"\n1,2026-03-02 07:00,"6.1",Before breakfast\n',
    "onetouch": "Date & Time,Value,Unit,Meal Tag\n2026-03-02 07:00:00,110,mg/dL,After lunch\n",
    "accu_chek": "Date;Time;Result;Unit;Event\n02.03.2026;07:00;6,1;mmol/L;\n",
    "accu_chek_zh": "日期,时间,结果,单位,用餐标记\n2026-03-02,07:00,6.1,mmol/L,空腹\n",
    "sinocare": "序号,测量时间,血糖值(mmol/L),时段\n1,2026/3/2 7:00,6.1,早餐后\n2,2026/3/2 9:00,HI,\n",
    "yuwell": "测试日期\t测试时间\t血糖(mg/dL)\t类型\n2026年3月2日\t07:00\t110\t睡前\n"}


def reading(line):
    """The parts of a line that matter here."""
    return line.stamp, line.value, line.unit, line.slot, line.source


@pytest.mark.parametrize("layout", FILES)
def test_every_layout_is_known_by_its_columns(layout):
    name, lines = meters.read(FILES[layout].encode(), Wishes(day_first=True))
    assert name == layout
    assert lines[0].reason is None
    assert lines[0].stamp == dt.datetime(2026, 3, 2, 7, 0)  # noqa: DTZ001 - a wall time


def test_a_sensor_is_no_finger_and_a_strip_is_one():
    _, lines = meters.read(LIBREVIEW.encode(), Wishes())
    assert [line.source for line in lines[:3]] == ["cgm", "cgm", "meter"]
    assert (lines[3].reason, lines[3].number) == ("no_value", 6)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_is_read_in_the_encodings_meters_write(encoding):
    _, lines = meters.read(FILES["sinocare"].encode(encoding), Wishes())
    assert [reading(line)[1:4] for line in lines] == [(Decimal("6.1"), "mmol/L", "after_breakfast"), ("HI", "mmol/L", None)]


@pytest.mark.parametrize(("row", "reason"), [
    ("2026-03-02,07:00,质控液 6.1,mmol/L,", "control_solution"), ("2026-03-02,07:00,,mmol/L,", "no_value"),
    ("2026-03-02,07:00,六点一,mmol/L,", "value_unreadable"), ("2026-03-02,07:00,6.15,mmol/L,", "value_unreadable"),
    ("2026-03-02,07:00,6.1,,", "unit_unknown"), ("昨天,07:00,6.1,mmol/L,", "time_unreadable"),
    ("03/02/2026,07:00,6.1,mmol/L,", "date_ambiguous")])
def test_a_line_that_is_no_reading_says_why(row, reason):
    _, [line] = meters.read(f"日期,时间,结果,单位,用餐标记\n{row}\n".encode(), Wishes())
    assert line.reason == reason
    assert meters.REASONS[reason]


def test_day_and_month_are_told_apart_where_they_can_be_and_asked_for_where_not():
    text = "日期,时间,结果,单位\n25/03/2026,07:00,6.1,mmol/L\n03/02/2026,7:00 PM,6.1,mmol/L\n"
    stamps = [line.stamp for line in meters.read(text.encode(), Wishes(day_first=False))[1]]
    assert [(stamp.month, stamp.day, stamp.hour) for stamp in stamps if stamp] == [(3, 2, 19)]
    assert meters.read(text.encode(), Wishes())[1][0].stamp.day == 25


def test_any_other_file_is_read_by_naming_its_columns():
    text = "when,sugar\n2026-03-02T07:00:00+08:00,6.1\n"
    with pytest.raises(Refusal) as refused:
        meters.read(text.encode(), Wishes())
    assert refused.value.code == "columns_unknown"
    _, [line] = meters.read(text.encode(), Wishes(unit="mmol/L", time_column="When", value_column="sugar"))
    assert (line.stamp.hour, line.value, line.unit) == (7, Decimal("6.1"), "mmol/L")


def test_a_file_that_is_too_long_or_is_none_is_refused():
    long = "日期,时间,结果,单位\n" + "2026-03-02,07:00,6.1,mmol/L\n" * (meters.MOST_LINES + 1)
    for data, code in ((long.encode(), "import_too_long"), (b"\x00\x01\x02", "file_unreadable"),
                       (b"\xff\xfe\x00\xd8", "file_unreadable"), (b"", "columns_unknown")):
        with pytest.raises(Refusal) as refused:
            meters.read(data, Wishes())
        assert refused.value.code == code


@given(st.binary(max_size=2000))
def test_no_bytes_break_it(data):
    with contextlib.suppress(Refusal):
        meters.read(data, Wishes(unit="mmol/L"))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=500))
def test_no_words_break_it_and_every_line_is_a_reading_or_says_why(text):
    _, lines = meters.read(("日期,时间,结果,单位\n" + text).encode(), Wishes(unit="mmol/L"))
    assert all(line.reason or (line.stamp and line.value is not None) for line in lines)


def lines_of(text: str, **wishes):
    """The lines of a file in the columns of Sinocare's."""
    return meters.read(f"测量时间,血糖值(mmol/L),单位,时段\n{text}\n".encode(), Wishes(**wishes))[1]


@pytest.mark.parametrize(("stamp", "read_as"), [
    ("2026-03-02 下午 6:30:20", dt.datetime(2026, 3, 2, 18, 30, 20)), ("2026-03-02 06:30:00.000", dt.datetime(2026, 3, 2, 6, 30)),
    ("2026年3月2日 6时30分", dt.datetime(2026, 3, 2, 6, 30)), ("2026年3月2日6:30", dt.datetime(2026, 3, 2, 6, 30)),
    ("2026/3/2 12:30 AM", dt.datetime(2026, 3, 2, 0, 30)), ("2026/3/2 晚上 8:05", dt.datetime(2026, 3, 2, 20, 5)),
    ("2026-03-02T06:30:00Z", dt.datetime(2026, 3, 2, 6, 30, tzinfo=dt.UTC)),
    ("2026-03-02 06:30 UTC+08:00", dt.datetime(2026, 3, 2, 6, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))),
    # These are no times, or nobody knows which.
    *((stamp, "time_unreadable") for stamp in (
        "2026-03-02", "2026-03-0206:30", "2026-03-02 上午 13:30", "2026-03-02 晚上 12:30", "2026-03-02 25:00", "2026-02-30 06:30",
        "26-03-02 06:30", "0001-01-01 06:30", "2026-03-02 06:30+99:00"))])
def test_times_are_read_as_people_and_programs_write_them(stamp, read_as):
    [line] = lines_of(f"{stamp},6.1,,")
    assert (line.stamp or line.reason) == read_as
    assert line.said == Decimal("6.1")


@pytest.mark.parametrize(("cell", "value", "unit"), [
    ("110mg/dL", 110, "mg/dL"), ("110 (mg/dl)", 110, "mg/dL"),
    ("１１０ｍｇ／ｄＬ", 110, "mg/dL"), ("6.10", Decimal("6.1"), "mmol/L"), ("6.0 毫摩尔/升", 6, "mmol/L"),
    ("HI", "HI", "mmol/L"), ("LO mg/dL", "LO", "mg/dL"), (">33.3", "HI", "mmol/L"),
    ("> 600 mg/dL", "HI", "mg/dL"), ("<1.1", "LO", "mmol/L")])
def test_a_value_is_read_with_what_stands_beside_it(cell, value, unit):
    _, [line] = meters.read(f"t,v\n2026-03-02 07:00,{cell}\n".encode(), Wishes(
        unit="mmol/L", time_column="t", value_column="v"))
    assert (line.reason, line.value, line.unit) == (None, value, unit)


@pytest.mark.parametrize(("cell", "reason", "said"), [
    (">10", "value_inexact", Decimal("10.1")), ("<=7", "value_inexact", 7), ("2.15", "value_unreadable", Decimal("2.15")),
    ("2.1↓↓", "value_unreadable", Decimal("2.1")), ("54 mg/L", "value_unreadable", 54), ("正常", "value_unreadable", None),
    ("historic", "value_unreadable", None)])
def test_what_is_no_exact_value_is_none_and_is_looked_at_for_a_danger(cell, reason, said):
    [line] = lines_of(f"2026-03-02 07:00,{cell},,")
    assert (line.reason, line.value, line.said) == (reason, None, said)


@pytest.mark.parametrize(("above", "names", "row", "unit", "reason"), [
    ("", "测量时间,血糖值", "6.1", None, "unit_unknown"), ("单位：mmol/L", "测量时间,血糖值", "6.1", "mmol/L", None),
    ("mmol/L mg/dL", "测量时间,血糖值", "6.1", None, "unit_unknown"), ("mg/dL", "测量时间,血糖值(mmol/L)", "6.1", "mmol/L", None),
    ("", "测量时间,血糖值,单位", "110,mg", "mg/dL", None), ("", "测量时间,血糖值,单位", "6.1,g/L", None, "unit_unknown"),
    ("", "测量时间,血糖值(mmol/L),单位", "54,mg/dL", None, "unit_contradicted"),
    ("", "测量时间,血糖值(mmol/L),单位", "54mg/dL,mmol/L", None, "unit_contradicted"),
    # Another analyte's unit is none of the glucose's, nor is a tablet's.
    ("", "测量时间,血糖值,单位,胆固醇,单位", "110,mg/dL,5.2,mmol/L", "mg/dL", None),
    ("", "测量时间,血糖值,酮体(mmol/L)", "30,0.1", None, "unit_unknown"),
    ("", "测量时间,血糖值,剂量", "30,mg", None, "unit_unknown"), ("", "测量时间,血糖值(mmol/mol)", "53", None, "unit_unknown")])
def test_a_unit_is_taken_from_where_it_is_written_and_never_guessed(above, names, row, unit, reason):
    _, [line] = meters.read(f"{above}\n{names}\n2026-03-02 07:00,{row}\n".encode(), Wishes())
    assert (line.unit, line.reason) == (unit, reason)


def test_a_number_stands_before_a_word_that_remarks_on_it():
    _, [line] = meters.read("日期,时间,结果,血糖(mmol/L)\n2026-03-02,07:00,高,12.3\n".encode(), Wishes())
    assert line.value == Decimal("12.3")


@pytest.mark.parametrize(("remark", "is_control"), [
    ("Control", True), ("control solution", True), ("Control Level 2", True), ("质控液", True), ("质控2", True), ("对照液", True),
    ("out of control today", False), ("控制得不错", False), ("under control", False)])
def test_control_solution_is_what_says_so_and_no_remark_about_control(remark, is_control):
    [line] = lines_of(f"2026-03-02 07:00,6.1,,{remark}")
    assert (line.reason == "control_solution") == is_control


def test_no_file_keeps_the_server_busy():
    wide = ",".join(filler * 1990 + "b" for filler in " [(1,"[:4] for _ in range(50))
    for names in ("", "t,v\n"):
        with must_end(), contextlib.suppress(Refusal):
            meters.read((names + f"{wide}\n" * 25).encode(), Wishes(time_column="t", value_column="v"))
