"""化验与体征: filed with their source and date."""

from typing import Any

from marshmallow import fields

from server.api.contract import OneOf, Word
from server.api.fields import Quantity
from server.api.views import Choice, Day, Id, Instant, PageOfPerson, Schema, Text, View, Whole, Words, items_of
from server.domain.measurements import FIELDS, KINDS, RESULTS, SOURCES
from server.services import measurements as service

word = Word("measurements", "化验与体征")
REFUSALS = ("consent_required", "measured_in_future", "measurement_incomplete", "measurement_implausible")


def _number(kind: str, name: str, **more: Any) -> Quantity:
    return Quantity(*FIELDS[kind][name], **more)


class Draft(Schema):
    """What every measurement has."""

    measured_on = Day(required=True)
    source = Choice(SOURCES, required=True)
    note = Text(0, 500, lines=True)
    person_id = Id()


class Hba1cDraft(Draft):
    """糖化血红蛋白, in percent (NGSP)."""

    kind = Choice(("hba1c",), required=True)
    percent = _number("hba1c", "percent", required=True)


class BloodPressureDraft(Draft):
    """血压."""

    kind = Choice(("blood_pressure",), required=True)
    systolic_mm_hg = Whole(50, 300, required=True)
    diastolic_mm_hg = Whole(20, 200, required=True)
    pulse_per_minute = Whole(20, 250)


class WeightDraft(Draft):
    """体重."""

    kind = Choice(("weight",), required=True)
    weight_kg = _number("weight", "weight_kg", required=True)


class WaistDraft(Draft):
    """腰围."""

    kind = Choice(("waist",), required=True)
    waist_cm = _number("waist", "waist_cm", required=True)


class SleepDraft(Draft):
    """睡眠, of the night that ended on the day."""

    kind = Choice(("sleep",), required=True)
    hours = _number("sleep", "hours", required=True)


class LipidsDraft(Draft):
    """血脂: at least one of them."""

    kind = Choice(("lipids",), required=True)
    total_cholesterol_mmol_l = _number("lipids", "total_cholesterol_mmol_l")
    ldl_mmol_l = _number("lipids", "ldl_mmol_l")
    hdl_mmol_l = _number("lipids", "hdl_mmol_l")
    triglycerides_mmol_l = _number("lipids", "triglycerides_mmol_l")


class KidneyDraft(Draft):
    """肾功能: at least one of them."""

    kind = Choice(("kidney",), required=True)
    egfr_ml_min = _number("kidney", "egfr_ml_min")
    albumin_creatinine_mg_g = _number("kidney", "albumin_creatinine_mg_g")
    creatinine_umol_l = _number("kidney", "creatinine_umol_l")


class EyeDraft(Draft):
    """眼底检查."""

    kind = Choice(("eye",), required=True)
    result = Choice(RESULTS["eye"], required=True)


class FootDraft(Draft):
    """足部检查."""

    kind = Choice(("foot",), required=True)
    result = Choice(RESULTS["foot"], required=True)
    wagner = Whole(0, 5)


DRAFTS = {"hba1c": Hba1cDraft, "blood_pressure": BloodPressureDraft, "weight": WeightDraft, "waist": WaistDraft,
          "sleep": SleepDraft, "lipids": LipidsDraft, "kidney": KidneyDraft, "eye": EyeDraft, "foot": FootDraft}


class MeasurementChanges(Schema):
    """What to correct; which of them a measurement has depends on its kind. null empties what may be empty."""

    kind = Choice(KINDS)
    measured_on = Day()
    source = Choice(SOURCES)
    note = Text(0, 500, lines=True, allow_none=True)
    percent = _number("hba1c", "percent")
    systolic_mm_hg = Whole(50, 300)
    diastolic_mm_hg = Whole(20, 200)
    pulse_per_minute = Whole(20, 250, allow_none=True)
    weight_kg = _number("weight", "weight_kg")
    waist_cm = _number("waist", "waist_cm")
    hours = _number("sleep", "hours")
    total_cholesterol_mmol_l = _number("lipids", "total_cholesterol_mmol_l", allow_none=True)
    ldl_mmol_l = _number("lipids", "ldl_mmol_l", allow_none=True)
    hdl_mmol_l = _number("lipids", "hdl_mmol_l", allow_none=True)
    triglycerides_mmol_l = _number("lipids", "triglycerides_mmol_l", allow_none=True)
    egfr_ml_min = _number("kidney", "egfr_ml_min", allow_none=True)
    albumin_creatinine_mg_g = _number("kidney", "albumin_creatinine_mg_g", allow_none=True)
    creatinine_umol_l = _number("kidney", "creatinine_umol_l", allow_none=True)
    result = Choice(tuple(dict.fromkeys((*RESULTS["eye"], *RESULTS["foot"]))))
    wagner = Whole(0, 5, allow_none=True)


class MeasurementsQuery(PageOfPerson):
    """Which measurements: of one kind, of which days, whose."""

    Meta = type("Meta", (Schema.Meta,), {"include": {"from": Day()}})
    to = Day()
    kind = Choice(KINDS)


class MeasurementView(View):
    """One measurement; `values` holds what was filed, by name."""

    id = Id()
    kind = Words()
    person_id = Id()
    filed_by = Id()
    measured_on = Day()
    source = Words()
    values = fields.Dict()
    note = Words(allow_none=True)
    recorded_at = Instant()
    version = Whole(1, 2**31)


@word.does("POST", "/measurements", takes=OneOf("kind", DRAFTS), gives=MeasurementView, status=201, refusals=REFUSALS)
def file(call, body):
    """记一次化验或体征"""
    return service.file(call, body)


@word.does("GET", "/measurements", asks=MeasurementsQuery, gives=items_of(MeasurementView), refusals=("cursor_unknown",))
def page(call, query):
    """化验与体征，最近的在前"""
    return service.page(call, query)


@word.does("PATCH", "/measurements/<uuid:measurement_id>", takes=MeasurementChanges, gives=MeasurementView,
           door=("measurement", "measurement.change"), refusals=(*REFUSALS, "kind_fixed", "field_of_other_kind"))
def change(call, measurement_id, body):
    """改正一次化验或体征"""
    return service.change(call, measurement_id, body)


@word.does("DELETE", "/measurements/<uuid:measurement_id>", status=204)
def remove(call, measurement_id):
    """删除一次化验或体征"""
    return service.remove(call, measurement_id)
