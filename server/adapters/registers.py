"""Files that leave the house: a ZIP of papers, a register as XLSX or CSV. Each is written as its rows come."""

import csv
import datetime as dt
import pathlib
import zipfile
from collections.abc import Sequence
from typing import Protocol

import xlsxwriter

from server.domain.spreadsheets import safe_cell

BOM = "\ufeff"  # without it a spreadsheet reads Chinese in UTF-8 as something else
Cell = str | int | float | dt.date | None


class Register(Protocol):
    """A file of rows."""

    def add(self, row: Sequence[Cell]) -> None:
        """Write one row."""

    def close(self) -> None:
        """Finish the file."""


class CsvRegister:
    """UTF-8 with a byte order mark, CRLF, and no cell that becomes a formula."""

    def __init__(self, path: pathlib.Path, columns: Sequence[str]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._file.write(BOM)
        self._writer = csv.writer(self._file)
        self._writer.writerow(columns)

    def add(self, row: Sequence[Cell]) -> None:
        """Write one row."""
        self._writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


class XlsxRegister:
    """A workbook whose rows go to disk as they come."""

    def __init__(self, path: pathlib.Path, columns: Sequence[str], widths: Sequence[int]) -> None:
        self._book = xlsxwriter.Workbook(str(path), {
            "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
        self._sheet = self._book.add_worksheet("登记册")
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._rows = 0
        for number, width in enumerate(widths):
            self._sheet.set_column(number, number, width)
        self._sheet.freeze_panes(1, 0)
        self._write(columns, self._book.add_format({"bold": True}))

    def add(self, row: Sequence[Cell]) -> None:
        """Write one row."""
        self._write(row, None)

    def _write(self, row: Sequence[Cell], style: object) -> None:
        for number, cell in enumerate(row):
            if isinstance(cell, dt.date):
                self._sheet.write_datetime(self._rows, number, dt.datetime.combine(cell, dt.time()), self._date)
            elif isinstance(cell, str):
                self._sheet.write_string(self._rows, number, safe_cell(cell), style)
            elif cell is not None:
                self._sheet.write_number(self._rows, number, cell, style)
        self._rows += 1

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


class Bundle:
    """A ZIP; its PDFs are packed already, so they are stored as they are."""

    def __init__(self, path: pathlib.Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)

    def add(self, name: str, content: bytes, at: dt.datetime) -> None:
        """Put one file in."""
        self._zip.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), content)

    def close(self) -> None:
        """Finish the file."""
        self._zip.close()
