"""Who a person is and how they are treated: the words of the profile."""

import datetime as dt
from collections.abc import Mapping

from server.domain.camps import DEFAULT_TIMEZONE, minutes_of, zone
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


def after_quiet_hours(quiet_hours: Mapping[str, str], now: dt.datetime) -> dt.datetime:
    """When the person may be disturbed next, in UTC: `now` itself outside their quiet hours, or else their end. The hours
    are wall times of Asia/Shanghai and may run over midnight; ones that end as they begin are none."""
    here = now.astimezone(zone(DEFAULT_TIMEZONE))
    begin, end, at = minutes_of(quiet_hours["from"]), minutes_of(quiet_hours["to"]), here.hour * 60 + here.minute
    evening = begin > end and at >= begin
    if not (evening or (at < end and (begin > end or at >= begin))):
        return now
    wakes = here.replace(hour=end // 60, minute=end % 60, second=0, microsecond=0) + dt.timedelta(days=1 if evening else 0)
    return wakes.astimezone(dt.UTC)
