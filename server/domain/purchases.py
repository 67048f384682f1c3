"""What a confirmed purchase of strips or a meter is worth in points."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from server.domain.refusals import Refusal

WAITING, CONFIRMED, REFUSED = "waiting", "confirmed", "refused"
# Used where a camp's rules were written before there was a rule for purchases.
DEFAULT_RULE = {"each": 20, "cap": 40}
# A test goes wrong now and then: a quarter more than the plan asks.
SPARE = (5, 4)
STRIPS_A_PACK = 50
OLDEST_DAYS = 90
# A pack of strips says how many it holds (strips-25, 试纸 50 片); a meter holds none.
_STRIPS = re.compile(r"(?:strips?|试纸)\D*(\d{1,3})", re.IGNORECASE)
_METER = re.compile("meter|仪", re.IGNORECASE)


def check_day(bought_on: dt.date, today: dt.date) -> None:
    """Let a purchase of the last 90 days pass. Raises purchase_day."""
    if not today - dt.timedelta(days=OLDEST_DAYS) <= bought_on <= today:
        raise Refusal("purchase_day", days=OLDEST_DAYS)


def strips_in(sku: str, quantity: int) -> int:
    """How many strips so many packs hold when nobody has counted them: what the name says, 50 where it says nothing."""
    said = _STRIPS.search(sku)
    pack = int(said[1]) if said else 0 if _METER.search(sku) else STRIPS_A_PACK
    return pack * quantity


def strips_needed(plan_days: Mapping[str, Mapping[str, Any]]) -> int:
    """How many strips the plan's days ask for, with some to spare."""
    asked = sum(day.get("glucose", 0) for day in plan_days.values())
    return -(-asked * SPARE[0] // SPARE[1])


def worth(rule: Mapping[str, int], strips_before: int, needed: int, paid_before: int) -> int:
    """The points of one more confirmed purchase.

    A purchase pays the same however much was bought, nothing once what was bought before covers the plan, and all
    purchases of a camp together no more than the cap: there is no reason to buy more than is needed.
    """
    if strips_before >= needed:
        return 0
    return max(0, min(rule["each"], rule["cap"] - paid_before))
