"""Numbers that cannot be guessed or mistyped, names that can be printed, and what is signed."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import certificates, codes

LETTERS = st.text(st.sampled_from(codes.LETTERS), min_size=8, max_size=8)
FACTS = {"name": "陈桂兰", "camp": "春季营", "class": "晨光班", "level": "优秀", "complete_days": 26, "camp_days": 28,
         "starts_on": "2026-03-02", "ends_on": "2026-03-29", "issued_on": "2026-03-30", "issuer": "示范医院",
         "signatories": []}


def number_of(letters: str, year: int = 2026) -> str:
    given = iter(letters)
    return certificates.new_number(year, lambda _: next(given))


@given(LETTERS)
def test_a_number_is_read_however_it_was_typed(letters):
    number = number_of(letters)
    assert certificates.read_number(number) == number
    assert certificates.read_number(f" {number.lower().replace('-', ' ')} ") == number
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in number)
    assert certificates.read_number(wide) == number


@given(LETTERS, st.integers(2, 11), st.sampled_from(codes.LETTERS))
def test_one_wrong_letter_is_no_number(letters, place, other):
    plain = number_of(letters).replace("-", "")
    wrong = plain[:place] + other + plain[place + 1:]
    assert wrong == plain or certificates.read_number(wrong) is None


@given(LETTERS, st.integers(2, 12))
def test_two_neighbours_swapped_are_no_number(letters, place):
    plain = number_of(letters).replace("-", "")
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2:]
    assert swapped == plain or certificates.read_number(swapped) is None


@pytest.mark.parametrize("text", ["", "TY26", "TY26-7K3M-Q9XR-5", "TY26-OOOO-1111-00", "x" * 4000, "\ud800", "٣" * 14])
def test_what_is_no_number_is_none(text):
    assert certificates.read_number(text) is None


@pytest.mark.parametrize(("name", "printed"), [
    ("王", "王"),
    ("欧阳䶮", "欧阳䶮"),
    ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
    ("小明😀🏃🏽‍♀️", "小明"),
    ("❤️🎉", "糖友"),
    ("李\u202e雷\u200b\u2066", "李雷"),
    ("  陈   桂兰 ", "陈 桂兰"),
    ("1️⃣号", "1号"),
    ("=HYPERLINK(1)", "=HYPERLINK(1)"),
    ("e\u0301", "é"),
])
def test_a_name_is_printed_without_what_no_font_draws(name, printed):
    assert certificates.printable_name(name) == printed


def test_a_shown_name_gives_the_first_character_alone():
    assert [certificates.masked(name) for name in ("陈桂兰", "王", "阿卜杜拉·买买提")] == ["陈**", "王**", "阿**"]


def test_every_certified_fact_changes_the_signed_bytes():
    number = number_of("7K3MQ9XR")
    signed = certificates.canonical(certificates.certified(number, FACTS))
    for key in ("name", "camp", "level", "complete_days", "starts_on", "ends_on", "issued_on", "issuer", "camp_days"):
        other = {**FACTS, key: 3 if isinstance(FACTS[key], int) else f"{FACTS[key]}x"}
        assert certificates.canonical(certificates.certified(number, other)) != signed, key
    assert "桂兰" not in signed.decode()


def test_the_signed_bytes_survive_a_journey_as_json():
    signed = certificates.certified(number_of("7K3MQ9XR"), FACTS)
    again = json.loads(json.dumps(signed))
    assert certificates.canonical(dict(reversed(again.items()))) == certificates.canonical(signed)
    assert certificates.bears_name(again, "陈桂兰")
    assert not certificates.bears_name(again, "陈桂花")


def test_numbers_do_not_follow_from_one_another():
    picked = itertools.cycle(codes.LETTERS)
    first, second = (certificates.new_number(2026, lambda _: next(picked)) for _ in range(2))
    assert first[:5] == second[:5] == "TY26-"
    assert first[5:] != second[5:]
