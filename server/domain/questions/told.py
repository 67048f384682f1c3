"""What a text tells as happening: without what it only supposes, has heard, remembers, or asks about in general.

A frame counts for its own clause. One word of before or of if somewhere in a text hides no danger that stands in another
clause; whatever stays unclear is told.
"""

import re
from collections.abc import Iterable

from server.domain.questions import frames


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(words))


_SUPPOSED, _PAST, _ABOUT, _COULD_BE = (
    _any_of(words) for words in (frames.SUPPOSED, frames.PAST, frames.ABOUT, frames.COULD_BE))
_NOW, _OVER, _HAPPENS = _any_of(frames.NOW), _any_of(frames.OVER), _any_of(frames.HAPPENS)
_WRITTEN, _TAKEN = _any_of(frames.WRITTEN), _any_of(frames.TAKEN)
_CLAUSE = re.compile(r"[^,。!?;、\s]+[,。!?;、\s]*")


def told(text: str) -> str:
    """The clauses of a normalised text that tell of something, each with the stop behind it."""
    if _WRITTEN.search(text) and not _TAKEN.search(text) and not _NOW.search(_OVER.sub("", text)):
        return ""
    clauses = _CLAUSE.findall(text)
    kept, supposed = [], False
    for number, clause in enumerate(clauses):
        now = bool(_NOW.search(_OVER.sub("", clause)))
        supposed = supposed and not now
        begins = None if now else _SUPPOSED.search(clause)
        if not supposed:
            part = clause if now else _before_frames(clause, clauses[number + 1:number + 2])
            kept.append(part)
        supposed = supposed or begins is not None
    return "".join(kept)


def _before_frames(clause: str, following: list[str]) -> str:
    """The part of a clause that no frame is over: all of it, what stands before the frame, or nothing."""
    if _ABOUT.search(clause) or _OVER.search(clause):
        return ""
    if following and _ABOUT.search(following[0]) and not _HAPPENS.search(clause):
        return ""
    frame = min((found for found in (_SUPPOSED.search(clause), _PAST.search(clause), _COULD_BE.search(clause)) if found),
                key=re.Match.start, default=None)
    if frame is None:
        return clause
    before = clause[:frame.start()]
    return f"{before} " if _HAPPENS.search(before) else ""
