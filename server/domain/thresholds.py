"""Where dangers begin and where the usual range ends: one table, of which the rules, the figures and what is published
all come.

Each is (mmol/L, mg/dL), compared in the unit the value was typed in. Sources are those of docs/clinical.md; no clinician
has reviewed them.
"""

from decimal import Decimal
from typing import NamedTuple


class Threshold(NamedTuple):
    """A glucose threshold in both units, and where it comes from."""

    mmol_l: str
    mg_dl: int
    source: str

    @property
    def both(self) -> tuple[str, int]:
        """The threshold as a reading is compared with it."""
        return self.mmol_l, self.mg_dl

    @property
    def said(self) -> str:
        """The threshold as a person reads it: whose meter shows mg/dL must not compare 65 with 3.9."""
        return in_both_units(self.mmol_l, self.mg_dl)


def in_both_units(mmol_l: object, mg_dl: object) -> str:
    """Values in both units, in one breath."""
    return f"{mmol_l} mmol/L（{mg_dl} mg/dL）"


CRITICAL_LOW_BELOW = Threshold("3.0", 54, "ADA level 2 [S9]")
LOW_BELOW = Threshold("3.9", 70, "ADA level 1 [S9]")
HIGH_FROM = Threshold("13.9", 250, "[S11], [S14]")
CRITICAL_HIGH_FROM = Threshold("16.7", 300, "[S15], CDMS 1002 [S10]")
# The range of the consensus; below it a low begins, in pregnancy earlier. Beyond HIGH_FROM is very high.
RANGE_UP_TO = Threshold("10.0", 180, "TIR consensus 2019")
PREGNANCY_RANGE_FROM = Threshold("3.5", 63, "TIR consensus 2019")
PREGNANCY_RANGE_UP_TO = Threshold("7.8", 140, "TIR consensus 2019")
# Up to here whose treatment can cause a low is told to mind it; the old and frail earlier.
NEAR_LOW_BELOW = Threshold("4.4", 80, "[S11]")
NEAR_LOW_WHEN_FRAIL_BELOW = Threshold("5.0", 90, "[S11]")
# Before diabetes such a reading is to be repeated from a vein.
VENOUS_FROM = Threshold("11.1", 200, "WHO 1999")
# One such reading is the doctor's at once.
DOCTOR_AT_ONCE_FROM = Threshold("27.8", 500, "product.md, Alert")
# In pregnancy the nurse hears of these the same day.
PREGNANCY_LOW_BELOW = Threshold("3.3", 59, "clinical.md 1.2, 妊娠期高血糖诊治指南（2022）")
PREGNANCY_HIGH_FROM = Threshold("11.1", 200, "clinical.md 1.3")
PREGNANCY_FASTING_FROM = Threshold("7.0", 126, "clinical.md 1.3")
# From here on who may go low by their treatment exercises without eating first.
BEFORE_EXERCISE_FROM = Threshold("5.6", 100, "clinical.md 1.7 [S22]")
# Beyond these a value is asked to be confirmed.
ODD_ABOVE = Threshold("33.3", 599, "[S12]")
ODD_BELOW = Threshold("1.1", 20, "[S12]")
# Beyond these a sensor shows no number any more; meters go further.
SHOWN_FROM = Threshold("2.2", 40, "the narrowest range of sensors, 40-400 mg/dL")
SHOWN_UP_TO = Threshold("22.2", 400, "the narrowest range of sensors, 40-400 mg/dL")
# Blood ketones in mmol/L and the grade in urine.
KETONE_EMERGENCY, KETONE_RAISED = Decimal("3.0"), Decimal("1.5")
URINE_EMERGENCY, URINE_RAISED = "2+", "1+"
KETONE_SOURCE = "[S14]"
