"""Which amount belongs to which words of a meal."""

import re

from server.domain.meals.amounts import AMOUNT, Amount, amount_of
from server.domain.meals.naming import bare, foods_in

# What ends a sentence or a part of one, and what else stands between words and amounts.
_STOP = re.compile("[,;。!?]+")
_SEPARATOR = re.compile(r"[\s/+|&:\"“”‘’·…()\[\]【】]+|(?<=\d)加(?=\d)|(?<=g)加|(?<=l)加")
# Not eaten: what follows it up to the next separator, or what it stands behind.
_DECLINED = re.compile(r"(?:没有?|未|不)再?[吃喝动](?!完|饱|够|光|多少|下)(?:过|了)?|^没有")
_AND = re.compile("[、和与及]")
# What is done with food: what it is done to follows. Behind 吃 there may be how it was, not what (吃得多), and 小吃 is a thing.
_VERB = re.compile("(?:扒拉|对付|凑合|[吃喝嗑啃嚼咥饮食炫造整搞弄来热盛夹加放打倒剥切吞咽尝抓拿用要剩做煮炒炖蒸煎烤拌下卧添续舀抿抹掰弄])?了|就着|[吃喝]得[很挺不太]?[多少饱快慢]|"
                   "(?<![小零])[吃喝](?![得不饱完够光剩])|[来整啃嗑搞炫咥买盛要有是用]$")
_ADDS = "加和与及跟配"
_ACTS = re.compile(f"[吃喝了没就来整啃嗑搞炫咥买盛要有是用{_ADDS}]")
# What stands before a word or an amount: nothing; a space or an "and"; a verb.
_NOTHING, _SPACE, _VERBAL = 0, 1, 2


# The words and the amounts of a clause in their order, and what stands before each.
_Told = tuple[list[str | Amount], list[int]]


def pairs(text: str) -> list[tuple[str, Amount | None]]:
    """(words, their amount): an amount belongs to the words before it, and to those behind it where none stand before or a
    verb parts them (早上喝了一碗粥).

    Words with 、 between them share one (A、B、C 220g). No amount finds its words across a stop, unless it or they stand
    alone on their side (米饭，一碗).
    """
    found: list[tuple[str, Amount | None]] = []
    waiting: str | Amount | None = None
    for clause in _STOP.split(text):
        told = _told(clause)
        tokens, _ = told
        if not tokens:
            continue
        if waiting is not None:
            if len(tokens) == 1 and isinstance(tokens[0], Amount) is isinstance(waiting, str):
                told = [waiting, tokens[0]], [_SPACE, _SPACE]
            else:
                _alone(waiting, found)
        waiting = _settle(told, found)
    if waiting is not None:
        _alone(waiting, found)
    return found


def _alone(told: str | Amount, found: list[tuple[str, Amount | None]]) -> None:
    """Words without an amount, or an amount of nobody knows what; a bare number (of a list, a date) is nothing eaten."""
    if isinstance(told, str):
        found.append((told, None))
    elif told.unit:
        found.append((told.said, told))


def _told(clause: str) -> _Told:
    """What the clause says, without what was not eaten."""
    tokens: list[str | Amount] = []
    gaps: list[int] = []
    acts = _ACTS.search(clause) is not None
    for part in _SEPARATOR.split(clause):
        at, first, gap = 0, len(tokens), _SPACE
        for match in AMOUNT.finditer(part):
            start, end = match.span()
            raw, at = part[at:start], end
            if raw:
                stands = _say_done(raw, tokens, gaps, first, gap) if acts else _say(raw, tokens, gaps, gap)
                gap = _NOTHING
                if stands is None:
                    continue
                amount = amount_of(match)
                # Of each so much: together as many times that as there are names.
                if raw[-1] == "各":
                    amount = amount._replace(number=amount.number * (1 + len(_AND.findall(raw))))
                tokens.append(amount)
                gaps.append(stands)
            else:
                tokens.append(amount_of(match))
                gaps.append(gap)
                gap = _NOTHING
        if at < len(part):
            _ = _say_done(part[at:], tokens, gaps, first, gap) if acts else _say(part[at:], tokens, gaps, gap)
    return tokens, gaps


def _say(raw: str, tokens: list[str | Amount], gaps: list[int], gap: int) -> int:
    """Add the words, if they are any; what then stands before the next."""
    words = bare(raw)
    if not words:
        return gap
    tokens.append(words)
    gaps.append(gap)
    return _NOTHING


def _say_done(raw: str, tokens: list[str | Amount], gaps: list[int], first: int, gap: int) -> int | None:
    """Add the words between verbs; what then stands before an amount, None where it was not eaten: 没吃米饭一碗 was not, nor
    米饭一碗没吃."""
    declined = _DECLINED.search(raw)
    before, behind = (raw[:declined.start()], bare(raw[declined.end():])) if declined else (raw, "")
    if declined is None or behind:
        for number, piece in enumerate(_VERB.split(before)):
            gap = _say(piece, tokens, gaps, _VERBAL if number else gap)
    elif not bare(before):
        least = max(first, len(tokens) - 2)
        del tokens[least:], gaps[least:]
    if declined:
        return None
    return _SPACE if raw[-1] in _ADDS else gap


def _settle(told: _Told, found: list[tuple[str, Amount | None]]) -> str | Amount | None:
    """Put the words and amounts of a clause together; what comes back waits for the next clause."""
    tokens, gaps = told
    if _VERBAL in gaps:
        _leave_out_circumstances(tokens, gaps)
    place, last = 0, len(tokens)
    while place < last:
        token, behind = tokens[place], tokens[place + 1] if place + 1 < last else None
        if isinstance(token, str):
            if behind is None:
                return token
            if isinstance(behind, Amount) and not _is_for_what_follows(tokens, gaps, place):
                found.append((token, behind))
                place += 2
            else:
                found.append((token, None))
                place += 1
        elif isinstance(behind, str) and not _is_of_what_came(tokens, gaps, place):
            found.append((behind, token))
            place += 2
        else:
            if last == 1 and gaps[0] == _VERBAL and found:
                # 蒸了一锅土豆，我吃了俩: what was cooked is not what was eaten.
                found[-1] = (found[-1][0], token)
            elif not _refine(token, found):
                if last == 1:
                    return token
                if token.is_weighed:
                    _alone(token, found)
            place += 1
    return None


def _leave_out_circumstances(tokens: list[str | Amount], gaps: list[int]) -> None:
    """Who ate, and when: words before a verb that name no food, where food stands behind it (阿拉吃了一碗面)."""
    for place in range(len(tokens) - 2, -1, -1):
        token = tokens[place]
        if gaps[place + 1] != _VERBAL or not isinstance(token, str):
            continue
        if _is_word(tokens, place + 1 + isinstance(tokens[place + 1], Amount)) and not foods_in(token):
            del tokens[place], gaps[place]


def _is_word(tokens: list[str | Amount], place: int) -> bool:
    return place < len(tokens) and isinstance(tokens[place], str)


def _is_for_what_follows(tokens: list[str | Amount], gaps: list[int], place: int) -> bool:
    """Whether the amount behind these words is that of the words behind it: they follow at once, it is parted from these or
    these name no food, and there is no other amount for them (花生 一杯牛奶; but 米饭 100g青菜 50g)."""
    if not _is_word(tokens, place + 2) or gaps[place + 2] != _NOTHING:
        return False
    end = place + 3
    while end < len(tokens) and isinstance(tokens[end], str) is not isinstance(tokens[end - 1], str):
        end += 1
    if isinstance(tokens[end - 1], Amount):
        return False
    return gaps[place + 1] != _NOTHING or bool(not foods_in(str(tokens[place])) and foods_in(str(tokens[place + 2])))


def _is_of_what_came(tokens: list[str | Amount], gaps: list[int], place: int) -> bool:
    """Whether an amount before words is none of theirs: they are parted from it, and have their own or it stands at another
    one (鸡蛋2个100g 牛奶)."""
    if gaps[place + 1] == _NOTHING:
        return False
    has_own = place + 2 < len(gaps) and isinstance(tokens[place + 2], Amount) and gaps[place + 2] == _NOTHING
    return has_own or (place > 0 and gaps[place] == _NOTHING)


def _refine(amount: Amount, found: list[tuple[str, Amount | None]]) -> bool:
    """Take a second amount of the same thing, the weight of what was counted (一包饼干100g); whether it was one."""
    words, had = found[-1] if found else ("", None)
    is_second = had is not None and ((amount.is_weighed and not had.is_weighed) or bool(amount.unit and not had.unit))
    if is_second:
        found[-1] = (words, amount)
    return is_second
