"""Codes that people read aloud and copy by hand."""

import random
import string

import pytest

from server.domain.codes import INVITE_LENGTH, JOIN_LENGTH, LETTERS, make


def test_no_letter_of_a_code_is_mistaken_for_another():
    assert not set(LETTERS) & set("0O1IL")
    assert not set(LETTERS) & set(string.ascii_lowercase)
    assert len(set(LETTERS)) == len(LETTERS)


@pytest.mark.parametrize("length", [JOIN_LENGTH, INVITE_LENGTH])
def test_a_code_is_as_long_as_asked_and_too_many_to_guess(length):
    code = make(random.Random(7).choice, length)
    assert len(code) == length
    assert set(code) <= set(LETTERS)
    # A hundred thousand classes, and a guess still finds one less than once in a million.
    assert len(LETTERS) ** length > 100_000 * 1_000_000


def test_the_chance_comes_from_outside():
    assert make(lambda letters: letters[0], 3) == LETTERS[0] * 3
    given = iter("ABC")
    assert make(lambda letters: next(given), 3) == "ABC"
