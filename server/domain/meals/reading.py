"""Free words about a meal, read into foods and amounts: “青菜200g 米饭1碗 半个苹果”, “2两面”, “牛奶33oml”, “A、B 220g”.

Nothing is refused: what cannot be read stays as words without an amount or a food.
"""

import re
from typing import NamedTuple

from server.domain.meals.amounts import ALIKE, LIQUID, LITTLE, MEASURES, USUAL, WEIGHTS, Amount, plain
from server.domain.meals.foods import FOODS, WORDS, Food
from server.domain.meals.naming import bare, foods_in
from server.domain.meals.pairing import pairs

_DECLINES = re.compile(r"(?:^|(?<=[\s,;。]))((?:没有?|未|不)(?:吃|喝))\s+")
_WITHOUT = re.compile(r"(?:不|没有?|未)(?:加|放|添)[糖油盐奶冰辣酱]+的?")
_ASIDE = re.compile(r"([\u4e00-\u9fff]+) *\(([^()\d]*)\)")
_RAW, _COOKED = _STATES = "生", "熟"
# What is stirred into water or milk: by the millilitre, or beyond so many grams, it has been already.
_STIRRED = frozenset(("燕麦片", "芝麻糊", "藕粉", "代餐粉", "营养粉", "奶粉"))
MOST_DRY_GRAMS = 150.0
MOST_ITEMS = 60
# An amount beyond this is a slip of the finger and says nothing; so is the bound for grams that are given.
MOST_GRAMS = 5000.0


class Item(NamedTuple):
    """One thing that was eaten: its words, the foods they name, and how much of it, in grams and as it was said.

    `is_exact`: the words name one food and add nothing but whether it was raw or cooked. `is_guessed`: the
    amount is a few or several."""

    words: str
    foods: tuple[Food, ...]
    grams: float | None
    said: str | None
    is_weighed: bool
    is_exact: bool
    is_guessed: bool = False


def read(text: str) -> list[Item]:
    """What a meal's words say, in their order; at most 60 things. What was not eaten is left out."""
    told = plain(text)
    if "(" in told:
        told = _ASIDE.sub(_aside, told)
    if "没" in told or "不" in told or "未" in told:
        told = _DECLINES.sub(r"\1", _WITHOUT.sub("", told))
    return [_item(*pair) for pair in pairs(told)[:MOST_ITEMS]]


def given(name: str, grams: float) -> Item:
    """The thing that somebody named and weighed."""
    foods, is_exact = _named(name, None)
    return Item(name, foods, grams, f"{grams:g}g", True, is_exact)


def _aside(found: re.Match[str]) -> str:
    """What stands in brackets: raw or cooked, a remark beside a food, or the food itself, 主食(米饭)."""
    before, inside = found[1], found[2].strip()
    if inside[:1] in _STATES and not inside[1:].strip("重的"):
        return before + inside[0]
    return before if foods_in(bare(before)) else before + inside


def _item(words: str, amount: Amount | None) -> Item:
    foods, is_exact = _named(words, amount)
    if amount is None:
        return Item(words, foods, None, None, False, is_exact)
    if amount.unit == LITTLE:
        return Item(words, foods, None, amount.said, False, is_exact)
    grams = round(amount.number * _grams_in_one(foods, amount), 1)
    return Item(words, foods, grams if grams <= MOST_GRAMS else None, amount.said, amount.is_weighed, is_exact,
                amount.is_guessed)


def _named(words: str, amount: Amount | None) -> tuple[tuple[Food, ...], bool]:
    """The foods of these words, in the state they were eaten in, and whether the words name one and nothing else."""
    bare, state, foods = words, "", WORDS.get(words)
    if foods is None:
        if words[-1] in _STATES and words[:-1] in WORDS:
            bare, state = words[:-1], words[-1]
        elif words[0] in _STATES and words[1:] in WORDS:
            bare, state = words[1:], words[0]
        foods = foods_in(bare)
    if len(foods) == 1:
        food = foods[0]
        return ((_in_state(food, state, amount),) if food.also else foods), bare in WORDS
    for food in foods:
        if food.name in _STIRRED:
            return tuple(_in_state(one, "", amount) for one in foods), False
    return foods, False


def _in_state(food: Food, state: str, amount: Amount | None) -> Food:
    """The food dry or cooked, where the words or the amount say which; else as it is called."""
    if food.also is None:
        return food
    other = FOODS[food.also]
    dry, wet = (food, other) if food.carbohydrate_g > other.carbohydrate_g else (other, food)
    if state:
        return dry if state == _RAW else wet
    is_stirred = food.name in _STIRRED and amount is not None and (
        amount.unit in LIQUID or (amount.is_weighed and amount.number > MOST_DRY_GRAMS))
    return wet if is_stirred else food


def _grams_in_one(foods: tuple[Food, ...], amount: Amount) -> float:
    if amount.unit in WEIGHTS:
        return WEIGHTS[amount.unit]
    if amount.is_weighed:
        return 1.0
    # A bare number counts pieces.
    named = foods[0].grams_of if foods else {}
    unit = amount.unit or "个"
    if unit in named:
        return named[unit]
    measure, times = MEASURES[unit]
    if measure not in named:
        measure = next((like for like in ALIKE.get(measure, "") if like in named), measure)
    return times * named.get(measure, USUAL[measure])
