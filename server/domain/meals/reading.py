"""Free words about a meal, read into foods and amounts: “青菜200g 米饭1碗 半个苹果”, “2两面”, “牛奶33oml”, “A、B 220g”.

Nothing is refused: what cannot be read stays as words without an amount or a food.
"""

import re
import unicodedata
from typing import NamedTuple

from server.domain.meals.foods import FOODS, NAMES, Food

# Grams (or millilitres, taken as grams) in one unit.
WEIGHTS = {"g": 1.0, "克": 1.0, "ml": 1.0, "毫升": 1.0, "两": 50.0, "斤": 500.0, "公斤": 1000.0, "kg": 1000.0, "千克": 1000.0, "钱": 5.0,
           "l": 1000.0, "升": 1000.0, "cc": 1.0, "m": 1.0, "gg": 1.0, "g.": 1.0}
MEASURES = ("小碗", "大碗", "中碗", "碗", "盘", "碟", "份", "个", "只", "块", "片", "根", "条", "杯", "瓶", "罐", "听", "袋", "包", "盒", "勺", "匙", "把", "粒", "颗",
            "张", "枚", "串", "头", "支", "口", "拳", "节", "朵", "瓣", "筷", "段", "牙", "棵", "笼", "桶", "房", "角", "壶", "盅", "滴", "卷", "对")
# A measure the food does not name weighs so much.
USUAL = {"碗": 200.0, "盘": 200.0, "碟": 80.0, "份": 150.0, "个": 80.0, "只": 60.0, "块": 40.0, "片": 15.0, "根": 80.0, "条": 80.0, "杯": 200.0, "瓶": 400.0,
         "罐": 330.0, "听": 330.0, "袋": 100.0, "包": 80.0, "盒": 200.0, "勺": 10.0, "把": 30.0, "粒": 5.0, "颗": 8.0, "张": 60.0, "枚": 50.0,
         "串": 40.0, "头": 50.0, "支": 60.0, "口": 20.0, "拳": 150.0, "节": 80.0, "朵": 15.0, "瓣": 15.0, "筷": 20.0, "段": 60.0, "牙": 150.0,
         "棵": 80.0, "笼": 150.0, "桶": 100.0, "房": 80.0, "角": 30.0, "壶": 500.0, "盅": 50.0, "滴": 1.0, "卷": 60.0}
SIZES = {"小碗": ("碗", 0.7), "大碗": ("碗", 1.5), "中碗": ("碗", 1.0), "匙": ("勺", 1.0), "对": ("个", 2.0)}
_CHINESE = {letter: value for value, letter in enumerate("零一二三四五六七八九十")} | {"两": 2, "半": 0.5, "俩": 2}
_UNIT = "|".join(sorted((*WEIGHTS, *MEASURES), key=len, reverse=True)).replace(".", r"\.")
_COUNT = r"\d+(?:\.\d+)?(?:\s*[-~/至到]\s*\d+(?:\.\d+)?)?|[零一二三四五六七八九十两俩半]+(?=(?:小|大|中)?(?:" + _UNIT + r"))|半"
_AMOUNT = re.compile(rf"(?P<count>{_COUNT})\s*(?P<unit>(?:{_UNIT})(?:半)?)?(?P<few>多|左右|不到)?", re.I)
_SEPARATOR = re.compile(r"[\s,，;；。/+＋|&:：!！?？\"“”‘’·…()（）\[\]【】]+|(?<=\d)加(?=\d)|(?<=g)加|(?<=l)加")
_NOT_FOOD = re.compile(r"^(早餐|中餐|午餐|晚餐|早饭|午饭|晚饭|加餐|今天|吃了|吃|喝了|喝|大约|约|大概|共|各|和|与|及|还有|加|的|了|一|配|夹|含|未记录|没吃)+")
MOST_ITEMS = 60


class Item(NamedTuple):
    """One thing that was eaten: its words, the foods they name, and how much of it, in grams and as it was said."""

    words: str
    foods: tuple[Food, ...]
    grams: float | None
    said: str | None
    is_weighed: bool


def read(text: str) -> list[Item]:
    """What a meal's words say, in their order; at most 60 things."""
    return [_item(names, amount) for names, amount in _pairs(_plain(text))][:MOST_ITEMS]


def foods_in(words: str) -> tuple[Food, ...]:
    """The foods that a word names: itself, or all that stand in it, the longest names first read (青椒山药鸡丝)."""
    if words in NAMES:
        return (NAMES[words],)
    found: list[Food] = []
    at = 0
    while at < len(words):
        length = next((n for n in range(min(_LONGEST, len(words) - at), 0, -1) if words[at:at + n] in NAMES), 0)
        if length and not (length == 1 and words[at] in _VAGUE and len(words) > 1):
            found.append(NAMES[words[at:at + length]])
        at += length or 1
    if not found and words:
        found = [NAMES[letter] for letter in words if letter in NAMES][:1]
    return tuple({food.name: food for food in found}.values())


# One letter that stands in many dishes and says little of them by itself.
_VAGUE = frozenset("菜果汤酱油糖水酒醋盐粉米面糕素茶糊饼蛋")
_LONGEST = max(map(len, NAMES))


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    # A letter in the place of a digit: 33oml, l00g.
    plain = re.sub(r"(?<=\d)o(?=\d|\s*(?:g|ml|克|毫))", "0", plain)
    plain = re.sub(r"\bl(?=\d0?0\s*(?:g|ml))", "1", plain)
    return re.sub(r"(?<=\d)[。·](?=\d)", ".", plain)


def _pairs(text: str) -> list[tuple[str, re.Match[str] | None]]:
    """(words, their amount): an amount belongs to the words before it, and to those behind it where none stand before.

    Words with 、 between them share one (A、B、C 220g).
    """
    found: list[tuple[str, re.Match[str] | None]] = []
    waiting: str = ""
    ahead: re.Match[str] | None = None
    for part in filter(None, _SEPARATOR.split(text)):
        at = 0
        for amount in _AMOUNT.finditer(part):
            words = _words(part[at:amount.start()])
            at = amount.end()
            if ahead is not None and words:
                found.append((words, ahead))
                ahead, words = None, ""
            if words or waiting:
                found.append((words or waiting, amount))
                waiting = ""
            else:
                ahead = amount
        rest = _words(part[at:])
        if rest and ahead is not None:
            found.append((rest, ahead))
            ahead = None
        elif rest:
            if waiting:
                found.append((waiting, None))
            waiting = rest
    if waiting:
        found.append((waiting, None))
    return found


def _words(said: str) -> str:
    return _NOT_FOOD.sub("", said.strip("、 ")).strip("、 ")


def _item(words: str, amount: re.Match[str] | None) -> Item:
    foods = foods_in(words)
    if amount is None:
        return Item(words, foods, None, None, False)
    count, unit = _count(amount["count"]), (amount["unit"] or "").lower()
    if unit.endswith("半") and unit != "半":
        unit, count = unit[:-1], count + 0.5
    is_weighed = unit in WEIGHTS
    if is_weighed:
        grams = count * WEIGHTS[unit]
    elif not unit:
        # A bare number of ten and more is grams; a smaller one counts pieces.
        grams = count if count >= 10 else count * _measure(foods, "个")
        is_weighed = count >= 10
    else:
        measure, times = SIZES.get(unit, (unit, 1.0))
        grams = count * times * _measure(foods, measure)
    return Item(words, foods, round(grams, 1), amount[0].strip(), is_weighed)


def _measure(foods: tuple[Food, ...], measure: str) -> float:
    return foods[0].grams_of.get(measure, USUAL.get(measure, 100.0)) if foods else USUAL.get(measure, 100.0)


def _count(said: str) -> float:
    """The number: of a range its middle, 半 a half, 十二 twelve, 两 two."""
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", said)]
    if numbers:
        return sum(numbers) / len(numbers)
    tens, ten, ones = said.partition("十")
    if ten:
        return (_CHINESE.get(tens, 1) * 10) + (_CHINESE.get(ones[:1], 0) if ones else 0)
    return sum(_CHINESE[letter] for letter in said if letter in _CHINESE) or 1.0


def food_named(name: str) -> Food | None:
    """The food of that very name or alias."""
    return FOODS.get(name) or NAMES.get(name)
