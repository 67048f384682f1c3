"""The measures of glucose, each over values in mg/dL that nobody has rounded.

Formulas as published (docs/clinical.md names the sources) and as R iglu 4.3.0 and iglu-python 0.4.3 reckon them: the
tests hold every figure against theirs. Percentages run from 0 to 100.
"""

import math
from collections.abc import Sequence

from server.domain.glucose import MG_DL_PER_MMOL_L, MMOL_L

# 10 x 1.509 squared, as iglu-python has it; R rounds it to 22.77, which differs by 3.6e-5.
_RISK_SCALE = 10 * 1.509**2


def in_mg_dl(typed: object, unit: str) -> float:
    """The value as typed in mg/dL. One typed in mmol/L is multiplied exactly, never rounded."""
    return float(typed * MG_DL_PER_MMOL_L) if unit == MMOL_L else float(typed)  # type: ignore[operator,arg-type]


def mean(values: Sequence[float]) -> float:
    """The mean."""
    return math.fsum(values) / len(values)


def sd(values: Sequence[float]) -> float:
    """The standard deviation of a sample (n - 1). Needs two values."""
    middle = mean(values)
    return math.sqrt(math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1))


def cv_percent(values: Sequence[float]) -> float:
    """The standard deviation as a share of the mean; up to 36 is called stable."""
    return 100 * sd(values) / mean(values)


def ea1c_percent(mean_mg_dl: float) -> float:
    """The HbA1c that goes with a mean glucose (ADAG): 126 is 6%, 154 is 7%."""
    return (mean_mg_dl + 46.7) / 28.7


def gmi_percent(mean_mg_dl: float) -> float:
    """The glucose management indicator of a sensor's mean."""
    return 3.31 + 0.02392 * mean_mg_dl


def risks(values: Sequence[float]) -> tuple[float, float]:
    """The low and the high blood glucose index (Kovatchev): mean risk over all values, split by its side."""
    sides = [math.log(value) ** 1.084 - 5.381 for value in values]
    low = math.fsum(side**2 for side in sides if side < 0)
    high = math.fsum(side**2 for side in sides if side > 0)
    return _RISK_SCALE * low / len(values), _RISK_SCALE * high / len(values)


def gri(very_low: float, low: float, high: float, very_high: float) -> float:
    """The glycemia risk index of a sensor's shares in percent: below 54, 54-69, 181-250 and above 250 mg/dL."""
    return min(100.0, 3.0 * very_low + 2.4 * low + 1.6 * very_high + 0.8 * high)


# No sensor tells less often (FreeStyle Libre's history; others every 1 to 5 minutes).
LONGEST_STEP_MINUTES = 15


def active_percent(minutes: Sequence[float]) -> float:
    """How much of the time from its first to its last value a sensor has told. `minutes` rise.

    The step is the median distance, at most that of the slowest sensor: a few values a day are few, however even. What is
    missing is what the longer ones leave out.
    """
    steps = [later - earlier for earlier, later in zip(minutes, minutes[1:], strict=False)]
    if not steps:
        return 0.0
    step = min(max(1, round(_median(steps))), LONGEST_STEP_MINUTES)
    due = round((minutes[-1] - minutes[0]) / step) + 1
    gaps = [each for each in steps if each > step]
    missing = round((math.fsum(gaps) - len(gaps) * step) / step)
    return 100 * (due - missing) / due


def _median(values: Sequence[float]) -> float:
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
