"""Who a person is and how they are treated: the words of the profile."""

import datetime as dt

from server.domain.refusals import Refusal

SEXES = ("female", "male", "other")
DIABETES_TYPES = ("type1", "type2", "gestational", "prediabetes", "unknown")
TREATMENTS = ("lifestyle", "oral", "basal_insulin", "premixed_insulin", "intensive_insulin", "pump")
MEDICINES = ("metformin", "sulfonylurea", "glinide", "acarbose", "sglt2", "dpp4", "glp1", "tzd", "steroid", "basal",
             "premixed", "rapid")
BASES = ("guardian", "carer")
MOST_DEPENDANTS = 10
DEFAULT_NICKNAME = "糖友"
DEFAULT_QUIET_HOURS = {"from": "21:30", "to": "06:30"}


def check_birth(birth_on: dt.date | None, today: dt.date) -> None:
    """Refuse a birth date that has not come. Raises birth_in_future."""
    if birth_on is not None and birth_on > today:
        raise Refusal("birth_in_future")
