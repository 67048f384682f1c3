"""Questions about how much of a medicine: more, less, none, another. They are never answered here (处方管理办法)."""

import re

from server.domain.questions import dose_words
from server.domain.questions.dose_words import DRUG

_ASKS, _BESIDE, _SURELY, _TELLS, _TELLS_NOTHING = (
    re.compile("|".join(ways)) for ways in (
        dose_words.ASKS, dose_words.BESIDE, dose_words.SURELY, dose_words.TELLS, dose_words.TELLS_NOTHING))
# Words with a medicine's letters that are none; how many needles are used; whether the illness can be cured at all.
_NO_DRUG = re.compile("山药|药店|药房|药膳|药酒|农药|医药|芍药|火药|神药|不是(要|想)停")
_NEEDLE = re.compile("针头|采血针|针尖")
_UNITS = re.compile(r"\d+(个)?(单位|u\b)|几个?单位|多少单位|加量|减量|停药|停针|[加减]针")
_CURE = re.compile("根治|断根|除根|治愈|逆转|治好|缓解")
_TAKEN = re.compile(rf"{DRUG}|针|单位|片|粒|剂量|起始|碳水|系数|停|量")
_QUESTION = re.compile("[吗呢?]|几个|几片|几颗|几粒|几单位|多少|怎么|行不|行吗|可以|能不|能|要不|够不|该|哪|合适|对不|好不|得不|不[。,]?$|吧[。,]?$|主意|帮我|给我|办妥")
_MINE = re.compile("我|我?[爸妈爹娘]|老[伴公婆]|把药|帮|给")


def is_question(text: str) -> bool:
    """Whether a normalised text asks something, and does not only tell."""
    return bool(_QUESTION.search(text))


def is_beside(text: str) -> bool:
    """Whether a normalised text names nothing that is taken, or is about needles or about keeping medicines and not about
    how much."""
    return not _TAKEN.search(_NO_DRUG.sub("", text)) or _is_about_keeping(text)


def _is_about_keeping(text: str) -> bool:
    return bool((_NEEDLE.search(text) and not _UNITS.search(text)) or (_BESIDE.search(text) and not _SURELY.search(text)))


def tells_dose(text: str) -> bool:
    """Whether a normalised text, written by staff or for the knowledge base, tells how much of a medicine to take, or more,
    less, none or another. To be sent to the doctor with that is none of it; nothing else in the text excuses it."""
    return bool(_TELLS.search(_NO_DRUG.sub("", _TELLS_NOTHING.sub("", text))))


def asks_dose(text: str) -> bool:
    """Whether a normalised question is about how much of a medicine, or about more, less, none or another."""
    text = _NO_DRUG.sub("", text)
    if _is_about_keeping(text) or (_CURE.search(text) and not _MINE.search(text)):
        return False
    return bool(_ASKS.search(text))
