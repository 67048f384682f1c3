"""A record as FHIR R4: valid to a library that knows nothing of us, and taken back without a thing twice."""

import copy
import re

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from server.domain import fhir
from tests.makers import World, day

JSON = st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20), lambda inner: st.lists(
    inner, max_size=4) | st.dictionaries(st.sampled_from(
        ("resourceType", "status", "code", "coding", "system", "valueQuantity", "value", "component", "identifier",
         "effectiveDateTime", "id")), inner, max_size=6), max_leaves=20)


def observation(code: str, value, unit: str, at: object, name: str = "1", **more):
    """An Observation of another system."""
    quantity = {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}
    return {"resourceType": "Observation", "status": "final", "identifier": [{"system": "urn:x", "value": name}],
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "effectiveDateTime": str(at),
            "valueQuantity": {**quantity, **more.pop("quantity", {})}, **more}


def bundle(*resources, patients: tuple[str, ...] = ()):
    """A Bundle of these Patients and Observations."""
    people = [{"fullUrl": f"urn:uuid:{name}", "resource": {"resourceType": "Patient", "id": name}} for name in patients]
    return {"resourceType": "Bundle", "type": "collection", "entry": [*people, *({"resource": one} for one in resources)]}


def in_the_morning(world: World, name: str = "ming"):
    """Somebody in a camp at eight in the morning of its third day."""
    ming = world.patient(name, world.group())
    world.clock(f"{day(3)}T08:00:00+08:00")
    ming.sign_in()
    return ming


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
    valid = Bundle.model_validate(answer)
    kinds = [entry.resource.get_resource_type() for entry in valid.entry]
    assert (kinds.count("Patient"), kinds.count("Observation")) == (1, 9)
    told = {(entry["resource"]["code"]["coding"][0]["code"], str(entry["resource"].get("valueQuantity", {}).get("value")),
             entry["resource"].get("valueQuantity", {}).get("comparator")) for entry in answer["entry"][1:]}
    assert {("14743-9", "6.1", None), ("41653-7", "110.0", None), ("14743-9", "33.3", ">"), ("41653-7", "20", "<"),
            ("105272-9", "5.5", None), ("4548-4", "6.8", None), ("29463-7", "66.5", None)} <= told


def test_what_was_exported_comes_back_as_nothing_new(world: World) -> None:
    ming = recorded(world)
    back = ming.post("/entries/fhir", ming.get("/entries/fhir").json).json
    assert (back["created"], back["identical"], back["conflict"], back["skipped"]) == (0, 8, 0, 2)
    assert [item["reason"] for item in back["items"] if item["status"] == "skipped"] == ["not_an_observation", "code_unknown"]


def test_another_systems_observations_are_filed_once(world: World) -> None:
    ming = world.patient("ming")
    world.clock(f"{day(1)}T20:00:00+08:00")
    ming.sign_in()

    def one(value, unit, code, at, own):
        return {"resource": {"resourceType": "Observation", "id": own, "status": "final", "effectiveDateTime": at, "code": {
            "coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": {"value": value, "unit": unit}}}

    sent = {"resourceType": "Bundle", "type": "collection", "entry": [
        one(110, "mg/dL", "2339-0", f"{day(1)}T07:00:00+08:00", "a"),
        one(2.4, "mmol/L", "14743-9", f"{day(1)}T19:50:00+08:00", "b"),
        one(7.1, "%", "4548-4", str(day(1)), "c"), one(1, "mmol/L", "1-1", str(day(1)), "d"),
        one(6.0, "mmol/L", "14743-9", "yesterday", "e"),
        one(6.0, "mmol/L", "14743-9", f"{day(9)}T07:00:00Z", "f")]}
    first = ming.post("/entries/fhir", sent).json
    assert [(item["status"], item["reason"]) for item in first["items"]] == [
        ("created", None), ("created", None), ("created", None), ("skipped", "code_unknown"), ("skipped", "time_unreadable"),
        ("invalid", "entry_in_future")]
    assert first["advice"]["level"] == "critical_low"
    again = ming.post("/entries/fhir", sent).json
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
    assert told.reason is None or told.reason in fhir.REASONS


@pytest.mark.parametrize("code, value, unit, kept", [
    ("29463-7", 72.30000000000001, "kg", {"weight_kg": 72.3}), ("4548-4", 7.199999999999999, "%", {"percent": 7.2}),
    ("22748-8", 0.1 + 0.2, "mmol/L", {"ldl_mmol_l": 0.3}), ("22748-8", 2.613, "mmol/L", {"ldl_mmol_l": 2.613}),
    ("29463-7", 150, "lb", {"weight_kg": 68})])
def test_what_another_systems_adding_left_behind_a_number_is_not_kept(code, value, unit, kept) -> None:
    told = fhir.read(observation(code, value, unit, str(day(1)))).measured
    assert {name: told[name] for name in kept} == kept


@pytest.mark.parametrize("change, status, reason", [
    ({"effectiveDateTime": f"{day(3)}T08:20:00+08:00"}, "invalid", "entry_in_future"),
    ({"status": "cancelled"}, "skipped", "withdrawn"),
    ({"effectiveDateTime": str(day(3))}, "skipped", "time_unreadable"),
    ({"valueQuantity": {"value": 2.1}}, "skipped", "unit_unknown"),
    ({"valueQuantity": {"value": 2.1, "code": "mmol/L", "unit": "mg/dL"}}, "skipped", "unit_contradicted"),
    ({"valueQuantity": {"value": 3, "code": "mmol/L", "comparator": "<"}}, "skipped", "value_inexact"),
    ({"valueQuantity": {"value": 2.1, "code": "mmol/L", "comparator": "ad"}}, "skipped", "value_unreadable"),
    ({"valueQuantity": None, "valueString": "LO"}, "skipped", "value_unreadable"),
    ({"subject": {"reference": "Group/1"}}, "skipped", "other_subject"), ({}, "created", None)])
def test_no_observation_hides_a_danger_whatever_becomes_of_it(world: World, change, status, reason) -> None:
    told = in_the_morning(world).post("/entries/fhir", observation("14743-9", 2.1, "mmol/L", f"{day(3)}T07:50:00+08:00") | change)
    [item] = told["items"]
    assert (item["status"], item["reason"]) == (status, reason)
    assert (reason is None) == (item["says"] is None), "a code stands beside its sentence"
    assert reason is None or re.search("[一-鿿]", item["says"])
    assert item["advice"]["level"] == told["advice"]["level"] == "critical_low"


def test_a_bundle_that_is_refused_as_a_whole_hides_no_danger(world: World) -> None:
    fei = world.person("fei")
    for value, level in ((2.1, "critical_low"), (6.1, None)):
        refused = fei.post("/entries/fhir", bundle(observation("14743-9", value, "mmol/L", f"{day(1)}T07:50:00+08:00")))
        assert (refused.code, refused.json.get("advice", {}).get("level")) == ("consent_required", level)


@pytest.mark.parametrize("comparator, value, unit, filed", [
    (">", 10, "mmol/L", []), ("<=", 7, "mmol/L", []), (">", 33.3, "mmol/L", ["HI"]), (">=", 500, "mg/dL", ["HI"]),
    ("<", 40, "mg/dL", ["LO"]), ("<", 3.9, "mmol/L", [])])
def test_more_than_is_hi_only_beyond_what_meters_show(world: World, comparator, value, unit, filed) -> None:
    ming = in_the_morning(world)
    said = {"comparator": comparator}
    ming.post("/entries/fhir", observation("14743-9", value, unit, f"{day(3)}T07:50:00+08:00", quantity=said))
    assert [entry["value"] for entry in ming.get("/entries?kind=glucose")["items"]] == filed


@pytest.mark.parametrize("code, value, unit, outcome", [
    ("4548-4", 53, "mmol/mol", {"percent": 7}), ("59261-8", 48, "mmol/mol", {"percent": 6.5}),
    ("4548-4", 7.12, "%", {"percent": 7.12}), ("4548-4", 500, "%", "measurement_implausible"), ("4548-4", 53, "", "unit_unknown"),
    ("29463-7", 150, "[lb_av]", {"weight_kg": 68}), ("29463-7", -5, "kg", "measurement_implausible"),
    ("29463-7", 150, "[stone_av]", "unit_unknown"), ("8280-0", 36, "[in_i]", {"waist_cm": 91.4}),
    ("93832-4", 450, "min", {"hours": 7.5}), ("14682-9", 1.1, "mg/dL", "unit_unknown")])
def test_a_measurement_is_filed_in_its_unit_or_not_at_all(world: World, code, value, unit, outcome) -> None:
    ming = in_the_morning(world)
    [item] = ming.post("/entries/fhir", observation(code, value, unit, day(1)))["items"]
    assert [found["values"] for found in ming.get("/measurements")["items"]] == ([] if isinstance(outcome, str) else [outcome])
    assert item["reason"] == (outcome if isinstance(outcome, str) else None)


def test_a_measurement_of_two_units_or_of_no_exact_value_is_not_filed(world: World) -> None:
    ming = in_the_morning(world)
    reasons = [ming.post("/entries/fhir", one)["items"][0]["reason"] for one in (
        observation("29463-7", 150, "kg", day(1), quantity={"unit": "lbs"}),
        observation("98979-8", 90, "mL/min/{1.73_m2}", day(1), quantity={"comparator": ">"}))]
    assert reasons == ["unit_contradicted", "value_inexact"]
    assert ming.get("/measurements")["items"] == []


def test_a_measurement_has_the_day_and_the_source_of_where_it_was_made(world: World) -> None:
    ming = in_the_morning(world)
    world.clock(f"{day(4)}T07:00:00+08:00")
    parts = [{name: observation(code, value, "mm[Hg]", day(4))[name] for name in ("code", "valueQuantity")}
             for code, value in (("8480-6", 130.0), ("8462-4", 80.4))]
    panel = observation("85354-9", None, "", f"{day(4)}T06:50:00+08:00", "panel", component=parts)
    ming.post("/entries/fhir", bundle(panel, observation("4548-4", 7.0, "%", day(4))))
    found = {one["kind"]: (one["measured_on"], one["source"], one["values"]) for one in ming.get("/measurements")["items"]}
    assert found == {"blood_pressure": (str(day(4)), "device", {"systolic_mm_hg": 130, "diastolic_mm_hg": 80}),
                     "hba1c": (str(day(4)), "hospital", {"percent": 7})}


def test_what_changed_is_a_conflict_and_what_was_deleted_is_gone(world: World) -> None:
    ming = in_the_morning(world)
    ming.file("glucose", f"{day(3)}T07:00:00+08:00", value=6.1)
    ming.post("/measurements", {"kind": "weight", "weight_kg": 70, "measured_on": str(day(1)), "source": "home"})
    ming.post("/entries/fhir", observation("29463-7", 71, "kg", day(2)))
    own = [entry["resource"] for entry in ming.get("/entries/fhir")["entry"][1:]]
    other = copy.deepcopy(own)
    for one in other:
        one["valueQuantity"]["value"] += 1

    def statuses(*resources):
        return [item["status"] for item in ming.post("/entries/fhir", bundle(*resources))["items"]]

    foreign, changed = observation("29463-7", 71, "kg", day(2)), observation("29463-7", 99, "kg", day(2))
    assert statuses(*own, foreign) == ["identical"] * 4
    assert statuses(*other, changed) == ["conflict"] * 4
    for one in ming.get("/measurements")["items"]:
        ming.ask("DELETE", f"/measurements/{one['id']}")
    ming.ask("DELETE", f"/entries/{own[0]['id']}")
    assert statuses(*own, foreign) == ["gone"] * 4


def test_one_name_for_two_readings_of_a_bundle_is_a_conflict(world: World) -> None:
    one, other = (observation("14743-9", value, "mmol/L", f"{day(3)}T07:00:00+08:00") for value in (6.1, 2.1))
    told = in_the_morning(world).post("/entries/fhir", bundle(one, other, one))
    assert [item["status"] for item in told["items"]] == ["created", "conflict", "identical"]
    assert told["advice"]["level"] == "critical_low"


def test_the_id_of_somebody_elses_record_is_a_name_like_any_other(world: World) -> None:
    ming, hong = in_the_morning(world), in_the_morning(world, "hong")
    reading = hong.file("glucose", value=6.1)["entry"]["id"]
    weight = hong.post("/measurements", {"kind": "weight", "weight_kg": 55, "measured_on": str(day(1)), "source": "home"})["id"]
    mine = [observation("14743-9", 6.1, "mmol/L", f"{day(3)}T07:00:00+08:00"), observation("29463-7", 60, "kg", day(1))]
    for one, own_id in zip(mine, (reading, weight), strict=True):
        one["identifier"] = [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{own_id}"}]
    for status in ("created", "identical"):
        assert [item["status"] for item in ming.post("/entries/fhir", bundle(*mine))["items"]] == [status] * 2


@pytest.mark.parametrize("patients, subjects, statuses", [
    (("p1",), ("Patient/p1", "urn:uuid:p1", None), ["created"] * 3),
    ((), ("Patient/9", "http://x/Patient/9/_history/2"), ["created"] * 2),
    # Nobody knows which of two is meant, nor whose the one without a name is.
    (("p1", "p2"), ("urn:uuid:p1", "urn:uuid:p2", None), ["skipped"] * 3), ((), ("Patient/8", "Patient/9"), ["skipped"] * 2),
    (("p1", "p2"), ("urn:uuid:p1",), ["skipped"]),
    # Among others, the owner is known by the id that the export gave.
    (("p1",), ("urn:uuid:p1", "urn:uuid:ming"), ["skipped", "created"]), ((), ("urn:uuid:hong",), ["skipped"]),
    ((), ("Device/1", "Patient/9"), ["skipped", "created"])])
def test_what_is_of_somebody_else_is_not_filed_as_ones_own(world: World, patients, subjects, statuses) -> None:
    ming, hong = in_the_morning(world), world.person("hong")
    ids = {"urn:uuid:ming": f"urn:uuid:{ming.id}", "urn:uuid:hong": f"urn:uuid:{hong.id}"}
    told = ming.post("/entries/fhir", bundle(*(
        observation("14743-9", 6.1, "mmol/L", f"{day(3)}T07:0{place}:00+08:00", str(place),
                    **({"subject": {"reference": ids.get(subject, subject)}} if subject else {}))
        for place, subject in enumerate(subjects)), patients=patients))
    assert [item["status"] for item in told["items"][len(patients):]] == statuses


def test_an_export_goes_on_page_by_page_to_the_last_measurement_of_the_same_person_and_days(world: World) -> None:
    ming = in_the_morning(world)
    nurse = world.with_role("nurse", "nurse", "organisation", world.organisation_id, "护士证 1")
    wanted = {ming.file("glucose", f"{day(3)}T0{hour}:00:00+08:00")["entry"]["id"] for hour in (5, 6, 7)}
    for number in (1, 2, 3):
        draft = {"kind": "weight", "weight_kg": 60 + number, "measured_on": str(day(number)), "source": "home"}
        wanted.add(ming.post("/measurements", draft)["id"])
    ming.file("glucose", f"{day(0)}T07:00:00+08:00")
    nurse.sign_in()
    path, found = f"/entries/fhir?person_id={ming.id}&from={day(1)}&to={day(3)}&limit=2", []
    while path:
        page = nurse.get(path).json
        assert page["entry"][0]["resource"]["id"] == ming.id
        found += [entry["resource"]["id"] for entry in page["entry"][1:]]
        assert len(page["entry"]) <= 3
        path = page["link"][0]["url"].removeprefix("/api/v1") if "link" in page else None
    assert (sorted(found), len(found)) == (sorted(wanted), 6)
    assert nurse.get("/entries/fhir?after=junk").code == "cursor_unknown"
