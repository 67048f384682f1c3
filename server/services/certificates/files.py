"""The three files an export can be: papers in a ZIP, a register as XLSX or CSV."""

import datetime as dt
import pathlib
from typing import Protocol

from server.adapters.registers import Bundle, Cell, CsvRegister, Register, XlsxRegister
from server.domain.spreadsheets import safe_file_name
from server.models.certificates import Certificate
from server.services.certificates import papers, rows
from server.services.work import Call

ZIP, XLSX, CSV = FORMATS = ("zip", "xlsx", "csv")
COLUMNS = ("编号", "姓名", "班级", "训练营", "等级", "完成天数", "营期天数", "开始", "结束", "颁发日期", "签发单位",
           "状态", "新编号")
WIDTHS = (21, 14, 14, 20, 8, 9, 9, 12, 12, 12, 24, 9, 21)
STATES = {"valid": "有效", "revoked": "已撤销", "replaced": "已换发"}


class File(Protocol):
    """A file of certificates being written."""

    def add(self, certificate: Certificate) -> None:
        """Put one in."""

    def close(self) -> None:
        """Finish it."""


def begin(form: str, path: pathlib.Path, call: Call) -> File:
    """A file of that form at that path."""
    if form == ZIP:
        return _Papers(Bundle(path), call)
    return _Rows(XlsxRegister(path, COLUMNS, WIDTHS) if form == XLSX else CsvRegister(path, COLUMNS))


class _Papers:
    """A PDF each, in a folder for every class."""

    def __init__(self, bundle: Bundle, call: Call) -> None:
        self._bundle, self._call = bundle, call

    def add(self, certificate: Certificate) -> None:
        paper = self._call.world.papers.pdf("certificate", papers.told(certificate, rows.page_of(self._call, certificate.number)))
        name = f"{safe_file_name(certificate.facts['class'])}/{papers.file_stem(certificate)}.pdf"
        self._bundle.add(name, paper, certificate.issued_at)

    def close(self) -> None:
        self._bundle.close()


class _Rows:
    """A row each."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def add(self, certificate: Certificate) -> None:
        self._register.add(_row(certificate))

    def close(self) -> None:
        self._register.close()


def _row(certificate: Certificate) -> list[Cell]:
    facts = certificate.facts
    days = [dt.date.fromisoformat(facts[key]) for key in ("starts_on", "ends_on", "issued_on")]
    return [certificate.number, facts["name"], facts["class"], facts["camp"], facts["level"], facts["complete_days"],
            facts["camp_days"], *days, facts["issuer"], STATES[rows.state_of(certificate)], certificate.replaced_by]
