"""Free words about a meal, read into foods and amounts: “青菜200g 米饭1碗 半个苹果”, “2两面”, “牛奶33oml”, “A、B 220g”.

Nothing is refused: what cannot be read stays as words without an amount or a food.
"""

import re
from typing import NamedTuple

from server.domain.meals.amounts import ALIKE, AMOUNT, LIQUID, MEASURES, USUAL, WEIGHTS, Amount, amount_of, plain
from server.domain.meals.foods import FOODS, WORDS, Food

_SEPARATOR = re.compile(r"[\s,，;；。/+＋|&:：!！?？\"“”‘’·…()（）\[\]【】]+|(?<=\d)加(?=\d)|(?<=g)加|(?<=l)加")
# What says nothing of the food before and behind its name, and what is none by itself.
_BEFORE = ("早餐", "中餐", "午餐", "晚餐", "早饭", "午饭", "晚饭", "加餐", "早上", "上午", "中午", "下午", "晚上", "今天", "昨天", "吃了", "吃",
           "喝了", "喝", "大约", "约", "大概", "总共", "共", "各", "和", "与", "及", "还有", "加", "的", "了", "一点点", "一点", "一些", "少许",
           "少量", "一", "配", "夹", "含", "主食", "未记录", "我", "又", "再", "也", "就", "只")
_BEHIND = ("大约", "约", "大概", "总共", "一共", "共", "各", "每样", "和", "的", "了", "有", "吃了", "喝了", "吃", "喝")
_BEGINS, _ENDS = frozenset(word[0] for word in _BEFORE), frozenset(word[-1] for word in _BEHIND)
_BEFORE_ALL, _BEHIND_ALL = re.compile(f"^(?:{'|'.join(_BEFORE)})+"), re.compile(f"(?:{'|'.join(_BEHIND)})+$")
_IDLE = frozenset(("炒", "煮", "蒸", "烧", "拌", "炖", "煎", "生", "熟", "g", "无", "没有", "等", "等等", "少许", "左右", "多"))
# Not eaten: what follows it up to the next separator, or what it stands behind.
_DECLINED = re.compile(r"(?:没有?|未|不)再?(?:吃|喝)(?!完|饱|够|光|多少|下)(?:过|了)?|^没有")
_DECLINES = re.compile(r"(?:^|(?<=[\s,，;；。]))((?:没有?|未|不)(?:吃|喝))\s+")
_WITHOUT = re.compile(r"(?:不|没有?|未)(?:加|放|添)[糖油盐奶冰辣酱]+的?")
_AND = re.compile("[、和与及]")
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
    return [_item(*pair) for pair in _pairs(told)[:MOST_ITEMS]]


def given(name: str, grams: float) -> Item:
    """The thing that somebody named and weighed."""
    foods, is_exact = _named(name, None)
    return Item(name, foods, grams, f"{grams:g}g", True, is_exact)


def foods_in(words: str) -> tuple[Food, ...]:
    """The foods that a word names: itself, or all that stand in it, the longest names first (青椒山药鸡丝)."""
    if words in WORDS:
        return WORDS[words]
    if "、" in words:
        return tuple({food.name: food for one in words.split("、") for food in foods_in(_words(one))}.values())
    found: dict[str, Food] = {}
    at, end = 0, len(words)
    while at < end:
        stop = at + min(_LONGEST.get(words[at], 0), end - at)
        while stop > at and words[at:stop] not in WORDS:
            stop -= 1
        # 草莓味 is a taste and no strawberry.
        if stop > at and not words.startswith("味", stop) and not (stop == at + 1 and words[at] in _VAGUE and _says_little(words, at)):
            for food in WORDS[words[at:stop]]:
                found[food.name] = food
        at = stop if stop > at else at + 1
    if not found:
        return next((WORDS[letter] for letter in words if letter in WORDS), ())
    return tuple(found.values())


def _says_little(words: str, at: int) -> bool:
    """Whether a letter that stands in many dishes says little of this one: 面, 饼, 糕 and 包 at its end say what it is."""
    return len(words) > 1 and not (at + 1 == len(words) and words[at] in "面饼糕包")


_VAGUE = frozenset("菜果汤酱油糖水酒醋盐粉米面糕素茶糊饼包豆")
# How long the names are that begin with a letter.
_LONGEST: dict[str, int] = {}
for _word in WORDS:
    _LONGEST[_word[0]] = max(_LONGEST.get(_word[0], 0), len(_word))


def _aside(found: re.Match[str]) -> str:
    """What stands in brackets: raw or cooked, a remark beside a food, or the food itself, 主食(米饭)."""
    before, inside = found[1], found[2].strip()
    if inside[:1] in _STATES and not inside[1:].strip("重的"):
        return before + inside[0]
    return before if foods_in(_words(before)) else before + inside


def _pairs(text: str) -> list[tuple[str, Amount | None]]:
    """(words, their amount): an amount belongs to the words before it, and to those behind it where none stand before.

    Words with 、 between them share one (A、B、C 220g).
    """
    found: list[tuple[str, Amount | None]] = []
    waiting: str | Amount | None = None
    for part in filter(None, _SEPARATOR.split(text)):
        here = _tokens(part)
        if not here:
            continue
        if waiting is not None:
            # Words wait for an amount, an amount for words that have none of their own.
            is_met = isinstance(here[0], Amount) if isinstance(waiting, str) else isinstance(here[-1], str)
            if is_met:
                here.insert(0, waiting)
            else:
                _alone(waiting, found)
        waiting = here[0] if len(here) == 1 else _join(here, found)
    if waiting is not None:
        _alone(waiting, found)
    return found


def _alone(told: str | Amount, found: list[tuple[str, Amount | None]]) -> None:
    """Words without an amount, or an amount of nobody knows what; a bare number (of a list, a date) is nothing eaten."""
    if isinstance(told, str):
        found.append((told, None))
    elif told.unit:
        found.append((told.said, told))


def _tokens(part: str) -> list[str | Amount]:
    """The words and the amounts of a part, in their order and without what was not eaten."""
    tokens: list[str | Amount] = []
    at = 0
    for match in AMOUNT.finditer(part):
        raw = part[at:match.start()]
        at = match.end()
        if not _say(raw, tokens):
            continue
        amount = amount_of(match)
        # Of each so much: together as many times that as there are names.
        tokens.append(amount._replace(count=amount.count * (1 + len(_AND.findall(raw)))) if raw.endswith("各") else amount)
    if at < len(part):
        _say(part[at:], tokens)
    return tokens


def _say(raw: str, tokens: list[str | Amount]) -> bool:
    """Add the words, and tell whether an amount behind them was eaten: 没吃米饭一碗 was not, nor 米饭一碗没吃."""
    declined = _DECLINED.search(raw) if "吃" in raw or "喝" in raw or "没" in raw else None
    words = _words(raw[:declined.start()] if declined else raw)
    if declined is None:
        if words:
            tokens.append(words)
        return True
    if _words(raw[declined.end():]):
        if words:
            tokens.append(words)
    elif not words:
        del tokens[-2:]
    return False


def _join(here: list[str | Amount], found: list[tuple[str, Amount | None]]) -> str | None:
    """Put the words and amounts of a part together; what comes back waits for the amount of the next."""
    waiting: str | None = None
    ahead: Amount | None = None
    leads, last = isinstance(here[0], Amount), len(here) - 1
    for place, token in enumerate(here):
        if isinstance(token, str):
            if ahead is not None:
                found.append((token, ahead))
                ahead = None
            else:
                if waiting is not None:
                    found.append((waiting, None))
                waiting = token
        elif waiting is not None:
            found.append((waiting, token))
            waiting = None
        elif place == 0 or (leads and place < last and isinstance(here[place + 1], str)):
            ahead = token
        else:
            _refine(token, found)
    return waiting


def _refine(amount: Amount, found: list[tuple[str, Amount | None]]) -> None:
    """A second amount of the same thing: the weight of what was counted (一包饼干100g), or of nobody knows what."""
    words, had = found[-1] if found else ("", None)
    if had is not None and ((amount.is_weighed and not had.is_weighed) or (amount.unit and not had.unit)):
        found[-1] = (words, amount)
    elif amount.is_weighed:
        _alone(amount, found)


def _words(said: str) -> str:
    """The words without what says nothing of the food."""
    words = said.strip("、. ")
    # A look at the first and the last letter spares most words the search.
    if words and words[0] in _BEGINS:
        words = _BEFORE_ALL.sub("", words, count=1).lstrip("、. ")
    if words and words[-1] in _ENDS:
        words = _BEHIND_ALL.sub("", words).rstrip("、. ")
    return "" if words in _IDLE else words


def _item(words: str, amount: Amount | None) -> Item:
    foods, is_exact = _named(words, amount)
    if amount is None:
        return Item(words, foods, None, None, False, is_exact)
    grams = round(amount.count * _grams_in_one(foods, amount), 1)
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
        amount.unit in LIQUID or (amount.is_weighed and amount.count > MOST_DRY_GRAMS))
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
