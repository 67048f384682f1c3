"""The questions of 医学准入 (medical eligibility): yes or no, answered by the person before joining.

An answer equal to `ask_staff_when` sends the application to health staff, who decide; no answer refuses anybody by
itself. Written by this project; no clinician has reviewed them yet.
"""

from typing import Any

# Slug: (what is asked, the answer that asks for staff).
QUESTIONS = {
    "recent_ketoacidosis": ("近一个月，您有过酮症酸中毒，或者因为血糖的问题昏迷、住院吗？", True),
    "severe_low": ("近三个月，您有过要靠别人帮忙才能缓过来的严重低血糖吗？", True),
    "heart_or_stroke": ("近三个月，您有过心梗、脑梗、脑出血，或者做过心脏支架、搭桥吗？", True),
    "dialysis": ("您现在正在做透析，或者医生说过肾功能很不好吗？", True),
    "exercise_limited": ("医生要求过您限制运动，或者您脚上现在有没长好的伤口吗？", True),
    "eye_bleeding": ("近半年，您有过眼底出血，或者医生嘱咐过别用力、别低头吗？", True),
    "pregnant": ("您现在怀孕了吗？", True),
    "takes_glucose_medicine": ("您现在正在用胰岛素或者降糖药吗？", True),
    "told_prediabetes": ("医院的检查说您是糖尿病前期，还没有到糖尿病，对吗？", False),
    "told_gestational": ("产检医生说过您是妊娠期糖尿病，对吗？", False),
    "diabetes_before_pregnancy": ("这次怀孕以前，您就查出过糖尿病吗？", True),
    "pregnancy_bleeding": ("您最近有阴道流血、流水，或者肚子一阵阵发紧发疼吗？", True),
    "pregnancy_rest": ("医生要求您卧床保胎，或者说过您有宫颈短、胎盘位置低吗？", True),
    "pregnancy_blood_pressure": ("您这次怀孕，有过血压高或者子痫前期吗？", True),
    "uses_insulin": ("您现在按医生的方案在用胰岛素，对吗？", False),
    "under_age": ("参加的人未满十八岁吗？", True),
}


def questions(*names: str) -> list[dict[str, Any]]:
    """Those questions in that order, each as {id, question, ask_staff_when}."""
    return [{"id": name, "question": QUESTIONS[name][0], "ask_staff_when": QUESTIONS[name][1]} for name in names]
