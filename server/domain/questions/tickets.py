"""A question that waits for a person: who may answer it, until when, and what the asker is told meanwhile."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from server.domain import access, alerts, camps, organisations
from server.domain.refusals import Refusal

# What a ticket needs, the gravest first. An emergency and a crisis are for whoever of the health staff sees it first; anything else that is
# about the body goes to a nurse or doctor only; the rest is about the camp, the meter or the app.
NEEDS = ("urgent", "medical", "general")
# replied: answered, and open to more; it waits for nobody.
STATUSES = ("open", "taken", "replied", "closed")
WAITING = ("open", "taken")
# Service time until the first answer. What is urgent waits for no service hours: fifteen minutes is also when an
# unacknowledged emergency goes on to the doctor (docs/clinical.md).
FIRST_REPLY = {"urgent": dt.timedelta(minutes=15), "medical": dt.timedelta(hours=2), "general": dt.timedelta(hours=2)}
# Whom a ticket is brought to, in this order; who may answer it is access.MAY["ticket.<need>"].
TOLD = {"urgent": ("health_manager", "nurse", "doctor"), "medical": ("nurse", "doctor"),
        "general": ("health_manager", "assistant", "service")}
LABEL = "健康咨询"
# In this order: the last that somebody holds is the one they sign with.
ROLE_NAMES = {"admin": "管理员", "assistant": "助手", "service": "服务人员", "health_manager": "健康管理师", "nurse": "护士",
              "doctor": "医生"}
# With the organisation's internet-hospital licence these may speak of doses; nobody else ever may.
SPEAK_OF_DOSES = frozenset({"nurse", "doctor"})
# How long after an emergency answers begin by asking how they are.
STILL_ASKING = dt.timedelta(minutes=30)
HOW_ARE_YOU = {"crisis": "先问您一句：您现在好一点了吗？难受的时候不用一个人扛，随时可以拨 12356；有伤害自己的念头，请马上打 120。",
               "self": "先问您一句：刚才的情况好些了吗？没好转或更重了，请马上打 120。",
               "relative": "先问您一句：您家人刚才的情况好些了吗？没好转或更重了，请马上打 120。",
               "unknown": "先问一句：刚才说的情况好些了吗？没好转或更重了，请马上打 120。"}
# Kinds of answer that are handed over by themselves, and what they need.
HANDED_OVER = {"emergency": "urgent", "crisis": "urgent", "dose_refusal": "medical"}
# What a ticket needs that was taken for an emergency and is none: it is about the body all the same.
CALLED_OFF = "medical"
# Words on a ticket that ask for nothing.
ASKS_NOTHING = frozenset({"small_talk", "refused"})
# Who is there to see a ticket: staff who may answer it; none of them so far; nobody, for the asker has left.
STAFF, NOBODY_YET, LEFT = "staff", "nobody_yet", "left"
# What answers promise of people, and what is said in its place where there are none; a card says it with a step of its own.
PROMISES = {
    "我们的人也会尽快联系您。": "",
    "我们的人会尽快联系您。": "现在没有工作人员能看到您的话，请不要等我们联系您。",
    "已经帮您转给护士或医生，等回复的时候，": "现在没有护士或医生值守，请去问给您看病的医生；问到以前，",
}
# What the thread says of a round that staff end without a word. The product says so: `role` of no staff.
NOTICE = "notice"
CLOSED_UNANSWERED = "工作人员结束了这次咨询，没有再写回复。还需要人看，接着写一句，就会重新转给工作人员；着急请去医院，紧急请打 120。"


# What the asker is told while nobody who may answer is there.
UNATTENDED = {
    "urgent": "现在没有工作人员值守，请不要等人联系您：先照上面的做，该打 120 就打。",
    "medical": "您的提问收到了，但现在没有护士或医生值守，已经请机构安排；着急请去医院，紧急请打 120。",
    "general": "您的提问收到了，但现在没有工作人员值守，已经请机构安排；着急请去医院，紧急请打 120。"}


def need_of(kind: str, *, medical: bool | None) -> str:
    """What a ticket about an answer of that kind needs. `medical` says whether its topic is; None when there is none,
    and then it is: a question that nobody understood may be anything."""
    return HANDED_OVER.get(kind) or ("general" if medical is False else "medical")


def need_of_words(kind: str, *, danger: bool, medical: bool | None) -> str:
    """What words that were added to a ticket need, by the answer they would get as a question."""
    if danger:
        return "urgent"
    return "general" if kind in ASKS_NOTHING else need_of(kind, medical=medical)


def graver(one: str, other: str) -> str:
    """Of two needs the graver one."""
    return min(one, other, key=NEEDS.index)


def check_route(need: str, kind: str, *, medical: bool | None, written_by: set[str]) -> None:
    """Let a ticket go to who is asked for. What is surely about the body, and what a nurse or doctor has written on,
    never comes before staff who may read no health. Raises ticket_about_body."""
    if need == "general" and (kind in HANDED_OVER or medical or written_by & access.CREDENTIALED):
        raise Refusal("ticket_about_body")


def unpromised(kind: str, answer: str) -> str:
    """The answer where there is nobody to keep what it promises; an emergency's are its card's steps."""
    for promise, instead in PROMISES.items():
        answer = answer.replace(promise, instead)
    return answer + alerts.NOBODY_STEP if kind == "emergency" else answer


def unpromised_card(card: Mapping[str, Any]) -> dict[str, Any]:
    """The card without the steps that promise somebody."""
    return {**card, "steps": [step for step in card["steps"] if step not in PROMISES]}


def unseen_card(card: Mapping[str, Any]) -> dict[str, Any]:
    """The card where nobody of the staff hears of it, which it says."""
    told = unpromised_card(card)
    return {**told, "steps": [*told["steps"], alerts.NOBODY_STEP]}


def due_at(need: str, hours: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """Until when the first answer is due, in UTC."""
    if need == "urgent":
        return now + FIRST_REPLY[need]
    return organisations.due_after(hours, now, FIRST_REPLY[need])


def says(ticket_status: str, need: str, hours: dict[str, Any] | None, now: dt.datetime, due: dt.datetime | None,
         seen_by: str = STAFF) -> str:
    """What the asker is told about the waiting: out of hours, when a person answers; and whether anybody can. `hours` is
    None where nobody watches, because the asker is in no organisation."""
    if ticket_status == "closed":
        return "这次咨询已经结束；还想问，可以接着写。"
    if ticket_status == "replied":
        return "已经有人回复您，请看下面；还想问，可以接着写。"
    if hours is None or due is None:
        return "您还没有加入训练营，暂时没有工作人员能看到；着急请去医院，紧急请打 120。"
    if seen_by == LEFT:
        return "您已经不在这个训练营里，工作人员看不到这条提问了；着急请去医院，紧急请打 120。"
    if seen_by == NOBODY_YET:
        return UNATTENDED[need]
    if need == "urgent":
        return "已经通知工作人员。他们不一定马上看到，请先照上面的做，该打 120 就打。"
    if not organisations.is_open(hours, now):
        return f"已经转给工作人员。现在不是服务时间，{_clock(hours, organisations.opens_at(hours, now), now)}起有人回复。"
    if now > due:
        return "已经转给工作人员，让您久等了，我们已经在催；着急请去医院，紧急请打 120。"
    return f"已经转给工作人员，最晚{_clock(hours, due, now)}回复您。"


def _clock(hours: dict[str, Any], at: dt.datetime, now: dt.datetime) -> str:
    """An instant as people say it: 今天 08:00, 明天 08:00, 3月5日 08:00, on the organisation's own clock."""
    zone = camps.zone(hours["timezone"])
    there, today = at.astimezone(zone), now.astimezone(zone).date()
    named = {0: "今天", 1: "明天"}.get((there.date() - today).days, f"{there.month}月{there.day}日")
    return f"{named} {there:%H:%M} "


def check_takes(status: str, *, is_mine: bool) -> None:
    """Let somebody take a ticket that nobody else has. Raises ticket_closed, ticket_taken."""
    if status == "closed":
        raise Refusal("ticket_closed")
    if status != "open" and not is_mine:
        raise Refusal("ticket_taken")


def is_licensed(licence: Mapping[str, Any] | None, hours: Mapping[str, Any], now: dt.datetime) -> bool:
    """Whether an internet-hospital licence is on file that is valid today, on the organisation's own clock."""
    today = now.astimezone(camps.zone(hours["timezone"])).date()
    return licence is not None and dt.date.fromisoformat(str(licence["valid_until"])) >= today


def check_reply(held: set[str], *, licensed: bool, names_dose: bool) -> None:
    """Let a reply pass that speaks of no dose, or whose author may. Raises reply_names_dose."""
    if names_dose and not (licensed and held & SPEAK_OF_DOSES):
        raise Refusal("reply_names_dose")


def speaks_as(held: set[str], answerers: frozenset[str]) -> str:
    """The role in which somebody answers: of those that may, the one that knows most of the body."""
    return max(held & answerers, key=list(ROLE_NAMES).index)
