"""What somebody typed or dictated, brought to one spelling: width, case, misheard words, dialect, numbers."""

import re
import unicodedata

# Misheard and mistyped words, and those of dialects as they are written down.
WORDS: tuple[tuple[str, str], ...] = (
    ("雪糖", "血糖"), ("血塘", "血糖"), ("血唐", "血糖"), ("血汤", "血糖"), ("雪塘", "血糖"), ("学糖", "血糖"), ("糖指", "血糖值"),
    ("胰岛肃", "胰岛素"), ("胰岛苏", "胰岛素"), ("胰岛数", "胰岛素"), ("一岛素", "胰岛素"), ("遗导素", "胰岛素"), ("胰导素", "胰岛素"), ("胰岛术", "胰岛素"),
    ("胰捣素", "胰岛素"), ("胰倒素", "胰岛素"), ("单围", "单位"), ("蛋位", "单位"), ("单卫", "单位"), ("单味", "单位"), ("试只", "试纸"), ("式纸", "试纸"),
    ("餐候", "餐后"), ("范后", "饭后"), ("二甲双瓜", "二甲双胍"), ("二甲双呱", "二甲双胍"), ("二甲双挂", "二甲双胍"), ("拜唐苹", "拜糖平"), ("拜糖苹", "拜糖平"),
    ("酮题", "酮体"), ("同体", "酮体"), ("桐体", "酮体"), ("生铜", "生酮"), ("打咔", "打卡"), ("积份", "积分"), ("役苗", "疫苗"), ("眼地", "眼底"), ("结盈", "结营"),
    ("任娠", "妊娠"), ("复症", "复诊"), ("司美个鲁肽", "司美格鲁肽"),
    # Cantonese.
    ("唔", "不"), ("冇", "没"), ("点算", "怎么办"), ("点解", "为什么"), ("点样", "怎么样"), ("咁样", "这样"), ("咁", "这么"), ("食完饭", "吃完饭"), ("食饭", "吃饭"),
    ("食药", "吃药"), ("食咗", "吃了"), ("唔食", "不吃"), ("食嘢", "吃东西"), ("咗", "了"), ("嘅", "的"), ("喺", "在"), ("系咪", "是不是"), ("佢", "他"), ("咩", "什么"), ("乜嘢", "什么"),
    ("几多", "多少"), ("睇", "看"), ("瞓", "睡"), ("听日", "明天"), ("寻日", "昨天"), ("今日", "今天"), ("边个", "哪个"), ("边度", "哪里"),
    ("啱啱", "刚刚"), ("净系", "只是"), ("嗰", "那"), ("呢啲", "这些"), ("啲", "些"), ("细路", "孩子"), ("返嚟", "回来"), ("嚟", "来"), ("讲嘢", "讲话"), ("嘢", "东西"),
    ("震晒", "抖"), ("手震", "手抖"), ("而家", "现在"), ("今朝", "今天"), ("朝早", "早上"), ("夜晚", "晚上"), ("唔郁", "不动"), ("冇郁", "没动"), ("没郁", "没动"), ("郁过", "动过"), ("攞", "拿"), ("畀", "给"), ("㗎", ""),
    # The north and the centre.
    ("咋整", "怎么办"), ("咋办", "怎么办"), ("咋弄", "怎么办"), ("咋", "怎么"), ("中不中", "行不行"), ("得劲", "舒服"), ("旮沓", "地方"), ("恁", "您"), ("咧", "了"),
    ("俺爹", "我爸"), ("俺娘", "我妈"), ("俺", "我"), ("晌午", "中午"), ("后晌", "下午"), ("赶明儿", "以后"), ("昨儿", "昨天"), ("今儿", "今天"), ("明儿", "明天"),
    # Sichuan and Hunan.
    ("咋个", "怎么"), ("啷个", "怎么"), ("郎个", "怎么"), ("啥子", "什么"), ("么子", "什么"), ("么得", "没有"), ("莫得", "没有"), ("晓得", "知道"), ("何解", "为什么"),
    ("得行不", "行不行"), ("要得不", "行不行"), ("遭不住", "受不了"), ("晚黑", "晚上"), ("脑壳", "头"), ("学堂", "学校"), ("晕菜", "晕倒"), ("老汉儿", "爸爸"),
    ("老汉", "爸爸"), ("屋头", "家里"), ("幺女", "女儿"), ("娃儿", "孩子"), ("娃娃", "孩子"), ("娃", "孩子"),
    # Shanghai.
    ("好伐", "好吗"), ("够伐", "够吗"), ("伐", "吗"), ("阿拉", "我"), ("姆妈", "妈妈"), ("困觉", "睡觉"), ("几化", "多少"), ("辰光", "时间"), ("侬", "你"),
    # One word for one thing.
    ("啥", "什么"), ("钟头", "小时"), ("礼拜", "星期"), ("稀饭", "粥"), ("地瓜", "红薯"), ("洋芋", "土豆"), ("马铃薯", "土豆"))
# Names in which one letter is heard wrongly: which letter does not matter.
_NAMES = tuple((re.compile(slip), word) for slip, word in (
    ("胰[^岛素,。 ]素", "胰岛素"), ("二甲双[^胍,。 ]", "二甲双胍"), ("门[东懂洞](?=[0-9一二三五打])", "门冬")))
_LONGEST_FIRST = sorted(WORDS, key=lambda pair: -len(pair[0]))
_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "俩": 2, "仨": 3, "壹": 1}
# A lone numeral is mostly no number (一直, 一下, 一身汗): it is read as one where something is counted or a point follows.
_NUMERAL = re.compile(
    "[零〇一二两三四五六七八九十百]{2,}|[零〇一二两三四五六七八九十](?=点[零一二两三四五六七八九十]|[个片颗粒支针倍遍次单份天年岁周月星餐顿小型口])"
    "|(?<=点)[零一二两三四五六七八九十]|(?<=[加减打吃到])[一二两三四五六七八九十](?![半辈些下直])")
_SPOKEN_POINT = re.compile(r"(\d+)\s*点\s*(\d)(?!\d*\s*(?:分|钟|刻|整))")
# A meter shows HI in capitals; who begins with “hi” or “Hi” greets.
_GREETING = re.compile(r"^\s*[Hh]i(?![a-zA-Z])[,，!！~。 ]*(?=$|[^了呢显怎咋\d])")
# No body has a number so long, and no pattern should look through it.
_LONG_NUMBER = re.compile(r"\d{7,}")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufe00-\ufe0f\ufeff]")


def normalise(text: str) -> str:
    """One spelling for many: half width, lower case, known slips mended, Chinese numerals as digits, 2点6 as 2.6."""
    plain = _LONG_NUMBER.sub("0", _GREETING.sub("", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)))).lower()
    for slip, word in _LONGEST_FIRST:
        plain = plain.replace(slip, word)
    for slip, word in _NAMES:
        plain = slip.sub(word, plain)
    plain = _NUMERAL.sub(lambda found: _value(found[0], after_point=plain[:found.start()].endswith("点")), plain)
    plain = re.sub(r"(\d)\s*[。·]\s*(\d)", r"\1.\2", plain)
    return _SPOKEN_POINT.sub(r"\1.\2", plain)


def bare(normalised: str) -> str:
    """Its letters and digits alone."""
    return "".join(letter for letter in normalised if letter.isalnum())


def _value(numeral: str, *, after_point: bool) -> str:
    """A Chinese numeral in digits: 二十五 is 25, 十四五 (about 14 or 15) is 14, 三三 is 33, 两三 (two or three) is 2~3."""
    # A weight of food or drink: 二两 is 2两.
    if len(numeral) > 1 and numeral.endswith("两") and not after_point:
        return f"{_value(numeral[:-1], after_point=False)}两"
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
