"""What one cell of a meter's file says: a value, a time, a slot, or that it was no blood at all."""

import datetime as dt
import re
from decimal import Decimal
from typing import NamedTuple

from server.domain.glucose import HI, LO, MG_DL, MMOL_L, unit_of
from server.domain.meters.layouts import plain

_HIGH, _LOW = frozenset(("hi", "high", "高", "过高")), frozenset(("lo", "low", "低", "过低"))
# Beside a glucose value, and nowhere else, these cannot mean anything else.
_SHORT = {"mmol": MMOL_L, "mg": MG_DL}
_NUMBER = re.compile(r"([<>≤≥]=?)? ?(\d{1,4}(?:[.,]\d{1,3})?)(?![\d.,])")
_WORD = re.compile(r"(?:high|hi|low|lo)(?![a-z])|过高|过低|高|低")
_SLOTS = {
    "fasting": ("空腹", "fasting", "早餐前", "before breakfast", "凌晨空腹"), "after_breakfast": ("早餐后", "after breakfast"),
    "before_lunch": ("午餐前", "中餐前", "before lunch"), "after_lunch": ("午餐后", "中餐后", "after lunch"),
    "before_dinner": ("晚餐前", "before dinner", "before supper"), "after_dinner": ("晚餐后", "after dinner", "after supper"),
    "bedtime": ("睡前", "bedtime"), "night": ("凌晨", "夜间", "night"), "random": ("随机", "random")}
SLOT_OF = {word: slot for slot, words in _SLOTS.items() for word in words}
# A cell that is this and nothing else: "out of control today" is somebody's own remark.
_CONTROL = re.compile(r"(?:qc|control)(?: ?(?:solution|test|result|liquid))?(?: ?(?:level|l)? ?\d)?"
                      r"|质控.{0,6}|(?:对照|控制)(?:液|测试).{0,4}|对照")

_DATE_TIME = re.compile(
    r"(?P<a>\d{1,4})[-/.年](?P<b>\d{1,2})[-/.月](?P<c>\d{1,4})(?:日 ?| ?t ?| )"
    r"(?P<before>上午|下午|早上|中午|晚上|凌晨|am|pm)? ?(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})(?:[:分](?P<second>\d{1,2})?)?"
    r"(?:[.,]\d{1,9})?秒? ?(?P<after>am|pm|上午|下午)? ?(?P<offset>z|utc|gmt|(?:utc|gmt)?[+-]\d\d:?\d\d)?")
_AFTERNOON, _MORNING = ("下午", "晚上", "中午", "pm"), ("上午", "早上", "凌晨", "am")
_YEARS = range(1900, 3000)


class Value(NamedTuple):
    """What a value's cell says. `said` is its number or word, exact or not, which a danger is looked for in; `whole` that
    the cell says nothing but a value, a comparator and a unit."""

    said: Decimal | str | None
    unit: str | None = None
    comparator: str = ""
    whole: bool = False


def unit(text: str) -> str | None:
    """The unit that stands beside a value or in the column of units, None for none of ours."""
    return unit_of(text) or _SHORT.get(plain(text))


def value(text: str) -> Value:
    """The value in the cell: a number (a comma is a decimal sign in many languages), HI or LO, and the unit beside it."""
    cell = plain(text)
    number = _NUMBER.search(cell)
    if number is None:
        word = _WORD.match(cell)
        if word is None:
            return Value(None)
        rest = cell[word.end():].strip(" ()[]")
        return Value(HI if word[0] in _HIGH else LO, unit(rest), whole=not rest or unit(rest) is not None)
    typed = Decimal(number[2].replace(",", "."))
    rest = cell[number.end():].strip(" ()[]")
    tenth = typed == typed.quantize(Decimal("0.1"))
    said = typed.to_integral_value() if typed == typed.to_integral_value() else typed.quantize(Decimal("0.1")) if tenth else typed
    whole = tenth and not cell[:number.start()].strip() and (not rest or unit(rest) is not None)
    return Value(said, unit(rest), number[1] or "", whole)


def is_control(text: str) -> bool:
    """Whether the cell says that it was control solution."""
    return _CONTROL.fullmatch(plain(text)) is not None


def slot(text: str) -> str | None:
    """The slot that the meter's mark stands for."""
    return SLOT_OF.get(plain(text))


def stamp(text: str, day_first: bool | None) -> dt.datetime | str:
    """The wall time, or the instant where an offset is written; or time_unreadable, date_ambiguous (01/02/2026 may be
    January or February)."""
    found = _DATE_TIME.fullmatch(plain(text))
    if found is None:
        return "time_unreadable"
    hour = _hour(int(found["hour"]), found["before"] or found["after"])
    clock = (hour, int(found["minute"]), int(found["second"] or 0))
    a, b, c = (int(found[part]) for part in "abc")
    if len(found["a"]) == 4:
        return _at(a, b, c, clock, found["offset"]) or "time_unreadable"
    if len(found["c"]) != 4:
        return "time_unreadable"
    by_day, by_month = _at(c, b, a, clock, found["offset"]), _at(c, a, b, clock, found["offset"])
    if day_first is not None:
        return (by_day if day_first else by_month) or "time_unreadable"
    if by_day and by_month and by_day != by_month:
        return "date_ambiguous"
    return by_day or by_month or "time_unreadable"


def _hour(hour: int, half: str | None) -> int:
    """The hour of 24 from one of 12; one that contradicts its half of the day becomes none that a clock has."""
    if half in _AFTERNOON:
        # Half past twelve in the evening is no time that people agree upon.
        return 99 if half == "晚上" and hour == 12 else hour + 12 if hour < 12 and not (half == "中午" and hour > 9) else hour
    if half in _MORNING:
        return 99 if hour > 12 else hour % 12
    return hour


def _at(year: int, month: int, day: int, clock: tuple[int, int, int], offset: str | None) -> dt.datetime | None:
    if year not in _YEARS:
        return None
    try:
        return dt.datetime(year, month, day, *clock, tzinfo=_zone(offset))
    except ValueError:
        return None


def _zone(offset: str | None) -> dt.timezone | None:
    """The offset's zone, None for wall time. Raises ValueError for an offset that is none."""
    if offset is None:
        return None
    digits = re.sub("[^0-9]", "", offset)
    if not digits:
        return dt.UTC
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes > 14 * 60 or int(digits[2:]) > 59:
        raise ValueError(offset)
    return dt.timezone(dt.timedelta(minutes=-minutes if "-" in offset else minutes))
