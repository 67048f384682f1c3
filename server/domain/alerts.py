"""What one reading means at once: its level, and the card that tells the person what to do now.

Thresholds and first steps follow docs/clinical.md 1.3 (ADA levels 1-3, Chinese management rules); not reviewed by a
clinician. The cards are versioned data, so that a client without signal can carry them.
"""

from collections.abc import Collection, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from server.domain import thresholds
from server.domain.glucose import FILING_RANGE, HI, LO, MG_DL, UNITS, Patient, Reading, is_plausible

CARDS_VERSION = "2026-11.2"
SEVERE_LOW_SIGNS = frozenset({"needed_help", "drowsy", "confused", "seizure"})
SEVERE_HIGH_SIGNS = frozenset({"vomiting", "deep_breathing", "fruity_breath", "drowsy"})
SYMPTOMS = ("needed_help", "drowsy", "confused", "seizure", "vomiting", "abdominal_pain", "deep_breathing",
            "fruity_breath", "sweating", "shaking", "palpitations", "hunger", "blurred_vision", "chest_pain",
            "one_sided_weakness", "fever", "dehydrated", "fewer_fetal_movements")
METERS_SHOW = {**FILING_RANGE, MG_DL: (Decimal(20), FILING_RANGE[MG_DL][1])}
URINE_KETONES = ("0", "±", "1+", "2+", "3+", "4+")

SUGAR = "吃 15–20 克糖（葡萄糖片 4 片，或半杯含糖饮料）；在吃阿卡波糖的只能用葡萄糖"
LOW, CRITICAL_HIGH = thresholds.LOW_BELOW.said, thresholds.CRITICAL_HIGH_FROM.said
CARDS: dict[str, dict[str, Any]] = {
    "emergency_low": {
        "level": "emergency_low", "title": "严重低血糖：现在就打 120", "call_120": True,
        "steps": ["马上请身边的人拨打 120。", "人清醒、能吞咽：立刻吃 15–20 克糖（葡萄糖片 4 片，或半杯含糖饮料）。",
                  "人不清醒：不要喂任何东西，让人侧卧，等救护车。", "15 分钟后再测一次。"]},
    "critical_low": {
        "level": "critical_low", "title": "血糖很低：先吃糖，再看别的", "call_120": False,
        "steps": [f"立刻{SUGAR}。", "坐下，不要开车，叫一位身边的人来陪着。",
                  f"15 分钟后再测；还低于 {LOW}就再吃一次。", "想睡、说不清话或叫不醒：打 120。"]},
    "low": {
        "level": "low", "title": "血糖偏低：请先吃点糖", "call_120": False,
        "steps": ["吃 15–20 克快糖（葡萄糖片 4 片，或半杯含糖饮料）；在吃阿卡波糖的只能用葡萄糖。", "15 分钟后再测一次。",
                  "在吃磺脲类降糖药的，接下来 24 小时多留意。"]},
    "high": {
        "level": "high", "title": "血糖偏高：请洗手后再测一次", "call_120": False,
        "steps": ["洗净手，换一根手指再测一次。", "多喝白开水，先不做剧烈运动。",
                  "1 型、怀孕、正在生病或用列净类药的，请测酮体。"]},
    "critical_high": {
        "level": "critical_high", "title": "血糖很高：请今天就医", "call_120": False,
        "steps": ["洗净手，再测一次。", "看看有没有：呕吐、肚子痛、呼吸又深又快、想睡。有一样就打 120。",
                  "没有这些，也请今天联系医生或去医院。", "多喝白开水，不要运动，不要自己改药量。"]},
    "emergency_high": {
        "level": "emergency_high", "title": "血糖危险地高：现在去急诊", "call_120": True,
        "steps": ["马上打 120，或让家人送去急诊。", "带上血糖仪和正在用的药。", "能喝水就小口喝白开水，不要运动。"]},
    "emergency_ketone": {
        "level": "emergency_ketone", "title": "酮体危险：现在去急诊", "call_120": True,
        "steps": ["马上打 120，或让家人送去急诊，血糖不高也要去。", "告诉医生酮体的数值。", "能喝水就小口喝白开水，不要运动。"]},
}
LOW_BESIDE_STEP = "血糖也偏低：人清醒、能吞咽的，先吃 15–20 克糖，15 分钟后再测。"
KETONES_BESIDE_STEP = "酮体也偏高：血糖上来以后，今天就联系医生或去医院；呕吐、肚子痛、呼吸又深又快、想睡，打 120。"
# Raised ketones at a glucose that is not very high itself: the card of their level must not speak of one.
KETONES_RAISED = {
    "title": "酮体偏高：请今天就医",
    "steps": ["血糖不高也要当心：一两小时后把血糖和酮体再测一次。",
              "看看有没有：呕吐、肚子痛、呼吸又深又快、想睡。有一样就打 120。",
              "没有这些，也请今天联系医生或去医院。", "多喝白开水，不要运动，不要自己改药量。"]}
UNIT_STEP = "没有写单位，先看一眼血糖仪：是 mg/dL 就是很低，照下面做；是 mmol/L 就是很高，不要吃糖，今天就去医院。"
CONFIRM_STEP = "这个数值很少见，请确认有没有输错；没输错就按上面的做。"
NOBODY_STEP = "现在没有工作人员能看到这次预警，请不要等人联系您：照上面做，需要就打 120。"
# What was long ago when it was told is asked about: sugar for a low of yesterday is wrong for whoever is high by now.
HOW_NOW_STEP = "现在人怎么样？请现在就测一次血糖，记下来。"
LATE: dict[str, dict[str, Any]] = {
    "low": {"title": "这次低血糖是之前的：请现在再测一次",
            "steps": [HOW_NOW_STEP, f"现在还低于 {LOW}：{SUGAR}，15 分钟后再测。",
                      "想睡、说不清话或抽筋：打 120；叫不醒的不要喂任何东西，让人侧卧。"]},
    "high": {"title": "这次高血糖是之前的：请现在再测一次",
             "steps": [HOW_NOW_STEP, f"现在还在 {CRITICAL_HIGH}以上：今天就联系医生或去医院，多喝白开水，不要自己改药量。",
                       f"在 {thresholds.HIGH_FROM.said}以上，又是 1 型、怀孕、正在生病或用列净类药的，请测酮体。",
                       "呕吐、肚子痛、呼吸又深又快、想睡：打 120。"]},
    "ketone": {"title": "这次酮体偏高是之前的：请现在再测一次",
               "steps": [HOW_NOW_STEP, "酮体也请现在再测。血酮 1.5 mmol/L 以上或尿酮 1+：今天就联系医生或去医院；"
                         "血酮 3.0 mmol/L 以上或尿酮 2+：马上去急诊，血糖不高也要去。",
                         "呕吐、肚子痛、呼吸又深又快、想睡：打 120。"]},
}
OVER: dict[str, dict[str, Any]] = {
    "low": {"title": "这次低血糖已经过去了",
            "steps": [f"之后测到过 {LOW}或以上，这一次不用再补糖。", f"现在不舒服就再测一次，低于 {LOW}先吃 15–20 克糖。"]},
    "high": {"title": "这次高血糖已经过去了",
             "steps": [f"之后测到过 {LOW}到 {thresholds.HIGH_FROM.said}之间的血糖。",
                       "现在不舒服就再测一次；呕吐、肚子痛、呼吸又深又快、想睡：打 120。"]},
    "ketone": {"title": "这次酮体偏高已经过去了",
               "steps": ["之后测到的血酮已经低于 1.5 mmol/L。",
                         "现在不舒服就把血糖和酮体再测一次；呕吐、肚子痛、呼吸又深又快、想睡：打 120。"]},
}


def level_of(reading: Reading, symptoms: Iterable[str] = (), ketone_mmol_l: Decimal | None = None,
             urine_ketone: str | None = None, patient: Patient | None = None) -> str | None:
    """The alert level of one reading, or None: the one that its card shows. Ketones of 3.0 come first: they are an emergency
    at any glucose."""
    signs, patient = set(symptoms), patient or Patient()
    by_glucose = glucose_level(reading, signs, patient)
    by_ketones = ketone_level(signs, ketone_mmol_l, urine_ketone, patient)
    return by_ketones if by_ketones == "emergency_ketone" or by_glucose in (None, "high") and by_ketones else by_glucose


def glucose_level(reading: Reading, signs: set[str], patient: Patient) -> str | None:
    """What the glucose alone asks for. The limits are the person's, which may be tighter than everybody's; HI and LO have
    none."""
    limits = patient.own.limits
    if reading.below(*limits.critical_low_below):
        return "emergency_low" if signs & SEVERE_LOW_SIGNS else "critical_low"
    if reading.below(*limits.low_below):
        return "low"
    very_high = reading.at_least(*limits.critical_high_from)
    if reading.typed == HI or (very_high and signs & SEVERE_HIGH_SIGNS):
        return "emergency_high"
    if very_high:
        return "critical_high"
    return "high" if reading.at_least(*limits.high_from) else None


def ketone_level(signs: set[str], ketone_mmol_l: Decimal | None, urine: str | None, patient: Patient) -> str | None:
    """What the ketones alone ask for, whatever the glucose: raised ones are critical with a symptom or a risk."""
    grade = URINE_KETONES.index(urine) if urine else 0
    if (ketone_mmol_l is not None and ketone_mmol_l >= thresholds.KETONE_EMERGENCY) or (
            grade >= URINE_KETONES.index(thresholds.URINE_EMERGENCY)):
        return "emergency_ketone"
    raised = (ketone_mmol_l is not None and ketone_mmol_l >= thresholds.KETONE_RAISED) or (
        grade == URINE_KETONES.index(thresholds.URINE_RAISED))
    at_risk = patient.diabetes_type in ("type1", "gestational") or "sglt2" in patient.medicines
    return "critical_high" if raised and (signs or at_risk) else None


def advice_for(level: str | None, reading: Reading | None = None) -> dict[str, Any] | None:
    """The card to show at once, or None. A value above 33.3 or below 1.1 mmol/L is also asked to be confirmed."""
    if level is None:
        return None
    card = CARDS[level]
    if level == "emergency_ketone" and reading is not None and reading.below(*thresholds.LOW_BELOW.both):
        card = {**card, "steps": [LOW_BESIDE_STEP, *card["steps"]]}
    odd = reading is not None and not isinstance(reading.typed, str) and (
        reading.above(*thresholds.ODD_ABOVE.both) or reading.below(*thresholds.ODD_BELOW.both))
    return {**card, "steps": [*card["steps"], CONFIRM_STEP]} if odd else card


def card_of(reading: Reading, symptoms: Iterable[str] = (), ketone_mmol_l: Decimal | None = None,
            urine_ketone: str | None = None, patient: Patient | None = None) -> dict[str, Any] | None:
    """The card for a whole reading, or None: that of its level, and what its ketones ask for beside it."""
    signs, patient = set(symptoms), patient or Patient()
    card = advice_for(level_of(reading, signs, ketone_mmol_l, urine_ketone, patient), reading)
    if card is None or ketone_level(signs, ketone_mmol_l, urine_ketone, patient) != "critical_high":
        return card
    if card["level"].endswith("low"):
        return {**card, "steps": [*card["steps"], KETONES_BESIDE_STEP]}
    by_glucose = glucose_level(reading, signs, patient)
    return {**card, **KETONES_RAISED} if by_glucose in (None, "high") else card


def kinds_of(card: dict[str, Any]) -> list[str]:
    """The dangers that a card of CARDS speaks of: low, high or ketone, the first one first."""
    is_ketone = card["level"] == "emergency_ketone" or card["title"] == KETONES_RAISED["title"]
    kinds = ["ketone" if is_ketone else card["level"].rpartition("_")[2]]
    beside = {LOW_BESIDE_STEP: "low", KETONES_BESIDE_STEP: "ketone"}
    return kinds + [beside[step] for step in card["steps"] if step in beside]


def late_card(card: dict[str, Any], over: Collection[str], *, stands: bool) -> dict[str, Any]:
    """The card for a reading that was long ago when it was told: it asks how the person is and to measure now, and says
    what to do about what is found then. `over` are the kinds of danger that a later reading ended. One that `stands`, as an
    emergency high of some hours ago, keeps its own steps behind the question."""
    kinds = kinds_of(card)
    still = [kind for kind in kinds if kind not in over]
    told = {**card, "late": True, "over": not still}
    if not still:
        return {**told, "call_120": False, "title": OVER[kinds[0]]["title"], "steps": _each_once(OVER, kinds)}
    behind = [step for step in card["steps"] if step in (CONFIRM_STEP, NOBODY_STEP)]
    if stands and still[0] == kinds[0]:
        own = [step for step in card["steps"] if step != LOW_BESIDE_STEP and step not in behind]
        return {**told, "steps": [HOW_NOW_STEP, *_each_once(LATE, still[1:])[1:], *own, *behind]}
    return {**told, "call_120": False, "title": LATE[still[0]]["title"], "steps": [*_each_once(LATE, still), *behind]}


def _each_once(texts: dict[str, dict[str, Any]], kinds: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(step for kind in kinds for step in texts[kind]["steps"]))


def advice_for_refused(value: Any, unit: Any) -> dict[str, Any] | None:
    """The card owed with any refusal of a reading: when the value is dangerous as typed or in the other unit.

    `value` and `unit` are what arrived, unchecked. As typed even an implausible value is a danger; in a unit that
    nobody typed only one that a meter could show. Where the unit is not known, or the value impossible in it, a low goes
    first: sugar does a high little harm, and water does a low much.
    """
    typed = _typed(value)
    if typed is None:
        return None
    given = [unit] if unit in UNITS else []
    guessed = [other for other in UNITS if other not in given and _could_show(typed, other)]
    readings = [Reading(typed, each) for each in given + guessed]
    dangers = [(level_of(reading), reading) for reading in readings]
    dangers = [(level, reading) for level, reading in dangers if level not in (None, "high")]
    if not given or not is_plausible(readings[0]):
        dangers.sort(key=lambda danger: not danger[1].below(*thresholds.LOW_BELOW.both))
    if not dangers:
        return None
    card = advice_for(*dangers[0])
    # The same number is a low in one unit and a high in the other.
    if not given and len(dangers) > 1 and not isinstance(typed, str) and not dangers[1][1].below(*thresholds.LOW_BELOW.both):
        card = {**card, "steps": [UNIT_STEP, *card["steps"]]}
    return card


def _typed(value: Any) -> Decimal | str | None:
    # A number that a client sent as text is refused, and is no less a danger.
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    text = str(value).strip().upper()
    if text in (HI, LO):
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and number > 0 else None


def _could_show(typed: Decimal | str, unit: str) -> bool:
    """Whether a meter set to that unit shows such a number: below 20 mg/dL meters show LO."""
    least, most = METERS_SHOW[unit]
    return isinstance(typed, str) or least <= typed <= most


CAUTIONS: dict[str, dict[str, Any]] = {
    "low": {"level": "caution", "title": "刚低过血糖，先别急着运动", "call_120": False,
            "steps": [f"先停下来再测一次，到 {thresholds.BEFORE_EXERCISE_FROM.said}以上再动。", "身边带着糖，最好有人陪着。",
                      "头晕、出汗、心慌：马上吃 15–20 克糖。"]},
    "high": {"level": "caution", "title": "血糖很高时不宜运动", "call_120": False,
             "steps": ["先停下来，多喝白开水，再测一次。",
                       "有酮体、呕吐或呼吸又深又快：打 120。", f"血糖回到 {CRITICAL_HIGH}以下再慢慢活动。"]},
}


def caution_after(levels: Iterable[str]) -> dict[str, Any] | None:
    """The caution for an exercise after readings of these levels: a low weighs more than a high. `high` alone, below 16.7,
    brings none."""
    found = set(levels) - {"high", "emergency_words"}
    if not found:
        return None
    return CAUTIONS["low" if any(level.endswith("low") for level in found) else "high"]


def _published(level: str, side: str, threshold: thresholds.Threshold, **more: Any) -> dict[str, Any]:
    return {"level": level, f"{side}_mmol_l": float(threshold.mmol_l), f"{side}_mg_dl": threshold.mg_dl, **more,
            "source": more.get("source", threshold.source)}


def _published_ketones(level: str, ketone: Decimal, urine: str, **more: Any) -> dict[str, Any]:
    return {"level": level, "from_ketone_mmol_l": float(ketone), "from_urine_ketone": urine, **more,
            "source": thresholds.KETONE_SOURCE}


# What level_of goes by, for a client without signal; [S..] is the source list of docs/clinical.md.
THRESHOLDS: tuple[dict[str, Any], ...] = (
    _published("critical_low", "below", thresholds.CRITICAL_LOW_BELOW, **{"or": LO}),
    _published("emergency_low", "below", thresholds.CRITICAL_LOW_BELOW, **{
        "or": LO, "with": sorted(SEVERE_LOW_SIGNS), "source": "ADA level 3 [S9]"}),
    _published("low", "below", thresholds.LOW_BELOW),
    _published("high", "from", thresholds.HIGH_FROM),
    _published("critical_high", "from", thresholds.CRITICAL_HIGH_FROM),
    _published("emergency_high", "from", thresholds.CRITICAL_HIGH_FROM, **{
        "or": HI, "with": sorted(SEVERE_HIGH_SIGNS), "source": "[S14]"}),
    _published_ketones("emergency_ketone", thresholds.KETONE_EMERGENCY, thresholds.URINE_EMERGENCY),
    _published_ketones("critical_high", thresholds.KETONE_RAISED, thresholds.URINE_RAISED, **{
        "with": ["symptoms", "sglt2", "type1", "gestational"]}),
)


def cards() -> dict[str, Any]:
    """Thresholds and texts as versioned data, for a client without signal."""
    return {"version": CARDS_VERSION, "thresholds": list(THRESHOLDS), "cards": list(CARDS.values()), "confirm": CONFIRM_STEP,
            "cautions": list(CAUTIONS.values()), "late": _by_kind(LATE), "over": _by_kind(OVER)}


def _by_kind(texts: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"kind": kind, **text} for kind, text in texts.items()]
