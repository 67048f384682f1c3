"""MAGE, the mean amplitude of glycaemic excursions of a sensor's trace, by short and long moving averages.

The method is that of Fernandes et al. 2022 (J Diabetes Sci Technol 16:576) with the published defaults: values on a grid
of five minutes, averages over 5 and 32 of them, turning points where the averages cross, excursions above one standard
deviation, the mean of those upward and those downward. Meaningless on finger-sticks.
"""

import math
from collections.abc import Sequence

GRID_MINUTES = 5
SHORT, LONG = 5, 32
# No value is made up inside a longer silence; one still longer parts the trace.
BRIDGED_MINUTES, PARTING_MINUTES = 45, 180
LEAST_POINTS = 7
Trace = list[float | None]


def mage(minutes: Sequence[float], values: Sequence[float]) -> float | None:
    """The mean amplitude in the unit of the values, None where no excursion stands out.

    `minutes` rise and are counted from a midnight, because the grid stands on whole five minutes of the day.
    """
    found: list[tuple[float, float]] = []
    for piece in _pieces(_on_grid(minutes, values)):
        hours = (len(piece) - 1) * GRID_MINUTES / 60
        found += [(amplitude, hours) for amplitude in _amplitudes(piece)]
    whole = math.fsum(hours for _, hours in found)
    return math.fsum(amplitude * hours for amplitude, hours in found) / whole if found else None


def _on_grid(minutes: Sequence[float], values: Sequence[float]) -> Trace:
    """The values every five minutes, drawn straight between neighbours; None inside a long silence."""
    first = math.ceil(minutes[0] / GRID_MINUTES)
    if first == 0:
        first = 1  # midnight itself belongs to the day before
    last = math.floor(minutes[-1] / GRID_MINUTES)
    trace: Trace = []
    place = 0
    for step in range(first, last + 1):
        at = step * GRID_MINUTES
        while minutes[place + 1] < at if place + 1 < len(minutes) else False:
            place += 1
        trace.append(_between(minutes, values, place, at))
    return trace


def _between(minutes: Sequence[float], values: Sequence[float], place: int, at: float) -> float | None:
    if minutes[place] == at or place + 1 == len(minutes):
        return values[place]
    start, end = minutes[place], minutes[place + 1]
    if end == at:
        return values[place + 1]
    if end - start > BRIDGED_MINUTES:
        return None
    return values[place] + (values[place + 1] - values[place]) / (end - start) * (at - start)


def _pieces(trace: Trace) -> list[Trace]:
    """The trace, parted where it was silent for long; no piece begins or ends in silence."""
    pieces: list[Trace] = []
    last_told = None
    for place, value in enumerate(trace):
        if value is None:
            continue
        if last_told is None or (place - last_told) * GRID_MINUTES > PARTING_MINUTES:
            pieces.append([])
        else:
            pieces[-1] += [None] * (place - last_told - 1)
        pieces[-1].append(value)
        last_told = place
    return pieces


def _amplitudes(piece: Trace) -> list[float]:
    """The mean height of the piece's rises and that of its falls, where there are any."""
    told = [value for value in piece if value is not None]
    if len(piece) < LEAST_POINTS or len(told) < 2:
        return []
    middle = math.fsum(told) / len(told)
    spread = math.sqrt(math.fsum((value - middle) ** 2 for value in told) / (len(told) - 1))
    if spread < 1:
        return []
    turns = _turning_points(piece)
    upward = _excursions(turns, spread)
    downward = _excursions([-value for value in turns], spread, falling=True)
    return [math.fsum(heights) / len(heights) for heights in (upward, downward) if heights]


def _moving(piece: Trace, width: int) -> list[float | None]:
    """The mean of the last `width` values at each place; the first places get the first whole one."""
    averages: list[float | None] = []
    for place in range(len(piece)):
        told = [value for value in piece[max(0, place - width + 1):place + 1] if value is not None]
        averages.append(math.fsum(told) / len(told) if told else None)
    lead = min(width, len(piece))
    averages[:lead] = [averages[lead - 1]] * lead
    return averages


def _crossings(piece: Trace) -> list[tuple[int, bool]]:
    """Where the averages cross, and whether a peak (or else a nadir) follows; the two ends among them."""
    pairs = zip(_moving(piece, SHORT), _moving(piece, LONG), strict=True)
    apart = [None if short is None or long is None else short - long for short, long in pairs]
    crossings = [(0, (apart[0] or 0) > 0)]
    apart = [gap or None for gap in apart]  # where the averages touch they have not crossed yet
    for place in range(1, len(piece)):
        gap, before = apart[place], apart[place - 1]
        if gap is None:
            continue
        if piece[place] is None or piece[place - 1] is None or before is None:
            before = apart[crossings[-1][0]]  # across a silence: since the last crossing
        if before is not None and gap * before < 0:
            crossings.append((place, gap > before))
    return [*crossings, (len(piece) - 1, (apart[-1] or 0) > 0)]


def _turning_points(piece: Trace) -> list[float]:
    """The highest or lowest value between one crossing and the next, each search starting at the turning point before."""
    crossings = _crossings(piece)
    turns: list[float] = []
    start = crossings[0][0]
    for (_, peak), (end, _) in zip(crossings, crossings[1:], strict=False):
        told = [(place, value) for place, value in enumerate(piece[start:end + 1], start) if value is not None]
        best = (max if peak else min)(value for _, value in told)
        start = next(place for place, value in told if value == best)
        turns.append(best)
    return turns


def _excursions(turns: Sequence[float], spread: float, *, falling: bool = False) -> list[float]:
    """The heights of all rises above `spread`, each ridden on until a fall above `spread` ends it.

    Falls are the rises of the turned trace; after one the search goes on from its end, not from where it was left.
    """
    heights: list[float] = []
    since = at = 0
    while at < len(turns):
        lowest = min(turns[since:at + 1])
        if turns[at] - lowest <= spread:
            at += 1
            continue
        for ahead in range(at, len(turns)):
            if turns[ahead] >= turns[at]:
                at = ahead
            if turns[at] - turns[ahead] > spread or ahead == len(turns) - 1:
                heights.append(turns[at] - lowest)
                since, at = (at if falling else ahead), ahead
                break
    return heights
