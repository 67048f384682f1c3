"""No cell becomes a formula, and a number stays one."""

import pytest

from server.domain.spreadsheets import safe_cell, safe_file_name


@pytest.mark.parametrize("text", [
    '=HYPERLINK("http://x","点我")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1", "\n=1", " =1", "＝1+1", "＋1", "－1x", "＠A",
    "|cmd", "%0A", "\u3000=1"])
def test_what_a_spreadsheet_would_reckon_is_told_to_be_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5.6", "+3", "28", "王小明", "TY26-7K3M", "", "a=1", "3-4"])
def test_everything_else_stays_as_it_is(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize(("text", "name"), [
    ("晨光班", "晨光班"), ("a/b\\c:d", "a_b_c_d"), ("../../etc", "_.._etc"), ('"引号"', "_引号_"), ("...", "_"), ("", "_"),
    ("x" * 100, "x" * 60), ("\n", "_")])
def test_a_file_name_is_one_that_every_system_takes(text, name):
    assert safe_file_name(text) == name
