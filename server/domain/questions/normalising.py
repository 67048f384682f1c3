"""What somebody typed or dictated, brought to one spelling: width, case, misheard words, dialect, numbers."""

import re
import unicodedata

# Misheard, mistyped and dialect words, longest first where one holds another.
WORDS = (
    ("雪糖", "血糖"), ("血塘", "血糖"), ("血唐", "血糖"), ("血汤", "血糖"), ("雪塘", "血糖"), ("糖指", "血糖值"),
    ("胰岛肃", "胰岛素"), ("胰岛苏", "胰岛素"), ("胰岛数", "胰岛素"), ("一岛素", "胰岛素"), ("遗导素", "胰岛素"), ("胰导素", "胰岛素"),
    ("单围", "单位"), ("蛋位", "单位"), ("单卫", "单位"), ("试只", "试纸"), ("式纸", "试纸"), ("餐候", "餐后"), ("范后", "饭后"),
    ("二甲双瓜", "二甲双胍"), ("二甲双呱", "二甲双胍"), ("二甲双挂", "二甲双胍"), ("酮题", "酮体"), ("同体", "酮体"),
    ("唔", "不"), ("冇", "没"), ("点算", "怎么办"), ("点解", "为什么"), ("咁", "这么"), ("食完饭", "吃完饭"), ("食饭", "吃饭"),
    ("震晒", "抖"), ("手震", "手抖"), ("而家", "现在"), ("今朝", "今天"), ("咋整", "怎么办"), ("咋办", "怎么办"), ("咋弄", "怎么办"),
    ("咋个", "怎么"), ("咋", "怎么"), ("啷个", "怎么"), ("啥子", "什么"), ("啥", "什么"), ("么子", "什么"), ("莫得", "没有"), ("晓得", "知道"),
    ("中不中", "行不行"), ("得行不", "行不行"), ("要得不", "行不行"), ("好伐", "好吗"), ("够伐", "够吗"), ("伐", "吗"), ("俺", "我"),
    ("俺爹", "我爸"), ("老汉儿", "爸爸"), ("老汉", "爸爸"), ("屋头", "家里"), ("娃儿", "孩子"), ("娃娃", "孩子"), ("娃", "孩子"),
    ("钟头", "小时"), ("礼拜", "星期"), ("脑壳", "头"), ("晕菜", "晕倒"), ("稀饭", "粥"), ("地瓜", "红薯"), ("洋芋", "土豆"), ("马铃薯", "土豆"))
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "俩": 2, "仨": 3, "壹": 1}
# A lone numeral is mostly no number (一直, 一下, 一身汗): it is read as one where something is counted or a point follows.
_NUMERAL = re.compile(
    "[零〇一二两三四五六七八九十百]{2,}|[零〇一二两三四五六七八九十](?=点[零一二两三四五六七八九十]|[个片颗粒支针倍遍次单份天年岁周月星餐顿小型口])"
    "|(?<=点)[零一二两三四五六七八九十]|(?<=[加减打吃到])[一二两三四五六七八九十](?![半辈些下直])")
_SPOKEN_POINT = re.compile(r"(\d+)\s*点\s*(\d)(?!\d*\s*(?:分|钟|刻|整))")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")


def normalise(text: str) -> str:
    """One spelling for many: half width, lower case, known slips mended, Chinese numerals as digits, 2点6 as 2.6."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    for slip, word in WORDS:
        plain = plain.replace(slip, word)
    plain = _NUMERAL.sub(lambda found: _value(found[0], after_point=plain[:found.start()].endswith("点")), plain)
    plain = re.sub(r"(\d)\s*[。·]\s*(\d)", r"\1.\2", plain)
    return _SPOKEN_POINT.sub(r"\1.\2", plain)


def bare(normalised: str) -> str:
    """Its letters and digits alone."""
    return "".join(letter for letter in normalised if letter.isalnum())


def _value(numeral: str, *, after_point: bool) -> str:
    """A Chinese numeral in digits: 二十五 is 25, 十四五 (about 14 or 15) is 14, 三三 is 33, 两三 (two or three) is 2~3."""
    if "十" not in numeral and "百" not in numeral:
        if len(numeral) == 2 and not after_point and _DIGITS[numeral[1]] - _DIGITS[numeral[0]] == 1:
            return f"{_DIGITS[numeral[0]]}~{_DIGITS[numeral[1]]}"
        return "".join(str(_DIGITS[letter]) for letter in numeral)
    hundreds, _, rest = numeral.rpartition("百")
    total = 100 * (_DIGITS.get(hundreds[-1:], 1) if hundreds or "百" in numeral else 0)
    tens, ten, ones = rest.partition("十")
    if ten:
        total += 10 * (_DIGITS.get(tens[-1:], 1) if tens else 1)
        return str(total + (_DIGITS.get(ones[:1], 0) if ones else 0))
    return str(total + (_DIGITS.get(rest[-1:], 0) if rest else 0))
