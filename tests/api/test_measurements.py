"""Measurements over the interface: with source and date, corrected, taken back, and seen by whoever may."""

from tests.api.askers import a_class
from tests.domain.test_measurements import WHOLE
from tests.makers import World, day

HBA1C = {"kind": "hba1c", "measured_on": str(day(1)), "source": "hospital", "percent": 7.24}


def test_every_kind_is_kept_as_it_was_filed(world: World) -> None:
    ming = world.patient("ming")
    world.clock(f"{day(3)}T12:00:00+08:00")
    for number, (kind, values) in enumerate(WHOLE.items()):
        filed = ming.post("/measurements", {"kind": kind, "measured_on": str(day(1 + number % 3)), "source": "checkup",
                                            "note": "体检", **values})
        assert filed.status == 201, filed.json
        assert (filed["values"], filed["source"], filed["note"]) == (values, "checkup", "体检")
    first = ming.get("/measurements?limit=5")
    rest = ming.get(f"/measurements?limit=5&after={first['next']}")
    days = [one["measured_on"] for one in first["items"] + rest["items"]]
    assert (len(days), days) == (9, sorted(days, reverse=True))
    assert [one["kind"] for one in ming.get("/measurements?kind=eye")["items"]] == ["eye"]
    assert len(ming.get(f"/measurements?from={day(2)}&to={day(2)}")["items"]) == 3


def test_what_a_phones_adding_left_behind_a_number_is_not_kept(world: World) -> None:
    ming = world.patient("ming")
    world.clock(f"{day(2)}T12:00:00+08:00")
    filed = ming.post("/measurements", {"kind": "weight", "measured_on": str(day(1)), "source": "home",
                                        "weight_kg": 72.30000000000001})
    assert filed["values"] == {"weight_kg": 72.3}


def test_a_measurement_is_corrected_and_taken_back(world: World) -> None:
    ming = world.patient("ming")
    world.clock(f"{day(3)}T12:00:00+08:00")
    pressure = ming.post("/measurements", {"kind": "blood_pressure", "measured_on": str(day(2)), "source": "home",
                                           "systolic_mm_hg": 150, "diastolic_mm_hg": 90, "pulse_per_minute": 72, "note": "早上"})
    path = f"/measurements/{pressure['id']}"
    changed = ming.ask("PATCH", path, {"systolic_mm_hg": 140, "pulse_per_minute": None, "note": None, "measured_on": str(day(1))},
                       If_Match=pressure.headers.get("ETag", '"1.0"'))
    assert changed.status == 200, changed.json
    assert (changed["values"], changed["note"], changed["measured_on"], changed["version"]) == (
        {"systolic_mm_hg": 140, "diastolic_mm_hg": 90}, None, str(day(1)), 2)
    assert ming.ask("PATCH", path, {"systolic_mm_hg": 60}).code == "measurement_implausible"
    assert ming.ask("PATCH", path, {"percent": 6}).code == "field_of_other_kind"
    assert ming.ask("DELETE", path, If_Match='"1.0"').code == "stale"
    assert ming.ask("DELETE", path).status == 204
    assert (ming.ask("DELETE", path).status, ming.get("/measurements")["items"]) == (404, [])


def test_of_two_weights_of_a_day_the_later_one_counts(world: World) -> None:
    ming = world.patient("ming")
    used = []
    for number in range(8):
        world.clock(f"{day(3)}T08:0{number}:00+08:00")
        ming.sign_in()
        ming.post("/measurements", {"kind": "weight", "weight_kg": 60 + number, "measured_on": str(day(3)), "source": "home"})
        used.append(ming.file("exercise")["entry"]["weight_kg"])
    assert used == [60 + number for number in range(8)]


def test_what_cannot_have_been_measured_is_refused(world: World) -> None:
    ming = world.patient("ming")
    for changes, status in (({"measured_on": str(day(9))}, 409), ({"percent": 30}, 422), ({"percent": None}, 422),
                            ({"weight_kg": 60}, 422), ({"kind": "pulse"}, 422), ({"source": "dream"}, 422),
                            ({"kind": "lipids", "percent": ...}, 409)):
        draft = {name: value for name, value in {**HBA1C, **changes}.items() if value is not ...}
        assert ming.post("/measurements", draft).status == status, changes
    fei = world.person("fei")
    assert fei.post("/measurements", {**HBA1C, "measured_on": "2026-02-01"}).code == "consent_required"


def test_staff_file_for_a_patient_and_every_look_is_on_the_trail(world: World) -> None:
    _, ming, hui, lan = a_class(world)
    theirs = {**HBA1C, "person_id": ming.id}
    filed = hui.post("/measurements", theirs)
    assert (filed.status, filed["filed_by"], filed["person_id"]) == (201, hui.id, ming.id)
    page = f"/measurements?person_id={ming.id}"
    assert [who.get(page).status for who in (hui, world.manager, lan, world.admin)] == [200, 200, 404, 403]
    assert [who.post("/measurements", theirs).status for who in (lan, world.admin)] == [404, 403]
    path = f"/measurements/{filed['id']}"
    assert [who.ask("DELETE", path).status for who in (lan, world.admin)] == [404, 403]
    assert ming.get(page)["items"][0]["id"] == filed["id"]
    verbs = [one["verb"] for one in world.admin.get(f"/audit?about=person:{ming.id}")["items"]]
    assert verbs.count("measurement.read") == 2
