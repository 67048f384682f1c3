"""The published document is well made, and the server keeps every word of it, whatever it is asked."""

import json
import os
import pathlib
import subprocess
import sys
import urllib.request
from typing import Any

import openapi_spec_validator
from flask import Flask

from tests.live import PROJECT, Live, serving
from tests.makers import FIRST_DAY, entry

# scripts/fuzz asks for more, with a seed of its own each time.
EXAMPLES = os.environ.get("TANGYING_TEST_FUZZ_EXAMPLES", "10")
SEED = os.environ.get("TANGYING_TEST_FUZZ_SEED")
# They end the sign-in or move the clock under everybody else's feet, so they are asked by themselves.
APART = ("session.end", "dev.set_clock")
SCHEMATHESIS = pathlib.Path(sys.executable).with_name("schemathesis")
RULES = """
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "3xx", 401, 403, 404, 409, 410, 412, 415, 429]
negative_data_rejection.expected-statuses = ["4xx"]
"""


def test_the_document_is_valid_openapi_3_1(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(document)


def ask(live: Live, method: str, path: str, body: Any = None, token: str = "") -> Any:
    """One request to the live server."""
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    asked = urllib.request.Request(f"{live.base_url}/api/v1{path}", method=method, headers=headers,
                                   data=None if body is None else json.dumps(body).encode())
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)


def make_a_camp(live: Live) -> dict[str, str]:
    """A camp on its first day with one patient, and the ids of everything in it."""
    ask(live, "PUT", "/dev/clock", {"now": f"{FIRST_DAY}T07:00:00+08:00"})
    admin = ask(live, "POST", "/session", {"code": "dev:admin"})["access_token"]
    organisation = ask(live, "GET", "/organisations", token=admin)["items"][0]["id"]
    camp = ask(live, "POST", "/camps", {"organisation_id": organisation, "template": "standard-28", "name": "春季营",
                                        "starts_on": str(FIRST_DAY)}, admin)
    ask(live, "POST", f"/camps/{camp['id']}/open", token=admin)
    group = ask(live, "POST", "/classes", {"camp_id": camp["id"], "name": "晨光班", "capacity": 9}, admin)
    ming = ask(live, "POST", "/session", {"code": "dev:ming"})
    token = ming["access_token"]
    care = next(d for d in ask(live, "GET", "/consents/documents/current", token=token)["items"] if d["purpose"] == "care")
    consent = ask(live, "POST", "/consents", {"document_id": care["id"], "version": care["version"], "given_by": "self"}, token)
    enrolment = ask(live, "POST", "/enrolments", {"join_code": group["join_code"], "board_visible": True}, token)
    meal = ask(live, "POST", "/entries", entry("meal", f"{FIRST_DAY}T06:30:00+08:00"), token)["entry"]
    lesson = ask(live, "GET", f"/lessons?enrolment_id={enrolment['id']}", token=token)["items"][0]
    return {"organisation_id": organisation, "camp_id": camp["id"], "class_id": group["id"], "code": group["join_code"],
            "person_id": ming["person"]["id"], "consent_id": consent["id"], "enrolment_id": enrolment["id"],
            "entry_id": meal["id"], "lesson_id": lesson["id"]}


def fuzz(live: Live, folder: pathlib.Path, who: str, *more: str, config: str = "", token_seconds: int = 240) -> None:
    """Ask everything that the document promises and much that it forbids; every check must hold."""
    (folder / "schemathesis.toml").write_text(RULES + config, "utf-8")
    environ = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.api.fuzzing", "PYTHONPATH": str(PROJECT),
               "FUZZING_BASE_URL": live.base_url, "FUZZING_AS": who, "FUZZING_TOKEN_SECONDS": str(token_seconds)}
    luck = ("--seed", SEED) if SEED else ("--generation-deterministic",)
    asked = subprocess.run(
        [SCHEMATHESIS, "run", f"{live.base_url}/api/v1/openapi.json", "--checks", "all", "--phases",
         "examples,coverage,fuzzing", "--max-examples", EXAMPLES, "--continue-on-failure", "--no-color", *luck, *more],
        cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", check=False)
    said = asked.stdout.partition(" FAILURES ")[2] or asked.stdout
    assert asked.returncode == 0, f"{said[:6000]}\n{asked.stderr[-2000:]}"


def answers(live: Live) -> dict[str, set[int]]:
    """The statuses that each operation has answered, by the server's own log."""
    found: dict[str, set[int]] = {}
    for line in live.log.read_text("utf-8").splitlines():
        if line.startswith("{") and '"operation":"' in line:
            said = json.loads(line)
            found.setdefault(said["operation"], set()).add(said["status"])
    return found


def operations(live: Live) -> set[str]:
    """Every operation that the document names."""
    paths = ask(live, "GET", "/openapi.json")["paths"].values()
    return {each["operationId"] for path in paths for each in path.values() if "operationId" in each}


APARTS = [word for name in APART for word in ("--exclude-operation-id", name)]


def test_the_page_to_read_it_shows_every_operation(app: Flask) -> None:
    with app.test_client() as client:
        page, spec = client.get("/api/v1/docs"), client.get("/api/v1/openapi.json").json
    assert page.status_code == 200
    text = page.get_data(as_text=True)
    assert [one["operationId"] for path in spec["paths"].values() for one in path.values()
            if isinstance(one, dict) and f'id="{one["operationId"]}"' not in text] == []


def test_the_server_keeps_its_document_for_an_admin_among_strangers_ids(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        fuzz(live, tmp_path, "admin", *APARTS)
        fuzz(live, tmp_path, "admin", *[word for name in APART for word in ("--include-operation-id", name)], token_seconds=0)
        answered = answers(live)
        assert operations(live) - set(answered) == set()
        assert {status for statuses in answered.values() for status in statuses if status >= 500} == set()


def test_the_server_keeps_its_document_for_a_patient_in_a_camp(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        ids = make_a_camp(live)
        known = "\n".join(f'"{name}" = "{value}"' for name, value in ids.items())
        # Whoever has left is a stranger to everything that is asked afterwards; the admin's run asks for it too.
        fuzz(live, tmp_path, "ming", *APARTS, "--exclude-operation-id", "enrolments.withdraw",
             config=f"\n[parameters]\n{known}\n")
        answered = answers(live)
        reached = {name for name, statuses in answered.items() if any(status < 300 for status in statuses)}
        # What a patient may do is done, and its answers were held against the document.
        assert {"streaks.me", "points.me", "entries.file", "entries.history", "leaderboards.show", "people.change",
                "classes.show", "camps.show", "enrolments.show", "lessons.show"} <= reached
        assert {status for statuses in answered.values() for status in statuses if status >= 500} == set()
