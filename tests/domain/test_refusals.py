"""How a rule says no: a code that stays, and a sentence fit to show in either language."""

import re
import string

import pytest

from server.domain.refusals import REFUSALS, Refusal

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The contract names these; a client that was written once must find them for ever.
PROMISED = ("already_enrolled", "camp_closed", "camp_frozen", "class_full", "consent_required", "entry_conflict",
            "entry_gone", "entry_in_future", "idempotency_key_reused", "nobody_on_duty", "token_reused")

every_code = pytest.mark.parametrize("code", REFUSALS)


def asked_for(sentence):
    """The facts that a sentence wants filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", PROMISED)
def test_a_promised_code_is_there(code):
    assert code in REFUSALS


@every_code
def test_both_languages_ask_for_the_same_facts(code):
    assert asked_for(REFUSALS[code].english) == asked_for(REFUSALS[code].chinese)


@every_code
def test_every_refusal_is_a_warm_whole_sentence(code):
    facts = dict.fromkeys(asked_for(REFUSALS[code].chinese), "七")
    refusal = Refusal(code, **facts)
    assert CHINESE.search(refusal.says())
    assert "{" not in refusal.says() + refusal.says(english=True)
    # A sentence that ends in a fact ends as the fact does.
    assert refusal.says()[-1] in "。？！七"
    assert not re.search(r"错误|非法|失败|禁止", refusal.says())
    assert not CHINESE.search(refusal.says(english=True).replace("七", ""))


def test_a_refusal_carries_its_facts_its_card_and_when_to_try_again():
    card = {"level": "critical_low"}
    refusal = Refusal("pause_too_long", advice=card, errors={"to": ["太久"]}, retry_after_seconds=9, days=7)
    assert (refusal.code, refusal.meaning.kind) == ("pause_too_long", "conflict")
    assert (refusal.advice, refusal.errors, refusal.retry_after_seconds) == (card, {"to": ["太久"]}, 9)
    assert "7 天" in refusal.says()
    assert "7 days" in refusal.says(english=True)


def test_a_refusal_by_itself_brings_nothing_along():
    refusal = Refusal("not_found")
    assert (refusal.advice, refusal.errors, refusal.retry_after_seconds, refusal.facts) == (None, None, None, {})
    assert str(refusal) == "not_found"
