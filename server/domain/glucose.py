"""Glucose as typed, its canonical value, its band and whether it is on target.

Sources (docs/clinical.md, not reviewed by a clinician): one factor of 18 between the units; consensus bands; default
targets of CDS 2020 and the usual targets in pregnancy. Values are compared as typed, in the unit they were typed in:
an unrounded conversion would call 70 mg/dL (3.8889 mmol/L) low.
"""

import dataclasses
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from server.domain import thresholds
from server.domain.consents import age_years
from server.domain.refusals import Refusal

MG_DL_PER_MMOL_L = 18
MMOL_L, MG_DL = "mmol/L", "mg/dL"
UNITS = (MMOL_L, MG_DL)
HI, LO = "HI", "LO"
SLOTS = ("fasting", "after_breakfast", "before_lunch", "after_lunch", "before_dinner", "after_dinner", "bedtime",
         "night", "random")
AFTER_MEAL = frozenset({"after_breakfast", "after_lunch", "after_dinner"})
FILING_RANGE = {MMOL_L: (Decimal("0.6"), Decimal("55.5")), MG_DL: (Decimal(10), Decimal(1000))}
# How others write the units; "mg%" is the old word for mg/dL.
SPELLINGS = {"mmol/l": MMOL_L, "毫摩尔/升": MMOL_L, "毫摩尔每升": MMOL_L, "毫摩/升": MMOL_L, "毫摩每升": MMOL_L,
             "mg/dl": MG_DL, "mg%": MG_DL, "mg/100ml": MG_DL, "毫克/分升": MG_DL, "毫克每分升": MG_DL}
INSULINS = frozenset({"basal", "premixed", "rapid"})
_TENTH = Decimal("0.1")
# A value in mmol/L as typed, and its like in mg/dL as typed: what a reading of either unit is compared with.
Threshold = tuple[str, int]
# From here on, and below that.
Target = tuple[str, str, int, int]


@dataclasses.dataclass(frozen=True)
class Reading:
    """One reading as typed: a Decimal with at most one decimal, or HI or LO, in mmol/L or mg/dL."""

    typed: Decimal | str
    unit: str

    @property
    def mmol_l(self) -> Decimal | None:
        """The canonical value, mmol/L with one decimal, rounded half up; None for HI and LO."""
        return None if isinstance(self.typed, str) else to_mmol_l(self.typed, self.unit)

    def below(self, mmol_l: str, mg_dl: int) -> bool:
        """Whether it lies below the threshold of its own unit. LO lies below every one, HI below none."""
        if isinstance(self.typed, str):
            return self.typed == LO
        return self.typed < (Decimal(mmol_l) if self.unit == MMOL_L else mg_dl)

    def at_least(self, mmol_l: str, mg_dl: int) -> bool:
        """Whether it reaches the threshold of its own unit."""
        return not self.below(mmol_l, mg_dl)

    def above(self, mmol_l: str, mg_dl: int) -> bool:
        """Whether it lies above the threshold of its own unit."""
        if isinstance(self.typed, str):
            return self.typed == HI
        return self.typed > (Decimal(mmol_l) if self.unit == MMOL_L else mg_dl)


@dataclasses.dataclass(frozen=True)
class Limits:
    """Where alerts begin. A nurse or doctor may tighten them for one person; domain/targets.py says how far."""

    critical_low_below: Threshold = thresholds.CRITICAL_LOW_BELOW.both
    low_below: Threshold = thresholds.LOW_BELOW.both
    high_from: Threshold = thresholds.HIGH_FROM.both
    critical_high_from: Threshold = thresholds.CRITICAL_HIGH_FROM.both


@dataclasses.dataclass(frozen=True)
class Own:
    """What a nurse or doctor has set for one person: targets by group of slots, alert limits, and whether they are frail."""

    ranges: Mapping[str, Target] = dataclasses.field(default_factory=dict)
    limits: Limits = Limits()
    frail: bool = False


@dataclasses.dataclass(frozen=True)
class Patient:
    """What a verdict on a reading depends on besides the reading."""

    diabetes_type: str = "unknown"
    birth_on: dt.date | None = None
    treatments: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    own: Own = Own()
    weight_kg: float | None = None


def to_mmol_l(value: Decimal, unit: str) -> Decimal:
    """The value in mmol/L with one decimal, half up. With a factor of 18 no exact tie can occur."""
    mmol_l = value if unit == MMOL_L else value / MG_DL_PER_MMOL_L
    return mmol_l.quantize(_TENTH, ROUND_HALF_UP)


def unit_of(text: str) -> str | None:
    """The unit that this is a spelling of, None for none."""
    return SPELLINGS.get(re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower())


def beyond(comparator: str, edge: Decimal, unit: str) -> str | None:
    """HI or LO for "more than" or "less than" an edge that no number is shown beyond; None where one would be shown, for
    then nobody knows the value."""
    said = Reading(edge, unit)
    if comparator in (">", ">=", "≥"):
        return HI if said.at_least(*thresholds.SHOWN_UP_TO.both) else None
    return None if said.above(*thresholds.SHOWN_FROM.both) else LO


def next_to(comparator: str, edge: Decimal) -> Decimal:
    """The value that is nearest to what was said: the least that is more, or the most that is less."""
    return edge + {">": _TENTH, "<": -_TENTH}.get(comparator, Decimal(0))


def is_plausible(reading: Reading) -> bool:
    """Whether a meter could show the value, in that unit."""
    if isinstance(reading.typed, str):
        return True
    least, most = FILING_RANGE[reading.unit]
    return least <= reading.typed <= most


def check_plausible(reading: Reading, advice: dict | None) -> None:
    """Let a value a meter could show pass. Raises glucose_implausible, asking which value was meant."""
    if is_plausible(reading):
        return
    meant = _meant(reading.typed, reading.unit)
    question = f"{reading.typed} {reading.unit} 不像是血糖值。" + (
        f"您是想输入 {'，还是 '.join(meant)}？" if meant else "请看一眼血糖仪再输入。")
    raise Refusal("glucose_implausible", advice=advice, errors={"value": [question]}, question=question)


def _meant(typed: Decimal, unit: str) -> list[str]:
    """What the person may have meant: the other unit, or a decimal point in another place."""
    other = MG_DL if unit == MMOL_L else MMOL_L
    guesses = [(typed, other), (typed / 10, unit), (typed * 10, unit)]
    found = []
    for value, guessed_unit in guesses:
        rounded = value.quantize(_TENTH if guessed_unit == MMOL_L or value != value.to_integral() else Decimal(1), ROUND_HALF_UP)
        least, most = FILING_RANGE[guessed_unit]
        likely = Decimal(thresholds.ODD_ABOVE.mmol_l) if guessed_unit == MMOL_L else Decimal(600)
        if least <= rounded <= min(most, likely):
            also = f"（约 {to_mmol_l(rounded, MG_DL)} mmol/L）" if guessed_unit == MG_DL else ""
            found.append(f"{rounded} {guessed_unit}{also}")
    return found


def slot_by_hour(hour: int) -> str:
    """The slot suggested by the camp-local hour of a reading filed without one."""
    table = ((4, "night"), (9, "fasting"), (11, "after_breakfast"), (12, "before_lunch"), (16, "after_lunch"),
             (18, "before_dinner"), (21, "after_dinner"), (24, "bedtime"))
    return next(slot for until, slot in table if hour < until)


def band(reading: Reading, diabetes_type: str) -> str:
    """very_low, low, in_range, high or very_high by the consensus bands (3.0, 3.9, 10.0, 13.9 mmol/L; in pregnancy
    3.0, 3.5, 7.8, 13.9)."""
    pregnant = diabetes_type == "gestational"
    if reading.below(*thresholds.CRITICAL_LOW_BELOW.both):
        return "very_low"
    if reading.below(*(thresholds.PREGNANCY_RANGE_FROM if pregnant else thresholds.LOW_BELOW).both):
        return "low"
    if reading.above(*thresholds.HIGH_FROM.both):
        return "very_high"
    above = reading.above(*(thresholds.PREGNANCY_RANGE_UP_TO if pregnant else thresholds.RANGE_UP_TO).both)
    return "high" if above else "in_range"


def is_old_or_frail(patient: Patient, on: dt.date) -> bool:
    """Whether on-target verdicts wait for health staff: 75 and older, or 65 and older on insulin, a sulfonylurea or a
    glinide, and whom staff call frail (proposal of docs/clinical.md)."""
    if patient.own.frail:
        return True
    if patient.birth_on is None:
        return False
    age = age_years(patient.birth_on, on)
    return age >= 75 or (age >= 65 and risks_lows(patient))


def risks_lows(patient: Patient) -> bool:
    """Whether the treatment itself can cause a low."""
    return uses_insulin(patient.treatments, patient.medicines) or not {"sulfonylurea", "glinide"}.isdisjoint(patient.medicines)


def uses_insulin(treatments: Iterable[str], medicines: Iterable[str]) -> bool:
    """Whether insulin is among what the person said, as a treatment or as a medicine."""
    return any(t.endswith("insulin") or t == "pump" for t in treatments) or not INSULINS.isdisjoint(medicines)


def group_of(slot: str, hours_after: int | None) -> str:
    """The group of slots that share a target."""
    if slot in AFTER_MEAL:
        return "after_meal_1h" if hours_after == 1 else "after_meal"
    return "before_meal" if slot in ("before_lunch", "before_dinner") else slot


def target_for(slot: str, hours_after: int | None, patient: Patient, on: dt.date) -> Target | None:
    """The target in force for this person: the one that was set for them, or the default of their type, which waits for
    health staff with the old and frail. None where there is none."""
    own = patient.own.ranges.get(group_of(slot, hours_after))
    if own is not None or is_old_or_frail(patient, on):
        return own
    return _between(target_of(slot, hours_after, patient.diabetes_type), patient.own.limits)


def _between(target: Target | None, limits: Limits) -> Target | None:
    """What of a default lies between the person's own alert limits: no answer praises a value and rings for it. None where
    nothing is left of it."""
    if target is None:
        return None
    starts, from_mg_dl = max((target[0], target[2]), limits.low_below, key=_mmol_l)
    ends, below_mg_dl = min((target[1], target[3]), limits.high_from, key=_mmol_l)
    return (starts, ends, from_mg_dl, below_mg_dl) if Decimal(starts) < Decimal(ends) else None


def _mmol_l(threshold: Threshold) -> Decimal:
    return Decimal(threshold[0])


def target_of(slot: str, hours_after: int | None, diabetes_type: str) -> Target | None:
    """The default target as (from mmol/L, below mmol/L, from mg/dL, below mg/dL); None where none is defined.

    4.4-7.0 includes its upper end, so its exclusive limit is 7.1; the others ("<10.0") exclude theirs. In pregnancy no page
    names a lower end for finger-sticks: it is the alert's, since below 3.9 is a low for everybody.
    """
    if diabetes_type == "gestational":
        if slot in AFTER_MEAL:
            return ("3.9", "7.8", 70, 140) if hours_after == 1 else ("3.9", "6.7", 70, 121)
        return ("3.9", "5.3", 70, 96) if slot == "fasting" else None
    if diabetes_type == "prediabetes":
        if slot in AFTER_MEAL:
            return ("3.9", "7.8", 70, 140)
        return ("3.9", "6.1", 70, 110) if slot == "fasting" else None
    return ("4.4", "7.1", 80, 127) if slot == "fasting" else ("3.9", "10.0", 70, 180)


def on_target(reading: Reading, slot: str, hours_after: int | None, patient: Patient, on: dt.date) -> bool | None:
    """Whether the reading meets the person's target; None for HI, LO, an unconfirmed value, and where no target is in
    force. A low is off target at any hour, but with the old and frail nothing is said until somebody set a target."""
    if isinstance(reading.typed, str) or reading.above(*thresholds.ODD_ABOVE.both):
        return None
    target = target_for(slot, hours_after, patient, on)
    if target is not None:
        return meets(reading, target)
    low = band(reading, patient.diabetes_type) in ("very_low", "low")
    return False if low and not is_old_or_frail(patient, on) else None


def meets(reading: Reading, target: Target) -> bool:
    """Whether the reading lies in the target of its own unit."""
    from_mmol_l, below_mmol_l, from_mg_dl, below_mg_dl = target
    return reading.at_least(from_mmol_l, from_mg_dl) and reading.below(below_mmol_l, below_mg_dl)


def hints(reading: Reading, verdict: bool | None, patient: Patient, on: dt.date, target: Target | None = None) -> list[str]:
    """Gentle remarks beside a reading, in Chinese; a hint is never an alert, nor stands beside one.
    The old and frail are told earlier.

    `target` is the one in force now: it tells on which side of it the reading lies, and one that meets it is not remarked
    upon, whatever the verdict was when it was filed."""
    said = []
    near_low = thresholds.NEAR_LOW_WHEN_FRAIL_BELOW if is_old_or_frail(patient, on) else thresholds.NEAR_LOW_BELOW
    no_low = reading.at_least(*patient.own.limits.low_below)
    if no_low and reading.below(*near_low.both) and risks_lows(patient):
        said.append("血糖接近偏低，正在用的药可能引起低血糖，请留意。")
    missed = verdict is False and not (target and meets(reading, target))
    if missed and no_low and reading.below(*patient.own.limits.high_from):
        starts = (target[0], target[2]) if target else ("4.4", 80)
        said.append("比目标偏高一点，和饮食、运动对照着看看。" if reading.at_least(*starts) else "比目标偏低一点，请留意。")
    suspicious = patient.diabetes_type == "prediabetes" and reading.at_least(*thresholds.VENOUS_FROM.both)
    return [*said, "建议到医院抽静脉血复查。"] if suspicious else said


def conditions(values: Iterable[str]) -> tuple[str, ...]:
    """The values as an ordered tuple without repeats, as Patient wants them."""
    return tuple(dict.fromkeys(values))
