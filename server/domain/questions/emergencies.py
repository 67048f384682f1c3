"""Words that cannot wait: what is happening now to the asker or to somebody beside them.

Each rule has an id, a pattern and a card. A general question about a danger (how to prevent it, what it looks like) is
none; whenever in doubt it is one. Sources: docs/clinical.md, section 4; clinical.md has no reviewer yet.
"""

import re
from typing import Any, NamedTuple

from server.domain.alerts import CARDS
from server.domain.questions.readings import Named


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


_CHILD = "孩子|宝宝|小孩|儿子|女儿|闺女|孙子|孙女|外孙|侄|小家伙"
_GONE = ("昏迷|不省人事|叫不醒|喊不醒|摇不醒|(喊|叫|怎么喊|怎么叫|摇|推|拍)[^,。]{0,4}(不应|不答应|没反应)|(?<!扫描)(?<!按了)(?<!点了)(?<!试纸)(?<!手机)(?<!机器)(?<!滴了血)没反应了|(?<!扫描)(?<!试纸)(?<!机器)没有反应|晕(倒|过去|死|厥)|昏(过去|倒|了)|意识(不清|模糊|没)|(没|失去|没有|丧失)了?意识(?!到)|神志不清"
         "|牙关|抽搐|抽风|抽筋了?还翻|翻白眼|口吐白沫|喂不进|快不行了|没气了|没呼吸|(快|要)(晕|昏)了?|说胡话|胡言乱语")
RULES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("unconscious", _GONE, UNCONSCIOUS),
    ("chest_pain", r"胸(口|部|前)?[^,。]{0,6}(痛|疼|闷得|像压|压着|压了|压得|憋|发紧|绞)|心(口|绞|前区|脏)[^,。]{0,5}(痛|疼|绞|压)|喘不(上|过)(来)?气|呼吸困难|上不来气"
                   r"|憋得[^,。]{0,4}(喘|不行)|左(边)?(胳膊|手臂|臂|肩膀?)[^,。]{0,5}(疼|痛|酸麻|发酸|发麻)", CHEST),
    ("stroke", r"(说话|讲话|舌头)[^,。]{0,5}(不清|大舌头|含糊|说不出|硬|打结)|嘴(巴|角)?[^,。]{0,3}歪|口角[^,。]{0,2}歪|大舌头|脸歪|流口水.{0,6}(一边|半边)"
               r"|(半边|一边|一侧|半个|左边|右边|左半|右半|单侧)(身子|身体|脸|手|手脚|胳膊|腿|肢体)?[^,。]{0,6}(麻|没劲|没力|无力|不能动|动不了|抬不起|不听使唤|瘫)|偏瘫|中风了|脑梗了", STROKE),
    ("overdose", r"(胰岛素|药|针|长效|速效|单位|门冬|甘精|二甲双胍|格列)[^。]{0,12}(打|吃|注射|服|用)(重|多|错|混|反)了?(?!吗|会|久|少|长|大|种|个)|(打|注射|吃)(重|错|混|反)了(?![^。]{0,6}(小数|字|名|数字|号码|单位怎么改))|打成了|多打了(?!吗)|多吃了\d+(片|颗|粒)"
                 rf"|打了(两|2|双)(遍|次|份|倍)|吃了(两|2|双)(遍|次|份|倍)药|({_CHILD})[^。]{{0,16}}(误|偷|把|抓|当)[^。]{{0,12}}(药|胰岛素)|({_CHILD})[^。]{{0,10}}(吃|吞|咽)了[^。]{{0,6}}(降糖药|药片|爷爷的药|奶奶的药)"
                 r"|误(服|吃|食)[^。]{0,6}(药|片|粒|颗|胰岛素)|误服|过量了|打过量|吃过量", OVERDOSE),
    ("pregnancy", r"胎动[^,。]{0,8}(少|没|不动|减|消失|感觉不到|异常)|(没|不)[^,。]{0,6}胎动|(怀孕|孕|糖妈|宝妈|准妈妈)[^。]{0,16}(出血|流血|破水|见红|肚子(疼|痛)得|头痛眼花|抽搐)|破水了|羊水破", PREGNANCY),
    ("sight", r"(突然|忽然|一下子|刚才|刚刚|今早|早上起来)[^。]{0,10}(看不见|看不到|失明|眼前(发?黑|一片黑)|瞎了)|(看不见|看不到|失明)了|黑布|黑幕|眼前[^,。]{0,4}(幕布|帘子)|一只眼[^,。]{0,6}(看不|瞎|黑)", SIGHT),
    ("allergy", r"(喉咙|嗓子|舌头|嘴唇)[^,。]{0,4}(发?紧|肿|堵)|(浑身|全身|身上)[^。]{0,8}(疹|风团|包|肿)[^。]{0,14}(喘|憋|气|晕|紧|肿)|过敏[^。]{0,8}(喘|憋|休克|晕)|脸肿[^。]{0,8}(喘|气)", ALLERGY),
    ("foot", r"(脚|足|趾|腿)[^,。]{0,8}(发黑|变黑|黑了|坏死|烂到|烂得|见骨|骨头|发臭|臭了|坏疽)|(脚|足|趾)[^。]{0,12}(烂|破|化脓|流脓)[^。]{0,10}(发烧|发冷|高烧)", FOOT),
    ("ketones", r"酮体?[^,。]{0,5}([2-9]个?加|\+{2,}|[2-9]\+|强阳|[3-9](\.\d)?(?!\d*个?小时))|烂苹果|(呼吸|喘气)[^,。]{0,4}(深|又快|很快)[^。]{0,12}(血糖|酮|吐)|酮症(酸中毒)?了"
                r"|(列净|达格|恩格|卡格)[^。]{0,24}(恶心|呕吐|吐)[^。]{0,12}|酮体?[^,。]{0,3}阳性[^。]{0,16}(吐|恶心|没力|难受|肚)|(吐|恶心|难受|肚)[^。]{0,16}酮体?[^,。]{0,3}阳性", KETONES),
    ("child", rf"({_CHILD})[^。]{{0,30}}(一直睡|总睡|嗜睡|昏睡|精神很差|不吃不喝|喘得|抽)", CHILD),
    ("low_now", r"(现在|正在|又|刚|这会儿?|我)低血糖了?[^。]{0,14}(手抖|发抖|冒汗|出汗|心慌|腿软|发软|头晕|难受|怎么办)|低血糖(了|犯了|发作)[^。]{0,14}(手抖|发抖|冒汗|大汗|心慌|腿软|站不|头晕|难受|救)"
                r"|(糖|血糖)(低了|太低|很低)[^。]{0,14}(手抖|发抖|冒汗|大汗|心慌|腿软|站不|头晕)", LOW_NOW),
)
_COMPILED = tuple((rule_id, re.compile(pattern), card) for rule_id, pattern, card in RULES)
# A question about a danger in general, or about a number that was written wrongly or is somebody else's.
_GENERAL = re.compile(
    r"预防|防止|为什么说|是啥味|是什么味|要当心|(?<!几)年前|一直好好的|全好了|已经好了|早就好了|一度到|出院就|出院以后|发错了|搞混|下次再|提前问|提前准备|再测(是|又|就|才)|能修改|怎么改|存了|学着认|避免|听说|听人说|人家说|中风后|脑梗后|后遗症|康复|偏瘫怎么|会不会|是不是会|能不能引起|会引起|会导致|平时|提前学|想学|想了解|了解一下|科普|什么是|是什么意思|什么叫|有哪些|有什么(表现|症状|感觉|征兆|危害|影响)|多久查|要查哪些|查什么"
    r"|每年|怕得|怕以后|将来|万一|如果|假如|要是|新闻|电视|视频|书上|课上|课程|讲座|群里|别人(发|说|的)|邻居说|网上(说|看)|以前|去年|上次|上个月|年轻时|早年|得过|写成|录成|输成|打成\d|记成|填错|输错|录错|写错"
    "|重测(是|又)?|复测(正常|是)|疫苗|症状是|为什么会|怎么会得|原理|区别|标准|正常值|范围|算(低|高)|多少算|低于3\\.9(怎么|要|应)|能活|能治")
_NOW = re.compile("现在|正在|突然|忽然|刚刚|刚才|刚测|这会|马上|救命|急|快来|快点|不行了|怎么办啊?$|了怎么办|今天|今晚|昨晚一直|已经|还在|一直在|喊不|叫不醒|不省人事|牙关")
# Words of now that tell that it is over.
_OVER = re.compile("现在(一直|都|已经)?(好|没事|正常|稳定|出院)|已经(存|记|好|正常|出院|没事|改|稳定)")
_RELATIVE = re.compile("我?(妈|爸|爹|娘|父|母|老伴|老公|老婆|爱人|媳妇|丈夫|妻子|爷爷|奶奶|姥|外公|外婆|公公|婆婆|岳|哥|姐|弟|妹|叔|姨|舅|姑|孩子|儿子|女儿|闺女|孙|宝宝|邻居|同事|室友|朋友|老人|他|她)")
_SEVERE = re.compile(f"{_GONE}|迷糊|糊涂|嗜睡|想睡|一直睡|没精神|站不(稳|起)|吐|呼吸|喘|晕")


def danger_in(text: str, readings: list[Named]) -> Danger | None:
    """The danger that a normalised text tells of, or None."""
    general = is_general(text)
    for rule_id, pattern, card in _COMPILED:
        if not general and pattern.search(text):
            return Danger(rule_id, LOW_SEVERE if rule_id == "unconscious" and any(r.is_low for r in readings) else card)
    if general or (_GENERAL.search(text) and not _SEVERE.search(text)):
        return None
    severe = bool(_SEVERE.search(text))
    if any(reading.is_low for reading in readings):
        return Danger("low_value", LOW_SEVERE if severe else LOW_NOW)
    if any(reading.is_very_high for reading in readings):
        return Danger("high_value", HIGH_SEVERE if severe else HIGH_NOW)
    return None


def is_general(text: str) -> bool:
    """Whether a normalised text asks about dangers in general, and tells of none that is there now."""
    return bool(_GENERAL.search(text)) and not _NOW.search(_OVER.sub("", text))


def card_of(rule_id: str) -> dict[str, Any]:
    """The card of a danger by its rule."""
    return HIGH_NOW if rule_id == "high_now" else next(card for name, _, card in RULES if name == rule_id)


def about_whom(text: str) -> str:
    """self or relative, as far as the words tell; unknown otherwise."""
    if _RELATIVE.search(text):
        return "relative"
    return "self" if re.search("我|自己|本人", text) else "unknown"
