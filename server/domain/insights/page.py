"""What the doctor's page is made of, and how a reading and a text stand on it."""

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from server.domain import glucose
from server.domain.charts.drawing import Look
from server.domain.glucose import MG_DL_PER_MMOL_L, Patient
from server.domain.insights.readings import Told


@dataclasses.dataclass(frozen=True)
class Deed:
    """A meal or an exercise as it was told."""

    kind: str
    at: dt.datetime
    day: dt.date
    slot: str | None = None
    text: str = ""
    minutes: int = 0


@dataclasses.dataclass(frozen=True)
class Page:
    """All that the page is made of. `who` is the profile, `states` the camp days by date."""

    who: Mapping[str, Any]
    where: str
    first: dt.date
    last: dt.date
    printed_at: dt.datetime
    timezone: str
    look: Look
    patient: Patient
    told: Sequence[Told]
    traced: Sequence[Told]
    deeds: Sequence[Deed]
    states: Mapping[dt.date, str]
    targets: Sequence[Mapping[str, Any]]
    targets_by: str
    hba1c_below_percent: Decimal | None
    measured: Mapping[str, tuple[Mapping[str, Any], dt.date]]

    @property
    def tabled(self) -> Sequence[Told]:
        """What stands in the table: finger-sticks, or where there is none the sensor's values. They are never mixed."""
        return self.traced if self.is_by_sensor else self.told

    @property
    def is_by_sensor(self) -> bool:
        """Whether there is a sensor and not one finger-stick."""
        return bool(self.traced) and not self.told

    @property
    def days(self) -> list[dt.date]:
        """The days of the period."""
        return [self.first + dt.timedelta(days=number) for number in range((self.last - self.first).days + 1)]


def height(one: Told) -> float:
    """Where it stands among others: LO below all, HI above all."""
    if one.mg_dl is not None:
        return one.mg_dl
    return math.inf if one.reading.typed == glucose.HI else 0.0


def value(page: Page, one: Told) -> dict[str, str]:
    """A reading with the sign of its band."""
    band = glucose.band(one.reading, page.patient.diabetes_type)
    state = {"very_low": "low", "low": "low", "high": "high", "very_high": "high"}.get(band, "")
    return {"text": number(page, one), "state": state}


def number(page: Page, one: Told) -> str:
    """The reading in the person's unit, as typed where it was typed in it."""
    if one.mg_dl is None:
        return str(one.reading.typed)
    if one.reading.unit == page.look.unit:
        return f"{one.reading.typed:.1f}" if one.reading.unit == glucose.MMOL_L else f"{one.reading.typed}"
    return page.look.shown(one.mg_dl / MG_DL_PER_MMOL_L)


def short(text: str, most: int) -> str:
    """The text on one line, cut where it is too long for its place."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most - 1] + "…"
