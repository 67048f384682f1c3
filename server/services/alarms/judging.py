"""Readings judged as they are filed, changed and deleted, in the same transaction."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from server.domain import alarms, alerts
from server.domain.glucose import Patient, Reading
from server.models import alerts as alert_rows
from server.models import causes as cause_rows
from server.models.alerts import Alert
from server.models.causes import AlertCause
from server.services.alarms import episodes, hearers
from server.services.alarms.episodes import Cause
from server.services.work import Call


@dataclasses.dataclass(frozen=True)
class Filed:
    """A draft of one person that was kept."""

    person_id: uuid.UUID
    patient: Patient
    draft: dict[str, Any]


def judge(session: Session, call: Call, filed: Iterable[Filed]) -> dict[uuid.UUID, dict[str, Any]]:
    """Raise, go on with and close alerts for what was just filed; the cards that the answers carry in place of their own,
    by entry. In range and with nothing open, a reading costs one prepared look, and a meal or a lesson nothing."""
    cards: dict[uuid.UUID, dict[str, Any]] = {}
    in_order = sorted(filed, key=lambda one: one.draft["occurred_at"])
    # Who had nothing open at the last look has nothing open until a reading raises something: nobody is looked at twice.
    calm: set[uuid.UUID] = set()
    for one in in_order:
        if one.draft["kind"] == "exercise":
            card = caution(session, one.person_id, one.draft)
        elif one.draft["kind"] == "glucose" and not one.draft.get("not_mine"):
            levels = alarms.alert_levels(one.draft, one.patient)
            if not levels and one.person_id in calm:
                continue
            opened = alert_rows.open_of(session, one.person_id)
            calm = calm - {one.person_id} if levels or opened else calm | {one.person_id}
            card = _judge_reading(session, call, one, opened, _causes(call, one, levels))
        else:
            continue
        if card is not None:
            cards[one.draft["id"]] = card
    return cards


def _judge_reading(session: Session, call: Call, one: Filed, opened: list[Alert],
                   causes: dict[str, Cause]) -> dict[str, Any] | None:
    """Raise what it causes, and let the reading end what it ends of what is open."""
    draft = one.draft
    for alert in opened:
        # With tighter limits, in pregnancy and with ketones one that would end it is itself another of the kind.
        if alert.kind not in causes and draft["occurred_at"] > alert.at and alarms.ends(alert.kind, draft, alert.level):
            episodes.look_again(session, call, alert.id)
    raised = [episodes.add(session, call, cause) for cause in causes.values()]
    return _card(session, call, one, {kind: cause.level for kind, cause in causes.items()}, raised[0]) if raised else None


def _card(session: Session, call: Call, one: Filed, levels: dict[str, str], alert: Alert) -> dict[str, Any] | None:
    """The card in place of the reading's own where staff should hear of it and nobody watches."""
    # Of what is long past nobody would be called.
    nurse = alarms.nurse_hears(one.draft, one.patient)
    heard = [kind for kind, level in levels.items() if (nurse or alarms.staff_hear(level))
             and call.now - one.draft["occurred_at"] < alarms.FRESH[kind]]
    if not heard or not hearers.nobody_watches(session, alert):
        return None
    card = alerts.card_of(*_judged(one.draft), one.patient)
    return None if card is None else {**card, "steps": [*card["steps"], alerts.NOBODY_STEP]}


def card_again(session: Session, call: Call, one: Filed) -> dict[str, Any] | None:
    """The card in place of its own for a draft that had been kept when it was sent again: what the first answer carried may
    be what was lost."""
    if one.draft["kind"] == "exercise":
        return caution(session, one.person_id, one.draft)
    levels = alarms.alert_levels(one.draft, one.patient)
    cause = next((each for each in cause_rows.standing_causes(session, one.draft["id"]) if each.kind in levels), None)
    return _card(session, call, one, levels, session.get_one(Alert, cause.alert_id)) if cause else None


def _judged(draft: dict[str, Any]) -> tuple[Any, ...]:
    return (Reading(draft["value"], draft["unit"]), draft.get("symptoms") or (), draft.get("ketone_mmol_l"),
            draft.get("urine_ketone"))


def _causes(call: Call, one: Filed, levels: dict[str, str]) -> dict[str, Cause]:
    """What the reading is behind, by kind. A meter knows of no symptom: who names one has just typed it, whatever the
    source of the reading."""
    draft = one.draft
    at: dt.datetime = draft["occurred_at"]
    imported = draft["source"] == "import" and not draft.get("symptoms")
    return {kind: Cause(draft["id"], one.person_id, level, at, quiet=imported or call.now - at >= alarms.FRESH[kind],
                        of_kind=kind, nurse=alarms.nurse_hears(draft, one.patient),
                        doctor=level == "critical_high" and alarms.is_extreme(draft))
            for kind, level in levels.items()}


def rejudge(session: Session, call: Call, one: Filed) -> dict[str, Any] | None:
    """Judge a changed reading anew; the card its answer carries in place of its own. What it raised is corrected and
    everyone who was told hears of it; what it raises now rings as a new one does; what it ended and ends no more is open
    again. A deleted reading is not judged: its alert stands."""
    if one.draft["kind"] != "glucose":
        return None
    asked = _causes(call, one, alarms.alert_levels(one.draft, one.patient))
    known = {cause.kind: cause for cause in cause_rows.standing_causes(session, one.draft["id"])}
    for kind, cause in known.items():
        level = asked[kind].level if kind in asked else None
        if alarms.rank(level) < alarms.rank(cause.level):
            episodes.correct(session, call, cause, level)
    raised = {kind: cause for kind, cause in asked.items() if _says_more(cause, known.get(kind))}
    for kind in asked.keys() & known.keys():
        # What is somebody's no longer is told as the first one is when it is theirs again.
        known[kind].nurse, known[kind].doctor = (known[kind].nurse and asked[kind].nurse,
                                                 known[kind].doctor and asked[kind].doctor)
    lets_go(session, call, one.person_id, one.draft["id"])
    if (asked and not raised) or one.draft.get("not_mine"):
        return None
    return _judge_reading(session, call, one, alert_rows.open_of(session, one.person_id), raised)


def _says_more(cause: Cause, known: AlertCause | None) -> bool:
    """Whether it says what the one that was kept does not: another level or hour, or, while it is fresh, that it is to be
    told at all, or that the nurse or the doctor hears."""
    if known is None or (known.level, known.at) != (cause.level, cause.at):
        return True
    return not cause.quiet and (known.quiet or cause.nurse > known.nurse or cause.doctor > known.doctor)


def lets_go(session: Session, call: Call, person_id: uuid.UUID, entry_id: uuid.UUID) -> None:
    """Look again at what that reading ended, wholly or in part, now that it says something else or is deleted."""
    for alert in [*alert_rows.ended_by(session, entry_id), *alert_rows.open_of(session, person_id)]:
        episodes.look_again(session, call, alert.id)


def caution(session: Session, person_id: uuid.UUID, draft: dict[str, Any]) -> dict[str, Any] | None:
    """The card for an exercise within 60 minutes after a reading below 3.9 or of 16.7 and above, or after ketones; None
    for any other. Points are unchanged, or people would hide their lows."""
    if draft.get("rest"):
        return None
    at = draft["occurred_at"]
    levels = cause_rows.levels_between(session, person_id, at - alarms.CAUTION_WITHIN, at)
    return alerts.caution_after(levels)
