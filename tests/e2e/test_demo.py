"""Forty real people live their camp through the public interface, and every figure agrees with what their dates say."""

import json
import pathlib
import subprocess

from tests.live import PROJECT, serving
from tests.nodejs import node

# Far more than it takes: this only ends what would never end.
HANGS_AFTER_SECONDS = 400
EXPECTED = json.loads((PROJECT / "demo" / "expected.json").read_text("utf-8"))["patients"]
CLASS_SIZE = 20


def live_the_camp(folder: pathlib.Path) -> dict:
    """What the demo saw as plain data, and in `said` what it printed."""
    told = folder / "told.json"
    with serving(folder) as live:
        run = subprocess.run([*node(), "demo/replay.js", "--base-url", live.base_url, "--json", str(told)], cwd=PROJECT,
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", check=False,
                             timeout=HANGS_AFTER_SECONDS)
        assert run.returncode == 0, f"{run.stdout[-2000:]}\n{run.stderr}\n{live.last_words()}"
    return {**json.loads(told.read_text("utf-8")), "said": run.stdout}


def test_forty_people_live_the_days_their_records_say(tmp_path: pathlib.Path) -> None:
    lived = live_the_camp(tmp_path)
    patients = {patient["number"]: patient for patient in lived["patients"]}
    assert sorted(patients) == sorted(EXPECTED)
    assert len(patients) == 40
    assert {number: {"days_in_first_28": each["streak"]["complete_days"],
                     "current_streak_on_day_28": each["streak"]["current"]} for number, each in patients.items()} == EXPECTED

    for patient in patients.values():
        days = patient["streak"]["days"]
        assert [day["number"] for day in days] == list(range(1, 29))
        assert all(day["why"] for day in days)
        assert sum(line["points"] for line in patient["ledger"]["lines"]) == patient["ledger"]["balance"]

    # Each board is its class's ledgers: nobody lacks, and the one who is not named keeps the place.
    assert len(lived["boards"]) == 2
    scores = sorted(place["score"] for board in lived["boards"] for place in board["places"])
    assert scores == sorted(each["ledger"]["balance"] for each in patients.values())
    for board in lived["boards"]:
        places = board["places"]
        assert len(places) == CLASS_SIZE
        assert [place["rank"] for place in places] == [
            1 + sum(other["score"] > place["score"] for other in places) for place in places]
        assert any(place["name"] == "匿名糖友" for place in places)

    assert lived["said"].count("40/40") == 3
    assert lived["said"].count("的日历】") == 3


def test_sample_entries_say_so_and_stand_on_exactly_the_days_with_a_reading() -> None:
    script = ("const r = require('./demo/records'); const numbers = Object.keys(require('./demo/aim94.json').patients);"
              "console.log(JSON.stringify(numbers.flatMap((n) => [...Array(28).keys()].map((d) =>"
              "r.entriesOf(n, d + 1, r.dayOf('2026-03-02', d + 1))))))")
    told = subprocess.run([*node(), "-e", script], cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          encoding="utf-8", check=True, timeout=HANGS_AFTER_SECONDS)
    days = json.loads(told.stdout)
    assert len(days) == 40 * 28
    for day in days:
        kinds = {entry["kind"] for entry in day}
        samples = [entry for entry in day if "示例数据" in entry.get("note", "")]
        assert not samples or "glucose" in kinds
        assert "glucose" not in kinds or kinds == {"glucose", "meal", "exercise"}
        assert all(entry["kind"] != "glucose" for entry in samples)
    assert any("示例数据" in entry.get("note", "") for day in days for entry in day)
