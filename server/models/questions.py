"""Questions, the tickets of those that wait for a person, what is written on them, and an organisation's own topics."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.access import Grant
from server.domain.enrolments import REACHED_IN
from server.models.alerts import Alert
from server.models.base import Base, Id, Version
from server.models.causes import AlertCause
from server.models.enrolments import Enrolment
from server.models.people import after_values
from server.models.types import Sealed

_IN_WORK_SQL = "status IN ('draft', 'reviewed')"
_PUBLISHED_SQL = "status = 'published'"


class Question(Base):
    """What somebody asked and what was answered. The words on both sides are sealed: an answer tells the question.

    `nearest` is the topic that came closest where none was answered; `may_use_words` the asker's own yes to staff reading
    this one question when they improve the answers; `made_topic_at` when a text was published that answers it.
    """

    __tablename__ = "questions"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    camp_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("camps.id"))
    text: Mapped[str] = mapped_column(Sealed("questions.text"))
    about: Mapped[str] = mapped_column(sa.String(8))
    kind: Mapped[str] = mapped_column(sa.String(12))
    rule_id: Mapped[str] = mapped_column(sa.String(64))
    topic: Mapped[str | None] = mapped_column(sa.String(40))
    nearest: Mapped[str | None] = mapped_column(sa.String(40))
    topic_version: Mapped[int | None]
    topic_own: Mapped[bool] = mapped_column(default=False)
    medical: Mapped[bool | None]
    score: Mapped[float | None]
    answer: Mapped[str] = mapped_column(Sealed("questions.answer"))
    # {source, reviewed_on, advice, suggestions} as they were answered.
    beside: Mapped[Any] = mapped_column(Sealed("questions.beside", as_json=True))
    asked_at: Mapped[dt.datetime]
    helpful: Mapped[bool | None]
    may_use_words: Mapped[bool] = mapped_column(default=False)
    not_urgent_at: Mapped[dt.datetime | None]
    made_topic_at: Mapped[dt.datetime | None]
    version: Mapped[Version]
    __table_args__ = (
        sa.Index("ix_questions_person", "person_id", "asked_at", "id"),
        sa.Index("ix_questions_organisation", "organisation_id", "made_topic_at", "asked_at"),
    )


class Ticket(Base):
    """One question that waits for a person. `camp_id` is None for who asked the organisation without being in a camp.

    `opened_at` and `first_reply_at` are its first-reply time and never change; `asked_at` and `due_at` are of the round
    that waits now, the `round`-th; `chased_round` is the last one of which somebody was told that it is overdue.
    """

    __tablename__ = "tickets"
    id: Mapped[Id]
    question_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("questions.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    camp_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("camps.id"))
    need: Mapped[str] = mapped_column(sa.String(8))
    status: Mapped[str] = mapped_column(sa.String(8))
    topic: Mapped[str | None] = mapped_column(sa.String(40))
    opened_at: Mapped[dt.datetime]
    asked_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime | None]
    round: Mapped[int] = mapped_column(default=1)
    chased_round: Mapped[int] = mapped_column(default=0)
    first_reply_at: Mapped[dt.datetime | None]
    taken_by: Mapped[uuid.UUID | None]
    taken_at: Mapped[dt.datetime | None]
    closed_by: Mapped[uuid.UUID | None]
    closed_at: Mapped[dt.datetime | None]
    version: Mapped[Version]
    __table_args__ = (
        sa.Index("ix_tickets_organisation", "organisation_id", "status", "asked_at"),
        sa.Index("ix_tickets_camp", "camp_id", "status"),
    )


class TicketMessage(Base):
    """What was written on a ticket, by the asker or by staff; `signature` is who they were when they wrote it. A notice
    has none: it is what the product says of what staff did."""

    __tablename__ = "ticket_messages"
    number: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    ticket_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("tickets.id"), index=True)
    author_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(16))
    text: Mapped[str] = mapped_column(Sealed("ticket_messages.text"))
    signature: Mapped[Any | None] = mapped_column(Sealed("ticket_messages.signature", as_json=True))
    at: Mapped[dt.datetime]


class TopicVersion(Base):
    """One version of an organisation's own text of a topic. `content` is {question, ways, answer}, sealed: a way to put a
    question may have been somebody's own words."""

    __tablename__ = "topic_versions"
    id: Mapped[Id]
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    slug: Mapped[str] = mapped_column(sa.String(40))
    number: Mapped[int]
    status: Mapped[str] = mapped_column(sa.String(10))
    category: Mapped[str] = mapped_column(sa.String(20))
    medical: Mapped[bool]
    content: Mapped[Any] = mapped_column(Sealed("topic_versions.content", as_json=True))
    source: Mapped[str | None] = mapped_column(sa.String(200))
    reviewer: Mapped[str | None] = mapped_column(Sealed("topic_versions.reviewer"))
    reviewed_by: Mapped[uuid.UUID | None]
    reviewed_on: Mapped[dt.date | None]
    review_due_on: Mapped[dt.date | None]
    from_question_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("questions.id"))
    edited_by: Mapped[uuid.UUID]
    created_at: Mapped[dt.datetime]
    published_at: Mapped[dt.datetime | None]
    retired_at: Mapped[dt.datetime | None]
    version: Mapped[Version]
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "slug", "number"),
        # One in work at a time, and one in force: two editors cannot both have begun, two publishers not both won.
        sa.Index("uq_topic_versions_in_work", "organisation_id", "slug", unique=True,
                 sqlite_where=sa.text(_IN_WORK_SQL), postgresql_where=sa.text(_IN_WORK_SQL)),
        sa.Index("uq_topic_versions_published", "organisation_id", "slug", unique=True,
                 sqlite_where=sa.text(_PUBLISHED_SQL), postgresql_where=sa.text(_PUBLISHED_SQL)),
    )


class Edition(Base):
    """The stamp of an organisation's knowledge base, new with every publishing: a worker that has seen another rebuilds
    its index. A stamp and not a count, so that two databases never agree by chance."""

    __tablename__ = "knowledge_editions"
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"), primary_key=True)
    stamp: Mapped[uuid.UUID]
    # [[word, said instead], …]: the organisation's own.
    synonyms: Mapped[Any] = mapped_column(sa.JSON, default=list, server_default="[]")


def locked(session: Session, question_id: uuid.UUID) -> Question | None:
    """The question, its row locked: everything done to it and its ticket goes in order."""
    return session.scalar(sa.select(Question).where(Question.id == question_id)
                          .with_for_update().execution_options(populate_existing=True))


def of_person(session: Session, person_id: uuid.UUID, *, after: tuple | None, limit: int) -> list[Question]:
    """The person's questions, newest first."""
    query = sa.select(Question).where(Question.person_id == person_id)
    if after:
        query = query.where(sa.tuple_(Question.asked_at, Question.id) < sa.tuple_(
            *after_values(after, Question.asked_at, Question.id)))
    return list(session.scalars(query.order_by(Question.asked_at.desc(), Question.id.desc()).limit(limit)))


def danger_since(session: Session, person_id: uuid.UUID, since: dt.datetime) -> str | None:
    """Of whom the person last told a danger after that instant, asking or on a thread: self, relative or unknown, and crisis
    where it was a wish to die; None where they told none, or called it off. A high value beside a question about a dose is
    none."""
    return session.scalar(
        sa.select(sa.case((Question.kind == "crisis", "crisis"), else_=Alert.about))
        .join(AlertCause, AlertCause.alert_id == Alert.id).outerjoin(Question, Question.id == AlertCause.id)
        .where(AlertCause.person_id == person_id, AlertCause.kind == "words", AlertCause.at > since,
               AlertCause.level.is_not(None),
               sa.or_(Question.kind.is_(None), Question.kind != "dose_refusal"))
        .order_by(AlertCause.at.desc(), AlertCause.id.desc()).limit(1))


def ticket_of(session: Session, question_id: uuid.UUID, *, lock: bool = False) -> Ticket | None:
    """The question's ticket; its row locked and read afresh if asked, for staff change it without the question."""
    query = sa.select(Ticket).where(Ticket.question_id == question_id)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)


def tickets_of(session: Session, question_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Ticket]:
    """The tickets of these questions, by question."""
    rows = session.scalars(sa.select(Ticket).where(Ticket.question_id.in_(list(question_ids))))
    return {ticket.question_id: ticket for ticket in rows}


def locked_ticket(session: Session, ticket_id: uuid.UUID) -> Ticket | None:
    """The ticket, its row locked and read afresh: of two who take it one is first."""
    return session.scalar(sa.select(Ticket).where(Ticket.id == ticket_id)
                          .with_for_update().execution_options(populate_existing=True))


def messages_of(session: Session, ticket_id: uuid.UUID) -> list[TicketMessage]:
    """What was written on the ticket, in order."""
    return list(session.scalars(sa.select(TicketMessage).where(TicketMessage.ticket_id == ticket_id)
                                .order_by(TicketMessage.number)))


def staff_replies(session: Session, question_id: uuid.UUID) -> list[str]:
    """What staff answered about the question, in order."""
    return list(session.scalars(sa.select(TicketMessage.text).join(Ticket, Ticket.id == TicketMessage.ticket_id)
                                .where(Ticket.question_id == question_id, TicketMessage.signature.is_not(None))
                                .order_by(TicketMessage.number)))


def _reached_by(grant: Grant) -> sa.ColumnElement[bool]:
    """Whether a grant reaches a ticket: through a place of the asker that counts today, or, for who asked without being
    in a camp, through the organisation they asked."""
    if grant.scope_type == "person":
        return sa.and_(Ticket.person_id == grant.scope_id, sa.or_(
            Ticket.organisation_id.is_(None), Ticket.organisation_id == grant.organisation_id))
    here = sa.exists().where(
        Enrolment.person_id == Ticket.person_id, Enrolment.status.in_(REACHED_IN),
        Enrolment.organisation_id == sa.func.coalesce(Ticket.organisation_id, Enrolment.organisation_id),
        getattr(Enrolment, f"{grant.scope_type}_id") == grant.scope_id)
    if grant.scope_type == "organisation":
        return sa.or_(here, sa.and_(Ticket.camp_id.is_(None), Ticket.organisation_id == grant.scope_id))
    return here


def tickets_in(session: Session, reader_id: uuid.UUID, allowed: list[tuple[Grant, list[str]]], statuses: Iterable[str], *,
               after: tuple | None, limit: int) -> list[Ticket]:
    """The tickets of others that any of these grants reaches with a need beside it, who has waited longest first."""
    query = sa.select(Ticket).where(Ticket.status.in_(list(statuses)), Ticket.person_id != reader_id, sa.or_(
        sa.false(), *(sa.and_(Ticket.need.in_(needs), _reached_by(grant)) for grant, needs in allowed)))
    if after:
        query = query.where(sa.tuple_(Ticket.asked_at, Ticket.id) > sa.tuple_(
            *after_values(after, Ticket.asked_at, Ticket.id)))
    return list(session.scalars(query.order_by(Ticket.asked_at, Ticket.id).limit(limit)))


def count_open_in(session: Session, camp_id: uuid.UUID) -> int:
    """How many tickets nobody has closed, of people who are still reached in the camp: those of others nobody could close."""
    return session.scalar(sa.select(sa.func.count()).select_from(Ticket).where(
        Ticket.camp_id == camp_id, Ticket.status != "closed",
        sa.exists().where(Enrolment.person_id == Ticket.person_id, Enrolment.camp_id == camp_id,
                          Enrolment.status.in_(REACHED_IN)))) or 0


def overdue(session: Session, now: dt.datetime, limit: int) -> list[uuid.UUID]:
    """Tickets whose first answer is due and has not come, whom nobody has been told of yet, longest first."""
    return list(session.scalars(sa.select(Ticket.id).where(
        Ticket.status.in_(("open", "taken")), Ticket.due_at < now, Ticket.chased_round < Ticket.round)
        .order_by(Ticket.due_at, Ticket.id).limit(limit)))


def first_reply_times(session: Session, organisation_id: uuid.UUID, *, camp_id: uuid.UUID | None, since: dt.datetime,
                      until: dt.datetime) -> list[tuple[str, dt.datetime, dt.datetime | None]]:
    """(need, opened, first answered or None) of the tickets opened in that time: what insights count."""
    query = sa.select(Ticket.need, Ticket.opened_at, Ticket.first_reply_at).where(
        Ticket.organisation_id == organisation_id, Ticket.opened_at >= since, Ticket.opened_at < until)
    if camp_id is not None:
        query = query.where(Ticket.camp_id == camp_id)
    return [tuple(row) for row in session.execute(query.order_by(Ticket.opened_at, Ticket.id))]


def unanswered(session: Session, organisation_id: uuid.UUID, in_force: Iterable[tuple[str, int]], limit: int) -> list[Question]:
    """The organisation's questions that nobody understood, and those that one of these texts, as (slug, version), answered
    without helping, newest first. Those of which a text was made are left out, unless that was discarded."""
    made = sa.exists().where(TopicVersion.from_question_id == Question.id, TopicVersion.status != "discarded")
    answered = sa.and_(Question.kind == "answered", Question.helpful.is_(False),
                       sa.tuple_(Question.topic, Question.topic_version).in_(list(in_force)))
    query = sa.select(Question).where(Question.organisation_id == organisation_id, Question.made_topic_at.is_(None), ~made,
                                      sa.or_(Question.kind == "unsure", answered))
    return list(session.scalars(query.order_by(Question.asked_at.desc(), Question.id.desc()).limit(limit)))


def slugs_made_of(session: Session, question_id: uuid.UUID) -> set[str]:
    """The slugs of the topics that began with that question."""
    return set(session.scalars(sa.select(TopicVersion.slug).where(TopicVersion.from_question_id == question_id)))


def mark_made(session: Session, question_ids: list[uuid.UUID], now: dt.datetime) -> None:
    """Put down that a text was published which answers these."""
    session.execute(sa.update(Question).where(Question.id.in_(question_ids), Question.made_topic_at.is_(None))
                    .values(made_topic_at=now).execution_options(synchronize_session=False))


def stamp_of(session: Session, organisation_id: uuid.UUID) -> uuid.UUID | None:
    """The stamp of the organisation's knowledge base; None while it has published nothing of its own."""
    return session.scalar(sa.select(Edition.stamp).where(Edition.organisation_id == organisation_id))


def synonyms_of(session: Session, organisation_id: uuid.UUID) -> list[tuple[str, str]]:
    """The organisation's own synonyms, as (word, said instead)."""
    found = session.scalar(sa.select(Edition.synonyms).where(Edition.organisation_id == organisation_id))
    return [(word, instead) for word, instead in found or []]


def edition_of(session: Session, organisation_id: uuid.UUID) -> Edition:
    """The organisation's edition, begun now if it had none; whoever asks holds the organisation's lock."""
    found = session.get(Edition, organisation_id)
    if found is None:
        found = Edition(organisation_id=organisation_id, stamp=uuid.uuid4(), synonyms=[])
        session.add(found)
    return found


def versions_of(session: Session, organisation_id: uuid.UUID, statuses: Iterable[str],
                slug: str | None = None) -> list[TopicVersion]:
    """The organisation's own texts with one of these statuses, by slug and newest first."""
    query = sa.select(TopicVersion).where(TopicVersion.organisation_id == organisation_id,
                                          TopicVersion.status.in_(list(statuses)))
    if slug is not None:
        query = query.where(TopicVersion.slug == slug)
    return list(session.scalars(query.order_by(TopicVersion.slug, TopicVersion.number.desc())))
