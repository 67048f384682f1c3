"""Before and after the same meal: what the meal did."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from server.domain.glucose import MG_DL_PER_MMOL_L, MMOL_L
from server.domain.insights import measures
from server.domain.insights.readings import Told

MEALS = {"breakfast": ("fasting", "after_breakfast"), "lunch": ("before_lunch", "after_lunch"),
         "dinner": ("before_dinner", "after_dinner")}
# A rise above this says that the meal is worth a look (docs/clinical.md 1.5).
NOTABLE_RISE_MMOL_L = 3.3


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two readings of one meal on one day."""

    meal: str
    before: Told
    after: Told

    @property
    def delta_mmol_l(self) -> float:
        """After less before, of the values as typed: two in mmol/L are subtracted exactly."""
        before, after = self.before.reading, self.after.reading
        if before.unit == after.unit:
            apart = float(after.typed - before.typed)  # type: ignore[operator]
            return apart if after.unit == MMOL_L else apart / MG_DL_PER_MMOL_L
        return (self.after.mg_dl - self.before.mg_dl) / MG_DL_PER_MMOL_L  # type: ignore[operator]


def found(told: Iterable[Told]) -> list[Pair]:
    """The pairs, one a meal and day, in the order of time. `told` is in that order.

    The later of two readings in a slot is the slot's; the one before the meal is the last that came before the one
    after it. HI and LO make no pair.
    """
    after_of = {after: (meal, before) for meal, (before, after) in MEALS.items()}
    before_slots = {before: meal for meal, (before, _) in MEALS.items()}
    befores: dict[tuple, Told] = {}
    pairs: dict[tuple, Pair] = {}
    for one in told:
        if one.mg_dl is None:
            continue
        if one.slot in before_slots:
            befores[one.day, before_slots[one.slot]] = one
        elif one.slot in after_of:
            meal, _ = after_of[one.slot]
            before = befores.get((one.day, meal))
            if before is not None:
                pairs[one.day, meal] = Pair(meal, before, one)
    return sorted(pairs.values(), key=lambda pair: pair.after.at)


def summary(pairs: list[Pair]) -> dict[str, Any]:
    """How many pairs, their mean difference, how many rose notably or fell, and the same for each meal."""
    return {**_figures(pairs), "by_meal": [
        {"meal": meal, **_figures([pair for pair in pairs if pair.meal == meal])} for meal in MEALS]}


def _figures(pairs: list[Pair]) -> dict[str, Any]:
    deltas = [pair.delta_mmol_l for pair in pairs]
    return {"n": len(deltas), "mean_delta_mmol_l": measures.mean(deltas) if deltas else None,
            "notable_rises": sum(delta > NOTABLE_RISE_MMOL_L for delta in deltas),
            "falls": sum(delta < 0 for delta in deltas)}
