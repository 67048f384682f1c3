"""What a sensor's trace says: times in range, GMI, GRI and MAGE, told only when there is enough of it."""

import datetime as dt
import itertools
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from server.domain import glucose
from server.domain.camps import zone
from server.domain.glucose import MG_DL_PER_MMOL_L, Patient
from server.domain.insights import measures
from server.domain.insights.mage import mage
from server.domain.insights.readings import Told, numbers, reason, share
from server.domain.thresholds import LOW_BELOW, Threshold

# The consensus asks for 14 days of which 70% are told. Of a longer time the last four weeks are looked at.
LEAST_DAYS, LEAST_ACTIVE_PERCENT = 14, 70
MOST_DAYS = 28
# A low of a sensor is one that lasted; after so long a silence nobody knows whether it did.
LEAST_LOW, MOST_SILENCE = dt.timedelta(minutes=15), dt.timedelta(minutes=45)
STEP = dt.timedelta(minutes=measures.LONGEST_STEP_MINUTES)
# A sensor that showed nothing but HI and LO has no mean.
LEAST_NUMBERS = 2
FIGURES = ("mean_mmol_l", "mean_mg_dl", "cv_percent", "time_in_range_percent", "time_low_percent", "time_very_low_percent",
           "time_high_percent", "time_very_high_percent", "gmi_percent", "gri", "mage_mmol_l", "mage_mg_dl")


def summary(told: list[Told], patient: Patient, timezone: str) -> dict[str, Any] | None:
    """The figures of a trace in the order of time, null with a reason where there is too little; None without a trace.

    Ranges are the consensus's, in pregnancy 3.5-7.8 mmol/L, where GMI and GRI are not defined.
    """
    if not told:
        return None
    minutes = _minutes(told, timezone)
    days, active = len({one.day for one in told}), measures.active_percent(minutes)
    too_little = None
    if days < LEAST_DAYS:
        too_little = reason("sensor_days", needed=LEAST_DAYS, have=days)
    elif active < LEAST_ACTIVE_PERCENT:
        too_little = reason("sensor_gaps", needed=LEAST_ACTIVE_PERCENT, have=math.floor(active))
    elif len(numbers(told)) < LEAST_NUMBERS:
        too_little = reason("not_enough_readings", needed=LEAST_NUMBERS, have=len(numbers(told)))
    figures = dict.fromkeys(FIGURES) if too_little else _figures(told, minutes, patient)
    return {"from": told[0].day, "to": told[-1].day, "readings": len(told), "days_with_readings": days,
            "active_percent": active, **figures,
            "reasons": {name: too_little or _why(name) for name, value in figures.items() if value is None}}


class Low(NamedTuple):
    """A stretch of a trace below the line of a low: its lowest value, when it began, and for how long."""

    lowest: Told
    at: dt.datetime
    minutes: int


def lows(told: Sequence[Told], line: Threshold = LOW_BELOW) -> list[Low]:
    """The stretches below the line (3.9 mmol/L, 70 mg/dL) that lasted 15 minutes, as the consensus counts them. One ends
    with the next value that is not low, or where the sensor falls silent."""
    found: list[Low] = []
    low: list[Told] = []
    for one, later in itertools.zip_longest(told, told[1:]):
        if one.reading.below(*line.both):
            low.append(one)
        if not low:
            continue
        is_silent = later is None or later.at - one.at > MOST_SILENCE
        if is_silent or not later.reading.below(*line.both):
            ends = one.at + STEP if is_silent else later.at
            if ends - low[0].at >= LEAST_LOW:
                lowest = min(low, key=lambda each: each.mg_dl or 0)
                found.append(Low(lowest, low[0].at, round((ends - low[0].at).total_seconds() / 60)))
            low = []
    return found


def _minutes(told: list[Told], timezone: str) -> list[float]:
    """Minutes since the local midnight before the first value: the grid of MAGE stands on the person's day."""
    first = told[0].at.astimezone(zone(timezone))
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return [(one.at - midnight.astimezone(dt.UTC)).total_seconds() / 60 for one in told]


def _figures(told: list[Told], minutes: list[float], patient: Patient) -> dict[str, float | None]:
    values = numbers(told)
    bands = {name: share(told, lambda one, name=name: glucose.band(one.reading, patient.diabetes_type) == name)
             for name in ("very_low", "low", "in_range", "high", "very_high")}
    traced = {at: value for at, one in zip(minutes, told, strict=True) if (value := one.mg_dl) is not None}
    swing = mage(list(traced), list(traced.values()))
    middle, pregnant = measures.mean(values), patient.diabetes_type == "gestational"
    return {
        "mean_mmol_l": middle / MG_DL_PER_MMOL_L, "mean_mg_dl": middle, "cv_percent": measures.cv_percent(values),
        "time_in_range_percent": bands["in_range"], "time_low_percent": bands["low"] + bands["very_low"],
        "time_very_low_percent": bands["very_low"], "time_high_percent": bands["high"] + bands["very_high"],
        "time_very_high_percent": bands["very_high"], "gmi_percent": None if pregnant else measures.gmi_percent(middle),
        "gri": None if pregnant else measures.gri(bands["very_low"], bands["low"], bands["high"], bands["very_high"]),
        "mage_mmol_l": None if swing is None else swing / MG_DL_PER_MMOL_L, "mage_mg_dl": swing}


def _why(name: str) -> dict[str, Any]:
    return reason("no_excursion" if name.startswith("mage") else "not_in_pregnancy")
