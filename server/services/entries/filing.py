"""Filing entries: one, or up to a hundred after some days without signal."""

import dataclasses
import datetime as dt
import types
import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import alerts, camps, entries, streaks
from server.domain.camps import Calendar
from server.domain.glucose import Patient
from server.domain.refusals import Refusal
from server.models import entries as entry_rows
from server.models import photos as photo_rows
from server.models import seats
from server.models.seats import Seat
from server.services import alarms, books, reach, trail, work
from server.services.alarms import Filed
from server.services.entries import late, rows
from server.services.work import Call


@dataclasses.dataclass
class Desk:
    """Everything about one person that filing for them needs; the row of their enrolment is locked."""

    person_id: uuid.UUID
    patient: Patient
    may_be_kept: bool
    seat: Seat | None

    @property
    def calendar(self) -> Calendar | None:
        """The days of the camp the person is in."""
        return self.seat.calendar if self.seat else None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of one draft: created, identical, conflict, gone or invalid, with the refusal behind the last three; of one
    that was only tried, new in place of created."""

    id: uuid.UUID | None
    status: str
    entry: dict[str, Any] | None = None
    advice: dict[str, Any] | None = None
    refusal: Refusal | None = None

    @property
    def card(self) -> dict[str, Any] | None:
        """The card for its reading, refused or not."""
        return self.refusal.advice if self.refusal else self.advice

    def with_card(self, card: dict[str, Any] | None) -> "Outcome":
        """The same with another card."""
        if self.refusal is not None:
            return dataclasses.replace(self, refusal=self.refusal.with_advice(card))
        return dataclasses.replace(self, advice=card)


@work.writes
def file(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """The entry with what it earned, the balance, streak, today and advice; `status` says created or identical.

    Raises not_found, consent_required, entry_conflict, entry_gone and the refusals of rows.check, each with the advice
    that a dangerous value is owed.
    """
    desk = open_desk(session, call, draft.get("person_id"))
    outcomes, settled = _file_for(session, call, desk, [draft])
    [outcome] = _told(session, call, desk, [draft], outcomes)
    if outcome.refusal is not None:
        raise outcome.refusal
    return {"status": outcome.status, "entry": outcome.entry, **standing(session, call, desk, settled),
            "advice": outcome.advice}


@work.writes
def sync(session: Session, call: Call, drafts: list[dict[str, Any] | Refusal]) -> list[Outcome]:
    """One Outcome for each draft, in order. A draft that had no good shape arrives as its Refusal.

    One transaction holds all that could be kept; an item that could not spoils no other.
    """
    return _sync(session, call, drafts, None, _told)


@work.writes
def take_in(session: Session, call: Call, drafts: list[dict[str, Any]], compared: tuple[str, ...] | None) -> list[Outcome]:
    """As `sync`, for a part of many: each with the card as if its reading were of now, for the rest may know how it went
    on. `compared` names the fields in which two drafts with one id must agree to be the same, None for all."""
    return _sync(session, call, drafts, compared, _as_of_now)


def _sync(session: Session, call: Call, drafts: list[dict[str, Any] | Refusal], compared: tuple[str, ...] | None,
          tell: Callable[..., list[Outcome]]) -> list[Outcome]:
    outcomes: dict[int, Outcome] = {}
    by_person: dict[uuid.UUID, list[int]] = {}
    for place, draft in enumerate(drafts):
        if isinstance(draft, Refusal):
            outcomes[place] = Outcome(draft.facts.get("id"), "invalid", refusal=draft)
        else:
            by_person.setdefault(draft.get("person_id") or call.actor_id, []).append(place)
    # People in the order of their ids, so that two syncs for the same people cannot wait for each other.
    for person_id in sorted(by_person):
        places = by_person[person_id]
        mine = [drafts[place] for place in places]
        try:
            desk = open_desk(session, call, person_id)
        except Refusal as refusal:
            outcomes |= {place: _invalid(drafts[place], refusal) for place in places}
            continue
        filed, _ = _file_for(session, call, desk, mine, compared)
        outcomes |= dict(zip(places, tell(session, call, desk, mine, filed), strict=True))
    return [outcomes[place] for place in range(len(drafts))]


@work.reads
def rehearse(session: Session, call: Call, drafts: list[dict[str, Any]],
             compared: tuple[str, ...] | None = None) -> list[Outcome]:
    """What `take_in` would make of these drafts of one person, none of them twice. Raises not_found, forbidden."""
    desk = open_desk(session, call, drafts[0].get("person_id"))
    stored = entry_rows.by_ids(session, rows.ids(drafts))
    return [_rehearse_one(session, call, desk, draft, stored.get(draft["id"]), compared) for draft in drafts]


def _rehearse_one(session: Session, call: Call, desk: Desk, draft: dict[str, Any], stored: sa.Row | None,
                  compared: tuple[str, ...] | None) -> Outcome:
    try:
        row = _row(call, desk, draft, compared)
    except Refusal as refusal:
        return _invalid(draft, refusal)
    if stored is not None:
        return _kept_before(session, call, desk, draft, row, stored)
    return Outcome(draft["id"], "new", advice=rows.advice_of(draft, desk.patient))


def _as_of_now(_session: Session, _call: Call, _desk: Desk, _drafts: list[dict[str, Any]],
               outcomes: list[Outcome]) -> list[Outcome]:
    return outcomes


def _told(session: Session, call: Call, desk: Desk, drafts: list[dict[str, Any]], outcomes: list[Outcome]) -> list[Outcome]:
    """The outcomes with their cards as they are told now."""
    dated = [(outcome.card, draft["occurred_at"]) for draft, outcome in zip(drafts, outcomes, strict=True)]
    ended = late.known(session, call, desk.person_id, dated)
    return [outcome.with_card(late.told(outcome.card, draft, call.now, ended))
            for draft, outcome in zip(drafts, outcomes, strict=True)]


def _invalid(draft: dict[str, Any], refusal: Refusal) -> Outcome:
    advice = refusal.advice or alerts.advice_for_refused(draft.get("value"), draft.get("unit"))
    return Outcome(draft["id"], "invalid", refusal=refusal.with_advice(advice))


def open_desk(session: Session, call: Call, person_id: uuid.UUID | None) -> Desk:
    """The desk for a person whom the caller may file for. Raises not_found, forbidden."""
    owner = reach.person_id(session, call, person_id, "entry.file")
    seat = seats.active(session, owner)
    holder = seats.holder(session, owner)
    return Desk(owner, holder.patient, holder.agreed_to_care, seat)


def _file_for(session: Session, call: Call, desk: Desk, drafts: list[dict[str, Any]],
              compared: tuple[str, ...] | None = None) -> tuple[list[Outcome], books.Settled]:
    """File the drafts of one person: what became of each, and what the books say after."""
    outcomes: dict[int, Outcome] = {}
    kept: dict[int, dict[str, Any]] = {}
    for place, draft in enumerate(drafts):
        try:
            kept[place] = _row(call, desk, draft, compared)
        except Refusal as refusal:
            outcomes[place] = _invalid(draft, refusal)
    if kept:
        first = entry_rows.take_change_numbers(session, desk.person_id, len(kept))
        for number, row in enumerate(kept.values(), start=first):
            row["change_number"] = number
    inserted = [place for place, row in kept.items() if entry_rows.insert(session, row)]
    created = [place for place in inserted if hang_photo(session, call, desk, drafts[place])]
    for place in set(inserted) - set(created):
        entry_rows.take_back(session, kept.pop(place)["id"])
        outcomes[place] = _invalid(drafts[place], Refusal("photo_unknown"))
    if created:
        _record(session, call, desk, [kept[place] for place in created])
    cards = alarms.judge(session, call, [Filed(desk.person_id, desk.patient, _as_stored(drafts[place], kept[place]))
                                         for place in created])
    stored = entry_rows.by_ids(session, [row["id"] for place, row in kept.items() if place not in created])
    for place, row in kept.items():
        outcomes[place] = (_created(desk, drafts[place], row, cards) if place in created
                           else _kept_before(session, call, desk, drafts[place], row, stored[row["id"]]))
    days = {kept[place]["day"] for place in created if kept[place]["counts"]}
    settled = settle(session, call, desk, days)
    return [outcomes[place] for place in range(len(drafts))], settled


def hang_photo(session: Session, call: Call, desk: Desk, draft: dict[str, Any]) -> bool:
    """Hang the photo that a draft names on its entry; False when it cannot be had, True when there is none to hang."""
    return not draft.get("photo_id") or photo_rows.hang(session, draft["photo_id"], "entry", draft["id"],
                                                        sent_by=call.actor_id, person_id=desk.person_id)


def _row(call: Call, desk: Desk, draft: dict[str, Any], compared: tuple[str, ...] | None = None) -> dict[str, Any]:
    """The row to insert. Raises the refusals of rows.check and consent_required."""
    advice = rows.advice_of(draft, desk.patient)
    if not desk.may_be_kept:
        raise Refusal("consent_required", advice=advice)
    rows.check(draft, call.now, advice)
    day = camps.day_of(draft["occurred_at"], desk.calendar)
    reason = entries.counts_reason(day, desk.calendar, desk.seat.joined_day if desk.seat else None, call.now,
                                   not_mine=bool(draft.get("not_mine")))
    content = content_of(draft, compared)
    return rows.new_row(
        draft, rows.columns(draft, desk.calendar, desk.patient, day), person_id=desk.person_id, filed_by=call.actor_id,
        enrolment_id=desk.seat.enrolment_id if desk.seat else None,
        organisation_id=desk.seat.organisation_id if desk.seat else None, recorded_at=call.now, day=day,
        counts=reason == entries.COUNTS, counts_reason=reason, digest=call.world.seal.digest(trail.canonical(content)))


def content_of(draft: dict[str, Any], compared: tuple[str, ...] | None = None) -> dict[str, Any]:
    """What a draft says, and two with one id must agree in: all of it, or the fields named."""
    return {name: value for name, value in draft.items() if name not in ("id", "person_id") and value is not None
            and (compared is None or name in compared)}


def _as_stored(draft: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """The draft with the slot that it was given when it had none."""
    return {**draft, "slot": row["slot"]}


def _created(desk: Desk, draft: dict[str, Any], row: dict[str, Any], cards: dict[uuid.UUID, dict[str, Any]]) -> Outcome:
    stored = types.SimpleNamespace(**row)
    return Outcome(draft["id"], "created", rows.view(stored, desk.patient),
                   cards.get(draft["id"]) or rows.advice_of(draft, desk.patient))


def _kept_before(session: Session, call: Call, desk: Desk, draft: dict[str, Any], row: dict[str, Any], stored: sa.Row) -> Outcome:
    """What became of a draft whose id was taken when it came."""
    advice = rows.advice_of(draft, desk.patient)
    if stored.person_id != desk.person_id:
        return Outcome(draft["id"], "conflict", refusal=Refusal("entry_conflict", advice=advice))
    if stored.deleted_at is not None:
        return Outcome(draft["id"], "gone", refusal=Refusal("entry_gone", advice=advice))
    if stored.digest != row["digest"]:
        return Outcome(draft["id"], "conflict", refusal=Refusal("entry_conflict", advice=advice))
    card = alarms.card_again(session, call, Filed(desk.person_id, desk.patient, _as_stored(draft, row)))
    return Outcome(draft["id"], "identical", rows.view(stored, desk.patient), card or advice)


def _record(session: Session, call: Call, desk: Desk, created: list[dict[str, Any]]) -> None:
    trail.record_all(session, call, [
        {"verb": "entry.file", "about": f"entry:{row['id']}", "person_id": desk.person_id,
         "organisation_id": row["organisation_id"], "fields": [row["kind"]], "digest": row["digest"]} for row in created])


def settle(session: Session, call: Call, desk: Desk, days: set[dt.date]) -> books.Settled:
    """Bring the books of the desk's person to what they should be, as far as these days touch them."""
    if desk.seat is None:
        return books.Settled(0, books.balance_of(session, desk.person_id))
    return books.settle(session, call, desk.seat, days)


def standing(session: Session, call: Call, desk: Desk, settled: books.Settled) -> dict[str, Any]:
    """What every answer to a change of entries tells beside the entry: points, balance, streak and today."""
    told: dict[str, Any] = {"points_earned": settled.points_earned, "balance": settled.balance, "streak": None, "today": None}
    seat = desk.seat
    if seat is None or seat.joined_day is None:
        return told
    calendar = seat.calendar
    days = streaks.states(settled.marks, calendar, seat.joined_number, call.now)
    told["streak"] = {"current": streaks.current_run(days), "longest": streaks.longest_shown(days)}
    today = calendar.day_of(call.now)
    if calendar.holds(today):
        asked = seat.asked_on(calendar.number_of(today))
        counted = settled.counted.get(today)
        if counted is None:
            counted = books.count_kinds(entry_rows.facts_of_day(session, seat.enrolment_id, today))
        told["today"] = streaks.progress(asked, counted)
    return told
