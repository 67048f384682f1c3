"""Words that cannot wait: what is happening now to the asker or to somebody beside them.

Each rule has an id, a pattern and a card. A general question about a danger (how to prevent it, what it looks like) is
none; whenever in doubt it is one. Sources: docs/clinical.md, section 4; clinical.md has no reviewer yet.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from server.domain.alerts import CARDS
from server.domain.glucose import Reading
from server.domain.questions import signs
from server.domain.questions.readings import is_low, is_very_high


def _card(title: str, *steps: str) -> dict[str, Any]:
    return {"level": "emergency_words", "title": title, "steps": list(steps), "call_120": True}


CALL = "马上打 120，说清地址和“有糖尿病”。"
UNCONSCIOUS = _card("叫不醒、抽搐：现在就打 120", CALL, "不要喂任何东西。让他侧卧，解开衣领。",
                    "旁边有血糖仪就测一次，告诉急救人员。", "没有呼吸和脉搏：开始胸外按压，听 120 指挥。")
CHEST = _card("胸痛、喘不上气：现在就打 120", CALL, "坐下或半躺，停下一切活动，不要自己走去医院。", "打开门，叫人来陪着。")
STROKE = _card("像中风：现在就打 120", CALL, "记下开始的时间，时间就是命。", "平躺侧头，不要喂水喂药。", "测一次血糖，低血糖也会这样。")
OVERDOSE = _card("药打错、吃错了：先打 120", CALL, "别等不舒服再说：低血糖可能过一会儿才来。", "清醒、能吞咽：先吃 15–20 克糖，每 15 分钟测一次血糖。",
                 "带上药盒、针笔去医院。")
PREGNANCY = _card("怀孕有异常：现在去医院", "马上联系产科急诊或打 120。", "左侧躺下，记下最后一次胎动的时间。", "测一次血糖，带上产检本。")
SIGHT = _card("突然看不见：现在去眼科急诊", "马上去有眼科急诊的医院，不要等到明天。", "路上别自己开车，头不要低、不要用力。", "同时手脚没劲、说话不清：打 120。")
ALLERGY = _card("像严重过敏：现在就打 120", CALL, "停下正在用的药。平躺，脚垫高；喘得厉害就坐着。", "带上刚用过的药。")
CHILD = _card("孩子情况危险：现在就打 120", CALL, "测一次血糖和酮体，告诉急救人员。", "叫不醒就别喂东西，让孩子侧卧。")
FOOT = _card("脚可能坏死、感染：今天就去急诊", "马上去医院急诊，发烧、发冷就打 120。", "别泡脚，别自己剪、别涂药膏。", "盖上干净的纱布，脚不要着地。")
KETONES = CARDS["emergency_ketone"] | {"level": "emergency_words"}
LOW_NOW = CARDS["critical_low"] | {"level": "emergency_words", "call_120": True}
LOW_SEVERE = CARDS["emergency_low"] | {"level": "emergency_words"}
HIGH_NOW = CARDS["critical_high"] | {"level": "emergency_words"}
HIGH_SEVERE = CARDS["emergency_high"] | {"level": "emergency_words"}


class Danger(NamedTuple):
    """What is dangerous: the rule's id and the card."""

    rule_id: str
    card: dict[str, Any]


CARDS_OF: dict[str, dict[str, Any]] = {
    "unconscious": UNCONSCIOUS, "chest_pain": CHEST, "stroke": STROKE, "overdose": OVERDOSE, "pregnancy": PREGNANCY,
    "sight": SIGHT, "allergy": ALLERGY, "foot": FOOT, "ketones": KETONES, "child": CHILD, "low_now": LOW_NOW,
    "high_now": HIGH_SEVERE}


def _any_of(ways: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(ways))


_SIGNS = {rule_id: _any_of(ways) for rule_id, ways in signs.SIGNS.items()}
# What was taken was taken: who asks before taking it tells of no overdose.
HAS_TAKEN = re.compile("(打|吃|推|喂|注射|服|吞|咽)[^,。]{0,6}了|(打|吃|推|喂)(过|错|重|多|成|完)|错了|当成")
OF_A_BODY, OF_AN_END = _any_of(signs.OF_A_BODY), _any_of(signs.OF_AN_END)
_RELATIVE = re.compile("我?(妈|爸|爹|娘|父|母|老伴|老公|老婆|爱人|媳妇|丈夫|妻子|爷爷|奶奶|姥|外公|外婆|公公|婆婆|岳|哥|姐|弟|妹|叔|姨|舅|姑|孩子|儿子|女儿|闺女|孙|宝宝|邻居|同事|室友|朋友|老人|他|她)")
_SEVERE = _any_of((*signs.SIGNS["unconscious"], "迷糊|糊涂|嗜睡|想睡|犯困|一直睡|没精神|站不(稳|起)|吐|呼吸|喘|晕"))

# What a low feels like, a group for each sign: two of them at once, and no number that says otherwise, are one.
_LOW_SIGNS = re.compile(
    r"(?P<heart>心[^,。]{0,2}(慌|悸|突突)|心跳[^,。]{0,3}快)|(?P<shaking>手[^,。]{0,3}(抖|震|哆嗦)|发抖|哆嗦|打颤)"
    r"|(?P<sweating>(冷|虚|冻|大|一身|满头)[^,。]{0,3}汗|冒汗|直汗)|(?P<sight>眼[前]?[^,。]{0,3}(发黑|金星|金花|发花)|眼花)"
    r"|(?P<weak>(腿|脚|手脚|浑身|身子|人)[^,。]{0,3}(发?软|瘫)|站不(住|稳|起)|起不来)|(?P<dizzy>头重脚轻|天旋地转|发飘|要晕)")
_ASKS_SIGNS = re.compile("低血糖|症状|表现|反应|感觉|征兆|信号|糖友|经常|总是|老是|有时|平时|吃完饭|更年期")


def danger_in(happens: str, readings: list[Reading], *, severe: bool) -> Danger | None:
    """The danger in what a normalised text tells (told.py), or None. `readings` are those it names of now, `severe` whether
    it speaks anywhere of what makes a value worse."""
    low, very_high = any(map(is_low, readings)), any(map(is_very_high, readings))
    for rule_id, pattern in _SIGNS.items():
        if rule_id == "low_now" and readings and not low:
            continue
        if pattern.search(happens):
            return Danger(rule_id, LOW_SEVERE if rule_id == "unconscious" and low else CARDS_OF[rule_id])
    signs_of_low = {found.lastgroup for found in _LOW_SIGNS.finditer(happens)}
    if not readings and not _ASKS_SIGNS.search(happens) and len(signs_of_low) > 1:
        return Danger("low_signs", LOW_NOW)
    if low:
        return Danger("low_value", LOW_SEVERE if severe else LOW_NOW)
    if very_high:
        return Danger("high_value", HIGH_SEVERE if severe else HIGH_NOW)
    return None


def is_severe(text: str) -> bool:
    """Whether a normalised text speaks of what makes a value worse: not awake, drowsy, vomiting, breathing hard."""
    return bool(_SEVERE.search(text))


def about_whom(text: str) -> str:
    """self or relative, as far as the words tell; unknown otherwise."""
    if _RELATIVE.search(text):
        return "relative"
    return "self" if re.search("我|自己|本人", text) else "unknown"
