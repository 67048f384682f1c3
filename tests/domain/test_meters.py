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
