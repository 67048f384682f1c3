"""Targets: what is aimed at by type of diabetes and by person, with where each comes from, and how far an override may go.

Sources: docs/clinical.md 1.2 and 1.3, not reviewed by a clinician. A nurse or doctor sets a target as they see fit between
the alert limits; the limits themselves they may only tighten. HI, LO and ketones have no limit to move.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from server.domain import glucose, thresholds
from server.domain.glucose import MG_DL_PER_MMOL_L, Limits, Own, Patient, Target, Threshold
from server.domain.refusals import Refusal
from server.domain.thresholds import in_both_units

# One slot of each group stands for it.
GROUPS: dict[str, tuple[str, str, int | None]] = {
    "fasting": ("空腹", "fasting", None), "before_meal": ("餐前", "before_lunch", None),
    "after_meal": ("餐后 2 小时", "after_lunch", 2), "after_meal_1h": ("餐后 1 小时", "after_lunch", 1),
    "bedtime": ("睡前", "bedtime", None), "night": ("夜里", "night", None), "random": ("随机", "random", None)}
# How far each may be tightened: from everybody's line to the next one, or as far as a target reaches.
LIMITS = {
    "critical_low_below": ("严重低血糖的线", thresholds.CRITICAL_LOW_BELOW.mmol_l, thresholds.LOW_BELOW.mmol_l),
    "low_below": ("低血糖的线", thresholds.LOW_BELOW.mmol_l, "5.6"),
    "high_from": ("高血糖的线", thresholds.RANGE_UP_TO.mmol_l, thresholds.HIGH_FROM.mmol_l),
    "critical_high_from": ("很高的线", thresholds.HIGH_FROM.mmol_l, thresholds.CRITICAL_HIGH_FROM.mmol_l)}
LEAST_WIDTH = Decimal("1.0")
ADULT, PREGNANCY, PREDIABETES = (
    "中国 2 型糖尿病防治指南 2020（二手来源）", "妊娠期高血糖诊治的常用目标（二手来源四处一致）",
    "WHO 1999、2023 年糖尿病前期共识")
SOURCES = {"gestational": PREGNANCY, "prediabetes": PREDIABETES}
STAFF, DEFAULT = "staff", "default"
ROLE_NAMES = {"nurse": "护士", "doctor": "医生"}
WAITS = "年纪大或身体弱的，目标因人而异：等医生或护士为您设定，在那之前不判断是否达标。危险的高低血糖照样提醒。"
ADULT_HBA1C_BELOW_PERCENT = Decimal("7.0")
# Thresholds whose like in mg/dL is custom rather than arithmetic.
_CUSTOM_MG_DL = {Decimal("4.4"): 80, Decimal("7.1"): 127, Decimal("16.7"): 300}


def threshold(mmol_l: Decimal | str) -> Threshold:
    """A limit in mmol/L with its like in mg/dL."""
    value = Decimal(mmol_l)
    return str(value), _mg_dl(value)


def _mg_dl(value: Decimal) -> int:
    return _CUSTOM_MG_DL.get(value) or int((value * MG_DL_PER_MMOL_L).quantize(Decimal(1), ROUND_HALF_UP))


def _both(mmol_l: Decimal | str) -> str:
    return in_both_units(*threshold(mmol_l))


def own_of(ranges: Mapping[str, Any], limits: Mapping[str, Any], *, frail: bool) -> Own:
    """What was set, from {group: {from_mmol_l, below_mmol_l}} and {limit: mmol/L}; what is not named stays everybody's."""
    found: dict[str, Target] = {}
    for group, one in ranges.items():
        starts, ends = threshold(str(one["from_mmol_l"])), threshold(str(one["below_mmol_l"]))
        found[group] = (starts[0], ends[0], starts[1], ends[1])
    return Own(found, dataclasses.replace(Limits(), **{name: threshold(str(value)) for name, value in limits.items()}), frail)


def check(own: Own) -> None:
    """Let pass what keeps a person safe. Raises limit_loosened, target_unsafe."""
    for name, (said, least, most) in LIMITS.items():
        if not Decimal(least) <= Decimal(getattr(own.limits, name)[0]) <= Decimal(most):
            raise Refusal("limit_loosened", name=said, least=_both(least), most=_both(most))
    least, most = Decimal(own.limits.low_below[0]), Decimal(own.limits.high_from[0])
    for group, target in own.ranges.items():
        starts, ends = Decimal(target[0]), Decimal(target[1])
        if starts < least or ends > most or ends - starts < LEAST_WIDTH:
            raise Refusal("target_unsafe", name=GROUPS[group][0], least=_both(least), most=_both(most))


def in_force(patient: Patient, on: dt.date) -> list[dict[str, Any]]:
    """The target of every group of slots as this person has it that day: numbers, text, and where it comes from."""
    return [_row(group, patient, on) for group in GROUPS]


def _row(group: str, patient: Patient, on: dt.date) -> dict[str, Any]:
    name, slot, hours_after = GROUPS[group]
    target = glucose.target_for(slot, hours_after, patient, on)
    row: dict[str, Any] = {"group": group, "name": name, "from_mmol_l": None, "below_mmol_l": None, "from_mg_dl": None,
                           "below_mg_dl": None, "text": None, "source": None, "cites": None}
    if target is None:
        return row
    own = group in patient.own.ranges
    starts, ends, from_mg_dl, below_mg_dl = target
    last = Decimal(ends) - Decimal("0.1")
    return {**row, "from_mmol_l": Decimal(starts), "below_mmol_l": Decimal(ends), "from_mg_dl": from_mg_dl,
            "below_mg_dl": below_mg_dl,
            "text": in_both_units(f"{Decimal(starts):.1f}–{last:.1f}", f"{from_mg_dl}–{below_mg_dl - 1}"),
            "source": STAFF if own else DEFAULT, "cites": None if own else SOURCES.get(patient.diabetes_type, ADULT)}


def waits(patient: Patient, on: dt.date) -> bool:
    """Whether no target at all is in force because nobody has set one for somebody old or frail."""
    return glucose.is_old_or_frail(patient, on) and not patient.own.ranges


def limits_in_force(limits: Limits) -> list[dict[str, Any]]:
    """Where alerts begin for this person, and whether that is tighter than for everybody."""
    everybody = Limits()
    return [{"limit": name, "name": said, "mmol_l": Decimal(getattr(limits, name)[0]), "mg_dl": getattr(limits, name)[1],
             "tightened": getattr(limits, name) != getattr(everybody, name)} for name, (said, _, _) in LIMITS.items()]


def hba1c_below_percent(own: Decimal | None, patient: Patient, on: dt.date) -> Decimal | None:
    """The HbA1c aimed at: the one set, or the adults' 7.0; none in pregnancy, before diabetes, and for the old and frail."""
    if own is not None:
        return own
    waits_for_staff = patient.diabetes_type in ("gestational", "prediabetes") or glucose.is_old_or_frail(patient, on)
    return None if waits_for_staff else ADULT_HBA1C_BELOW_PERCENT
