"""The work that is measured, row by row of the table of promises."""
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from bench.camps import Camp
from bench.drafts import camp_day, day_of_camp, kept_offline, past
from bench.load import Call

LIMIT, TWIN, OURS = "limit", "twin", "ours"
OURS_ONE, OURS_FULL, OURS_SMALL = "ours, one entry", "ours, full answer", "ours, class of 200"
HISTORY_KEEPERS = 20
ENTRIES_A_SYNC = 50
FIRST_SYNC_DAY = 12
SYNC_SHARE = 20  # a sync does the work of many requests, so a round has fewer of them
TEN_THOUSAND = 10_000
WEIGHING_DAYS = range(23, 29)  # after every day that a round has used
Camps = dict[str, Camp]


@dataclass(frozen=True)
class Side:
    """What one server is asked in one round, and how many units of work a request holds."""

    name: str
    camp: Camp
    calls: list[Call]
    units: int = 1


@dataclass(frozen=True)
class Promise:
    """A ratio to be kept: the cost of one side against another's."""

    work: str
    side: str
    against: str
    at_most: float


@dataclass(frozen=True)
class Work:
    """One thing to measure. `sides(camps, round_number, requests)` answers what everybody is asked in a round."""

    key: str
    sides: Callable[[Camps, int, int], list[Side]]
    promises: tuple[Promise, ...]


def on_each(camps: Camps, calls_of: Callable[[Camp], Iterable[Call]], units: int = 1) -> list[Side]:
    """Return one side for each server, all asked the same."""
    return [Side(name, camp, list(calls_of(camp)), units) for name, camp in camps.items()]


def turn_all(camps: Camps, day_number: int) -> None:
    """Let the evening of a camp day come on every server."""
    for camp in camps.values():
        camp.turn_to(camp_day(day_number))


def keep_history(camps: Camps) -> None:
    """Give some members of every server a past, so that a page of 50 is full and there is a next one."""
    for camp in camps.values():
        for member in range(HISTORY_KEEPERS):
            camp.door.send(camp.syncing(member, past(member)))


def filing(camps: Camps, round_number: int, requests: int) -> list[Side]:
    """Ask everybody to file entries, one by one. Two rounds make a camp day of 200 patients with three each."""
    day, half = 1 + round_number // 2, round_number % 2
    if not half:
        turn_all(camps, day)
    drafts = day_of_camp(day, fewest_members(camps))
    middle = len(drafts) // 2
    chosen = (drafts[middle:] if half else drafts[:middle])[:requests]
    return on_each(camps, lambda camp: map(camp.filing, chosen))


def syncing(camps: Camps, round_number: int, requests: int) -> list[Side]:
    """Ask phones that were offline to hand in 50 entries each; ours also files single ones to compare with."""
    day, phones = FIRST_SYNC_DAY + round_number, max(2, requests // SYNC_SHARE)
    turn_all(camps, day)
    members = fewest_members(camps)
    kept = {member: kept_offline(day, member) for member in range(members - phones, members)}
    sides = on_each(camps, lambda camp: [camp.syncing(*phone) for phone in kept.items()], ENTRIES_A_SYNC)
    if OURS in camps:
        singles = [draft for draft in day_of_camp(day, members) if draft.member not in kept][:requests]
        sides.append(Side(OURS_ONE, camps[OURS], [camps[OURS].filing(draft) for draft in singles]))
    return sides


def reading_history(camps: Camps, _: int, requests: int) -> list[Side]:
    """Ask everybody for a page of 50 entries."""
    return on_each(camps, lambda camp: [camp.reading_history(n % HISTORY_KEEPERS) for n in range(requests)])


def reading_board(camps: Camps, _: int, requests: int) -> list[Side]:
    """Ask everybody for the first 20 places and one's own, as every member in turn."""
    members = fewest_members(camps)
    return on_each(camps, lambda camp: [camp.reading_board(n % members) for n in range(requests)])


def asking_again(camps: Camps, round_number: int, requests: int) -> list[Side]:
    """Ask for something unchanged: what the client holds already is answered with 304."""
    sides = [side for side in reading_history(camps, round_number, requests) if side.name != OURS]
    if OURS in camps:
        camp = camps[OURS]
        full = unchanging(camp)
        known = replace(full, if_none_match=camp.door.send(full).etag, expected=304)
        sides += [Side(OURS_FULL, camp, [full] * requests), Side(OURS, camp, [known] * requests)]
    return sides


def ten_thousand(camp: Camp) -> Iterator[Call]:
    """Yield at least 10,000 requests of a camp's ordinary life: entries, histories and boards."""
    for number in WEIGHING_DAYS:
        camp.turn_to(camp_day(number))
        drafts = day_of_camp(number, len(camp.tokens))
        for place in range(math.ceil(TEN_THOUSAND / 3 / len(WEIGHING_DAYS))):
            yield camp.filing(drafts[place])
            yield camp.reading_history(place % HISTORY_KEEPERS)
            yield camp.reading_board(drafts[place].member)


def unchanging(camp: Camp) -> Call:
    """Return the request for the first thing that has an ETag: history, board or the camp itself."""
    candidates = (camp.reading_history(0), camp.reading_board(0),
                  Call("GET", f"/api/v1/camps/{camp.camp_id}", camp.tokens[0]))
    return next((call for call in candidates if camp.door.send(call).etag), candidates[-1])


def fewest_members(camps: Camps) -> int:
    """Return how many members of every camp can be asked to do something."""
    return min(len(camp.tokens) for camp in camps.values())


SMALL = (
    Work("file", filing, (Promise("记一条打卡 file one entry", OURS, LIMIT, 2.5),)),
    Work("history", reading_history, (Promise("一页 50 条记录 history page of 50", OURS, LIMIT, 1.2),)),
    Work("board", reading_board, (Promise("排行榜 20 名加自己 board of 20 + own place", OURS, LIMIT, 1.5),)),
    Work("unchanged", asking_again, (Promise("没有变化 a 304, to the full answer", OURS, OURS_FULL, 0.45),)),
    Work("sync", syncing, (Promise("补传 50 条里的一条 one of a sync of 50, to a single one", OURS, OURS_ONE, 0.35),)),
)
LARGE = Work("large", reading_board, (
    Promise("两万人的排行榜 board in a camp of 20,000", OURS, LIMIT, 1.5),
    Promise("两万人比两百人 20,000 members, to 200", OURS, OURS_SMALL, 1.3)))
KEYS = (*(work.key for work in SMALL), LARGE.key)
