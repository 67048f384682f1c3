"""The order of the responder: danger, self-harm, dose, others' data and tricks, knowledge, small talk, not sure."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from server.domain.glucose import Reading
from server.domain.knowledge import TOPICS
from server.domain.questions import doses, elsewhere, emergencies, indexing, others, readings, retrieving
from server.domain.questions.indexing import Index
from server.domain.questions.normalising import bare, normalise
from server.domain.questions.retrieving import Heard
from server.domain.questions.told import told, told_values

EMERGENCY, CRISIS, DOSE, REFUSED = "emergency", "crisis", "dose_refusal", "refused"
ANSWERED, SMALL_TALK, UNSURE = "answered", "small_talk", "unsure"
SUGGESTIONS = 3
BEFORE_KNOWLEDGE = (EMERGENCY, CRISIS, DOSE, REFUSED)
GRAVITY = {kind: place for place, kind in enumerate((*BEFORE_KNOWLEDGE, ANSWERED, UNSURE, SMALL_TALK))}
# A part of a text is heard by itself from so many letters on, and so many of them at most.
PART_LETTERS, MOST_PARTS = 24, 40
# Beyond so many letters a text is long.
LONG = 60
# Of many parts one is sooner taken for a danger: it must be heard by so much more.
PART_BEYOND = 0.6
# How strongly a danger, a wish to die, a dose, other people's data and small talk must be heard (retrieving.py).
DANGER_HEARD, SELF_HARM_HEARD, DOSE_HEARD, OTHERS_HEARD, CHAT_HEARD = 0.3, 0.1, 0.5, 0.9, 0.3
# So strongly that a value between tells nothing against it, and that no body, end or medicine need be named.
DANGER_SURELY_HEARD, SELF_HARM_SURELY_HEARD, DOSE_SURELY_HEARD = 1.3, 1.0, 1.3
# A topic is answered that leads the next topic, and what belongs nowhere, by so much together.
LEAD = 2.0
GRAVE = (indexing.DANGER, indexing.SELF_HARM)
# Dangers that a value between tells against.
BY_VALUE = ("low_now", "high_now")
CRISIS_CARD: dict[str, Any] = {
    "level": "emergency_words", "title": "您不是一个人，请现在就和人说说", "call_120": True,
    "steps": ["现在就有伤害自己的念头或已经做了：马上打 120。", "拨打心理援助热线 12356，24 小时有人听。",
              "叫一位家人或朋友来身边，把药和胰岛素交给他保管。", "我们的人也会尽快联系您。"]}
CRISIS_WORDS = "听到您这么说，我很担心您。难受到这个地步，一定撑了很久。先别一个人扛：现在就拨 12356 或 120，也请一位信得过的人来陪您。我们的人会尽快联系您。"
DOSE_WORDS = "药和胰岛素用多少、加减、停换，只能由了解您情况的医生来定，我不能替您算，也请不要自己改。已经帮您转给护士或医生，等回复的时候，照原来医生交代的用，多测几次血糖；不舒服、血糖低于 3.9 mmol/L（70 mg/dL）或到了 16.7（300），先按卡片处理。"
REFUSED_WORDS = "这个我不能帮您：别人的健康信息只有本人和他授权的人能看，系统的设置也不能透露。您自己的记录、血糖和课程，都可以问我。"
GREETING_WORDS = "您好，我在呢。血糖、吃饭、运动、打卡上的事，想到什么就问我；有不舒服也随时说。"
THANKS_WORDS = "不客气，能帮上您就好。血糖、吃饭、运动上的事，想到什么随时问我。"
GOODBYE_WORDS = "好，您忙。有不舒服或者想问的，随时回来找我。"
UNSURE_WORDS = "这个问题我没有把握，怕说错，不敢乱答。您看看下面几个是不是您想问的；都不是的话，点“转人工”，有人来回答您。"

# What is shipped, for hearing dangers and doses by; built as a worker starts.
HOUSE = indexing.build(TOPICS)


class Reply(NamedTuple):
    """What the responder says, which rule said it, and what it rests on. `topic` and `suggestions` are slugs."""

    kind: str
    rule_id: str
    topic: str | None = None
    score: float | None = None
    suggestions: tuple[str, ...] = ()
    answer: str = ""
    advice: dict[str, Any] | None = None
    about: str = "unknown"


def build_index(topics: Iterable[Any], synonyms: Sequence[tuple[str, str]] = ()) -> Index:
    """The index of these topics; `synonyms` are an organisation's own (word, said instead), which change how every way is
    read: without them only what is not shipped is read anew."""
    return indexing.build(topics, synonyms) if synonyms else indexing.changed(HOUSE, topics)


def tells_dose(text: str) -> bool:
    """Whether words of staff, or for the knowledge base, tell how much of a medicine to take, or more, less, none, another."""
    return doses.tells_dose(normalise(text))


def respond(text: str, index: Index, about: str | None = None, house: Index = HOUSE) -> Reply:
    """The reply to a question. `about` is what the asker said of whom it is about, self or relative.

    What is a danger or a dose the house decides: no topic or synonym of an organisation's has a say in it. `house` is what
    is shipped; a measurement hands in one that does not know what it asks.
    """
    plain = normalise(text)
    whom = about or emergencies.about_whom(plain)
    parts = _parts(plain)
    # In a long text what is taken and what is asked stand far apart: there only a part asks for a dose.
    dose = any(map(doses.asks_dose, parts if len(plain) > LONG and parts else (plain,)))
    whole = _Asked(whom, readings.named_in(told_values(plain)), emergencies.is_severe(plain), dose, 0.0)
    replies = [_reply(plain, index, house, whole),
               *(_reply(part, index, house, whole._replace(beyond=PART_BEYOND)) for part in parts)]
    # What is gravest in any part is answered; then what the whole is about, then the part that says it most plainly.
    grave = min(replies, key=lambda reply: GRAVITY[reply.kind])
    if grave.kind != ANSWERED or replies[0].kind == ANSWERED:
        return grave if grave.kind in BEFORE_KNOWLEDGE else replies[0]
    return max((reply for reply in replies if reply.kind == ANSWERED), key=lambda reply: reply.score or 0.0)


def _parts(plain: str) -> list[str]:
    """The sentences of a longer text, and of a long sentence its clauses, a few at a time: what matters is heard among
    many polite words."""
    sentences = [sentence for sentence in re.split(r"[。!?;\n]+", plain) if bare(sentence)]
    parts = [part for sentence in sentences for part in _clauses_together(sentence)]
    return parts[:MOST_PARTS] if len(parts) > 1 else []


def _clauses_together(sentence: str) -> list[str]:
    together = [""]
    for clause in re.findall(r"[^,、\s]+[,、\s]*", sentence):
        together[-1:] = [together[-1] + clause] if len(together[-1]) < PART_LETTERS else [together[-1], clause]
    return together


class _Asked(NamedTuple):
    """What is known of the whole text while a part of it is read: whom it is about, the readings of now that it names,
    whether it speaks of what makes them worse, whether it plainly asks for a dose, and how much more strongly than
    otherwise a danger must be heard."""

    whom: str
    named: list[Reading]
    severe: bool
    dose: bool
    beyond: float


def _reply(plain: str, index: Index, house: Index, whole: _Asked) -> Reply:
    happens = told(plain)
    asked = readings.without_calm(plain)
    heard = retrieving.listen(asked, house)
    again = heard if happens == asked else retrieving.listen(happens, house)
    return (_danger(plain, happens, whole) or _nothing_said(plain)
            or _danger_heard(plain, happens, heard, again, whole)
            or _refusal(plain, whole) or _dose_heard(plain, heard, whole) or _others_heard(heard)
            or _known(plain, heard if index is house else retrieving.listen(asked, index)))


def _danger(plain: str, happens: str, whole: _Asked) -> Reply | None:
    danger = emergencies.danger_in(happens, whole.named, severe=whole.severe)
    if others.is_crisis(plain) and (danger is None or danger.rule_id in ("low_value", "high_value")):
        return Reply(CRISIS, "self_harm", answer=CRISIS_WORDS, advice=CRISIS_CARD, about=whole.whom)
    if danger is None:
        return None
    # Too high and asking for a dose: refused, with the card. Too low and asking for one: the low comes first.
    if danger.rule_id == "high_value" and danger.card is emergencies.HIGH_NOW and whole.dose:
        return Reply(DOSE, "dose_high", answer=DOSE_WORDS, advice=danger.card, about=whole.whom)
    return _emergency(danger.rule_id, danger.card, whole.whom)


def _emergency(rule_id: str, card: dict[str, Any], whom: str) -> Reply:
    return Reply(EMERGENCY, rule_id, answer="".join([f"{card['title']}。", *card["steps"]]), advice=card, about=whom)


def _small_talk(plain: str) -> str:
    return THANKS_WORDS if others.thanks(plain) else GOODBYE_WORDS if others.says_goodbye(plain) else GREETING_WORDS


def _nothing_said(plain: str) -> Reply | None:
    if others.says_nothing(bare(plain)):
        return Reply(SMALL_TALK, "nothing_said", answer=_small_talk(plain))
    return None


def _danger_heard(plain: str, happens: str, heard: Heard, again: Heard, whole: _Asked) -> Reply | None:
    """A danger told in words no pattern knows, but much like those people tell it in: in all that is said (`heard`), and
    in what of it happens as well (`again`)."""
    if not happens:
        return None
    strength = {kind: min(heard.kinds[kind], again.kinds[kind]) - whole.beyond for kind in GRAVE}
    plainly = bool(emergencies.OF_AN_END.search(plain)) and not whole.dose
    if strength[indexing.SELF_HARM] >= (SELF_HARM_HEARD if plainly else SELF_HARM_SURELY_HEARD):
        return Reply(CRISIS, "self_harm_heard", answer=CRISIS_WORDS, advice=CRISIS_CARD, about=whole.whom)
    calm = (bool(whole.named) or readings.names_calm_value(happens)) and not any(
        readings.is_low(one) or readings.is_very_high(one) for one in whole.named)
    if calm and heard.danger in BY_VALUE:
        return None
    # Who plainly asks for a dose tells of a danger beside it only if it is surely one; too much taken is told in such words.
    doubtful = calm or not emergencies.OF_A_BODY.search(plain) or (
        whole.dose and not (heard.danger == "overdose" and emergencies.HAS_TAKEN.search(happens)))
    if strength[indexing.DANGER] < (DANGER_SURELY_HEARD if doubtful else DANGER_HEARD):
        return None
    return _emergency(f"{heard.danger}_heard", emergencies.CARDS_OF[heard.danger], whole.whom)


def _refusal(plain: str, whole: _Asked) -> Reply | None:
    if whole.dose:
        return Reply(DOSE, "dose", answer=DOSE_WORDS)
    if others.is_trick(plain):
        return Reply(REFUSED, "others_data", answer=REFUSED_WORDS)
    return None


def _dose_heard(plain: str, heard: Heard, whole: _Asked) -> Reply | None:
    # Who tells by the way what they take asks for nothing.
    if (whole.beyond or len(plain) > LONG) and not doses.is_question(plain):
        return None
    dose = heard.kinds[indexing.DOSE] - whole.beyond
    if dose >= DOSE_SURELY_HEARD or (dose >= DOSE_HEARD and not doses.is_beside(plain)):
        return Reply(DOSE, "dose_heard", answer=DOSE_WORDS)
    return None


def _others_heard(heard: Heard) -> Reply | None:
    if heard.kinds[indexing.OTHERS] >= OTHERS_HEARD:
        return Reply(REFUSED, "others_data_heard", answer=REFUSED_WORDS)
    return None


def _known(plain: str, heard: Heard) -> Reply:
    letters = bare(plain)
    if others.is_small_talk(plain, letters) or heard.kinds[indexing.CHAT] >= CHAT_HEARD:
        return Reply(SMALL_TALK, "small_talk", answer=_small_talk(plain))
    hits = heard.hits
    if heard.lead >= LEAD and not elsewhere.is_elsewhere(plain, [hits[0].topic.question, *hits[0].topic.ways]):
        return Reply(ANSWERED, "knowledge", hits[0].topic.slug, hits[0].score, answer=hits[0].topic.answer)
    return Reply(UNSURE, "unsure", None, hits[0].score if hits else None,
                 tuple(hit.topic.slug for hit in hits[:SUGGESTIONS]), UNSURE_WORDS)
