"""The threshold cases written by hand, in the words of the domain."""

import json
import pathlib
from decimal import Decimal
from typing import Any, NamedTuple

from server.domain.glucose import MMOL_L, Patient, Reading

_TYPES = {"T1": "type1", "T2": "type2", "GDM": "gestational", "PRE": "prediabetes"}
_AFTER_MEAL = {"after_meal_1h": ("after_lunch", 1), "after_meal_2h": ("after_lunch", 2)}
_LEVELS = {"critical_high_confirm_value": "critical_high", "high_recheck_ketone": "high", "below_target_hint": None,
           "above_target_hint": None, "suggest_venous_test": None, "none": None}


class Case(NamedTuple):
    """One reading of one person and what must be said of it; `remark` is the alert as the file names it."""

    reading: Reading
    slot: str
    hours_after: int | None
    patient: Patient
    band: str
    on_target: bool | None
    level: str | None
    remark: str


def _case(row: dict[str, Any]) -> Case:
    typed = row["value"] if isinstance(row["value"], str) else Decimal(str(row["value"]))
    slot, hours_after = _AFTER_MEAL.get(row["slot"], (row["slot"], None))
    return Case(Reading(typed, row["unit"] or MMOL_L), slot, hours_after, Patient(_TYPES[row["diabetes_type"]]),
                row["band"], row["on_target"], _LEVELS.get(row["alert"], row["alert"]), row["alert"])


_FILE = pathlib.Path(__file__).with_name("boundary_cases.json")
CASES = [_case(row) for row in json.loads(_FILE.read_text("utf-8"))["cases"]]
NAMES = [f"{c.patient.diabetes_type}-{c.slot}-{c.reading.typed}-{c.reading.unit}" for c in CASES]
