"""Files of blood glucose meters: bytes in, readings out, with a reason for every line that is none.

Each layout is a row of the table below: how its columns are called. LibreView's is that of its published export; the
others follow what meters' own programs write, as far as known, and are simulated in the tests. Any other file is read by
naming its columns.
"""

import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from server.domain.glucose import HI, LO, MG_DL, MMOL_L
from server.domain.refusals import Refusal

MOST_BYTES = 10 * 1024 * 1024
MOST_LINES = 5000
# So many lines may stand above the line of names.
MOST_ABOVE = 20
MOST_COLUMNS, LONGEST_CELL = 200, 2000


class Layout(NamedTuple):
    """How a meter's file calls its columns. `values` are tried in order; `stamp` is one column or a date and a time."""

    name: str
    stamp: tuple[str, ...]
    values: tuple[str, ...]
    unit: str | None = None
    slot: str | None = None
    source: str = "meter"


LAYOUTS = (
    Layout("libreview", ("device timestamp",), ("strip glucose", "scan glucose", "historic glucose"), source="cgm"),
    Layout("libreview_zh", ("设备时间戳",), ("试纸葡萄糖", "扫描葡萄糖", "历史葡萄糖"), source="cgm"),
    Layout("contour", ("date and time",), ("bg reading", "bg value", "blood glucose reading"), slot="meal marker"),
    Layout("onetouch", ("date & time",), ("value", "result", "blood glucose"), unit="unit", slot="meal tag"),
    Layout("accu_chek", ("date", "time"), ("result", "bg", "glucose", "blood glucose"), unit="unit", slot="event"),
    Layout("accu_chek_zh", ("日期", "时间"), ("结果", "血糖", "血糖值"), unit="单位", slot="用餐标记"),
    Layout("sinocare", ("测量时间",), ("血糖值", "血糖", "测量值", "结果"), unit="单位", slot="时段"),
    Layout("yuwell", ("测试日期", "测试时间"), ("血糖", "血糖值", "测试值"), unit="单位", slot="类型"),
)
# A column may say its unit behind its name: BG Value[mmol/L], 血糖(mg/dL).
_UNIT_BEHIND = re.compile(r"[\s\[(（]*((?:mmol|mg)\s*/\s*d?l)[\s\])）]*$", re.I)
_UNITS = {"mmol/l": MMOL_L, "mmol": MMOL_L, "毫摩尔/升": MMOL_L, "mg/dl": MG_DL, "mg": MG_DL, "毫克/分升": MG_DL}
_HIGH, _LOW = frozenset(("hi", "high", "高", ">33.3", ">600", "过高")), frozenset(("lo", "low", "低", "<1.1", "<20", "过低"))
_SLOTS = {
    "fasting": ("空腹", "fasting", "早餐前", "before breakfast", "凌晨空腹"), "after_breakfast": ("早餐后", "after breakfast"),
    "before_lunch": ("午餐前", "中餐前", "before lunch"), "after_lunch": ("午餐后", "中餐后", "after lunch"),
    "before_dinner": ("晚餐前", "before dinner", "before supper"), "after_dinner": ("晚餐后", "after dinner", "after supper"),
    "bedtime": ("睡前", "bedtime"), "night": ("凌晨", "夜间", "night"), "random": ("随机", "random")}
_SLOT_OF = {word: slot for slot, words in _SLOTS.items() for word in words}
_CONTROL = ("质控", "control", "对照")
_YEAR_FIRST = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %I:%M %p")
_DAY_FIRST = ("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y %I:%M %p")
_MONTH_FIRST = ("%m-%d-%Y %H:%M:%S", "%m-%d-%Y %H:%M", "%m-%d-%Y %I:%M %p")


class Wishes(NamedTuple):
    """What the caller says of a file: the unit where it says none, the order of day and month, the minutes the meter's
    clock runs ahead, and the columns where no layout fits."""

    unit: str | None = None
    day_first: bool | None = None
    clock_ahead_minutes: int = 0
    time_column: str | None = None
    value_column: str | None = None


class Line(NamedTuple):
    """One line of the file: its number, and its reading (`stamp` is the meter's own wall time) or why it has none."""

    number: int
    reason: str | None = None
    stamp: dt.datetime | None = None
    value: Decimal | str | None = None
    unit: str | None = None
    slot: str | None = None
    source: str = "meter"


def read(data: bytes, wishes: Wishes) -> tuple[str, list[Line]]:
    """(layout, lines) of a file. Raises file_unreadable, import_too_long, columns_unknown."""
    rows = list(_rows(decoded(data)))
    at, layout, columns = _header(rows, wishes)
    lines = [_line(number, row, layout, columns, wishes) for number, row in rows[at + 1:] if any(cell.strip() for cell in row)]
    if len(lines) > MOST_LINES:
        raise Refusal("import_too_long", most=MOST_LINES)
    return layout.name, lines


def decoded(data: bytes) -> str:
    """The text of the bytes: UTF-8 with or without a mark, UTF-16 with one, or GB18030. Raises file_unreadable."""
    for encoding in (("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refusal("file_unreadable")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) with the delimiter that the file uses most."""
    head = text[:4000]
    delimiter = max(",;\t", key=head.count)
    try:
        for row in (reader := csv.reader(text.splitlines(keepends=True), delimiter=delimiter)):
            yield reader.line_num, [cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]]
            if reader.line_num > MOST_LINES * 4:
                raise Refusal("import_too_long", most=MOST_LINES)
    except csv.Error:
        raise Refusal("file_unreadable") from None


def _header(rows: list[tuple[int, list[str]]], wishes: Wishes) -> tuple[int, Layout, dict[str, tuple[int, str | None]]]:
    """Where the line of names stands, which layout it is, and (column, its own unit) by name. Raises columns_unknown."""
    layouts = LAYOUTS
    if wishes.time_column and wishes.value_column:
        layouts = (Layout("named", (_name(wishes.time_column)[0],), (_name(wishes.value_column)[0],)),)
    for at, (_, cells) in enumerate(rows[:MOST_ABOVE]):
        columns = {}
        for place, cell in enumerate(cells):
            name, unit = _name(cell)
            columns.setdefault(name, (place, unit))
        for layout in layouts:
            if all(name in columns for name in layout.stamp) and any(name in columns for name in layout.values):
                return at, layout, columns
    raise Refusal("columns_unknown")


def _name(cell: str) -> tuple[str, str | None]:
    """A column's name without its unit, and that unit."""
    plain = unicodedata.normalize("NFKC", cell).strip().strip('"').lower()
    unit = _UNIT_BEHIND.search(plain)
    return (plain[:unit.start()].strip() if unit else plain), _UNITS.get(re.sub(r"\s", "", unit[1])) if unit else None


def _line(number: int, row: list[str], layout: Layout, columns: Mapping[str, tuple[int, str | None]], wishes: Wishes) -> Line:
    def cell(name: str | None) -> str:
        place = columns.get(name or "", (len(row), None))[0]
        return unicodedata.normalize("NFKC", row[place]).strip() if place < len(row) else ""

    if any(word in each.lower() for each in row for word in _CONTROL):
        return Line(number, "control_solution")
    named = next((name for name in layout.values if cell(name)), None)
    if named is None:
        return Line(number, "no_value")
    value = _value(cell(named))
    unit = _UNITS.get(cell(layout.unit).lower().replace(" ", "")) or columns[named][1] or wishes.unit
    if value is None:
        return Line(number, "value_unreadable")
    if unit is None:
        return Line(number, "unit_unknown")
    stamp = _stamp(" ".join(cell(name) for name in layout.stamp), wishes.day_first)
    if isinstance(stamp, str):
        return Line(number, stamp)
    source = "meter" if named in ("strip glucose", "试纸葡萄糖") else layout.source
    return Line(number, None, stamp, value, unit, _SLOT_OF.get(cell(layout.slot).lower()), source)


def _value(text: str) -> Decimal | str | None:
    """The value: a Decimal with at most one decimal, HI, LO, or None."""
    plain = text.lower().replace(" ", "")
    if plain in _HIGH or plain in _LOW:
        return HI if plain in _HIGH else LO
    plain = re.sub(r"(mmol/l|mg/dl)$", "", plain)
    # A comma is a decimal sign in many languages.
    if not re.fullmatch(r"\d{1,4}([.,]\d{1,2})?", plain):
        return None
    try:
        value = Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None
    return value if value == value.quantize(Decimal("0.1")) else None


def _stamp(text: str, day_first: bool | None) -> dt.datetime | str:
    """The wall time, or time_unreadable, date_ambiguous (01/02/2026 may be January or February)."""
    plain = re.sub(r"[年月/.]", "-", text.replace("日", " ")).strip()
    plain = re.sub(r"\s+", " ", re.sub(r"(上午|下午)\s*([\d:]+)", lambda m: f"{m[2]} {'AM' if m[1] == '上午' else 'PM'}", plain))
    plain = re.sub(r"(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$", "", plain) if "T" in plain else plain
    for form in _YEAR_FIRST:
        if found := _parsed(plain, form):
            return found
    by_day = next(filter(None, (_parsed(plain, form) for form in _DAY_FIRST)), None)
    by_month = next(filter(None, (_parsed(plain, form) for form in _MONTH_FIRST)), None)
    if day_first is not None:
        return (by_day if day_first else by_month) or "time_unreadable"
    if by_day and by_month and by_day != by_month:
        return "date_ambiguous"
    return by_day or by_month or "time_unreadable"


def _parsed(text: str, form: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, form)  # noqa: DTZ007 - a wall time; the zone is added where it is known
    except ValueError:
        return None


REASONS = {
    "control_solution": "这一条是质控液，不是您的血糖。", "no_value": "这一行没有血糖值。", "value_unreadable": "血糖值读不懂。",
    "unit_unknown": "不知道单位：请说明是 mmol/L 还是 mg/dL。", "time_unreadable": "时间读不懂。",
    "date_ambiguous": "分不清哪个是月、哪个是日：请说明日在前还是月在前。"}
