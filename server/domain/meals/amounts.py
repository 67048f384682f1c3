"""How much was eaten, as people write it: units and household measures, and counts in digits, fractions and Chinese."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

# Grams (or millilitres, taken as grams) in one unit. Nobody eats milligrams or metres: mg and m are slips for g and ml.
WEIGHTS = {"g": 1.0, "克": 1.0, "ml": 1.0, "毫升": 1.0, "两": 50.0, "斤": 500.0, "公斤": 1000.0, "kg": 1000.0, "千克": 1000.0, "钱": 5.0,
           "l": 1000.0, "升": 1000.0, "cc": 1.0, "m": 1.0, "gg": 1.0, "g.": 1.0, "mg": 1.0}
LIQUID = frozenset(("ml", "毫升", "l", "升", "cc", "m"))
# A measure the food does not name weighs so much.
USUAL = {"碗": 200.0, "盘": 200.0, "碟": 80.0, "份": 150.0, "个": 80.0, "只": 60.0, "块": 40.0, "片": 15.0, "根": 80.0, "条": 80.0, "杯": 200.0, "瓶": 400.0,
         "罐": 330.0, "听": 330.0, "袋": 100.0, "包": 80.0, "盒": 200.0, "勺": 10.0, "把": 30.0, "粒": 5.0, "颗": 8.0, "张": 60.0, "枚": 50.0,
         "串": 40.0, "头": 50.0, "支": 60.0, "口": 20.0, "拳": 150.0, "节": 80.0, "朵": 15.0, "瓣": 15.0, "筷": 20.0, "段": 60.0, "牙": 150.0,
         "棵": 80.0, "笼": 150.0, "桶": 100.0, "房": 80.0, "角": 30.0, "壶": 500.0, "盅": 50.0, "滴": 1.0, "卷": 60.0, "件": 50.0,
         "屉": 150.0, "捧": 40.0, "撮": 10.0, "盆": 500.0, "缸子": 400.0, "团": 60.0}
# Measures that say the same of a food which names another of them: 6只 of what is told by the 个.
ALIKE = {"个": "只枚颗粒根条块", "只": "个枚颗粒", "枚": "个只颗粒", "颗": "个只粒枚棵", "粒": "颗个只枚", "根": "条支个", "条": "根支个", "支": "根条个",
         "包": "袋", "袋": "包", "罐": "听", "听": "罐", "块": "片", "牙": "块", "瓣": "块", "件": "个只块份",
         "屉": "笼"}
_SIZED = "碗杯盘碟勺把块片份个只包袋盒瓶条根段口张捧撮团串"
# Each measure as it is written: which it is, and how many of it.
MEASURES: dict[str, tuple[str, float]] = {
    **{measure: (measure, 1.0) for measure in USUAL},
    **{size + measure: (measure, times) for measure in _SIZED for size, times in (("小", 0.7), ("中", 1.0), ("大", 1.5))},
    "匙": ("勺", 1.0), "小匙": ("勺", 0.5), "对": ("个", 2.0), "筷子": ("筷", 1.0), "海碗": ("碗", 2.0), "平碗": ("碗", 1.0), "满碗": ("碗", 1.0)}
# Where a measure begins the name of a food it is none: 2包子, 50卷心菜, 一角瓜.
_NO_MEASURE = {"包": "子菜", "头": "菜", "卷": "心", "角": "瓜粽饭", "条": "头", "口": "蘑", "对": "虾", "节": "瓜", "根": "菜",
               "串": "烧串", "罐": "头"}
# A little, however it is said: of it nobody knows how much it weighs.
LITTLE = "一点"
SEVERAL = 5.0
_DIGITS = {letter: float(value) for value, letter in enumerate("零一二三四五六七八九")} | {
    "两": 2.0, "俩": 2.0, "仨": 3.0, "几": SEVERAL, "数": SEVERAL}
_TENS = {"十": 10.0, "百": 100.0, "千": 1000.0}
_PARTS = {"半": 0.5, "大半": 0.75, "多半": 0.75, "小半": 0.35, "少半": 0.35}


def _written(unit: str) -> str:
    """The unit in a pattern."""
    barred = _NO_MEASURE.get(unit[-1], "")
    return re.escape(unit) + (f"(?![{barred}])" if barred else "")


_UNIT = "|".join(_written(unit) for unit in sorted((*WEIGHTS, *MEASURES), key=len, reverse=True))
_NUMBER = r"\d+(?:\.\d+)?"
_COUNT = (rf"{_NUMBER}(?:\s*[-~至到]\s*{_NUMBER})?|[大小多少]?半(?={_UNIT})|"
          rf"[零一二三四五六七八九十两俩仨几数][零一二三四五六七八九十百千两俩仨几半至到]{{0,8}}(?=[多来]?(?:{_UNIT}))|半|"
          rf"{LITTLE}(?!心)点?儿?")
AMOUNT = re.compile(rf"(?P<count>{_COUNT})[多来]?(?P<unit>(?:{_UNIT})半?)?(?P<few>多|左右|不到)?(?:[*x×](?P<times>\d{{1,2}})(?!\d))?")


class Amount(NamedTuple):
    """An amount as it was said: how many, and of which weight or measure (empty where none was named)."""

    said: str
    number: float
    unit: str

    @property
    def is_guessed(self) -> bool:
        """Whether only a few or several were told of."""
        return "几" in self.said or "数" in self.said

    @property
    def is_weighed(self) -> bool:
        """Whether it is a weight or a volume. A bare number of ten and more is grams."""
        return self.unit in WEIGHTS or (not self.unit and self.number >= 10)


def amount_of(found: re.Match[str]) -> Amount:
    """What a match of AMOUNT says."""
    said, unit, times = found.group("count", "unit", "times")
    # Nearly all are plain numbers.
    if said.isdecimal():
        count = float(said)
    elif said.startswith(LITTLE):
        return Amount(LITTLE, 0.0, LITTLE)
    else:
        count = _count(said)
    unit = unit or ""
    if unit.endswith("半"):
        unit, count = unit[:-1], count + 0.5
    return Amount(found[0], count * float(times) if times else count, unit)


def _count(said: str) -> float:
    """The number: of a range its middle, 半 a half, 一百五十 a hundred and fifty, 三四 three and a half."""
    if said[0].isdigit():
        numbers = re.findall(_NUMBER, said)
        return sum(map(float, numbers)) / len(numbers)
    if said in _PARTS:
        return _PARTS[said]
    ends = [_chinese(end) for end in re.split("[至到]", said) if end]
    return sum(ends) / len(ends)


def _chinese(said: str) -> float:
    whole, digit, last = 0.0, None, 0.0
    for letter in said:
        if letter in _TENS:
            last = _TENS[letter]
            whole, digit = whole + (1.0 if digit is None else digit) * last, None
        elif letter == "半":
            whole, last = whole + 0.5, 0.0
        elif letter == "零":
            last = 0.0
        else:
            value = _DIGITS[letter]
            # Two digits in a row are a guess between them.
            digit = value if digit is None else (digit + value) / 2
    # 一百二 is a hundred and twenty.
    return whole + (digit or 0.0) * (last / 10 if last > 10 else 1.0)


def _zeros(found: re.Match[str]) -> str:
    return "0" * len(found[0])


def _decimal(found: re.Match[str]) -> str:
    """One and a half, written 1½."""
    return f"{int(found[1] or 0) + round(unicodedata.numeric(found[2]), 3):g}"


def _fraction(found: re.Match[str]) -> str:
    """1/2 and 1又1/2; a date or a score is left as it is."""
    return _share(found, int(found[1] or 0), int(found[2]), int(found[3]))


def _part(found: re.Match[str]) -> str:
    """三分之一 and 一又二分之一."""
    return _share(found, _chinese(found[1] or ""), _chinese(found[3]), _chinese(found[2]))


def _share(found: re.Match[str], whole: float, above: float, below: float) -> str:
    return f"{whole + round(above / below, 3):g}" if 0 < above < below else found[0]


def _closed(found: re.Match[str]) -> str:
    """Letters that were set apart (米 饭 一 碗); several foods of one letter are left as they are."""
    joined = "".join(found[0].split())
    return joined if AMOUNT.search(joined) else found[0]


_HAN = "\u4e00-\u9fff"
_OF_DAY = r"(?:上午|下午|早上|早晨|中午|晚上|傍晚|凌晨)?"
# One of something, without saying one: behind a verb (吃了个苹果, 加份青菜), and a size by itself (拉面大碗, 大碗拉面). Not where it
# is another word: 吃个饱, 我只吃, 大盘鸡.
_ONE_OF = (r"(?=[碗杯根块片份瓶袋听颗粒张枚支件勺捧撮瓣]|个(?![半够饱精])|盘(?!丝)|盒(?!饭)|罐(?!头)|包(?![子菜])|条(?![头子])|口(?![水蘑])|"
           r"把(?!子)|串(?![串烧])|只(?![有能是吃喝要])|头(?=[大糖]?蒜)|牙(?=[西哈瓜]))")
_SIZE = rf"(?<![\d半{''.join(_DIGITS)}{''.join(_TENS)}个多来])%s(?=[碗杯份碟瓶桶]|盘(?!鸡))"
_VULGAR_SIGN = "[¼-¾⅐-⅞]"
_VULGAR, _ANY_VULGAR = re.compile(rf"(\d*)\s*({_VULGAR_SIGN})"), re.compile(_VULGAR_SIGN)
# What is put right before a text is read: signs of which one must stand in it, what is looked for, what is put there.
# A slip for a digit (33oml, l00g), times of day, fractions, a weight torn from its unit, a state behind its weight. A pattern
# for a sign that stands in most texts begins with that sign, which is found the fastest.
_MENDS: tuple[tuple[str, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    ("o", re.compile(r"(?<=\d)o+(?=\d|\s*(?:g|ml|克|毫))"), _zeros),
    ("l", re.compile(r"l(?<![a-z\d]l)(?=\d|[碗个杯片块根盘只两])"), "1"),
    (":", re.compile(rf"{_OF_DAY}\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?!\d)"), " "),
    ("点", re.compile(rf"{_OF_DAY}(?:\d{{1,2}}|[二两三四五六七八九十]{{1,3}}|一(?=点[半钟整]))点(?:钟|半|整|[一三]刻|\d{{1,2}}分?(?![{_HAN}a-z\d.]))?(?!心)"), " "),
    ("月", re.compile(r"\d{1,2}月\d{1,2}[日号]"), " "),
    ("时", re.compile(r"(?:\d+(?:\.\d+)?个?半?|[一两三半]个?半?)小时"), " "),
    ("分", re.compile(r"\d+\s*分钟"), " "),
    ("分", re.compile(r"(?:([一二两三四五六七八九])又)?([二三四五六七八九十])分之([一二三四五六七八九])"), _part),
    ("⁄", re.compile(r"(?:(\d+)\s*又?\s*)?(\d{1,2})⁄(\d{1,2})"), _fraction),
    ("/", re.compile(rf"(?:(\d+)\s*又\s*)?(?<![\d/])(\d{{1,2}})/([2-9]|10)(?=\s*(?:{_UNIT})|[{_HAN}])"), _fraction),
    ("。", re.compile(r"(?<=\d)。(?=\d)"), "."),
    ("·", re.compile(r"(?<=\d)·(?=\d)"), "."),
    ("、", re.compile(r"\s*、\s*"), "、"),
    ("+", re.compile(rf"(?<=[{_HAN}])\s*\+\s*(?=[{_HAN}])"), "、"),
    (",", re.compile(r"(?<=\d),(?=\s*(?:ml|毫升|g|克))"), ""),
    (" ", re.compile(rf" (?<=\d ) *(?=(?:(?:克|毫升|公?斤|两|个|碗|杯|只|盘|勺)|(?:{_UNIT})(?![{_HAN}a-z])))"), ""),
    ("(", re.compile(rf"({_NUMBER} *(?:{_UNIT})) *\(([生熟])重?\)"), r"\2\1"),
)
# Most texts have no other sign than these.
_OFTEN = tuple(mend for mend in _MENDS if mend[0] in " l")
_ANY_RARE = re.compile(f"[{''.join(sign for sign, *_ in _MENDS if sign not in ' l')}]")
# The same of what people say, where one of these stands in it: one without a number, a little, two and three in one word.
_SAID = re.compile("[咗俩仨儿了吃喝加整来啃]|半[拉边]|少[糖油盐冰]|[大中小][碗杯份碟瓶桶盘]")
_SAID_MENDS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("儿", re.compile("(?<=[碗盘碟杯块个瓶根条片串包袋盒勺份粒])儿(?!童)"), ""),
    ("少", re.compile("少(?:糖|油|盐|冰)"), ""),
    ("咗", re.compile("咗"), "了"),
    ("半", re.compile("半(?:拉(?!面)|边)[子儿]?"), "半个"),
    *((few, re.compile(rf"{few}(?!{_UNIT})"), many) for few, many in (("俩", "两个"), ("仨", "三个"))),
    *((verb, re.compile(rf"{verb}点儿?(?![心菜餐单])|{verb}些"), f"{verb}{LITTLE}") for verb in "了吃喝加整"),
    *((verb, re.compile(rf"{verb}{_ONE_OF}"), f"{verb}一") for verb in "了吃喝加来啃"),
    *((size, re.compile(_SIZE % size), f"一{size}") for size in "大中小"),
)
_APART = re.compile(rf"(?<![^\s])[{_HAN}](?: +[{_HAN}]){{2,}}(?![^\s])")


def plain(text: str) -> str:
    """The text in half-width small letters, with slips for digits, times of day, fractions and torn amounts put right."""
    if _ANY_VULGAR.search(text):
        text = _VULGAR.sub(_decimal, text)
    told = unicodedata.normalize("NFKC", text).lower()
    mends = (*_MENDS, *_SAID_MENDS) if _SAID.search(told) else _MENDS if _ANY_RARE.search(told) else _OFTEN
    for sign, pattern, put in mends:
        if sign in told:
            told = pattern.sub(put, told)
    return _APART.sub(_closed, told) if told.count(" ") * 3 >= len(told) else told
