"""Glucose values that somebody names in words: which numbers are readings, and in which unit."""

import re
from decimal import Decimal

from server.domain import thresholds
from server.domain.glucose import MG_DL, MMOL_L, Reading
from server.domain.questions.dose_words import DRUG

# No meter that measures in mmol/L shows more, none in mg/dL less.
HIGHEST, LEAST_MG = Decimal("33.3"), 20
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_MG_WORDS = ("mg", "毫克")
_UNIT = re.compile(r"\s*[多几]?\s*(mmol|毫摩|mg|毫克)")
_MG = re.compile(r"mg|毫克|美国|国外|老外")
_OF_GLUCOSE = re.compile(
    r"(血糖仪?|糖|指尖血|扎手指头?|采血|测[了得出着完]?|一测|查[了得出]?|空腹|餐前|餐后|饭后|饭前|睡前|早上|晚上|夜里|小时|低到|降到|掉到|高到|升到|飙到|窜到|涨到|显示|读数|(打|吃|测)[了完][^,。\d]{0,8}还是|数值|只有)"
    r"[^\d,。,;！!?？]{0,5}$")
# These say it only where the text speaks of measuring at all.
_WEAKLY = re.compile(r"(才|就剩|都|到了?|(?<!还)是|一直在?)[^\d,。,;！!?？]{0,5}$")
_MEASURED = re.compile("糖|测|餐|饭|空腹|睡前|mmol|仪|扎|降不下|下不来")
# A number followed so is a time, an amount, an age or a day, and no reading.
_ELSE = re.compile(r"^(?:~\d+)?[多来几]?(点(?!\d|几)|个?小时|个?钟|分钟|岁|年|天|日|号|周|星期|个?月|斤|公斤|千克|kg|cm|米|步|片|颗|粒|单位|u\b|支|针|次|回|遍|趟"
                   r"|个|块|万|碗|两|克|g\b|ml|毫升|元|楼|条|种|型|%|％|分\b|分之|度|℃|公里|名|人|位|餐|顿|倍|成|级|期|胎|代(?!表)|份|杯|口|瓶|袋|盒|包)")
_NOT_GLUCOSE = re.compile(r"(糖化[^\d]{0,6}|(总量|剂量|用量)[^\d]{0,6}|系数[^\d]{0,3}|icr|isf|指数[^\d]{0,3}|不是|花了?|从|只数|gi[^\d]{0,3}|胆固[^\d]{0,3}|尿酸[^\d]{0,3}|肌酐[^\d]{0,3}|血压[^\d]{0,4}|高压|低压|心率|脉搏|基础率[^\d]{0,6}|改|打|注射|推|补|体重|身高|酮体?[^\d]{0,4}|尿酮[^\d]{0,4}|bmi|tir|体温|烧到?|胆固醇|甘油三酯|尿酸|肌酐"
                          r"|乘以?|除以?|比[^,。]{0,8}(低|高|多|少)|低密度|高密度|差了?|相差|下降了?|升了|降了|涨了|第|怀孕|孕)$")
# A single digit is a reading only right behind the word.
_CLOSE = re.compile(r"(血糖|糖|测[了得出着]?|降到|掉到|低到|只有|才|就剩)[^\d,。]{0,3}$")
# “3.2 的血糖”, and “我 3.2 怎么办”: in this place a bare number with a point behind a person is a reading.
_SAID_BEFORE = re.compile(r"^\s*(的|这个)?(空腹|餐后|餐前)?血?糖")
_WHOSE = re.compile("(我|他|她|爸|妈|爹|娘|伴|公|婆|爷|奶|孩子|儿子|女儿)(才|只|都|是|这)?$")
# A bare number with a point is a reading too where somebody says “now”, tells what a sensor says, or how they feel.
_FELT = re.compile("现在|今早|今晨|早起|昨晚|夜里|这会|宜家|此刻|正在|报警|箭头|出汗|冒汗|冷汗|冻汗|虚汗|头晕|头有点晕|发晕|手抖|发抖|打颤|颤|心慌|腿软|发软|没力|无力|饿|手[^,。]{0,3}抖|昏|迷糊|糊涂|眼前发黑|吃[完了过][^,。]{0,3}糖|分钟(后|了)?还?是|难受|要不要紧|恶心|想吐|吐了|困|想睡|刚刚?[量扎验]|量[出了得]")
_MEDICINE = re.compile(rf"{DRUG}|片|针")
# What is injected has numbers of its own, in the morning and at night.
_INJECTED = re.compile(r"(打|针|胰岛素|预混|长效|短效|速效|诺和|甘精|门冬)[^。;糖测血餐]{0,16}$")
# Medicines with the sugar in their name.
_SUGAR_IN_A_NAME = re.compile("阿卡波糖|伏格列波糖|米格列醇|拜糖[平苹]|糖适平|降糖[药针片]")
_TAKEN_TO = re.compile(r"(加|减|升|调|改|降|提)(到|成|为|至)$")
# A clause that is nothing but a number with a point is a reading, where no other value of a body is spoken of.
_ALONE_BEFORE, _ALONE_AFTER = re.compile(r"(^|[,。!?;、\s])(才|只|就|只有|还是|是|得)?$"), re.compile(r"^\s*(了|啊|呀)?($|[,。!?;、\s])")
_OTHER_VALUE = re.compile("糖化|血脂|胆固|尿酸|肌酐|bmi|血压|体温|度|视力|报告|单子|化验|指数|元|块|斤")
# Measured by the finger beside a sensor, or once more.
_AGAIN = re.compile("(现在|目前)(吃药|吃完|都|是|已经)?(?=[^,。]{0,6}[0-9])|降到|回到|扎手指|扎指头|指血|指尖血?|重测|复测|又测|再测|换(了)?(新的?|1?(条|台|张|个)(新)?(试纸|机|仪)|试纸)")
# Said by the way, before what is asked.
_CLAUSE = re.compile(r"[^,。!?;、\s]+[,。!?;、\s]*")
_ONLY_A_READING = re.compile(r"^[我俺]?(今天|今早|早上|昨天|最近)?(的)?(血糖|空腹|餐后|饭后|餐前|睡前|晚上|早上|2小时)+(血糖)?[^,。\d]{0,3}\d+(\.\d+)?(左右|多)?[,。!?;、\s]*$")
# Beside units of insulin a number is a reading only where measuring is spoken of.
_MEASURED_SURELY = re.compile("糖|测|mmol|餐后|空腹|仪|(?<![a-z])(hi|lo)(?![a-z])|高到|低到|只有")
_HI_LO = re.compile(r"(?<![a-z])(hi|lo)(?![a-z])")


def is_low(reading: Reading) -> bool:
    """Below 3.9 mmol/L (70 mg/dL), or LO."""
    return reading.below(*thresholds.LOW_BELOW.both)


def is_very_high(reading: Reading) -> bool:
    """16.7 mmol/L (300 mg/dL) and more, or HI."""
    return reading.at_least(*thresholds.CRITICAL_HIGH_FROM.both)


def named_in(text: str) -> list[Reading]:
    """The readings that a normalised text names; of those before a second measuring none, when that one is calm."""
    text = _SUGAR_IN_A_NAME.sub("药", text)
    if "单位" in text and not _MEASURED_SURELY.search(text):
        return []
    again = _AGAIN.search(text)
    if again:
        behind = _named_in(text[again.start():])
        if behind and not any(is_low(reading) or is_very_high(reading) for reading in behind):
            return behind
    return _named_in(text)


def _named_in(text: str) -> list[Reading]:
    # No meter shows both: whoever names both asks what they mean.
    shown = {word[0] for word in _HI_LO.finditer(text)}
    found = [Reading(word.upper(), MMOL_L) for word in shown] if len(shown) == 1 else []
    said = (_reading(text, number) for number in _NUMBER.finditer(text) if _is_reading(text, number))
    return [*found, *filter(None, said)]


def _is_reading(text: str, number: re.Match[str]) -> bool:
    before, after = text[max(0, number.start() - 14):number.start()], text[number.end():]
    unit = _UNIT.match(after)
    if _MEDICINE.search(text[:number.start()]) and "糖" not in before and (
            _TAKEN_TO.search(before) or (unit and unit[1] in _MG_WORDS)):
        return False
    if unit:
        return True
    if _INJECTED.search(text[max(0, number.start() - 24):number.start()]):
        return False
    if _ELSE.match(after) or _NOT_GLUCOSE.search(before):
        return False
    with_point, foreign = "." in number[0], bool(_MG.search(text))
    if not with_point and len(number[0]) == 1 and not _CLOSE.search(before):
        return False
    # An age, most likely: who means mg/dL says so.
    weakly = _WEAKLY.search(before) and _MEASURED.search(text) and (Decimal(number[0]) <= HIGHEST or foreign)
    alone = with_point and _ALONE_BEFORE.search(before) and _ALONE_AFTER.match(after) and not _OTHER_VALUE.search(text)
    return bool(_OF_GLUCOSE.search(before) or weakly or alone or _SAID_BEFORE.match(after) or (foreign and "血糖" in text)
                or (with_point and (_WHOSE.search(before) or _FELT.search(text))))


def _reading(text: str, number: re.Match[str]) -> Reading | None:
    """The number as a reading, in mg/dL where that is said or no meter in mmol/L would show it; None where none would."""
    unit, value = _UNIT.match(text[number.end():]), Decimal(number[0])
    if value < 1 or value > 1000:
        return None
    mg = (bool(_MG.search(text)) or bool(unit and unit[1] in _MG_WORDS)) and value >= LEAST_MG
    return Reading(value, MG_DL if mg or value > HIGHEST else MMOL_L)


def without_calm(text: str) -> str:
    """The text without the clauses that only name a reading that is no danger; the whole where nothing else is said."""
    rest = "".join(clause for clause in _CLAUSE.findall(text) if not (_ONLY_A_READING.match(clause) and not any(
        is_low(reading) or is_very_high(reading) for reading in _named_in(clause))))
    return rest if sum(map(str.isalnum, rest)) > 3 else text


def names_calm_value(text: str) -> bool:
    """Whether a normalised text holds a number with a point that as a reading would be neither low nor very high."""
    readings = (Reading(Decimal(number[0]), MMOL_L) for number in _NUMBER.finditer(text) if "." in number[0])
    return any(not is_low(reading) and not is_very_high(reading) for reading in readings)
