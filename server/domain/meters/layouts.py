"""How the columns of each maker's file are called, and where its line of names stands.

LibreView's are those of its published export; the others follow what meters' own programs write, as far as known, and are
simulated in the tests. Any other file is read by naming its columns.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from server.domain.glucose import UNITS, unit_of
from server.domain.refusals import Refusal

# So many lines may stand above the line of names.
MOST_ABOVE = 20
# What says a unit that is none of ours.
STRANGE = "?"


class Layout(NamedTuple):
    """How a meter's file calls its columns. `values` are tried in order; `stamp` is one column or a date and a time."""

    name: str
    stamp: tuple[str, ...]
    values: tuple[str, ...]
    slot: str | None = None
    source: str = "meter"
    unit: str | None = None


LAYOUTS = (
    Layout("libreview", ("device timestamp",), ("strip glucose", "scan glucose", "historic glucose"), source="cgm"),
    Layout("libreview_zh", ("设备时间戳",), ("试纸葡萄糖", "扫描葡萄糖", "历史葡萄糖"), source="cgm"),
    Layout("contour", ("date and time",), ("bg reading", "bg value", "blood glucose reading"), slot="meal marker"),
    Layout("onetouch", ("date & time",), ("value", "result", "blood glucose"), slot="meal tag"),
    Layout("accu_chek", ("date", "time"), ("result", "bg", "glucose", "blood glucose"), slot="event"),
    Layout("accu_chek_zh", ("日期", "时间"), ("结果", "血糖", "血糖值"), slot="用餐标记"),
    Layout("sinocare", ("测量时间",), ("血糖值", "血糖", "测量值", "结果"), slot="时段"),
    Layout("yuwell", ("测试日期", "测试时间"), ("血糖", "血糖值", "测试值"), slot="类型"),
)
# Sensors' files have a column for the strips.
STRIPS = ("strip glucose", "试纸葡萄糖")
UNIT_NAMES = ("单位", "血糖单位", "结果单位", "测量单位", "unit", "units", "unit of measure", "glucose unit", "glucose units",
              "measurement unit", "uom")
# A column may say its unit behind its name: BG Value[mmol/L], 血糖(mg/dL). In brackets it may be one that is none of ours.
_UNIT_BEHIND = re.compile(r"(?:mmol|mg) ?/ ?(?:d?l|100 ?ml)$|mg ?%$|毫摩尔?[/每]升$|毫克[/每]分升$")
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]{0,20}[/%][^()\[\]]{0,20})[)\]]$")
_UNITS_ANYWHERE = re.compile(r"mmol ?/ ?l|mg ?/ ?dl|毫摩尔?[/每]升|毫克[/每]分升")


class Wishes(NamedTuple):
    """What the caller says of a file: the unit where it says none, the order of day and month, the minutes the meter's
    clock runs ahead, and the columns where no layout fits; `time_column` may name a date's and a time's with a comma."""

    unit: str | None = None
    day_first: bool | None = None
    clock_ahead_minutes: int = 0
    time_column: str | None = None
    value_column: str | None = None
    unit_column: str | None = None
    slot_column: str | None = None


def wishes_of(query: Mapping[str, Any]) -> Wishes:
    """What a query says of a file; what is not as it should be is not said."""
    texts = {name: value for name, value in query.items() if isinstance(value, str)}
    ahead = query.get("clock_ahead_minutes")
    return Wishes(texts.get("unit") if texts.get("unit") in UNITS else None,
                  {"true": True, "false": False}.get(texts.get("day_first", "")), ahead if isinstance(ahead, int) else 0,
                  *(texts.get(name) for name in ("time_column", "value_column", "unit_column", "slot_column")))


class Column(NamedTuple):
    """A column of values: its name, where it stands, the unit behind its name, and the column that says the unit of each,
    as (where it stands, the unit behind its name)."""

    name: str
    place: int
    unit: str | None
    units: tuple[int, str | None] | None


class Header(NamedTuple):
    """The line of names: which row it is, the layout it shows, where its columns stand, and the unit that is said above it."""

    at: int
    layout: Layout
    stamps: tuple[int, ...]
    values: tuple[Column, ...]
    slot: int | None
    unit_above: str | None


def find(rows: list[tuple[int, list[str]]], wishes: Wishes) -> Header:
    """The line of names. Raises columns_unknown."""
    layouts = _named(wishes) if wishes.time_column and wishes.value_column else LAYOUTS
    for at, (_, cells) in enumerate(rows[:MOST_ABOVE]):
        columns = [name_of(cell) for cell in cells]
        names = [name for name, _ in columns]
        for layout in layouts:
            if set(names).issuperset(layout.stamp) and not set(names).isdisjoint(layout.values):
                values = tuple(Column(name, (place := names.index(name)), columns[place][1], _units_of(columns, place, layout))
                               for name in layout.values if name in names)
                return Header(at, layout, tuple(names.index(part) for part in layout.stamp), values,
                              names.index(layout.slot) if layout.slot in names else None, _said_above(rows[:at]))
    raise Refusal("columns_unknown")


def _units_of(columns: list[tuple[str, str | None]], behind: int, layout: Layout) -> tuple[int, str | None] | None:
    """The column of the units of the values in that place: the next one behind it, or else the first."""
    names = (layout.unit,) if layout.unit else UNIT_NAMES
    places = [place for place, (name, _) in enumerate(columns) if name in names]
    place = next((each for each in places if each > behind), places[0] if places else None)
    return None if place is None else (place, columns[place][1])


def _named(wishes: Wishes) -> tuple[Layout, ...]:
    value, unit, slot = (name_of(name)[0] if name else None
                         for name in (wishes.value_column, wishes.unit_column, wishes.slot_column))
    both = tuple(name_of(name)[0] for name in re.split("[,，]", wishes.time_column, maxsplit=1))
    return tuple(Layout("named", stamp, (value,), slot=slot, unit=unit)
                 for stamp in ((name_of(wishes.time_column)[0],), both))


def plain(cell: str) -> str:
    """The cell in one spelling: NFKC, small letters, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", cell).strip().strip('"').lower().split())


def name_of(cell: str) -> tuple[str, str | None]:
    """A column's name without its unit, and that unit: mmol/L, mg/dL, one that is none of ours, or None."""
    name = plain(cell)
    tail = name.rstrip(" )]")
    if behind := _UNIT_BEHIND.search(tail):
        return tail[:behind.start()].rstrip(" [(:,") or name, unit_of(behind[0]) or STRANGE
    if strange := _IN_BRACKETS.search(name):
        return name[:strange.start()].rstrip(), STRANGE
    return name, None


def _said_above(rows: list[tuple[int, list[str]]]) -> str | None:
    said = {unit_of(found) for _, cells in rows for cell in cells for found in _UNITS_ANYWHERE.findall(plain(cell))}
    return said.pop() if len(said) == 1 else None
