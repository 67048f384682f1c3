"""An Observation as a reading or a measurement, or why it is neither."""

import datetime as dt
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from server.domain.camps import DEFAULT_TIMEZONE, zone
from server.domain.fhir.codes import GLUCOSE, LOINC, MEASURED, NAME_OF, UNITS, WHOLE
from server.domain.glucose import beyond, next_to, unit_of

COMPARATORS = (">", ">=", "<", "<=")


class Read(NamedTuple):
    """What an Observation says: a glucose draft or a measurement's fields, with the identifier it came under; or why it
    says neither. `said` is the (value, unit) of a glucose value, exact or not, in which a danger is looked for whatever
    becomes of it."""

    identifier: str | None
    glucose: dict[str, Any] | None = None
    measured: dict[str, Any] | None = None
    reason: str | None = None
    said: tuple[Any, str | None] | None = None


class _Unread(Exception):
    """Why a quantity says nothing that can be kept."""


def entries_of(resource: dict[str, Any]) -> list[Any]:
    """The entries of a Bundle; a resource by itself is one."""
    if resource.get("resourceType") != "Bundle":
        return [{"resource": resource}]
    return resource["entry"] if isinstance(resource.get("entry"), list) else []


def read(resource: object) -> Read:
    """What one resource says. Whatever it holds, it is read or has its reason."""
    if not isinstance(resource, dict) or resource.get("resourceType") != "Observation":
        return Read(None, reason="not_an_observation")
    told = Read(_identifier(resource))
    codes = _codes(resource.get("code"))
    source = next((GLUCOSE[code] for code in codes if code in GLUCOSE), None)
    if source:
        told = told._replace(said=_said(resource))
    if resource.get("status") in ("entered-in-error", "cancelled"):
        return told._replace(reason="withdrawn")
    at = _when(resource.get("effectiveDateTime"))
    try:
        if not source:
            return told._replace(measured=_measured(resource, codes, at))
        value, unit = _glucose(resource.get("valueQuantity"))
    except _Unread as unread:
        return told._replace(reason=str(unread))
    if not isinstance(at, dt.datetime):
        return told._replace(reason="time_unreadable")
    return told._replace(glucose={"occurred_at": at, "value": value, "unit": unit, "source": source}, said=(value, unit))


def _measured(resource: dict[str, Any], codes: list[str], at: dt.datetime | dt.date | None) -> dict[str, Any]:
    parts = resource.get("component") if isinstance(resource.get("component"), list) else []
    pairs = [(code, resource.get("valueQuantity")) for code in codes] + [
        (code, part.get("valueQuantity")) for part in parts if isinstance(part, dict) for code in _codes(part.get("code"))]
    named = [(NAME_OF[code], quantity) for code, quantity in pairs if code in NAME_OF and _number(quantity) is not None]
    kinds = {kind for (kind, _), _ in named}
    if len(kinds) != 1:
        raise _Unread("code_unknown")
    values = {name: _amount(quantity, MEASURED[kind, name][2]) for (kind, name), quantity in named}
    if at is None:
        raise _Unread("time_unreadable")
    day = at.astimezone(zone(DEFAULT_TIMEZONE)).date() if isinstance(at, dt.datetime) else at
    return {"kind": kinds.pop(), "measured_on": day, **values}


def _identifier(resource: dict[str, Any]) -> str | None:
    found = resource.get("identifier")
    for one in found if isinstance(found, list) else []:
        if isinstance(one, dict) and isinstance(one.get("value"), str):
            return f"{one.get('system', '')}|{one['value']}"[:300]
    own = resource.get("id")
    return f"id|{own}"[:300] if isinstance(own, str) else None


def _codes(concept: object) -> list[str]:
    codings = concept.get("coding") if isinstance(concept, dict) else None
    return [coding["code"] for coding in codings if isinstance(coding, dict) and coding.get("system") == LOINC
            and isinstance(coding.get("code"), str)] if isinstance(codings, list) else []


def _number(quantity: object) -> Decimal | None:
    value = quantity.get("value") if isinstance(quantity, dict) else None
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6
    return Decimal(str(value)) if is_number else None


def _units(quantity: dict[str, Any]) -> list[str]:
    """The code of the unit and its name, as far as they are said."""
    said = [each for each in (quantity.get("code"), quantity.get("unit")) if isinstance(each, str) and each.strip()]
    return [unicodedata.normalize("NFKC", each).replace(" ", "").lower() for each in said]


def _amount(quantity: dict[str, Any], unit: str) -> int | float:
    """The quantity in our unit. Raises _Unread when it is written in none that is known or in two, or is no exact value."""
    known = UNITS[unit]
    told = _units(quantity)
    # The code decides; a name beside it that is a unit too must be the same one.
    if not told or told[0] not in known:
        raise _Unread("unit_unknown")
    if any(each in known and known[each] != known[told[0]] for each in told):
        raise _Unread("unit_contradicted")
    if quantity.get("comparator"):
        raise _Unread("value_inexact")
    times, more = map(Decimal, known[told[0]])
    number = _number(quantity)
    if (times, more) != (1, 0):
        number = (number * times + more).quantize(Decimal("0.1"), ROUND_HALF_UP)
    # 7.199999999999999 is how another system adds; no laboratory tells more than three decimals.
    number = number.quantize(Decimal(1) if unit in WHOLE else Decimal("0.001"), ROUND_HALF_UP)
    return int(number) if number == number.to_integral_value() else float(number)


def _glucose(quantity: object) -> tuple[Decimal | str, str]:
    """(value with at most one decimal, unit); beyond what a meter shows it is HI or LO. Raises _Unread."""
    number = _number(quantity)
    if not isinstance(quantity, dict) or number is None:
        raise _Unread("value_unreadable")
    unit = _glucose_unit(quantity)
    if unit is None:
        units = {unit_of(each) for each in _units(quantity)} - {None}
        raise _Unread("unit_contradicted" if len(units) > 1 else "unit_unknown")
    comparator = quantity.get("comparator")
    if not comparator:
        return number.quantize(Decimal("0.1"), ROUND_HALF_UP), unit
    if comparator not in COMPARATORS:
        raise _Unread("value_unreadable")
    edge = beyond(comparator, number, unit)
    if edge is None:
        raise _Unread("value_inexact")
    return edge, unit


def _glucose_unit(quantity: dict[str, Any]) -> str | None:
    """The unit, None where none is said or more than one. The code decides; a name beside it may be any word but the
    other unit."""
    told = [unit_of(each) for each in _units(quantity)]
    return told[0] if told and len(set(told) - {None}) == 1 else None


def _said(resource: dict[str, Any]) -> tuple[Any, str | None] | None:
    """What stands where the glucose value should, whether it can be read or not, and its unit."""
    quantity = resource.get("valueQuantity")
    if not isinstance(quantity, dict):
        return resource.get("valueString", resource.get("valueInteger")), None
    number = _number(quantity)
    if number is None:
        return quantity.get("value"), _glucose_unit(quantity)
    comparator = quantity.get("comparator")
    return next_to(comparator, number) if isinstance(comparator, str) else number, _glucose_unit(quantity)


def _when(text: object) -> dt.datetime | dt.date | None:
    """An instant in UTC, a bare date, or None."""
    if not isinstance(text, str):
        return None
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return dt.date.fromisoformat(text)
        at = dt.datetime.fromisoformat(text)
        return at.astimezone(dt.UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None
