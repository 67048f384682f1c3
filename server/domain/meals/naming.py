"""Which foods the words of a meal name."""

import re

from server.domain.meals.foods import WORDS, Food

# What says nothing of the food before and behind its name, and what is none by itself.
_BEFORE = ("在外面", "外面", "下午茶", "夜饭", "宵夜", "夜宵", "晌午", "后晌", "给", "中饭", "早餐", "中餐", "午餐", "晚餐", "早饭", "午饭", "晚饭", "加餐", "早上", "上午", "中午", "下午", "晚上", "今天", "昨天", "昨晚", "今晚", "今早",
           "饭后", "饭前", "餐后", "餐前", "睡前", "吃了", "吃", "喝了", "喝", "大约", "约", "大概", "总共", "共", "各", "和", "与", "及", "以及", "跟",
           "还有", "还", "另外", "外加", "另", "加", "的", "了", "少许", "少量", "一", "配", "夹", "含", "主食", "未记录", "我们", "我", "俺们", "俺",
           "咱们", "咱", "先", "后来", "然后", "接着", "最后", "再来", "又", "再", "也", "就", "只", "里面", "里头", "剩", "随便")
_BEHIND = ("大约", "约", "大概", "差不多", "将近", "总共", "一共", "共", "各", "每样", "和", "跟", "的", "了", "有", "吃了", "喝了", "吃", "喝", "我",
           "俺", "就", "也", "都", "只", "又", "再", "还", "加", "外加", "配", "来", "好")
_BEGINS, _ENDS = frozenset(word[0] for word in _BEFORE), frozenset(word[-1] for word in _BEHIND)
_BEFORE_ALL, _BEHIND_ALL = re.compile(f"^(?:{'|'.join(_BEFORE)})+"), re.compile(f"(?:{'|'.join(_BEHIND)})+$")
_IDLE = frozenset(("炒", "煮", "蒸", "烧", "拌", "炖", "煎", "生", "熟", "g", "无", "没有", "等", "等等", "少许", "左右", "多", "儿", "饿", "饱", "不少",
                   "很多", "外卖"))
_VAGUE = frozenset("菜果汤酱油糖水酒醋盐粉米面糕素茶糊饼包豆")
# How long the names are that begin with a letter.
_LONGEST: dict[str, int] = {}
for _word in WORDS:
    _LONGEST[_word[0]] = max(_LONGEST.get(_word[0], 0), len(_word))


def bare(said: str) -> str:
    """The words without what says nothing of the food."""
    words = said.strip("、. ")
    # A look at the first and the last letter spares most words the search.
    if words and words[0] in _BEGINS:
        words = _BEFORE_ALL.sub("", words, count=1).lstrip("、. ")
    if words and words[-1] in _ENDS:
        words = _BEHIND_ALL.sub("", words).rstrip("、. ")
    return "" if words in _IDLE else words


def foods_in(words: str) -> tuple[Food, ...]:
    """The foods that a word names: itself, or all that stand in it, the longest names first (青椒山药鸡丝)."""
    if words in WORDS:
        return WORDS[words]
    if "、" in words:
        return tuple({food.name: food for one in words.split("、") for food in foods_in(bare(one))}.values())
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
