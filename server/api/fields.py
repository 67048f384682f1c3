"""Strict fields. What a field refuses, its published schema says too, so that nobody is surprised by a 422."""

import datetime as dt
import math
import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

# Control characters but the newline, and the marks that turn the direction of text (U+202A-E, U+2066-9).
_UNWELCOME = "\\x00-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069"
_UNWELCOME_BUT_NEWLINE = "\\x00-\\x09\\x0B-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069"
# What a paste brings along from a table or from Windows, and what it means here.
_UNWELCOME_IN_PASTE = "\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069"
_PASTED = (("\r\n", "\n"), ("\r", "\n"), ("\t", " "))
UUID_PATTERN = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
_DATE = "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
DAY_PATTERN = f"^{_DATE}$"
INSTANT_PATTERN = (f"^{_DATE}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{{1,9}})?"
                   "(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])$")
WALL_TIME_PATTERN = "^(?:[01][0-9]|2[0-3]):[0-5][0-9]$"


# What marshmallow says by itself, in the words of everybody else here.
fields.Field.default_error_messages.update(required="这一项要填。", null="这一项不能为空。", validator_failed="这一项不对。")


def _metadata(given: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {**more, **(given.get("metadata") or {})}


class Text(fields.Field):
    """A string in NFC without space at its ends, of so many characters; refuses control characters and the like. `pasted`
    lets lines be as they come: every way to end one is a newline, a tab is a space."""

    def __init__(self, least: int = 1, most: int = 200, *, lines: bool = False, pasted: bool = False,
                 pattern: str | None = None, **more: Any) -> None:
        unwelcome = _UNWELCOME_IN_PASTE if pasted else _UNWELCOME_BUT_NEWLINE if lines else _UNWELCOME
        self._means = _PASTED if pasted else ()
        self._refused = re.compile(f"[{unwelcome}\ud800-\udfff]")
        self._pattern = re.compile(pattern) if pattern else None
        self.least, self.most = least, most
        # A character that is no space at both ends, if anything is asked: what trimming leaves is then as long as sent.
        ends = f"[^\\s{unwelcome}]"
        published = pattern or (f"^{ends}(?:[^{unwelcome}]*{ends})?$" if least else f"^[^{unwelcome}]*$")
        super().__init__(**{**more, "metadata": _metadata(
            more, type="string", minLength=least, maxLength=most, pattern=published)})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str):
            raise ValidationError("要是文字。")
        for written, meant in self._means:
            value = value.replace(written, meant)
        text = unicodedata.normalize("NFC", value).strip()
        if self._refused.search(text):
            raise ValidationError("含有不能显示的字符，请重新输入。")
        if len(text) < self.least:
            raise ValidationError(f"至少要有 {self.least} 个字。")
        if len(text) > self.most:
            raise ValidationError(f"最多 {self.most} 个字。")
        if self._pattern and not self._pattern.fullmatch(text):
            raise ValidationError("格式不对。")
        return text


class Id(fields.Field):
    """A UUID in its one spelling of 8-4-4-4-12 hexadecimal digits."""

    _pattern = re.compile(UUID_PATTERN)

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "metadata": _metadata(more, type="string", format="uuid", pattern=UUID_PATTERN)})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> uuid.UUID:
        if not isinstance(value, str) or not self._pattern.fullmatch(value):
            raise ValidationError("要是一个 UUID。")
        return uuid.UUID(value)


class Instant(fields.Field):
    """An RFC 3339 instant with an offset; loaded as an aware datetime in UTC."""

    _pattern = re.compile(INSTANT_PATTERN)

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "metadata": _metadata(more, type="string", format="date-time", pattern=INSTANT_PATTERN)})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> dt.datetime:
        if not isinstance(value, str) or not self._pattern.fullmatch(value):
            raise ValidationError("要写成带时区的时间，例如 2026-03-01T08:00:00+08:00。")
        try:
            return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
        except ValueError:
            raise ValidationError("没有这个日期。") from None


class Day(fields.Field):
    """A date written YYYY-MM-DD."""

    _pattern = re.compile(DAY_PATTERN)

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "metadata": _metadata(more, type="string", format="date", pattern=DAY_PATTERN)})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> dt.date:
        if not isinstance(value, str) or not self._pattern.fullmatch(value):
            raise ValidationError("要写成 YYYY-MM-DD。")
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValidationError("没有这个日期。") from None


class Whole(fields.Field):
    """A JSON integer in a range; a true, a "7" and a 7.5 are none."""

    def __init__(self, least: int, most: int, **more: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**{**more, "metadata": _metadata(more, type="integer", minimum=least, maximum=most)})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int:
        if type(value) is float and value.is_integer():
            value = int(value)  # JSON knows one kind of number: 7.0 is the integer 7
        if type(value) is not int:
            raise ValidationError("要是一个整数。")
        if not self.least <= value <= self.most:
            raise ValidationError(f"要在 {self.least} 到 {self.most} 之间。")
        return value


class WholeInQuery(Whole):
    """An integer written in a query string."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"-?(?:0|[1-9][0-9]{0,17})", value):
            raise ValidationError("要是一个整数。")
        return super()._deserialize(int(value), attr, data, **more)


class Tenth(fields.Field):
    """A JSON number with at most one decimal in a range; loaded as a Decimal, never rounded."""

    def __init__(self, least: str, most: str, **more: Any) -> None:
        self.least, self.most = Decimal(least), Decimal(most)
        super().__init__(**{**more, "metadata": _metadata(
            more, type="number", minimum=float(least), maximum=float(most), multipleOf=0.1)})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Decimal:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise ValidationError("要是一个数字。")
        number = Decimal(str(value))
        if number * 10 != (number * 10).to_integral_value():
            raise ValidationError("最多一位小数。")
        if not self.least <= number <= self.most:
            raise ValidationError(f"要在 {self.least} 到 {self.most} 之间。")
        return number.quantize(Decimal("0.1")) if number != number.to_integral_value() else number.to_integral_value()


class Quantity(fields.Field):
    """A JSON number in a range, as it stands on a report; loaded with at most three decimals (72.30000000000001 is 72.3)."""

    def __init__(self, least: float, most: float, **more: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**{**more, "metadata": _metadata(more, type="number", minimum=least, maximum=most)})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> int | float:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise ValidationError("要是一个数字。")
        if not self.least <= value <= self.most:
            raise ValidationError(f"要在 {self.least} 到 {self.most} 之间。")
        return round(value, 3)


class Choice(fields.Field):
    """One of some words."""

    def __init__(self, words: Iterable[str], **more: Any) -> None:
        self.words = tuple(words)
        empty = [None] if more.get("allow_none") else []
        super().__init__(**{**more, "metadata": _metadata(more, type="string", enum=[*self.words, *empty])})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise ValidationError(f"只能是 {'、'.join(self.words)}。")
        return value


class Flag(fields.Field):
    """true or false, and nothing that looks like them."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "metadata": _metadata(more, type="boolean")})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> bool:
        if type(value) is not bool:
            raise ValidationError("只能是 true 或 false。")
        return value


class Several(fields.List):
    """A list of at most so many."""

    def __init__(self, inner: fields.Field, most: int = 50, least: int = 0, **more: Any) -> None:
        self.least_items, self.most_items = least, most
        bounds = {"maxItems": most, **({"minItems": least} if least else {})}
        super().__init__(inner, **{**more, "metadata": _metadata(more, **bounds)})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValidationError("要是一个列表。")
        if not self.least_items <= len(value) <= self.most_items:
            raise ValidationError(f"要有 {self.least_items} 到 {self.most_items} 项。")
        return super()._deserialize(value, attr, data, **more)


class Glucose(fields.Field):
    """A reading as typed: a number with at most one decimal, or HI or LO. The unit's own range is the schema's business."""

    _number = Tenth("0.6", "1000")

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "metadata": _metadata(more, anyOf=[
            {"type": "number", "minimum": 0.6, "maximum": 1000, "multipleOf": 0.1},
            {"type": "string", "enum": ["HI", "LO"]}])})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Decimal | str:
        if value in ("HI", "LO"):
            return value
        return self._number.deserialize(value, attr, data)


class Anything(fields.Raw):
    """JSON that a rule, not a schema, looks into: an object."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError("要是一个对象。")
        return value


def text_in_query(most: int = 200, **more: Any) -> Text:
    """A text in a query string."""
    return Text(1, most, **more)
