"""Alerts, what caused each, and who was told and whether it reached them."""

import datetime as dt
import uuid
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain import access, alarms
from server.domain.access import Grant
from server.domain.enrolments import REACHED_IN
from server.models.audit import OutboxMessage
from server.models.base import Base, Id, Version
from server.models.camps import Camp
from server.models.enrolments import Enrolment
from server.models.entries import Entry
from server.models.messages import Message
from server.models.organisations import organisations_where_on_call
from server.models.people import Identity, Person, Tie, after_values, organisations_of
from server.models.prepared import Prepared
from server.models.types import Sealed

OPEN = sa.text("closed_at IS NULL")
NOBODY = sa.text("person_id IS NULL")


class Alert(Base):
    """One episode of one person: `at` is when it began, `last_at` when its latest reading was taken, `level` the worst
    that stands, `missed_level` the one that a recheck which did not come raised it to. `next_at` is the instant at which
    the clock has something to do about it: a recheck or the next step."""

    __tablename__ = "alerts"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    organisation_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(sa.String(12))
    level: Mapped[str] = mapped_column(sa.String(16))
    missed_level: Mapped[str | None] = mapped_column(sa.String(16))
    about: Mapped[str] = mapped_column(sa.String(8))
    entry_id: Mapped[uuid.UUID | None]
    question_id: Mapped[uuid.UUID | None]
    at: Mapped[dt.datetime]
    last_at: Mapped[dt.datetime]
    raised_at: Mapped[dt.datetime]
    fresh_until: Mapped[dt.datetime]
    rings: Mapped[int] = mapped_column(default=0)
    stage: Mapped[str | None] = mapped_column(sa.String(8))
    recheck_by: Mapped[dt.datetime | None]
    recheck_at: Mapped[dt.datetime | None]
    escalate_at: Mapped[dt.datetime | None]
    next_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    acknowledged_by: Mapped[uuid.UUID | None]
    acknowledged_at: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    closed_why: Mapped[str | None] = mapped_column(sa.String(12))
    # The reading that closed it; without that reading it is open again.
    ended_by: Mapped[uuid.UUID | None] = mapped_column(index=True)
    version: Mapped[Version]
    __table_args__ = (
        sa.Index("ix_alerts_person", "person_id", "at", "id"),
        sa.Index("ix_alerts_open", "person_id", sqlite_where=OPEN, postgresql_where=OPEN),
    )


class Telling(Base):
    """One attempt to reach one person about an alert. `not_before` holds what may wait for the service hours."""

    __tablename__ = "tellings"
    id: Mapped[Id]
    alert_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("alerts.id"), index=True)
    # None for the phone on duty where it rings for nobody in particular.
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    message_id: Mapped[uuid.UUID]
    step: Mapped[str] = mapped_column(sa.String(8))
    ring: Mapped[int]
    how: Mapped[str] = mapped_column(sa.String(12))
    at: Mapped[dt.datetime]
    not_before: Mapped[dt.datetime]
    claimed_at: Mapped[dt.datetime | None]
    state: Mapped[str] = mapped_column(sa.String(12))
    __table_args__ = (sa.UniqueConstraint("alert_id", "person_id", "step", "ring", "how"),
                      sa.Index("uq_tellings_nobody", "alert_id", "step", "ring", "how", unique=True,
                               sqlite_where=NOBODY, postgresql_where=NOBODY),
                      sa.Index("ix_tellings_waiting", "state", "not_before"))


class AlertNote(Base):
    """What one of the staff wrote as they took an alert up, or later: each note is kept, whoever took it up first."""

    __tablename__ = "alert_notes"
    id: Mapped[Id]
    alert_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("alerts.id"), index=True)
    written_by: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    at: Mapped[dt.datetime]
    # Sealed as when the alert itself had room for one: what was written then still opens.
    note: Mapped[str] = mapped_column(Sealed("alerts.note"))


_A = Alert.__table__.c
_OPEN = Prepared(sa.select(_A.id).where(_A.person_id == sa.bindparam("person"), _A.closed_at.is_(None)))


def open_of(session: Session, person_id: uuid.UUID) -> list[Alert]:
    """The person's open alerts. One prepared look, and nothing more where there are none: every reading comes here."""
    ids = [row.id for row in _OPEN.rows(session, person=person_id)]
    return list(session.scalars(sa.select(Alert).where(Alert.id.in_(ids)).order_by(Alert.at, Alert.id))) if ids else []


def episode(session: Session, person_id: uuid.UUID, kind: str, about: str, since: dt.datetime,
            until: dt.datetime) -> Alert | None:
    """The latest alert of that kind that began in that span, its row locked: who takes it up meanwhile waits."""
    return session.scalar(sa.select(Alert).where(
        Alert.person_id == person_id, Alert.kind == kind, Alert.about == about, Alert.at >= since, Alert.at <= until)
        .order_by(Alert.at.desc()).limit(1).with_for_update().execution_options(populate_existing=True))


def ended_by(session: Session, entry_id: uuid.UUID) -> list[Alert]:
    """The alerts that this reading closed."""
    return list(session.scalars(sa.select(Alert).where(Alert.ended_by == entry_id)))


def take_back(session: Session, alert_id: uuid.UUID, steps: Iterable[str], now: dt.datetime) -> None:
    """Of these steps no telling leaves that is held until later: nobody was told, and nothing is left to tell."""
    held = list(session.scalars(sa.select(Telling).where(
        Telling.alert_id == alert_id, Telling.step.in_(list(steps)), Telling.state == "waiting", Telling.not_before > now)))
    session.execute(sa.delete(OutboxMessage).where(OutboxMessage.id.in_([one.message_id for one in held])))
    for one in held:
        session.delete(one)
    session.flush()


def tellings_of(session: Session, alert_ids: Iterable[uuid.UUID]) -> list[Telling]:
    """Who was told of these alerts, in order; what one instant told, as it was written."""
    return list(session.scalars(sa.select(Telling).join(OutboxMessage, OutboxMessage.id == Telling.message_id)
                                .where(Telling.alert_id.in_(list(alert_ids)))
                                .order_by(Telling.at, Telling.ring, Telling.not_before, OutboxMessage.number)))


def _due_to_leave(now: dt.datetime, stuck_since: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Telling.state == "waiting", Telling.not_before <= now,
                   sa.or_(Telling.claimed_at.is_(None), Telling.claimed_at <= stuck_since))


def anything_due(session: Session, now: dt.datetime, stuck_since: dt.datetime) -> bool:
    """Whether a telling is due: asked every second, so that nobody takes the write lock for nothing."""
    return session.scalar(sa.select(sa.literal(1)).where(_due_to_leave(now, stuck_since)).limit(1)) is not None


def claim(session: Session, now: dt.datetime, stuck_since: dt.datetime, limit: int) -> list[Telling]:
    """Tellings that are due, in the order they were written, taken by this sender; what another took and never finished is
    taken anew."""
    rows = list(session.scalars(sa.select(Telling).join(OutboxMessage, OutboxMessage.id == Telling.message_id)
                                .where(_due_to_leave(now, stuck_since))
                                .order_by(Telling.not_before, OutboxMessage.number).limit(limit)
                                .with_for_update(of=Telling.__table__, skip_locked=True)))
    for row in rows:
        row.claimed_at = now
    return rows


def due(session: Session, now: dt.datetime, limit: int) -> list[uuid.UUID]:
    """Open alerts about which the clock has something to do."""
    return list(session.scalars(sa.select(Alert.id).where(Alert.next_at <= now, Alert.closed_at.is_(None))
                                .order_by(Alert.next_at).limit(limit)))


def locked(session: Session, alert_id: uuid.UUID) -> Alert | None:
    """The alert, its row locked."""
    return session.scalar(sa.select(Alert).where(Alert.id == alert_id).with_for_update()
                          .execution_options(populate_existing=True))


def guardians_of(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    """The guardians of the person: of a child they always hear."""
    return list(session.scalars(sa.select(Tie.holder_id).where(
        Tie.person_id == person_id, Tie.basis == "guardian", Tie.ended_at.is_(None)).order_by(Tie.created_at, Tie.id)))


def carers_of(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    """Who acts for the person: guardians of a child, carers of somebody without WeChat."""
    return list(session.scalars(sa.select(Tie.holder_id).where(
        Tie.person_id == person_id, Tie.ended_at.is_(None)).order_by(Tie.created_at, Tie.id)))


def signs_in(session: Session, person_id: uuid.UUID) -> bool:
    """Whether the person has WeChat."""
    return session.scalar(sa.select(sa.literal(1)).where(Identity.person_id == person_id).limit(1)) is not None


def openid_of(session: Session, person_id: uuid.UUID) -> str | None:
    """The person's openid, where WeChat messages go."""
    return session.scalar(sa.select(Identity.openid).where(Identity.person_id == person_id)
                          .order_by(Identity.created_at).limit(1))


def page(session: Session, seen: sa.ColumnElement[bool], *, person_id: uuid.UUID | None, open_only: bool, after: tuple | None,
         limit: int) -> list[Alert]:
    """Alerts that may be seen, newest first."""
    query = sa.select(Alert).where(seen)
    if person_id is not None:
        query = query.where(Alert.person_id == person_id)
    if open_only:
        query = query.where(Alert.closed_at.is_(None))
    if after:
        query = query.where(sa.tuple_(Alert.at, Alert.id) < sa.tuple_(*after_values(after, Alert.at, Alert.id)))
    return list(session.scalars(query.order_by(Alert.at.desc(), Alert.id.desc()).limit(limit)))


def dangers_of(session: Session, person_id: uuid.UUID, since: dt.datetime) -> list[Alert]:
    """The person's own dangers that lasted until that instant or longer, newest first: not what was corrected away, nor what
    they wrote of somebody else, nor that nothing came of them."""
    return list(session.scalars(sa.select(Alert).where(
        Alert.person_id == person_id, Alert.last_at >= since, Alert.kind != "lost_contact", Alert.about != "relative",
        Alert.closed_why.is_distinct_from("corrected")).order_by(Alert.at.desc(), Alert.id.desc())))


def seen_by(actor_id: uuid.UUID, family: Iterable[uuid.UUID], grants: Iterable[Grant]) -> sa.ColumnElement[bool]:
    """Whose alerts somebody sees: their own, those of their family, and those of the people in the places they watch,
    and open ones of which they were told as staff: a patient who leaves takes no alert away from whom it rang."""
    return sa.or_(Alert.person_id.in_([actor_id, *family]), rang_for(actor_id), _watched(grants, "alert.read"))


def _watched(grants: Iterable[Grant], act: str) -> sa.ColumnElement[bool]:
    """Alerts of the people in the places where a role of theirs may do that."""
    ways: list[sa.ColumnElement[bool]] = [sa.false()]
    columns = {"organisation": Enrolment.organisation_id, "camp": Enrolment.camp_id, "class": Enrolment.class_id,
               "person": Enrolment.person_id}
    for grant in grants:
        if grant.role in access.MAY[act] and grant.scope_type in columns:
            ways.append(Alert.person_id.in_(sa.select(Enrolment.person_id).where(
                columns[grant.scope_type] == grant.scope_id, Enrolment.status.in_(REACHED_IN))))
    return sa.or_(*ways)


def notes_of(session: Session, alert_ids: Iterable[uuid.UUID], actor_id: uuid.UUID,
             grants: Iterable[Grant]) -> list[AlertNote]:
    """The notes on these alerts that the person reads, in order: staff those on the alerts of whom they watch, and whoever
    wrote one that. A patient reads none on their own, staff or not."""
    return list(session.scalars(sa.select(AlertNote).join(Alert, Alert.id == AlertNote.alert_id).where(
        AlertNote.alert_id.in_(list(alert_ids)), Alert.person_id != actor_id,
        sa.or_(AlertNote.written_by == actor_id, _watched(grants, "alert.acknowledge"))).order_by(AlertNote.at, AlertNote.id)))


def rang_for(actor_id: uuid.UUID) -> sa.ColumnElement[bool]:
    """Open alerts of which the person was told as staff and in whose organisation they still are."""
    return sa.and_(
        # Who is the patient stands as staff for nobody less than for themselves.
        Alert.closed_at.is_(None), Alert.person_id != actor_id,
        Alert.id.in_(sa.select(Telling.alert_id).where(Telling.person_id == actor_id, Telling.step.in_(tuple(alarms.STEPS)))),
        sa.or_(Alert.organisation_id.in_(organisations_of(actor_id, access.MAY["alert.acknowledge"])),
               Alert.organisation_id.in_(organisations_where_on_call(actor_id))))


def rings_for(session: Session, alert: Alert, actor_id: uuid.UUID) -> bool:
    """Whether it is such an alert."""
    return session.scalar(sa.select(sa.literal(1)).where(Alert.id == alert.id, rang_for(actor_id))) is not None


def wards_of(session: Session, holder_id: uuid.UUID) -> list[uuid.UUID]:
    """Those for whom the person acts."""
    return list(session.scalars(sa.select(Tie.person_id).where(Tie.holder_id == holder_id, Tie.ended_at.is_(None))))


def open_in_camp(session: Session, camp_id: uuid.UUID) -> bool:
    """Whether somebody of the camp has an alert that is neither closed nor taken up."""
    return session.scalar(sa.select(sa.literal(1)).select_from(Alert).join(
        Enrolment, Enrolment.person_id == Alert.person_id).where(
        Enrolment.camp_id == camp_id, Alert.closed_at.is_(None), Alert.acknowledged_at.is_(None)).limit(1)) is not None


def silent(session: Session, since: dt.datetime, after: uuid.UUID | None, limit: int) -> list[tuple[Enrolment, Camp]]:
    """Active enrolments, by id, made before that instant in camps that had begun by then and are not settled, of whose
    person nothing was taken since and about whom no alarm is open or that young. Which of them are silent still depends on
    the camp's own days and on what came late."""
    query = sa.select(Enrolment, Camp).join(Camp, Camp.id == Enrolment.camp_id).where(
        # A day begins somewhere up to a day before it does in UTC.
        Camp.starts_on <= since.date() + dt.timedelta(days=1), Camp.finished_at.is_(None),
        Enrolment.status == "active", Enrolment.joined_at < since,
        ~sa.exists().where(Entry.person_id == Enrolment.person_id, Entry.occurred_at >= since),
        ~_known_silent(Enrolment.person_id, since))
    if after is not None:
        query = query.where(Enrolment.id > after)
    return [tuple(row) for row in session.execute(query.order_by(Enrolment.id).limit(limit))]


def _known_silent(person_id: sa.ColumnElement[uuid.UUID], since: dt.datetime) -> sa.Exists:
    return sa.exists().where(Alert.person_id == person_id, Alert.kind == "lost_contact",
                             sa.or_(Alert.closed_at.is_(None), Alert.at >= since))


def _something_came(person_id: sa.ColumnElement[uuid.UUID], since: sa.ColumnElement[dt.datetime]) -> sa.Exists:
    """Whether anything of the person reached us since: however old it is, who sends it is there."""
    return sa.exists().where(Entry.person_id == person_id, sa.or_(Entry.recorded_at >= since, Entry.occurred_at >= since))


def is_silent(session: Session, enrolment_id: uuid.UUID, since: dt.datetime) -> bool:
    """Whether nothing at all came of that enrolment's person since, and no alarm about it is open or that young."""
    return session.scalar(sa.select(sa.literal(1)).select_from(Enrolment).where(
        Enrolment.id == enrolment_id, ~_something_came(Enrolment.person_id, sa.literal(since, Entry.recorded_at.type)),
        ~_known_silent(Enrolment.person_id, since))) is not None


def heard_again(session: Session, limit: int) -> list[uuid.UUID]:
    """Open alarms of lost contact about people of whom something has come since."""
    return list(session.scalars(sa.select(Alert.id).where(
        Alert.kind == "lost_contact", Alert.closed_at.is_(None), _something_came(Alert.person_id, Alert.at))
        .order_by(Alert.id).limit(limit)))


def not_yet_written_to(session: Session, camp_id: uuid.UUID) -> list[uuid.UUID]:
    """The patients who are in the camp, or were to its end, to whom it was not written yet who watches after it."""
    written = sa.exists().where(Message.to_id == Enrolment.person_id, Message.letter_id == camp_id)
    return list(session.scalars(sa.select(Enrolment.person_id).where(
        Enrolment.camp_id == camp_id, Enrolment.status.in_(("active", "finished")), ~written).order_by(Enrolment.person_id)))


def name_and_phone(session: Session, person_id: uuid.UUID) -> tuple[str, str | None]:
    """What the person is called and their number."""
    person = session.get_one(Person, person_id)
    return person.nickname, person.phone
