"""Complete days, runs and the reason for every day.

A camp's days are kept as one string of marks, a character a day: C complete, M made up, P paused, s something
counted but not all, - nothing counted. A run does not look at the clock; only what a person is shown does.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

from server.domain.camps import KINDS, Calendar
from server.domain.refusals import Refusal

COMPLETE, MADE_UP, PAUSED, SOME, NONE = "C", "M", "P", "s", "-"
RUNS = {COMPLETE: "complete", MADE_UP: "made_up", PAUSED: "paused"}
KIND_NAMES = {"meal": "饮食", "exercise": "运动", "glucose": "血糖"}


def is_complete(asked: Mapping[str, int], counted: Mapping[str, int]) -> bool:
    """Whether all that the plan asks was counted."""
    return all(counted.get(kind, 0) >= wanted for kind, wanted in asked.items())


def progress(asked: Mapping[str, int], counted: Mapping[str, int]) -> dict[str, object]:
    """What was done on a day, what its plan asks, and whether that is all."""
    return {"done": {kind: counted.get(kind, 0) for kind in KINDS}, "required": dict(asked),
            "complete": is_complete(asked, counted)}


def mark_of(*, complete: bool, made_up: bool, paused: bool, counted: int) -> str:
    """The mark of one day. A complete day is complete, also when it was made up or paused."""
    if complete:
        return COMPLETE
    if made_up:
        return MADE_UP
    if paused:
        return PAUSED
    return SOME if counted else NONE


def runs(marks: str) -> list[int]:
    """For each day the length of the run that reaches it: complete and made-up days add 1, paused days keep it."""
    lengths, run = [], 0
    for mark in marks:
        if mark in (COMPLETE, MADE_UP):
            run += 1
        elif mark != PAUSED:
            run = 0
        lengths.append(run)
    return lengths


def longest_run(marks: str) -> int:
    """The longest run inside these days alone."""
    return max(runs(marks), default=0)


def states(marks: str, calendar: Calendar, joined_number: int, now: dt.datetime) -> list[str]:
    """What each camp day is at `now`: complete, made_up, partial, missed, paused, open, future or before_joining."""
    today = calendar.number_of(calendar.day_of(now))
    closed = calendar.last_closed_number(now)
    return [_state(mark, number, joined_number, today, closed) for number, mark in enumerate(marks, start=1)]


def _state(mark: str, number: int, joined: int, today: int, closed: int) -> str:
    if number < joined:
        return "before_joining"
    if mark in RUNS:
        return RUNS[mark]
    if number > today:
        return "future"
    if number > closed:
        return "open"
    return "partial" if mark == SOME else "missed"


def current_run(day_states: Iterable[str]) -> int:
    """Consecutive complete days back from the last that is complete or closed; an open day never breaks."""
    run = 0
    for state in reversed(list(day_states)):
        if state in ("complete", "made_up"):
            run += 1
        elif state not in ("future", "open", "paused"):
            break
    return run


def longest_shown(day_states: Iterable[str]) -> int:
    """The longest run a person is shown; never shorter than the current one, so open days do not break it either."""
    best = run = 0
    for state in day_states:
        if state in ("complete", "made_up"):
            run += 1
        elif state not in ("future", "open", "paused"):
            run = 0
        best = max(best, run)
    return best


def why(state: str, asked: Mapping[str, int], counted: Mapping[str, int], late: Mapping[str, int] | None = None) -> str:
    """The reason for a day's state, in a sentence for the person. `late` is what was filed once the day had closed: who
    did it must not read that they did nothing."""
    if state == "before_joining":
        return "这天还没有入营。"
    if state == "future":
        return "这天还没到。"
    if state == "made_up":
        return "用补卡补上了这一天。"
    if state == "paused":
        return "这天请假了，连续打卡不会断。"
    if state == "complete":
        return "计划的打卡都完成了。"
    missing = "、".join(
        f"{KIND_NAMES[kind]} {wanted - counted.get(kind, 0)} 次"
        for kind, wanted in asked.items() if counted.get(kind, 0) < wanted)
    if state == "open":
        return f"还可以打卡，还差{missing}。"
    done = "、".join(f"{name} {late[kind]} 次" for kind, name in KIND_NAMES.items() if late and late.get(kind))
    if state == "partial":
        return f"已完成一部分，还差{missing}" + (f"；这天结束以后才记的（{done}）在健康档案里，不计打卡。" if done else "。")
    if done:
        return f"这天的打卡是结束以后才记的（{done}），都在健康档案里，不计打卡；计划是{missing}。"
    return f"这天没有打卡，计划是{missing}。"


def check_makeup(state: str, day: dt.date, calendar: Calendar, rules: Mapping[str, int], used: int,
                 now: dt.datetime) -> None:
    """Let a make-up card be used for that day, or refuse.

    `rules` is the camp's `makeup`: `cards` for the whole camp, each within `within_days` after the day closed. Raises
    makeup_not_needed, day_open, makeup_too_late or makeup_none_left.
    """
    if state in ("complete", "made_up", "paused", "before_joining"):
        raise Refusal("makeup_not_needed")
    if state in ("open", "future"):
        raise Refusal("day_open")
    if now >= calendar.closes_at(day) + dt.timedelta(days=rules["within_days"]):
        raise Refusal("makeup_too_late")
    if used >= rules["cards"]:
        raise Refusal("makeup_none_left")


def levels_reached(marks: str, joined_number: int, levels: list[dict]) -> list[tuple[str, int]]:
    """The certificate levels reached, lowest first, each with the number of the day that reached it.

    Levels scale with the days a person could take part in: needed = ceil(level's days x eligible / camp days),
    eligible = camp days less paused and before joining, and at least half of the camp. A level that asks for every
    camp day asks for every eligible day complete (a made-up day does not do), with at most 7 days not eligible.
    """
    days = len(marks)
    away = sum(1 for number, mark in enumerate(marks, start=1) if number < joined_number or mark == PAUSED)
    eligible = max(days - away, -(-days // 2))
    reached = []
    for level in levels:
        every_day = level["complete_days"] == days
        good = (COMPLETE,) if every_day else (COMPLETE, MADE_UP)
        needed = eligible if every_day else -(-level["complete_days"] * eligible // days)
        on = [number for number, mark in enumerate(marks, start=1) if mark in good]
        if len(on) >= needed and not (every_day and away > 7):
            reached.append((level["level"], on[needed - 1]))
    return reached
