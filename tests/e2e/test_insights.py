"""Readings become understanding through the client, against a live server."""

import pathlib

from tests.e2e.test_client import _run_node as run_node
from tests.live import serving


def test_fourteen_days_of_readings_become_figures_a_picture_and_a_page(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        lived = run_node("miniprogram_stub/test/e2e/insights.js", live.base_url)
        assert lived.returncode == 0, f"{lived.stdout}\n{lived.stderr}\n{live.last_words()}"
        assert "看懂了" in lived.stdout


def test_meals_a_meters_file_and_fhir_go_through_the_client(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        lived = run_node("miniprogram_stub/test/e2e/records.js", live.base_url)
        assert lived.returncode == 0, f"{lived.stdout}\n{lived.stderr}\n{live.last_words()}"
        assert "记下了" in lived.stdout
