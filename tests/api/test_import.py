"""A meter's file through the interface: filed once, told line by line, and dangerous where it is fresh."""

from tests.makers import World, day

HEAD = "日期,时间,结果,单位,用餐标记\n"


def send(person, text: str, query: str = ""):
    """The answer to a file."""
    person.sign_in()
    return person.send(f"/entries/import{query}", (HEAD + text).encode(), "text/csv")


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(2)}T08:00:00+08:00")
    text = (f"{day(2)},06:30,6.1,mmol/L,空腹\n{day(1)},06:30,110,mg/dL,空腹\n{day(2)},06:30,6.1,mmol/L,空腹\n"
            f"{day(9)},06:30,7.0,mmol/L,\n2026-03-01,07:00,质控,mmol/L,\n")
    dry = send(ming, text, "?dry_run=true").json
    assert [item["status"] for item in dry["items"]] == ["new", "new", "identical", "new", "skipped"]
    assert ming.get("/entries?kind=glucose")["items"] == []
    first = send(ming, text).json
    assert [(item["status"], item["reason"]) for item in first["items"]] == [
        ("created", None), ("created", None), ("identical", None), ("invalid", "entry_in_future"),
        ("skipped", "control_solution")]
    balance = ming.get("/points/me")["balance"]
    again = send(ming, text).json
    assert (again["created"], again["identical"], again["invalid"]) == (0, 3, 1)
    entries = ming.get("/entries?kind=glucose")["items"]
    assert [(entry["value"], entry["unit"], entry["slot"], entry["source"]) for entry in entries] == [
        (6.1, "mmol/L", "fasting", "meter"), (110, "mg/dL", "fasting", "meter")]
    assert ming.get("/points/me")["balance"] == balance


def test_a_clock_that_runs_ahead_is_set_right(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(1)}T20:00:00+08:00")
    [item] = send(ming, f"{day(1)},07:00,6.1,mmol/L,\n", "?clock_ahead_minutes=60").json["items"]
    assert item["occurred_at"] == f"{day(0)}T22:00:00Z"


def test_a_fresh_danger_in_a_file_brings_its_card_and_an_old_one_is_no_emergency(world: World) -> None:
    ming = world.patient()
    world.clock(f"{day(3)}T08:00:00+08:00")
    told = send(ming, f"{day(3)},07:50,2.4,mmol/L,\n{day(1)},07:50,2.4,mmol/L,\n").json
    assert told["advice"]["level"] == "critical_low"
    assert told["created"] == 2
    # What is two days old is kept and told of, and wakes nobody.
    assert [(alert["fresh"], bool(alert["told"])) for alert in ming.get("/alerts")["items"]] == [(True, True), (False, False)]


def test_a_file_for_somebody_elses_record_is_refused_as_a_whole(world: World) -> None:
    ming, hong = world.patient("ming"), world.person("hong")
    refused = send(hong, f"{day(1)},07:00,6.1,mmol/L,\n", f"?person_id={ming.id}")
    assert refused.status in (403, 404)
    assert send(world.person("fei"), "2026-03-01,07:00,6.1,mmol/L,\n").code in (None, "consent_required")
    assert ming.send("/entries/import", b"\x00\x01", "text/csv").code == "file_unreadable"
    assert ming.send("/entries/import", b"a,b\n1,2\n", "text/csv").code == "columns_unknown"
