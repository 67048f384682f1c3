"""化验与体征: what a measurement holds, and what of it cannot be."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from server.domain.refusals import Refusal

# What each kind may hold, as (name, least, most); what must be there stands first in REQUIRED. Ranges are what a
# laboratory or a device could report at all, not what is healthy.
FIELDS: dict[str, dict[str, tuple[float, float]]] = {
    "hba1c": {"percent": (3, 20)},
    "blood_pressure": {"systolic_mm_hg": (50, 300), "diastolic_mm_hg": (20, 200), "pulse_per_minute": (20, 250)},
    "weight": {"weight_kg": (2, 350)},
    "waist": {"waist_cm": (30, 250)},
    "sleep": {"hours": (0, 24)},
    "lipids": {"total_cholesterol_mmol_l": (0.5, 30), "ldl_mmol_l": (0.1, 20), "hdl_mmol_l": (0.1, 10),
               "triglycerides_mmol_l": (0.1, 100)},
    "kidney": {"egfr_ml_min": (1, 200), "albumin_creatinine_mg_g": (0, 20000), "creatinine_umol_l": (10, 3000)},
    "eye": {},
    "foot": {"wagner": (0, 5)},
}
RESULTS: dict[str, tuple[str, ...]] = {
    "eye": ("normal", "mild", "moderate", "severe", "proliferative", "macular_oedema", "not_gradable"),
    "foot": ("normal", "neuropathy", "poor_circulation", "both", "ulcer"),
}
KINDS = tuple(FIELDS)
REQUIRED = {"hba1c": ("percent",), "blood_pressure": ("systolic_mm_hg", "diastolic_mm_hg"), "weight": ("weight_kg",),
            "waist": ("waist_cm",), "sleep": ("hours",), "lipids": (), "kidney": (), "eye": ("result",), "foot": ("result",)}
SOURCES = ("hospital", "checkup", "home", "device")
COMMON = ("measured_on", "source", "note")


def names_of(kind: str) -> tuple[str, ...]:
    """The names of what a kind may hold."""
    return (*FIELDS[kind], *(("result",) if kind in RESULTS else ()))


def check_change(kind: str, changes: Mapping[str, object]) -> None:
    """Let a change pass that names only what this kind holds. Raises kind_fixed, field_of_other_kind."""
    if changes.get("kind", kind) != kind:
        raise Refusal("kind_fixed")
    for name in changes:
        if name != "kind" and name not in COMMON and name not in names_of(kind):
            raise Refusal("field_of_other_kind", field=name)


def check(kind: str, values: Mapping[str, Any], measured_on: dt.date, today: dt.date) -> None:
    """Let a measurement pass that says something and can be. Raises measured_in_future, measurement_incomplete,
    measurement_implausible."""
    if measured_on > today:
        raise Refusal("measured_in_future")
    if not values or any(values.get(name) is None for name in REQUIRED[kind]):
        raise Refusal("measurement_incomplete")
    problem = _problem(kind, values)
    if problem:
        raise Refusal("measurement_implausible", problem=problem)


def _problem(kind: str, values: Mapping[str, Any]) -> str | None:
    for name, (least, most) in FIELDS[kind].items():
        if values.get(name) is not None and not least <= values[name] <= most:
            return f"{values[name]} 不在 {least} 到 {most} 之间。"
    if kind == "blood_pressure" and values["systolic_mm_hg"] <= values["diastolic_mm_hg"]:
        return "高压要比低压高。"
    if kind in RESULTS and values["result"] not in RESULTS[kind]:
        return "这项检查没有这种结果。"
    if kind == "foot" and values["result"] == "normal" and values.get("wagner"):
        return "足部正常的，Wagner 分级是 0。"
    total = values.get("total_cholesterol_mmol_l")
    parts = [values[name] for name in ("ldl_mmol_l", "hdl_mmol_l") if values.get(name) is not None]
    if total is not None and parts and sum(parts) > total + 0.3:
        return "低密度和高密度加起来超过了总胆固醇。"
    return None
