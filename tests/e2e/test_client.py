"""The JavaScript client against a live server: it knows the whole API, and twenty-eight days can be lived through it."""

import json
import pathlib
import re
import subprocess

from flask import Flask

from tests.live import PROJECT, serving
from tests.nodejs import node

# Far more than it takes: this only ends what would never end.
HANGS_AFTER_SECONDS = 180


def _run_node(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*node(), *arguments], cwd=PROJECT, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          encoding="utf-8", check=False, timeout=HANGS_AFTER_SECONDS)


def _asked(method: str, path: str) -> tuple[str, str]:
    """An operation by what goes over the wire; what a place in the path is called does not."""
    return method.upper(), re.sub(r"\{\w+\}", "{}", path)


def test_the_client_has_one_method_for_every_operation_of_the_api_and_no_other(app: Flask) -> None:
    paths = app.test_client().get("/api/v1/openapi.json").json["paths"]
    published = sorted(_asked(method, path.removeprefix("/api/v1"))
                       for path, operations in paths.items() for method in operations if method != "parameters")
    told = _run_node("-p", "JSON.stringify(require('./miniprogram_stub/client').operations)")
    assert told.returncode == 0, told.stderr
    known = json.loads(told.stdout)
    assert sorted(_asked(one["method"], one["path"]) for one in known) == published
    words = {(one["word"], one["path"].split("/")[1]) for one in known}
    assert all(word == first for word, first in words), "a word's methods ask under the word"


def test_a_patient_an_opted_out_classmate_and_a_leader_live_twenty_eight_days(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        lived = _run_node("miniprogram_stub/test/e2e/camp.js", live.base_url)
        assert lived.returncode == 0, f"{lived.stdout}\n{lived.stderr}\n{live.last_words()}"
        assert "二十八天" in lived.stdout


def test_a_daughter_far_away_sees_of_an_elder_without_wechat_what_was_chosen_for_her(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        lived = _run_node("miniprogram_stub/test/e2e/family.js", live.base_url)
        assert lived.returncode == 0, f"{lived.stdout}\n{lived.stderr}\n{live.last_words()}"


def test_a_low_reading_at_three_in_the_morning_with_nobody_awake_is_taken_up(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        lived = _run_node("miniprogram_stub/test/e2e/alerts.js", live.base_url)
        assert lived.returncode == 0, f"{lived.stdout}\n{lived.stderr}\n{live.last_words()}"
        assert "有人接住" in lived.stdout
