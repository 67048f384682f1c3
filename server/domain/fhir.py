"""FHIR R4: readings and measurements as Observations, and Observations as readings and measurements.

Codes are LOINC's, units UCUM's. A finger-stick is 14743-9 (mmol/L) or 41653-7 (mg/dL), a sensor's value 105272-9 or
99504-3. HI and LO are told as more or less than what the meters show. http://hl7.org/fhir/R4/observation.html
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NamedTuple

from server.domain.glucose import HI, LO, MG_DL, MMOL_L

LOINC, UCUM, URN = "http://loinc.org", "http://unitsofmeasure.org", "urn:ietf:rfc:3986"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
CODES = {("meter", MMOL_L): ("14743-9", "Glucose [Moles/volume] in Capillary blood by Glucometer"),
         ("meter", MG_DL): ("41653-7", "Glucose [Mass/volume] in Capillary blood by Glucometer"),
         ("cgm", MMOL_L): ("105272-9", "Glucose [Moles/volume] in Interstitial fluid"),
         ("cgm", MG_DL): ("99504-3", "Glucose [Mass/volume] in Interstitial fluid")}
# Codes that other systems give a glucose value, finger, blood or sensor.
GLUCOSE = {"14743-9": "meter", "41653-7": "meter", "15074-8": "import", "2339-0": "import", "2345-7": "import",
           "14749-6": "import", "105272-9": "cgm", "99504-3": "cgm"}
UNITS = {"mmol/l": MMOL_L, "mg/dl": MG_DL}
EDGES = {HI: {MMOL_L: (">", 33.3), MG_DL: (">", 600)}, LO: {MMOL_L: ("<", 1.1), MG_DL: ("<", 20)}}
# (kind, name) of a measurement: its code, what it is called, its unit.
MEASURED = {
    ("hba1c", "percent"): ("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", "%"),
    ("weight", "weight_kg"): ("29463-7", "Body weight", "kg"),
    ("waist", "waist_cm"): ("8280-0", "Waist Circumference at umbilicus", "cm"),
    ("sleep", "hours"): ("93832-4", "Sleep duration", "h"),
    ("blood_pressure", "systolic_mm_hg"): ("8480-6", "Systolic blood pressure", "mm[Hg]"),
    ("blood_pressure", "diastolic_mm_hg"): ("8462-4", "Diastolic blood pressure", "mm[Hg]"),
    ("blood_pressure", "pulse_per_minute"): ("8867-4", "Heart rate", "/min"),
    ("lipids", "total_cholesterol_mmol_l"): ("14647-2", "Cholesterol [Moles/volume] in Serum or Plasma", "mmol/L"),
    ("lipids", "ldl_mmol_l"): ("22748-8", "Cholesterol in LDL [Moles/volume] in Serum or Plasma", "mmol/L"),
    ("lipids", "hdl_mmol_l"): ("14646-4", "Cholesterol in HDL [Moles/volume] in Serum or Plasma", "mmol/L"),
    ("lipids", "triglycerides_mmol_l"): ("14927-8", "Triglyceride [Moles/volume] in Serum or Plasma", "mmol/L"),
    ("kidney", "egfr_ml_min"): ("98979-8", "Glomerular filtration rate (CKD-EPI 2021)", "mL/min/{1.73_m2}"),
    ("kidney", "albumin_creatinine_mg_g"): ("9318-7", "Albumin/Creatinine [Mass Ratio] in Urine", "mg/g"),
    ("kidney", "creatinine_umol_l"): ("14682-9", "Creatinine [Moles/volume] in Serum or Plasma", "umol/L")}
PANELS = {"blood_pressure": ("85354-9", "Blood pressure panel with all children optional"), "lipids": ("24331-1", "Lipid panel"),
          "kidney": ("98981-4", "Kidney function panel"),
          "eye": ("29271-4", "Eye exam"), "foot": ("11397-7", "Physical findings of Foot")}
VITAL = ("weight", "waist", "blood_pressure")
_NAME_OF = {code: place for place, (code, _, _) in MEASURED.items()}


class Read(NamedTuple):
    """What an Observation says: a glucose draft or a measurement's fields, with the identifier it came under; or why it
    says neither."""

    identifier: str | None
    glucose: dict[str, Any] | None = None
    measured: dict[str, Any] | None = None
    reason: str | None = None


def bundle(person: Mapping[str, Any], readings: Iterable[Mapping[str, Any]], measured: Iterable[Mapping[str, Any]],
           now: dt.datetime) -> dict[str, Any]:
    """A Bundle (collection) of the person and these readings and measurements."""
    resources = [_patient(person), *(_reading(one, person["id"]) for one in readings),
                 *(_measurement(one, person["id"]) for one in measured)]
    return {"resourceType": "Bundle", "type": "collection", "timestamp": _instant(now),
            "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources]}


def _patient(person: Mapping[str, Any]) -> dict[str, Any]:
    gender = {"male": "male", "female": "female"}.get(person.get("sex") or "", "unknown")
    patient = {"resourceType": "Patient", "id": str(person["id"]), "gender": gender}
    return patient | ({"birthDate": str(person["birth_on"])} if person.get("birth_on") else {})


def _reading(one: Mapping[str, Any], person_id: Any) -> dict[str, Any]:
    code, display = CODES["cgm" if one["source"] == "cgm" else "meter", one["unit"]]
    told = {**_observation(one["id"], person_id, "laboratory"), "code": _code(code, display),
            "effectiveDateTime": _instant(one["occurred_at"]), "issued": _instant(one["recorded_at"])}
    if one["value"] in EDGES:
        comparator, edge = EDGES[one["value"]][one["unit"]]
        quantity = _quantity(edge, one["unit"]) | {"comparator": comparator}
    else:
        quantity = _quantity(float(one["value"]), one["unit"])
    return told | {"valueQuantity": quantity} | ({"note": [{"text": one["note"]}]} if one.get("note") else {})


def _measurement(one: Mapping[str, Any], person_id: Any) -> dict[str, Any]:
    kind, values = one["kind"], one["values"]
    category = "vital-signs" if kind in VITAL else "exam" if "result" in values else "laboratory"
    told = {**_observation(one["id"], person_id, category), "effectiveDateTime": str(one["measured_on"])}
    parts = [(MEASURED[kind, name], values[name]) for name in values if (kind, name) in MEASURED and values[name] is not None]
    if kind in PANELS:
        told |= {"code": _code(*PANELS[kind])}
        if parts:
            told |= {"component": [{"code": _code(code, display), "valueQuantity": _quantity(float(value), unit)}
                                   for (code, display, unit), value in parts]}
        return told | ({"valueString": str(values["result"])} if values.get("result") else {})
    (code, display, unit), value = parts[0]
    return told | {"code": _code(code, display), "valueQuantity": _quantity(float(value), unit)}


def _observation(own_id: Any, person_id: Any, category: str) -> dict[str, Any]:
    return {"resourceType": "Observation", "id": str(own_id), "identifier": [{"system": URN, "value": f"urn:uuid:{own_id}"}],
            "status": "final", "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
            "subject": {"reference": f"urn:uuid:{person_id}"}}


def _code(code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": LOINC, "code": code, "display": display}]}


def _quantity(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def read(resource: object) -> Read:
    """What one resource says. Whatever it holds, it is read or has its reason."""
    if not isinstance(resource, dict) or resource.get("resourceType") != "Observation":
        return Read(None, reason="not_an_observation")
    identifier = _identifier(resource)
    if resource.get("status") in ("entered-in-error", "cancelled"):
        return Read(identifier, reason="withdrawn")
    codes = _codes(resource.get("code"))
    at = _when(resource.get("effectiveDateTime"))
    source = next((GLUCOSE[code] for code in codes if code in GLUCOSE), None)
    if source:
        value = _glucose(resource.get("valueQuantity"))
        if value is None:
            return Read(identifier, reason="value_unreadable")
        if not isinstance(at, dt.datetime):
            return Read(identifier, reason="time_unreadable")
        return Read(identifier, glucose={"occurred_at": at, "value": value[0], "unit": value[1], "source": source})
    return _measured(resource, codes, at, identifier)


def _measured(resource: dict[str, Any], codes: list[str], at: dt.datetime | dt.date | None, identifier: str | None) -> Read:
    parts = resource.get("component") if isinstance(resource.get("component"), list) else []
    pairs = [(code, resource.get("valueQuantity")) for code in codes] + [
        (code, part.get("valueQuantity")) for part in parts if isinstance(part, dict) for code in _codes(part.get("code"))]
    named = [(_NAME_OF[code], _number(quantity)) for code, quantity in pairs if code in _NAME_OF]
    kinds = {kind for (kind, _), value in named if value is not None}
    if len(kinds) != 1:
        return Read(identifier, reason="code_unknown")
    if at is None:
        return Read(identifier, reason="time_unreadable")
    day = at.date() if isinstance(at, dt.datetime) else at
    values = {name: value for (_, name), value in named if value is not None}
    return Read(identifier, measured={"kind": kinds.pop(), "measured_on": day, **values})


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


def _number(quantity: object) -> float | None:
    value = quantity.get("value") if isinstance(quantity, dict) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6 else None


def _glucose(quantity: object) -> tuple[Decimal | str, str] | None:
    """(value with at most one decimal, unit); beyond what a meter shows it is HI or LO."""
    if not isinstance(quantity, dict):
        return None
    unit = UNITS.get(str(quantity.get("code") or quantity.get("unit") or "").lower())
    number = _number(quantity)
    if unit is None or number is None:
        return None
    if quantity.get("comparator") in (">", ">=", "<", "<="):
        return (HI if ">" in quantity["comparator"] else LO), unit
    try:
        return Decimal(str(number)).quantize(Decimal("0.1"), ROUND_HALF_UP), unit
    except InvalidOperation:
        return None


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
