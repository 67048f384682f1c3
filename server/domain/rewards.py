"""Rewards: what may stand in the catalogue, who has reached it, and what a relative's deeds are worth."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping

from server.domain.refusals import Refusal

PATIENT, FAMILY, DOCTOR = AUDIENCES = ("patient", "family", "doctor")
GIFT, CERTIFICATE, THANKS = FORMS = ("gift", "certificate", "thanks")
# A stage is reached by complete days (a relative: by days on which they cheered or looked). 结营 has its own rule.
STAGE_DAYS = {"start": 0, "habit": 7, "steady": 14, "change": 21, "graduate": 28}
GRADUATE = "graduate"
# What one day of a relative's deed is worth; a day counts each deed once, so there is nothing to gain by more.
FAMILY_POINTS = {"cheer": 3, "look": 2}
HOLD_LIFE = dt.timedelta(days=7)
REDEEMABLE_AFTER_CAMP = dt.timedelta(days=180)
HELD, SETTLED, RELEASED = "held", "settled", "released"

# Medicines are never given away (药品管理法; the product's own rule "clean hands"). Kinds by the endings of their names.
_MEDICINE = re.compile(
    "药|胰岛素|二甲双胍|阿卡波糖|伏格列波糖|格列[本吡齐美喹波]|列奈|列酮|列净|列汀|鲁肽|那肽|他汀|沙坦|普利|地平|阿司匹林|处方|针剂|注射液"
    "|胶囊|口服液|降糖|保健品"
    "|诺和|来得时|优泌|甘舒霖|拜糖苹|格华止|达美康|捷诺维|欧唐静|安达唐"
    "|metformin|insulin|gli(?:clazide|pizide|mepiride|benclamide)|glitazone|glutide|gliflozin|gliptin|acarbose", re.IGNORECASE)
# Things that help with a medicine and are none.
_NO_MEDICINE = re.compile("药盒|药箱|分药器|药店券|胰岛素(冷藏|收纳|保温)[包盒杯]|胰岛素笔袋")


def check_offer(name: str, audience: str, form: str, points: int, stage: str | None, *, agreement: bool) -> None:
    """Let a reward into the catalogue. Raises reward_medicine, doctor_not_scored, doctor_agreement_needed.

    A doctor's recognition is immaterial unless the organisation has a written agreement in force, and it is never a
    matter of points: whatever a doctor could collect would count patients, purchases or prescriptions.
    """
    # Neither a space nor a letter of full width hides a name.
    folded = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
    if _MEDICINE.search(_NO_MEDICINE.sub("", folded)):
        raise Refusal("reward_medicine")
    if audience == DOCTOR and (points != 0 or stage is not None):
        raise Refusal("doctor_not_scored")
    if audience == DOCTOR and form == GIFT and not agreement:
        raise Refusal("doctor_agreement_needed")


def agreement_in_force(agreement: Mapping[str, str] | None, today: dt.date) -> bool:
    """Whether the organisation's agreement on doctors' rewards holds today."""
    return agreement is not None and dt.date.fromisoformat(str(agreement["valid_until"])) >= today


def has_reached(stage: str | None, days: int, *, graduated: bool) -> bool:
    """Whether somebody with so many days has reached a stage; 结营 is reached by the lowest certificate level as well."""
    if stage is None:
        return True
    return days >= STAGE_DAYS[stage] or (stage == GRADUATE and graduated)


def check_redeemable(camp_ends_on: dt.date, today: dt.date) -> None:
    """Let points be spent until 180 days after the camp. Raises points_expired."""
    if today > camp_ends_on + REDEEMABLE_AFTER_CAMP:
        raise Refusal("points_expired")


def family_points(deeds: Mapping[str, int]) -> int:
    """What a relative's days of cheering and looking are worth."""
    return sum(FAMILY_POINTS[deed] * days for deed, days in deeds.items())


_READING = re.compile(r"\d+(?:[.．点]\d+)?\s*(?:mmol|毫摩|mg|毫克)|血糖[^。，,]{0,12}\d|糖化[^。，,]{0,8}\d"
                      "|[三四五六七八九十]点[一二三四五六七八九]")
_CLAIM = re.compile("逆转|治愈|根治|痊愈|停药|摘[掉除]?.{0,3}帽|治好|不用吃药|断根")
_PRODUCT = re.compile("试纸|血糖仪|牌|品牌|代餐|保健品|购买|下单|优惠|元/|¥|￥")


def check_story(words: str) -> None:
    """Let a public story pass that carries no reading, no product and no claim of a cure. Raises story_unfit."""
    if any(pattern.search(words) for pattern in (_READING, _CLAIM, _PRODUCT)):
        raise Refusal("story_unfit")
