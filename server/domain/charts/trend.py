"""The trend of readings: one day with its meals and movement, some days, and the modal day by slot."""

import dataclasses
import datetime as dt
import statistics
from collections.abc import Sequence

from server.domain import glucose
from server.domain.camps import zone
from server.domain.charts.drawing import (
    INK,
    LEAST_MMOL_L,
    LEFT,
    PAPER,
    SHADE,
    SOFT,
    TOP,
    Frame,
    Labels,
    Look,
    box,
    frame,
    ground,
    legend,
    mark,
    path,
    rule,
    whole,
    words,
)
from server.domain.glucose import HI, MG_DL_PER_MMOL_L, MMOL_L
from server.domain.insights.readings import Told

VIEWS = ("day", "days", "modal")
MOST_DAYS = 92
SLOT_NAMES = {"fasting": "空腹", "after_breakfast": "早餐后", "before_lunch": "午餐前", "after_lunch": "午餐后",
              "before_dinner": "晚餐前", "after_dinner": "晚餐后", "bedtime": "睡前", "night": "夜里", "random": "随机"}
MODAL_SLOTS = tuple(slot for slot in SLOT_NAMES if slot != "random")
NOTHING = "还没有读数"
SENSOR_COLOUR, MEAN_COLOUR, EVENT_COLOUR = "#56b4e9", "#26323a", "#009e73"
# A sensor that was silent for so long has no line across.
SENSOR_GAP = dt.timedelta(minutes=45)
MOST_SENSOR_POINTS = 700
LEAST_FOR_QUARTILES = 5
# In a picture of many days the lowest readings alone have their number, and of more than a month none has.
MOST_NUMBERS, MOST_NAMED_DAYS = 10, 31


@dataclasses.dataclass(frozen=True)
class Event:
    """A meal, or an exercise with its minutes."""

    kind: str
    at: dt.datetime
    minutes: int = 0


def one_day(told: Sequence[Told], traced: Sequence[Told], events: Sequence[Event], day: dt.date, timezone: str,
            look: Look) -> str:
    """The readings of a day over its 24 hours, each with its number, above what was eaten and done."""
    title = f"{_day(day)}血糖"
    placed = frame(look, 86, _values([*told, *traced]))
    midnight = dt.datetime.combine(day, dt.time(), zone(timezone))

    def x(at: dt.datetime) -> float:
        return placed.x(min(max((at - midnight) / dt.timedelta(days=1), 0.0), 1.0))

    drawn = ground(placed, title, _counted(told, traced))
    for hour in range(0, 25, 6):
        at = placed.x(hour / 24)
        anchor = "end" if hour == 24 else "middle"
        drawn += [rule(at, TOP, at, placed.floor), words(at, placed.floor + 14, f"{hour}时", anchor=anchor, colour=SOFT)]
    drawn += _trace(placed, [(x(one.at), one) for one in traced])
    points = [(x(one.at), one) for one in told]
    drawn.append(path([(at, placed.y(_height(one))) for at, one in points], colour=SOFT, width=1))
    drawn += [*_marks(placed, points, radius=5.5), *_numbers(placed, points, len(points), points)]
    lane = placed.floor + 32
    drawn += [words(LEFT - 5, lane + 4, "餐·动", anchor="end", colour=SOFT),
              rule(LEFT, lane, placed.right, lane)] + [_event(event, x(event.at), lane, placed) for event in events]
    drawn += _nothing(placed, [*told, *traced])
    signs = ((_square(), "餐"), (_bar(), "运动"), *_sensor_sign(traced))
    said = _summary(told, look, traced) + _sensor_words(traced) + _event_words(events)
    return whole(look, title, said, [*drawn, legend(placed, *signs)])


def some_days(told: Sequence[Told], traced: Sequence[Told], first: dt.date, last: dt.date, timezone: str, look: Look) -> str:
    """All readings from the first to the last day in the order of time, lows with their number, and the mean of each day."""
    count = (last - first).days + 1
    title = f"{_day(first)}–{_day(last)}血糖"
    placed = frame(look, 62, _values([*told, *traced]))
    start = dt.datetime.combine(first, dt.time(), zone(timezone))

    def x(at: dt.datetime) -> float:
        return placed.x(min(max((at - start) / dt.timedelta(days=count), 0.0), 1.0))

    drawn = ground(placed, title, _counted(told, traced))
    every = max(1, -(-count // 7))
    for number in range(count):
        at = placed.x(number / count)
        if number:
            drawn.append(rule(at, placed.floor - 3, at, placed.floor))
        if number % every == 0:
            middle = placed.x((number + 0.5) / count)
            said = _short(first + dt.timedelta(days=number))
            drawn.append(words(middle, placed.floor + 15, said, size=11, anchor="middle", colour=SOFT))
    drawn += _trace(placed, [(x(one.at), one) for one in traced])
    means = [(placed.x(((day - first).days + 0.5) / count), placed.y(mean)) for day, mean in _daily_means(told)]
    points = [(x(one.at), one) for one in told]
    drawn += _marks(placed, points, radius=4 if len(told) < 120 else 3.2)
    drawn += [path(means, colour=PAPER, width=3.2), path(means, colour=MEAN_COLOUR, width=1.4, dashes="4 3")]
    named = [point for point in points if _tells(point[1], look)] if count <= MOST_NAMED_DAYS else []
    drawn += _numbers(placed, named, MOST_NUMBERS, ())
    drawn += _nothing(placed, [*told, *traced])
    sign = (path([(-7, 0), (7, 0)], colour=MEAN_COLOUR, width=1.4, dashes="4 3"), "日均")
    said = _summary(told, look, traced) + _sensor_words(traced)
    return whole(look, title, said, [*drawn, legend(placed, sign, *_sensor_sign(traced))])


def modal_day(told: Sequence[Told], first: dt.date, last: dt.date, look: Look, traced: Sequence[Told] = ()) -> str:
    """All readings laid over one day by slot: each one, the middle half from five on, and the median. Without a finger-stick
    the sensor's, of which each slot has its range instead of every value."""
    title = f"一天里的规律（{_short(first)}–{_short(last)}）"
    readings, by_sensor = told or traced, bool(traced and not told)
    placed = frame(look, 84, _values(readings))
    shown = [one for one in readings if one.slot in MODAL_SLOTS]
    drawn, tells = ground(placed, title, _counted(*([], shown) if by_sensor else (shown, []))), []
    for number, slot in enumerate(MODAL_SLOTS):
        middle = placed.x((number + 0.5) / len(MODAL_SLOTS))
        here = [one for one in readings if one.slot == slot]
        counted = f"{len(here)}{'点' if by_sensor else '次'}"
        drawn.append(words(middle, placed.floor + 15, SLOT_NAMES[slot], size=11, anchor="middle"))
        drawn.append(words(middle, placed.floor + 46, counted, size=11, anchor="middle", colour=SOFT))
        if not here:
            continue
        heights = sorted(_height(one) for one in here)
        median = statistics.median(heights)
        height = placed.y(median)
        if by_sensor:
            drawn.append(_span(placed, middle, heights))
        drawn += [*_half(placed, middle, heights), rule(middle - 16, height, middle + 16, height, colour=INK, width=2.4)]
        if not by_sensor:
            drawn += _spread(placed, middle, here)
        drawn.append(words(middle, placed.floor + 31, _reading_words(median, look), anchor="middle", bold=True))
        tells.append(f"{SLOT_NAMES[slot]}{counted}，中位数{_reading_words(median, look)}")
    drawn += _nothing(placed, shown)
    signs = [(rule(-8, 0, 8, 0, colour=INK, width=2.4), "中位数")]
    if by_sensor:
        signs.append((rule(0, -6, 0, 6, colour=SENSOR_COLOUR, width=2), "动态"))
    drawn_by = _sensor_words(traced, "每个时段画出最低到最高") if by_sensor else ""
    said = _summary(told, look, traced) + drawn_by + "；".join(tells)
    return whole(look, title, said, [*drawn, legend(placed, *signs)])


def _spread(placed: Frame, middle: float, here: Sequence[Told]) -> list[str]:
    """Each reading of a slot, side by side in the order of time."""
    wide = min(13.0, 2.5 * len(here))
    asides = [0.0] if len(here) == 1 else [wide * (2 * place / (len(here) - 1) - 1) for place in range(len(here))]
    return [mark(middle + aside, placed.y(_height(one)), _state(one, placed.look), 3.6)
            for aside, one in zip(asides, here, strict=True)]


def _span(placed: Frame, middle: float, heights: list[float]) -> str:
    return rule(middle, placed.y(heights[0]), middle, placed.y(heights[-1]), colour=SENSOR_COLOUR, width=2)


def _half(placed: Frame, middle: float, heights: list[float]) -> list[str]:
    if len(heights) < LEAST_FOR_QUARTILES:
        return []
    low, _, high = statistics.quantiles(heights, n=4, method="inclusive")
    return [box(middle - 16, placed.y(high), 32, placed.y(low) - placed.y(high), fill="#d5dee2", stroke=SOFT, corner=3)]


def _height(one: Told) -> float:
    """The value in mmol/L where it is drawn; HI and LO stand at the edges."""
    value = one.mg_dl
    if value is None:
        return 99.0 if one.reading.typed == HI else 0.0
    return value / MG_DL_PER_MMOL_L


def _values(told: Sequence[Told]) -> list[float]:
    return [_height(one) for one in told if one.mg_dl is not None]


def _state(one: Told, look: Look) -> str:
    found = glucose.band(one.reading, "gestational" if look.pregnant else "unknown")
    return "low" if found == "very_low" else found


def _number(one: Told, look: Look) -> str:
    """The number beside a mark: as typed where it was typed in the person's unit."""
    if isinstance(one.reading.typed, str):
        return one.reading.typed
    return look.shown(float(one.reading.typed)) if one.reading.unit == look.unit == MMOL_L else _other(one, look)


def _other(one: Told, look: Look) -> str:
    return f"{one.reading.typed}" if one.reading.unit == look.unit else look.shown(_height(one))


def _reading_words(mmol_l: float, look: Look) -> str:
    return "HI" if mmol_l > 60 else "LO" if mmol_l < LEAST_MMOL_L / 4 else look.shown(mmol_l)


def _marks(placed: Frame, points: Sequence[tuple[float, Told]], *, radius: float) -> list[str]:
    return [mark(at, placed.y(_height(one)), _state(one, placed.look), radius) for at, one in points]


def _numbers(placed: Frame, points: Sequence[tuple[float, Told]], most: int, avoided: Sequence[tuple[float, Told]]) -> list[str]:
    """The numbers beside these marks, clear of the avoided ones; HI, LO and lows find their place first."""
    labels = Labels(placed)
    for at, one in avoided:
        labels.avoid(at, placed.y(_height(one)))
    first = sorted(points, key=lambda point: (not _tells(point[1], placed.look), point[1].mg_dl is not None, _height(point[1])))
    return [labels.beside(at, placed.y(_height(one)), _number(one, placed.look), bold=_tells(one, placed.look))
            for at, one in first[:most]]


def _tells(one: Told, look: Look) -> bool:
    return one.mg_dl is None or _state(one, look) == "low"


def _trace(placed: Frame, points: list[tuple[float, Told]]) -> list[str]:
    """A sensor's trace as lines, broken where it was silent, thinned to what a phone can show."""
    step = max(1, len(points) // MOST_SENSOR_POINTS)
    pieces: list[list[tuple[float, float]]] = []
    before = None
    for at, one in points[::step]:
        if before is None or one.at - before > max(SENSOR_GAP, step * dt.timedelta(minutes=20)):
            pieces.append([])
        pieces[-1].append((at, placed.y(_height(one))))
        before = one.at
    return [path(piece, colour=SENSOR_COLOUR) for piece in pieces]


def _sensor_sign(traced: Sequence[Told]) -> tuple[tuple[str, str], ...]:
    return ((path([(-7, 3), (-2, -3), (2, 2), (7, -3)], colour=SENSOR_COLOUR), "动态"),) if traced else ()


def _daily_means(told: Sequence[Told]) -> list[tuple[dt.date, float]]:
    days: dict[dt.date, list[float]] = {}
    for one in told:
        if one.mg_dl is not None:
            days.setdefault(one.day, []).append(_height(one))
    return [(day, statistics.fmean(values)) for day, values in sorted(days.items())]


def _event(event: Event, x: float, lane: float, placed: Frame) -> str:
    if event.kind == "meal":
        return f'<g transform="translate({x:.1f} {lane:.1f})">{_square()}</g>'
    length = max(8.0, event.minutes / 1440 * (placed.right - LEFT))
    return box(x, lane - 4, min(length, placed.right - x), 8, fill=EVENT_COLOUR, corner=4)


def _square() -> str:
    return box(-4.5, -4.5, 9, 9, fill=PAPER, stroke=INK) + rule(-4.5, 0, 4.5, 0, colour=INK)


def _bar() -> str:
    return box(-7, -4, 14, 8, fill=EVENT_COLOUR, corner=4)


def _nothing(placed: Frame, told: Sequence[Told]) -> list[str]:
    if told:
        return []
    middle, y = placed.x(0.5), (TOP + placed.floor) / 2
    return [box(middle - 60, y - 20, 120, 34, fill=PAPER, stroke=SHADE, corner=6),
            words(middle, y + 3, NOTHING, size=15, anchor="middle")]


def _summary(told: Sequence[Told], look: Look, traced: Sequence[Told] = ()) -> str:
    """What the picture tells of the finger-sticks, in words."""
    if not told:
        return "没有手指血。" if traced else f"{NOTHING}。"
    states = [_state(one, look) for one in told]
    values = _values(told)
    mean = f"，平均 {look.shown(statistics.fmean(values))} {look.unit}" if values else ""
    low, high = (look.shown(edge) for edge in look.range_mmol_l)
    return (f"共 {len(told)} 次读数{mean}；在 {low}–{high} 之间 {states.count('in_range')} 次，偏高 {states.count('high')} 次，"
            f"明显偏高 {states.count('very_high')} 次，偏低 {states.count('low')} 次。")


def _counted(told: Sequence[Told], traced: Sequence[Told]) -> str:
    return f"{len(traced)}点" if traced and not told else f"{len(told)}次"


def _sensor_words(traced: Sequence[Told], drawn: str = "画成线") -> str:
    return f"动态血糖 {len(traced)} 个点，{drawn}。" if traced else ""


def _event_words(events: Sequence[Event]) -> str:
    minutes = sum(event.minutes for event in events)
    return f"{sum(event.kind == 'meal' for event in events)} 餐，运动 {minutes} 分钟。" if events else ""


def _day(day: dt.date) -> str:
    return f"{day.month}月{day.day}日"


def _short(day: dt.date) -> str:
    return f"{day.month}/{day.day}"
