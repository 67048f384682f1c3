"""What a certificate's paper is told, and what its file is called."""

import datetime as dt
import unicodedata
from typing import Any

from server.domain.spreadsheets import safe_file_name
from server.models.certificates import Certificate


def told(certificate: Certificate, check_url: str) -> dict[str, Any]:
    """The facts in the words of the paper; the press turns `qr_of` into a QR code."""
    facts = certificate.facts
    return {**facts, "number": certificate.number, "qr_of": check_url, "name_width": _width(facts["name"]),
            **{key: _in_chinese(facts[key]) for key in ("starts_on", "ends_on", "issued_on")}}


def file_stem(certificate: Certificate) -> str:
    """The name of its file without what the format adds."""
    return f"{safe_file_name(certificate.facts['name'])} {safe_file_name(certificate.facts['level'])}证书 {certificate.number}"


def _width(text: str) -> int:
    """How wide the text is set: a Chinese character takes two, a letter one."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _in_chinese(day: str) -> str:
    date = dt.date.fromisoformat(day)
    return f"{date.year}年{date.month}月{date.day}日"
