"""The card in an answer by when its reading was: of what is over by now nobody is told to treat it."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, alarms, alerts
from server.domain.alarms import Ended
from server.domain.refusals import Refusal
from server.models import causes as cause_rows
from server.services import reach, work
from server.services.work import Call

Dated = tuple[dict[str, Any] | None, dt.datetime | None]


def known(session: Session, call: Call, person_id: uuid.UUID, cards: Iterable[Dated], *,
          besides: uuid.UUID | None = None) -> Ended:
    """When a danger of the person was ended last, by what is in the record besides that reading; nothing where none of the
    cards is late, nor to a caller who may file for the person and not read what was measured."""
    late = [(card, at) for card, at in cards if alarms.is_late(card, at, call.now)]
    if not late or not access.MAY["entry.read"] & reach.held_over(session, call, person_id):
        return {}
    since = min(at for _, at in late)
    asked = {(kind, alarms.needs_calm(kind, card["level"])) for card, _ in late for kind in alerts.kinds_of(card)}
    found = {(kind, calm): cause_rows.last_ending(session, person_id, kind, since, calm=calm, besides=besides)
             for kind, calm in asked}
    return {key: ending[1] for key, ending in found.items() if ending is not None}


@work.reads
def recorded(session: Session, call: Call, person_id: uuid.UUID, cards: list[Dated]) -> Ended:
    """As `known`, asked once for all that came together. Raises not_found, forbidden."""
    reach.person_id(session, call, person_id, "entry.file")
    return known(session, call, person_id, cards)


def told(card: dict[str, Any] | None, draft: dict[str, Any], now: dt.datetime, ended: Ended) -> dict[str, Any] | None:
    """The card of a draft as it is told now. What is known of the person ends nothing of somebody else's reading."""
    return alarms.card_told(card, draft["occurred_at"], now, {} if draft.get("not_mine") else ended)


@contextlib.contextmanager
def refusing(session: Session, call: Call, person_id: uuid.UUID, draft: dict[str, Any]) -> Iterator[None]:
    """Let what refuses the draft refuse it with the card as it is told now."""
    try:
        yield
    except Refusal as refusal:
        ended = known(session, call, person_id, [(refusal.advice, draft["occurred_at"])], besides=draft["id"])
        raise refusal.with_advice(told(refusal.advice, draft, call.now, ended)) from None
