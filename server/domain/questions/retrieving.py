"""Which topic a question means: character n-grams over every way to put it, with a table of synonyms.

Score of a topic = the best cosine over its ways, mixed with the cosine over all of its words together; a text is the bag
of its one-, two- and three-character grams weighted by how few topics hold them (idf; Spärck Jones 1972).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from server.domain.questions.normalising import bare, normalise

# Above these it is answered: how near the topic must be, and how many times as near as the next one.
THRESHOLD, LEAD = 0.10, 1.5
BEST, WHOLE = 0.3, 0.7
# What a word of the answer weighs beside one of the ways.
ANSWER = 0.4
WEIGHTS = {1: 0.35, 2: 1.0, 3: 0.8}
# (word, said instead). Both the knowledge base and the question pass through it; organisations add their own.
SYNONYMS: tuple[tuple[str, str], ...] = (
    ("糖友", ""), ("糖尿病人", "糖尿病"), ("糖尿病患者", "糖尿病"), ("请问", ""), ("请教", ""), ("老师", ""), ("医生", ""), ("大夫", ""), ("一下", ""), ("我想问", ""), ("想问", ""),
    ("能不能", "能"), ("可不可以", "能"), ("可以", "能"), ("行不行", "能"), ("行吗", "能"), ("行不", "能"), ("能否", "能"), ("可不可", "能"), ("敢不敢", "能"), ("中不", "能"),
    ("怎么样", "怎么"), ("如何", "怎么"), ("怎样", "怎么"), ("怎么才能", "怎么"), ("怎么办", "怎么"), ("为何", "为什么"), ("什么原因", "为什么"), ("怎么回事", "为什么"), ("什么时候", "几点"),
    ("什么时间", "几点"), ("何时", "几点"), ("多长时间", "多久"), ("隔多久", "多久"), ("几次", "多少次"), ("几回", "多少次"), ("几个", "多少"), ("多少个", "多少"), ("是不是", ""), ("有没有", "有"),
    ("吃饭前", "餐前"), ("饭前", "餐前"), ("吃完饭", "餐后"), ("吃饭后", "餐后"), ("饭后", "餐后"), ("扎手指头", "采血"), ("扎手指", "采血"), ("扎指尖", "采血"), ("扎针", "采血"), ("扎", "采血"),
    ("手指血", "指血"), ("指尖血", "指血"), ("血糖机", "血糖仪"), ("测糖仪", "血糖仪"), ("机子", "血糖仪"), ("机器", "血糖仪"), ("瞬感", "动态血糖"), ("cgm", "动态血糖"), ("探头", "传感器"),
    ("糖化血红蛋白", "糖化"), ("hba1c", "糖化"), ("试条", "试纸"), ("试纸条", "试纸"), ("凌晨", "夜里"), ("半夜", "夜里"), ("夜间", "夜里"), ("后半夜", "夜里"), ("临睡", "睡前"), ("睡觉前", "睡前"),
    ("睡觉之前", "睡前"), ("清早", "早上"), ("早晨", "早上"), ("清晨", "早上"), ("早起", "早上"), ("起床", "早上"), ("高糖", "血糖高"), ("洋芋", "土豆"), ("牛油果", "水果"), ("脚丫子", "脚"), ("足部", "脚"),
    ("脚底板", "脚"), ("肚皮", "肚子"), ("腹部", "肚子"), ("疙瘩", "硬结"), ("硬块", "硬结"), ("打针", "注射"), ("喝酒", "酒"), ("饮酒", "酒"), ("白酒", "酒"), ("啤酒", "酒"), ("红酒", "酒"),
    ("抽烟", "吸烟"), ("香烟", "吸烟"), ("锻炼", "运动"), ("健身", "运动"), ("走路", "走"), ("散步", "走"), ("遛弯", "走"), ("步行", "走"), ("膝盖", "膝关节"), ("关节炎", "膝关节"), ("岁数大", "年纪大"),
    ("老年人", "老人"), ("老年", "老人"), ("高龄", "老人"), ("孕妇", "孕期"), ("怀孕", "孕期"), ("妊娠", "孕期"), ("糖妈妈", "孕期"), ("糖妈", "孕期"), ("宝妈", "孕期"), ("准妈妈", "孕期"), ("小孩", "孩子"),
    ("儿童", "孩子"), ("宝宝", "孩子"), ("学校", "上学"), ("断根", "根治"), ("治好", "根治"), ("除根", "根治"), ("治愈", "根治"), ("小便", "尿"), ("撒尿", "尿"), ("尿液", "尿"), ("发麻", "麻"), ("麻木", "麻"),
    ("眼睛", "眼"), ("眼底", "眼"), ("视网膜", "眼"), ("失眠", "睡不好"), ("睡不着", "睡不好"), ("熬夜", "睡不好"), ("旅游", "旅行"), ("出门", "旅行"), ("出差", "旅行"), ("夜班", "倒班"), ("打卡任务", "打卡"),
    ("签到", "打卡"), ("排名", "排行榜"), ("榜上", "排行榜"), ("榜单", "排行榜"), ("奖品", "礼品"), ("礼物", "礼品"), ("兑换", "换"), ("通知", "提醒"), ("推送", "提醒"), ("闺女", "家人"), ("家属", "家人"), ("老伴", "家人"),
    ("儿子", "家人"), ("女儿", "家人"), ("退营", "退出"), ("退班", "退出"), ("不想参加", "退出"), ("调班", "换班"), ("换个班", "换班"), ("另外一个班", "换班"), ("食品", "食物"), ("稀饭", "粥"), ("白粥", "粥"), ("红苕", "红薯"),
    ("下馆子", "外面吃饭"), ("吃席", "外面吃饭"), ("聚餐", "外面吃饭"), ("应酬", "外面吃饭"), ("饭店", "外面吃饭"), ("流感针", "流感疫苗"), ("断食", "禁食"), ("辟谷", "禁食"), ("青菜", "蔬菜"), ("瓜子", "坚果"), ("核桃", "坚果"),
    ("花生", "坚果"), ("零度", "代糖"), ("甜味剂", "代糖"), ("木糖醇", "代糖"), ("越来越瘦", "瘦"), ("消瘦", "瘦"), ("长胖", "增重"), ("长肉", "增重"), ("长点肉", "增重"), ("减肥", "减重"), ("瘦身", "减重"))
_STOP = frozenset("的了吗呢啊呀哦吧嘛么把被是在就都也还又我你他她它们这那个有和跟与及着过给让对于之其")


class Index(NamedTuple):
    """What questions are looked up in. `grams` maps each gram to the ways that hold it, with its weight there."""

    topics: tuple[Any, ...]
    synonyms: tuple[tuple[str, str], ...]
    idf: dict[str, float]
    ways: dict[str, list[tuple[int, float]]]
    way_topic: list[int]
    wholes: dict[str, list[tuple[int, float]]]


class Hit(NamedTuple):
    """A topic and how near it is, from 0 to 1."""

    topic: Any
    score: float


def prepare(text: str, synonyms: Sequence[tuple[str, str]]) -> str:
    """The letters that are compared."""
    plain = bare(normalise(text))
    for word, instead in synonyms:
        plain = plain.replace(word, instead)
    return "".join(letter for letter in plain if letter not in _STOP)


def grams_of(plain: str) -> Counter[str]:
    """The one-, two- and three-character grams of a prepared text."""
    return Counter(plain[at:at + length] for length in WEIGHTS for at in range(len(plain) - length + 1))


def build(topics: Iterable[Any], synonyms: Sequence[tuple[str, str]] = ()) -> Index:
    """The index of these topics. Words of the house's own table come after those handed in."""
    topics, table = tuple(topics), (*synonyms, *sorted(SYNONYMS, key=lambda pair: -len(pair[0])))
    prepared = [[prepare(way, table) for way in (topic.question, *topic.ways)] for topic in topics]
    bags = [[grams_of(way) for way in ways] for ways in prepared]
    held = Counter(gram for ways in bags for gram in set().union(*ways))
    idf = {gram: math.log(1 + len(topics) / count) for gram, count in held.items()}
    ways, wholes, way_topic = defaultdict(list), defaultdict(list), []
    for number, of_topic in enumerate(bags):
        for bag in of_topic:
            _add(ways, len(way_topic), bag, idf)
            way_topic.append(number)
        whole = grams_of(prepare(topics[number].answer, table))
        whole = Counter(dict.fromkeys(whole, ANSWER))
        for bag in of_topic:
            whole.update(bag.keys())
        _add(wholes, number, Counter({gram: math.log(1 + count) for gram, count in whole.items()}), idf)
    return Index(topics, table, idf, dict(ways), way_topic, dict(wholes))


def _weighed(bag: Counter[str], idf: dict[str, float]) -> dict[str, float]:
    rare = math.log(1 + max(1, len(idf)) / 1) / 2
    weights = {gram: count * WEIGHTS[len(gram)] * idf.get(gram, rare) for gram, count in bag.items()}
    norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {gram: weight / norm for gram, weight in weights.items()}


def _add(table: dict[str, list[tuple[int, float]]], number: int, bag: Counter[str], idf: dict[str, float]) -> None:
    for gram, weight in _weighed(bag, idf).items():
        table[gram].append((number, weight))


def nearest(text: str, index: Index, most: int = 4) -> list[Hit]:
    """The topics nearest to the question, best first."""
    asked = _weighed(grams_of(prepare(text, index.synonyms)), index.idf)
    by_way, by_whole = defaultdict(float), defaultdict(float)
    for gram, weight in asked.items():
        for number, theirs in index.ways.get(gram, ()):
            by_way[number] += weight * theirs
        for number, theirs in index.wholes.get(gram, ()):
            by_whole[number] += weight * theirs
    best: dict[int, float] = {}
    for number, score in by_way.items():
        topic = index.way_topic[number]
        best[topic] = max(best.get(topic, 0.0), score)
    scored = {topic: BEST * score + WHOLE * by_whole.get(topic, 0.0) for topic, score in best.items()}
    ranked = sorted(scored.items(), key=lambda pair: (-pair[1], pair[0]))[:most]
    return [Hit(index.topics[topic], round(score, 4)) for topic, score in ranked]


def is_sure(hits: Sequence[Hit]) -> bool:
    """Whether the nearest topic is near enough, and so many times as near as the next one."""
    return bool(hits) and hits[0].score >= THRESHOLD and (len(hits) < 2 or hits[0].score >= LEAD * hits[1].score)
