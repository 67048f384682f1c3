"""What a measurement may hold."""

import datetime as dt

import pytest

from server.domain import measurements
from server.domain.refusals import Refusal

TODAY = dt.date(2026, 3, 2)
WHOLE = {"hba1c": {"percent": 7.2}, "blood_pressure": {"systolic_mm_hg": 120, "diastolic_mm_hg": 80},
         "weight": {"weight_kg": 61.5}, "waist": {"waist_cm": 88}, "sleep": {"hours": 6.5}, "lipids": {"ldl_mmol_l": 2.61},
         "kidney": {"egfr_ml_min": 92},
         "eye": {"result": "normal"}, "foot": {"result": "ulcer", "wagner": 2}}


def test_every_kind_has_a_measurement_that_is_whole():
    assert set(WHOLE) == set(measurements.KINDS)
    for kind, values in WHOLE.items():
        measurements.check(kind, values, TODAY, TODAY)
        assert set(values) <= set(measurements.names_of(kind))


@pytest.mark.parametrize(("kind", "values", "on", "code"), [
    ("hba1c", {"percent": 7.2}, TODAY + dt.timedelta(days=1), "measured_in_future"),
    ("hba1c", {}, TODAY, "measurement_incomplete"), ("lipids", {}, TODAY, "measurement_incomplete"),
    ("blood_pressure", {"systolic_mm_hg": 120}, TODAY, "measurement_incomplete"),
    ("foot", {"wagner": 1}, TODAY, "measurement_incomplete"),
    # Whoever files it, the interface or a Bundle: the range is the rule's.
    ("weight", {"weight_kg": -5}, TODAY, "measurement_implausible"), ("hba1c", {"percent": 53}, TODAY, "measurement_implausible"),
    ("blood_pressure", {"systolic_mm_hg": 80, "diastolic_mm_hg": 80}, TODAY, "measurement_implausible"),
    ("eye", {"result": "ulcer"}, TODAY, "measurement_implausible"),
    ("foot", {"result": "mild"}, TODAY, "measurement_implausible"),
    ("foot", {"result": "normal", "wagner": 2}, TODAY, "measurement_implausible"),
    ("lipids", {"total_cholesterol_mmol_l": 4.0, "ldl_mmol_l": 3.5, "hdl_mmol_l": 1.2}, TODAY, "measurement_implausible"),
])
def test_what_cannot_be_is_refused(kind, values, on, code):
    with pytest.raises(Refusal) as refused:
        measurements.check(kind, values, on, TODAY)
    assert refused.value.code == code
    assert refused.value.says()


@pytest.mark.parametrize(("changes", "code"), [
    ({"kind": "weight"}, "kind_fixed"), ({"weight_kg": 60}, "field_of_other_kind"), ({"result": "mild"}, "field_of_other_kind")])
def test_a_measurement_stays_what_it_is(changes, code):
    measurements.check_change("hba1c", {"kind": "hba1c", "percent": 7, "note": None, "measured_on": TODAY, "source": "home"})
    with pytest.raises(Refusal) as refused:
        measurements.check_change("hba1c", changes)
    assert refused.value.code == code
