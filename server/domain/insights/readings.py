"""A reading as the figures see it, and which figure needs how many of them."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from server.domain.glucose import Reading
from server.domain.insights.measures import in_mg_dl
from server.domain.refusals import Refusal

One = TypeVar("One")
DEFAULT_DAYS = 14
MOST_DAYS = 3660
# No day before it can be written in a query, and so none is looked at.
EARLIEST = dt.date(1900, 1, 1)

# What a figure needs before it is told (docs/clinical.md): SD and CV from 14 finger-sticks, the estimate of HbA1c from 30
# (proposals); the indices were studied on 135 a month, below 28 they say nothing.
LEAST_READINGS = {"sd_mmol_l": 14, "sd_mg_dl": 14, "cv_percent": 14, "lbgi": 28, "hbgi": 28, "ea1c_percent": 30}
REASONS = {
    "no_readings": "这段时间还没有读数。",
    "not_enough_readings": "读数还不够，暂时算不出：要 {needed} 次，现在有 {have} 次。",
    "target_not_set": "您的目标要由医生或护士来定，定好之前不判断是否达标。",
    "no_target_for_these": "这些时段没有规定的目标，所以不判断是否达标。",
    "no_pairs": "还没有成对的餐前、餐后读数：同一餐前后各测一次，就能看出这一餐的影响。",
    "no_sensor": "没有动态血糖数据；这几项不能用手指血来算。",
    "sensor_days": "动态血糖要有 {needed} 天的数据才算得准，现在有 {have} 天。",
    "sensor_gaps": "动态血糖断得太多：要覆盖 {needed}% 的时间，现在是 {have}%。",
    "not_in_pregnancy": "孕期没有这一项的标准。",
    "no_excursion": "没有明显的起伏，算不出这一项。",
}


@dataclasses.dataclass(frozen=True)
class Told:
    """One reading of the person's own: where it stands in time, its slot, and the value as typed."""

    entry_id: uuid.UUID
    at: dt.datetime
    day: dt.date
    slot: str
    hours_after: int | None
    reading: Reading

    @property
    def mg_dl(self) -> float | None:
        """The value as typed, in mg/dL and not rounded; None for HI and LO, which no mean can hold."""
        return None if isinstance(self.reading.typed, str) else in_mg_dl(self.reading.typed, self.reading.unit)


def window(first: dt.date | None, last: dt.date | None, days: int | None, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day asked for: up to today and 14 days of it unless said otherwise. Named days go before a
    number of days. Raises window_backwards, window_too_long."""
    span = dt.timedelta(days=(days or DEFAULT_DAYS) - 1)
    last = last or (max(today, first) if first else today)
    first = first or max(last, EARLIEST + span) - span
    if first > last:
        raise Refusal("window_backwards")
    if (last - first).days >= MOST_DAYS:
        raise Refusal("window_too_long", days=MOST_DAYS)
    return first, last


def numbers(told: Iterable[Told]) -> list[float]:
    """The values in mg/dL, without HI and LO."""
    return [value for one in told if (value := one.mg_dl) is not None]


def reason(code: str, **facts: int) -> dict[str, Any]:
    """Why a figure is not told: a stable code, what it needs and has, and the sentence shown in its place."""
    return {"code": code, "needed": facts.get("needed"), "have": facts.get("have"), "text": REASONS[code].format(**facts)}


def plain(figures: Any) -> Any:
    """These figures as they are told: every number to the tenth decimal, so that 5.7 is never 5.699999999999999."""
    if isinstance(figures, float):
        return round(figures, 10)
    if isinstance(figures, dict):
        return {name: plain(value) for name, value in figures.items()}
    return [plain(one) for one in figures] if isinstance(figures, list) else figures


def share(told: Sequence[One], holds: Callable[[One], bool]) -> float | None:
    """How many of these, in percent; None of none."""
    return 100 * sum(map(holds, told)) / len(told) if told else None
