"""What patients write down: entries with the look of real ones, the same on every run."""
import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_DAY = date(2026, 3, 2)  # a Monday, so that a camp week is a board week
OFFSET = "+08:00"
MEALS = (("breakfast", "一碗小米粥，一个鸡蛋，一碟青菜"), ("lunch", "二两米饭，清蒸鲈鱼，蒜蓉西兰花"),
         ("dinner", "半碗杂粮饭，番茄豆腐汤，凉拌黄瓜"))
WALKS = (("快走", 30, "medium"), ("太极拳", 40, "low"), ("骑自行车", 25, "medium"), ("广场舞", 45, "medium"))
# Mostly in range, some high, now and then a low one: a reading in thirty takes the way of a danger.
READINGS = (5.2, 6.1, 6.8, 5.9, 7.4, 6.3, 8.2, 5.6, 9.1, 6.6, 7.0, 5.4, 10.8, 6.2, 7.7, 6.0, 5.8, 8.8, 6.5, 7.2, 6.9,
            5.1, 11.4, 6.4, 7.9, 5.7, 6.7, 12.6, 7.1, 3.6)


@dataclass(frozen=True)
class Draft:
    """An entry before it is filed, and whose it is (the member's number)."""

    member: int
    entry: dict


def camp_day(number: int) -> date:
    """Return the date of a camp day; day 1 is the first, day 0 the evening before."""
    return FIRST_DAY + timedelta(days=number - 1)


def some_id(chance: random.Random) -> str:
    """Return a client-made UUID."""
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def written(chance: random.Random, kind: str, day: date, hour: int) -> dict:
    """Return one entry of a kind, made within the given hour of the day."""
    at = f"{day.isoformat()}T{hour:02d}:{chance.randrange(60):02d}:{chance.randrange(60):02d}{OFFSET}"
    entry = {"id": some_id(chance), "kind": kind, "occurred_at": at, "source": "manual"}
    if kind == "meal":
        slot, text = MEALS[0 if hour < 10 else 1 if hour < 16 else 2]
        return entry | {"slot": slot, "text": text}
    if kind == "exercise":
        activity, minutes, intensity = chance.choice(WALKS)
        return entry | {"activity": activity, "minutes": minutes, "intensity": intensity}
    return entry | {"value": chance.choice(READINGS), "unit": "mmol/L", "slot": "fasting" if hour < 8 else "random"}


def day_of_camp(number: int, members: int) -> list[Draft]:
    """Return what everybody files on one camp day: a reading, a meal and a walk each, in a mixed order.

    Each of them earns points, and the third of a person makes the day complete.
    """
    chance, day = random.Random(f"day {number}"), camp_day(number)
    drafts = [Draft(member, written(chance, kind, day, hour)) for member in range(members)
              for kind, hour in (("glucose", 6), ("meal", 12), ("exercise", 19))]
    chance.shuffle(drafts)
    return drafts


def kept_offline(number: int, member: int, count: int = 50) -> list[dict]:
    """Return the entries of a phone that was offline on one camp day and the day before, oldest first.

    The day before is closed by the evening, so one half is kept without counting and the other half meets the caps.
    """
    chance = random.Random(f"phone {number} {member}")
    kinds = ("glucose", "meal", "exercise", "glucose", "meal")
    entries = [written(chance, kinds[place % len(kinds)], camp_day(number - 1 + (place >= count // 2)),
                       6 + place % (count // 2) * 14 // (count // 2)) for place in range(count)]
    return sorted(entries, key=lambda entry: entry["occurred_at"])


def past(member: int, count: int = 60) -> list[dict]:
    """Return entries of the weeks before the camp, oldest first: history that counts for nothing."""
    chance = random.Random(f"past {member}")
    kinds = ("glucose", "meal", "exercise")
    return [written(chance, kinds[place % 3], camp_day(-40 + place // 3), 6 + place % 3 * 6) for place in range(count)]
