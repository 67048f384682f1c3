"""A record as FHIR R4: valid to a library that knows nothing of us, and taken back without a thing twice."""

from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from server.domain import fhir
from tests.makers import World, day

JSON = st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20), lambda inner: st.lists(
    inner, max_size=4) | st.dictionaries(st.sampled_from(
        ("resourceType", "status", "code", "coding", "system", "valueQuantity", "value", "component", "identifier",
         "effectiveDateTime", "id")), inner, max_size=6), max_leaves=20)


def recorded(world: World):
    """Somebody with readings of every kind and measurements."""
    ming = world.patient("ming")
    world.clock(f"{day(1)}T20:00:00+08:00")
    ming.sign_in()
    for value, unit, at in ((6.1, "mmol/L", "07:00"), (110, "mg/dL", "12:00"), ("HI", "mmol/L", "13:00"),
                            ("LO", "mg/dL", "14:00")):
        ming.file("glucose", f"{day(1)}T{at}:00+08:00", value=value, unit=unit)
    ming.file("glucose", f"{day(1)}T15:00:00+08:00", value=5.5, unit="mmol/L", source="cgm", note="贴片")
    ming.file("glucose", f"{day(1)}T16:00:00+08:00", value=9.9, unit="mmol/L", not_mine=True)
    for fields in ({"kind": "hba1c", "percent": 6.8}, {"kind": "blood_pressure", "systolic_mm_hg": 128, "diastolic_mm_hg": 80},
                   {"kind": "eye", "result": "mild"}, {"kind": "weight", "weight_kg": 66.5}):
        assert ming.post("/measurements", {**fields, "measured_on": str(day(1)), "source": "hospital"}).status == 201
    return ming


def test_the_bundle_is_valid_r4_and_holds_values_as_they_were_typed(world: World) -> None:
    ming = recorded(world)
    answer = ming.get("/entries/fhir").json
    bundle = Bundle.model_validate(answer)
    kinds = [entry.resource.get_resource_type() for entry in bundle.entry]
    assert (kinds.count("Patient"), kinds.count("Observation")) == (1, 9)
    told = {(entry["resource"]["code"]["coding"][0]["code"], str(entry["resource"].get("valueQuantity", {}).get("value")),
             entry["resource"].get("valueQuantity", {}).get("comparator")) for entry in answer["entry"][1:]}
    assert {("14743-9", "6.1", None), ("41653-7", "110.0", None), ("14743-9", "33.3", ">"), ("41653-7", "20", "<"),
            ("105272-9", "5.5", None), ("4548-4", "6.8", None), ("29463-7", "66.5", None)} <= told


def test_what_was_exported_comes_back_as_nothing_new(world: World) -> None:
    ming = recorded(world)
    bundle = ming.get("/entries/fhir").json
    back = ming.post("/entries/fhir", bundle).json
    assert (back["created"], back["identical"], back["conflict"], back["skipped"]) == (0, 8, 0, 2)
    assert [item["reason"] for item in back["items"] if item["status"] == "skipped"] == ["not_an_observation", "code_unknown"]


def test_another_systems_observations_are_filed_once(world: World) -> None:
    ming = world.patient("ming")
    world.clock(f"{day(1)}T20:00:00+08:00")
    ming.sign_in()

    def observation(value, unit, code, at, own):
        return {"resource": {"resourceType": "Observation", "id": own, "status": "final", "effectiveDateTime": at, "code": {
            "coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": {"value": value, "unit": unit}}}

    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [
        observation(110, "mg/dL", "2339-0", f"{day(1)}T07:00:00+08:00", "a"),
        observation(2.4, "mmol/L", "14743-9", f"{day(1)}T19:50:00+08:00", "b"),
        observation(7.1, "%", "4548-4", str(day(1)), "c"), observation(1, "mmol/L", "1-1", str(day(1)), "d"),
        observation(6.0, "mmol/L", "14743-9", "yesterday", "e"),
        observation(6.0, "mmol/L", "14743-9", f"{day(9)}T07:00:00Z", "f")]}
    first = ming.post("/entries/fhir", bundle).json
    assert [(item["status"], item["reason"]) for item in first["items"]] == [
        ("created", None), ("created", None), ("created", None), ("skipped", "code_unknown"), ("skipped", "time_unreadable"),
        ("invalid", "entry_in_future")]
    assert first["advice"]["level"] == "critical_low"
    again = ming.post("/entries/fhir", bundle).json
    assert (again["created"], again["identical"]) == (0, 3)
    assert sorted(str(entry["value"]) for entry in ming.get("/entries?kind=glucose")["items"]) == ["110", "2.4"]


def test_a_record_is_exported_to_who_may_read_it_and_that_is_on_the_trail(world: World) -> None:
    ming = recorded(world)
    hong = world.person("hong")
    hong.sign_in()
    assert hong.get(f"/entries/fhir?person_id={ming.id}").status in (403, 404)
    assert hong.post(f"/entries/fhir?person_id={ming.id}", {"resourceType": "Bundle", "entry": []}).status in (403, 404)


@given(JSON)
def test_whatever_a_resource_holds_it_is_read_or_has_its_reason(resource):
    told = fhir.read({"resourceType": "Observation", **resource} if isinstance(resource, dict) else resource)
    assert (told.reason is None) == (told.glucose is not None or told.measured is not None)
