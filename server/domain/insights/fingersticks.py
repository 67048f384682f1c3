"""What finger-sticks say over some days: shares, spread, risk, pairs, slots and lows."""

from collections.abc import Callable
from typing import Any

from server.domain import glucose, thresholds
from server.domain.glucose import HI, LO, MG_DL_PER_MMOL_L, SLOTS, Patient
from server.domain.insights import measures, pairs
from server.domain.insights.readings import LEAST_READINGS, Told, numbers, reason, share

CAVEATS = {
    "ea1c_percent": "这是由手指血的平均值推算的糖化，只是估计：什么时候测、测得多不多都会影响它，不能代替化验。",
    "lbgi": "手指血的风险指数不能和动态血糖的相比。",
}
BEYOND_METER = "有 {count} 次超出血糖仪范围（HI 或 LO），平均值、波动和风险指数没有算它们。"
LOW = thresholds.LOW_BELOW.both
Verdict = Callable[[Told], bool | None]


def summary(told: list[Told], patient: Patient) -> dict[str, Any]:
    """Every figure that these readings (in the order of time, one person's own) are enough for; where they are not, null,
    and `reasons` has why."""
    verdicts = {one.entry_id: glucose.on_target(one.reading, one.slot, one.hours_after, patient, one.day) for one in told}

    def verdict(one: Told) -> bool | None:
        return verdicts[one.entry_id]

    by_slot: dict[str, list[Told]] = {slot: [] for slot in SLOTS}
    for one in told:
        by_slot[one.slot].append(one)
    found = pairs.found(told)
    figures = {**_averages(told), **_shares(told, verdict, patient)}
    return {
        "readings": len(told), "days_with_readings": len({one.day for one in told}), **figures,
        "beyond_meter": {"hi": _typed(told, HI), "lo": _typed(told, LO)},
        "pairs": pairs.summary(found),
        "slots": [_slot(slot, here, verdict) for slot, here in by_slot.items()],
        "lows": [_low(one) for one in reversed(told) if one.reading.below(*LOW)][:MOST_LOWS],
        "reasons": _reasons(told, figures, patient, paired=bool(found)), "caveats": _caveats(told, figures)}


MOST_LOWS = 50


def _averages(told: list[Told]) -> dict[str, float | None]:
    values = numbers(told)
    found: dict[str, float | None] = dict.fromkeys(
        ("mean_mmol_l", "mean_mg_dl", "sd_mmol_l", "sd_mg_dl", "cv_percent", "lbgi", "hbgi", "ea1c_percent"))
    if not values:
        return found
    found["mean_mg_dl"] = measures.mean(values)
    found["mean_mmol_l"] = found["mean_mg_dl"] / MG_DL_PER_MMOL_L
    if len(values) >= LEAST_READINGS["sd_mg_dl"]:
        found["sd_mg_dl"] = measures.sd(values)
        found["sd_mmol_l"] = found["sd_mg_dl"] / MG_DL_PER_MMOL_L
        found["cv_percent"] = measures.cv_percent(values)
    if len(values) >= LEAST_READINGS["lbgi"]:
        found["lbgi"], found["hbgi"] = measures.risks(values)
    if len(values) >= LEAST_READINGS["ea1c_percent"]:
        found["ea1c_percent"] = measures.ea1c_percent(found["mean_mg_dl"])
    return found


def _shares(told: list[Told], verdict: Verdict, patient: Patient) -> dict[str, float | int | None]:
    """The shares in percent: in target of those that have a verdict, the others of all. HI and LO count. Ranges are the
    consensus's, in pregnancy 3.5-7.8 mmol/L, as in the picture and with a sensor."""
    judged = [one for one in told if verdict(one) is not None]
    bands = [glucose.band(one.reading, patient.diabetes_type) for one in told]

    def of(*names: str) -> float | None:
        return share(bands, lambda band: band in names)

    return {"judged": len(judged),
            "in_target_percent": share(judged, lambda one: bool(verdict(one))),
            "in_range_percent": of("in_range"), "low_percent": of("low", "very_low"), "very_low_percent": of("very_low"),
            "high_percent": of("high", "very_high"), "very_high_percent": of("very_high")}


def _slot(slot: str, told: list[Told], verdict: Verdict) -> dict[str, Any]:
    values = [value / MG_DL_PER_MMOL_L for value in numbers(told)]
    verdicts = [verdict(one) for one in told]
    return {"slot": slot, "n": len(told), "mean_mmol_l": measures.mean(values) if values else None,
            "lowest_mmol_l": min(values, default=None), "highest_mmol_l": max(values, default=None),
            "in_target": verdicts.count(True), "judged": len(verdicts) - verdicts.count(None)}


def _low(one: Told) -> dict[str, Any]:
    return {"entry_id": one.entry_id, "occurred_at": one.at, "day": one.day, "slot": one.slot, "value": one.reading.typed,
            "unit": one.reading.unit}


def _typed(told: list[Told], word: str) -> int:
    return sum(one.reading.typed == word for one in told)


def _reasons(told: list[Told], figures: dict[str, Any], patient: Patient, *, paired: bool) -> dict[str, Any]:
    """Why each figure that is null is null."""
    missing = [name for name, value in figures.items() if value is None]
    have = len(numbers(told))
    reasons = {}
    for name in missing:
        if name == "in_target_percent" and told:
            waits = glucose.is_old_or_frail(patient, told[-1].day) and not patient.own.ranges
            reasons[name] = reason("target_not_set" if waits else "no_target_for_these")
        elif not have:
            reasons[name] = reason("no_readings")
        else:
            reasons[name] = reason("not_enough_readings", needed=LEAST_READINGS[name], have=have)
    if not paired:
        reasons["pairs"] = reason("no_pairs")
    return reasons


def _caveats(told: list[Told], figures: dict[str, Any]) -> list[str]:
    said = [sentence for name, sentence in CAVEATS.items() if figures[name] is not None]
    beyond = _typed(told, HI) + _typed(told, LO)
    return [*said, BEYOND_METER.format(count=beyond)] if beyond else said
