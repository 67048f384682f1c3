"""A meter's file from its bytes to its lines."""

import csv
import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from server.domain.glucose import HI, LO, MMOL_L, beyond, next_to, unit_of
from server.domain.meters import cells
from server.domain.meters.layouts import STRANGE, STRIPS, Column, Header, Wishes, find
from server.domain.refusals import Refusal

MOST_BYTES = 10 * 1024 * 1024
# Ninety days of a sensor that keeps a value every quarter of an hour are 8,640, with scans, strips and remarks between them.
MOST_LINES = 12_000
MOST_COLUMNS, LONGEST_CELL = 200, 2000


class Line(NamedTuple):
    """One line of the file: its number, and its reading or why it has none. `stamp` is the meter's own wall time, aware
    where the file says its offset. `said` is what its value cell says, exact or not: a danger in it is told whatever
    becomes of the line, by its `stamp` where there is one."""

    number: int
    reason: str | None = None
    stamp: dt.datetime | None = None
    value: Decimal | str | None = None
    unit: str | None = None
    slot: str | None = None
    source: str = "meter"
    said: Decimal | str | None = None


def read(data: bytes, wishes: Wishes) -> tuple[str, list[Line]]:
    """(layout, lines) of a file. Raises file_unreadable, import_too_long, columns_unknown."""
    rows = list(_rows(_decoded(data)))
    header = find(rows, wishes)
    lines = [_line(number, row, header, wishes) for number, row in rows[header.at + 1:] if any(cell.strip() for cell in row)]
    if len(lines) > MOST_LINES:
        raise Refusal("import_too_long", most=MOST_LINES)
    return header.layout.name, lines


def _decoded(data: bytes) -> str:
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


def _line(number: int, row: list[str], header: Header, wishes: Wishes) -> Line:
    found = [(column, cells.value(row[column.place])) for column in header.values if _cell(row, column.place)]
    is_control = any(map(cells.is_control, row))
    if not found:
        return Line(number, "control_solution" if is_control else "no_value")
    # Where a number stands beside a word as 高, the word is a remark on it.
    column, value = min(found, key=lambda one: (not isinstance(one[1].said, Decimal), not one[1].whole))
    units = _units(value, column, row, header)
    unit = _unit(value, units, wishes)
    stamp = cells.stamp(" ".join(_cell(row, place) for place in header.stamps), wishes.day_first)
    line = Line(number, stamp=None if isinstance(stamp, str) else stamp, unit=unit,
                said=next_to(value.comparator, value.said) if value.comparator else value.said)
    if is_control:
        return line._replace(reason="control_solution")
    if not value.whole:
        return line._replace(reason="value_unreadable")
    if unit is None:
        return line._replace(reason="unit_contradicted" if len(units - {STRANGE}) > 1 else "unit_unknown")
    exact = beyond(value.comparator, value.said, unit) if value.comparator else value.said
    if exact is None:
        return line._replace(reason="value_inexact")
    line = line._replace(value=exact, said=exact)
    if isinstance(stamp, str):
        return line._replace(reason=stamp)
    return line._replace(slot=cells.slot(_cell(row, header.slot)),
                         source="meter" if column.name in STRIPS else header.layout.source)


def _cell(row: list[str], place: int | None) -> str:
    return row[place].strip() if place is not None and place < len(row) else ""


def _units(value: cells.Value, column: Column, row: list[str], header: Header) -> set[str]:
    """The units that the file says for this value, one that is none of ours as STRANGE. What stands beside the value, in
    its column's name and in the column of units must agree; else any cell of the row that is a unit, else what stands
    above the names."""
    told = {value.unit, column.unit}
    if column.units is not None:
        place, behind = column.units
        told.add((cells.unit(_cell(row, place)) or STRANGE) if _cell(row, place) else behind)
    told -= {None}
    anywhere = {unit_of(cell) for cell in row if "/" in cell or "%" in cell} - {None}
    return told or anywhere or ({header.unit_above} if header.unit_above else set())


def _unit(value: cells.Value, units: set[str], wishes: Wishes) -> str | None:
    """The unit of the value: the one that the file says, or where it says none the caller's; None where nobody knows."""
    if units:
        [unit, *others] = units
        return None if others or unit == STRANGE else unit
    # A meter shows none with HI and LO, which are the same in both.
    return wishes.unit or (MMOL_L if value.said in (HI, LO) else None)
