"""Readings and measurements as Observations in a Bundle."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from server.domain.fhir.codes import CATEGORY, CODES, EDGES, LOINC, MEASURED, PANELS, UCUM, URN, VITAL


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
