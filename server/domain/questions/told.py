"""What a text tells as happening: without what it only supposes, has heard, remembers, or asks about in general.

A frame counts for its own clause, and for a bare one beside it. One word of before or of if somewhere in a text hides no
danger that stands in another clause; whatever stays unclear is told.
"""

import re
from collections.abc import Callable, Iterable

from server.domain.questions import frames


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(words))


_SUPPOSED, _PAST, _ABOUT, _COULD_BE, _WRITTEN = (
    _any_of(words) for words in (frames.SUPPOSED, frames.PAST, frames.ABOUT, frames.COULD_BE, frames.WRITTEN))
_NOW, _OVER, _HAPPENS, _TAKEN = (
    _any_of(words) for words in (frames.NOW, frames.OVER, frames.HAPPENS, frames.TAKEN))
_CLAUSE = re.compile(r"[^,。!?;、\s]+[,。!?;、\s]*")
_SLIP = re.compile("[打点按]错了?")
# A bound that is asked about is nobody's reading.
_BOUND = re.compile(r"(低于|小于|不到|高于|大于|超过|达到|到)\s*\d+(\.\d+)?")


def told(text: str) -> str:
    """The clauses of a normalised text that tell of something, each with the stop behind it."""
    return _kept(text, _what_happens)


def told_values(text: str) -> str:
    """The clauses in which a value is one of now: what it means, or how it is prevented, may well be asked of it."""
    return _kept(text, lambda clause, before, behind: _part_told(_BOUND.sub("", clause) if _ABOUT.search(clause) else clause,
                                                                 (_SUPPOSED, _PAST)))


def _kept(text: str, part_of: Callable[[str, str, str], str]) -> str:
    # Who slipped on the keys took no medicine by mistake.
    if _WRITTEN.search(text) and not _TAKEN.search(text):
        text = _SLIP.sub("", text)
    clauses = ["", *_CLAUSE.findall(text), ""]
    return "".join(part_of(clause, before, behind)
                   for before, clause, behind in zip(clauses, clauses[1:], clauses[2:], strict=False))


def _what_happens(clause: str, before: str, behind: str) -> str:
    if not _is_now(clause):
        bare = not _HAPPENS.search(clause)
        if _ABOUT.search(clause) or (bare and (_ABOUT.search(behind) or _SUPPOSED.search(before))):
            return ""
    return _part_told(clause, (_SUPPOSED, _PAST, _COULD_BE))


def _part_told(clause: str, frames_over: Iterable[re.Pattern[str]]) -> str:
    """The part of a clause that no such frame is over: all of it, what stands before the frame, or nothing."""
    if _WRITTEN.search(clause):
        return ""
    if _is_now(clause):
        return clause
    if _OVER.search(clause):
        return ""
    frame = min((found for found in (each.search(clause) for each in frames_over) if found), key=re.Match.start, default=None)
    if frame is None:
        return clause
    before = clause[:frame.start()]
    return f"{before} " if _HAPPENS.search(before) else ""


def _is_now(clause: str) -> bool:
    return bool(_NOW.search(_OVER.sub("", clause)))
