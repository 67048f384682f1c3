"""The pieces of a picture: a frame with its scale of glucose, marks told apart by shape as well as colour, and the SVG
around them.

Colours are those of Okabe and Ito, which people who see few colours still tell apart; nothing is said by colour alone.
Everything is placed for a phone 375 points wide, no letter below 11.
"""

import dataclasses
import html
import zlib
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from server.domain import thresholds
from server.domain.glucose import MG_DL_PER_MMOL_L, MMOL_L

INK, SOFT, LINE, SHADE, PAPER = "#26323a", "#56646c", "#c9d2d6", "#e6f1ea", "#ffffff"
FONTS = "Noto Sans SC,PingFang SC,Microsoft YaHei,Source Han Sans SC,sans-serif"
# What a state is called, its colour and its shape. Shapes have a corner where they point: up is high, down is low.
STATES: dict[str, tuple[str, str, str]] = {
    "in_range": ("范围内", "#0072b2", "circle"), "high": ("偏高", "#e69f00", "up"),
    "very_high": ("明显偏高", "#d55e00", "diamond"), "low": ("偏低", "#882255", "down")}
LEFT, RIGHT, TOP = 42, 10, 46
LEAST_MMOL_L, USUAL_MOST_MMOL_L, MOST_MMOL_L = 2.0, 15.0, 33.3
_TICKS = (3.9, 7.0, 10.0, 13.9, 16.7, 20.0, 25.0, 30.0)
_TICKS_IN_PREGNANCY = (3.5, 5.3, 7.8, 11.1, 13.9, 16.7, 20.0, 25.0, 30.0)
# In mg/dL the lines are called as everybody calls them.
_MG_DL = {3.5: 63, 3.9: 70, 5.3: 95, 7.0: 126, 7.8: 140, 10.0: 180, 11.1: 200, 13.9: 250, 16.7: 300}


@dataclasses.dataclass(frozen=True)
class Look:
    """How a person's readings are drawn: in which unit, with whose range, how large."""

    unit: str = MMOL_L
    pregnant: bool = False
    width: int = 375
    height: int = 300

    @property
    def range_mmol_l(self) -> tuple[float, float]:
        """The shaded range: 3.9-10.0, in pregnancy 3.5-7.8."""
        ends = (thresholds.PREGNANCY_RANGE_FROM, thresholds.PREGNANCY_RANGE_UP_TO) if self.pregnant else (
            thresholds.LOW_BELOW, thresholds.RANGE_UP_TO)
        return float(ends[0].mmol_l), float(ends[1].mmol_l)

    def shown(self, mmol_l: float) -> str:
        """The number in the person's unit."""
        # What adding and dividing leave behind the sixth decimal is no part of the number: 5.65 is never 5.6499999999999995.
        mmol_l = round(mmol_l, 6)
        if self.unit == MMOL_L:
            return str(Decimal(repr(mmol_l)).quantize(Decimal("0.1"), ROUND_HALF_UP))
        return str(_MG_DL.get(mmol_l) or Decimal(repr(round(mmol_l * MG_DL_PER_MMOL_L, 4))).quantize(Decimal(1), ROUND_HALF_UP))


@dataclasses.dataclass(frozen=True)
class Frame:
    """Where glucose stands in a picture. `bottom` is the room below the plot for labels and the legend."""

    look: Look
    bottom: int
    most_mmol_l: float

    @property
    def right(self) -> float:
        """The right edge of the plot."""
        return self.look.width - RIGHT

    @property
    def floor(self) -> float:
        """The lower edge of the plot."""
        return self.look.height - self.bottom

    def y(self, mmol_l: float) -> float:
        """The height of a value; what lies beyond the scale stands at its edge."""
        value = min(max(mmol_l, LEAST_MMOL_L), self.most_mmol_l)
        return self.floor - (value - LEAST_MMOL_L) / (self.most_mmol_l - LEAST_MMOL_L) * (self.floor - TOP)

    def x(self, share: float) -> float:
        """A place between the left (0) and the right edge (1) of the plot."""
        return LEFT + share * (self.right - LEFT)


def frame(look: Look, bottom: int, values_mmol_l: Iterable[float]) -> Frame:
    """A frame that holds these values."""
    return Frame(look, bottom, min(MOST_MMOL_L, max((USUAL_MOST_MMOL_L, *(value + 1 for value in values_mmol_l)))))


def words(x: float, y: float, said: str, *, size: float = 12, anchor: str = "start", colour: str = INK, bold: bool = False,
          halo: bool = False) -> str:
    """A text whose baseline begins, ends or is centred there; a halo keeps it readable on lines and marks."""
    more = ' font-weight="700"' if bold else ""
    if halo:
        more += f' stroke="{PAPER}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" text-anchor="{anchor}" fill="{colour}"{more}>'
            f"{html.escape(said)}</text>")


def rule(x1: float, y1: float, x2: float, y2: float, *, colour: str = LINE, width: float = 1, dashes: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width:g}"{dashed}/>'


def box(x: float, y: float, width: float, height: float, *, fill: str = "none", stroke: str = "none", corner: float = 0) -> str:
    """A rectangle."""
    round_off = f' rx="{corner:g}"' if corner else ""
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="{fill}" stroke="{stroke}"'
            f"{round_off}/>")


def path(points: Iterable[tuple[float, float]], *, colour: str, width: float = 1.5, dashes: str = "") -> str:
    """A line through these points; nothing for fewer than two."""
    told = [f"{x:.1f},{y:.1f}" for x, y in points]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (f'<polyline points="{" ".join(told)}" fill="none" stroke="{colour}" stroke-width="{width:g}" '
            f'stroke-linejoin="round"{dashed}/>') if len(told) > 1 else ""


def mark(x: float, y: float, state: str, radius: float = 4.5) -> str:
    """The mark of a reading in that state."""
    _, colour, shape = STATES[state]
    drawn = f'fill="{colour}" stroke="{PAPER}" stroke-width="0.8"'
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius * 0.85:.1f}" {drawn}/>'
    corners = {"up": ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)), "down": ((0, 1.15), (1.1, -0.85), (-1.1, -0.85)),
               "diamond": ((0, -1.3), (1.15, 0), (0, 1.3), (-1.15, 0))}[shape]
    points = " ".join(f"{x + across * radius:.1f},{y + down * radius:.1f}" for across, down in corners)
    return f'<polygon points="{points}" {drawn}/>'


def ground(placed: Frame, title: str, counted: str) -> list[str]:
    """What every picture stands on: its title, how many readings it is of and their unit, the shaded range and the lines of
    the scale."""
    look = placed.look
    low, high = look.range_mmol_l
    drawn = [words(LEFT - 32, 22, title, size=15, bold=True),
             words(placed.right, 22, f"{counted} · {look.unit}", anchor="end", colour=SOFT),
             box(LEFT, placed.y(high), placed.right - LEFT, placed.y(low) - placed.y(high), fill=SHADE)]
    for tick in _TICKS_IN_PREGNANCY if look.pregnant else _TICKS:
        if tick > placed.most_mmol_l:
            break
        edge, y = tick in (low, high), placed.y(tick)
        drawn += [rule(LEFT, y, placed.right, y, colour=SOFT if edge else LINE, dashes="" if edge else "2 3"),
                  words(LEFT - 5, y + 4, look.shown(tick), anchor="end", colour=INK if edge else SOFT, bold=edge)]
    return drawn


def legend(placed: Frame, *more: tuple[str, str]) -> str:
    """The shapes and what they mean, along the lower edge; `more` are (drawn sign, word) of this picture alone."""
    drawn, x, y = [], 12.0, placed.look.height - 9
    for name, (said, _, _) in STATES.items():
        drawn += [mark(x, y - 4, name), words(x + 8, y, said)]
        x += 20 + 12 * len(said)
    for sign, said in more:
        drawn += [f'<g transform="translate({x:.1f} {y - 4:.1f})">{sign}</g>', words(x + 11, y, said)]
        x += 23 + 12 * len(said)
    return "".join(drawn)


def whole(look: Look, title: str, told: str, drawn: Iterable[str]) -> str:
    """The picture as a document of its own; its title and what it tells are read out to who cannot see it. Their ids are this
    picture's own, so that several may stand in one page."""
    own = f"{zlib.crc32(f'{title}{told}'.encode()):08x}"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{look.width}" height="{look.height}" '
            f'viewBox="0 0 {look.width} {look.height}" role="img" aria-labelledby="title-{own} told-{own}" font-family="{FONTS}" '
            'lang="zh-CN">'
            f'<title id="title-{own}">{html.escape(title)}</title><desc id="told-{own}">{html.escape(told)}</desc>'
            f'{box(0, 0, look.width, look.height, fill=PAPER)}{"".join(drawn)}</svg>')


class Labels:
    """Numbers beside marks, each where it covers no other; one that fits nowhere is left out."""

    def __init__(self, placed: Frame) -> None:
        self._placed = placed
        self._taken: list[tuple[float, float, float, float]] = []

    def avoid(self, x: float, y: float, radius: float = 4) -> None:
        """Keep clear of a mark."""
        self._taken.append((x - radius, y - radius, x + radius, y + radius))

    def beside(self, x: float, y: float, said: str, *, bold: bool = False) -> str:
        """The text above the mark, or below it; empty where neither is free."""
        half = 3.6 * len(said) + 1
        x = min(max(x, LEFT + half), self._placed.right - half)
        for base in (y - 8, y + 17):
            area = (x - half, base - 10, x + half, base + 1)
            inside = area[1] > TOP - 16 and area[3] < self._placed.floor + 2
            if inside and not any(_overlap(area, other) for other in self._taken):
                self._taken.append(area)
                return words(x, base, said, anchor="middle", bold=bold, halo=True)
        return ""


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
