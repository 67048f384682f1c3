"""The trail of every change, the messages that changes caused, and answers kept for a repeated request."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.models.base import Base, insert_once
from server.models.prepared import Prepared
from server.models.types import Sealed

NOBODY = sa.text("person_id IS NULL")
_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


class AuditRecord(Base):
    """Who did what to whom. Ids, verbs, field names and a keyed digest; never a value, or erasure is impossible."""

    __tablename__ = "audit_records"
    number: Mapped[int] = mapped_column(_BIG, primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    at: Mapped[dt.datetime]
    actor_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None]
    organisation_id: Mapped[uuid.UUID | None]
    verb: Mapped[str] = mapped_column(sa.String(40))
    about: Mapped[str] = mapped_column(sa.String(60))
    fields: Mapped[list[Any]]
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    request_id: Mapped[str] = mapped_column(sa.String(64))
    __table_args__ = (
        sa.Index("ix_audit_records_organisation", "organisation_id", "number"),
        sa.Index("ix_audit_records_person", "person_id", "number"),
    )


class OutboxMessage(Base):
    """A message written with the change that caused it and sent afterwards, not before `not_before` where there is one.
    `person_id` is None for the phone on duty where it rings for nobody in particular."""

    __tablename__ = "outbox_messages"
    number: Mapped[int] = mapped_column(_BIG, primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(unique=True)
    organisation_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    channel: Mapped[str] = mapped_column(sa.String(16))
    template: Mapped[str] = mapped_column(sa.String(40))
    body: Mapped[str] = mapped_column(Sealed("outbox_messages.body"))
    about: Mapped[str] = mapped_column(sa.String(60))
    at: Mapped[dt.datetime]
    left_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(sa.String(12), default="waiting")
    not_before: Mapped[dt.datetime | None]
    claimed_at: Mapped[dt.datetime | None]
    __table_args__ = (sa.UniqueConstraint("person_id", "template", "about"),
                      sa.Index("uq_outbox_messages_nobody", "template", "about", unique=True,
                               sqlite_where=NOBODY, postgresql_where=NOBODY),
                      sa.Index("ix_outbox_messages_about", "about"))


class Receipt(Base):
    """The first answer to a request that carried an Idempotency-Key, written in the same transaction as its act."""

    __tablename__ = "receipts"
    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    answer: Mapped[Any | None] = mapped_column(Sealed("receipts.answer", as_json=True))
    at: Mapped[dt.datetime] = mapped_column(index=True)


_APPEND = Prepared(AuditRecord.__table__.insert(), columns=(
    "id", "at", "actor_id", "person_id", "organisation_id", "verb", "about", "fields", "digest", "request_id"))


def append(session: Session, records: list[dict[str, Any]]) -> None:
    """Append whole records, but for their numbers."""
    _APPEND.run_all(session, records)


def page(session: Session, organisation_ids: set[uuid.UUID], *, about: str | None, actor_id: uuid.UUID | None,
         before: int | None, limit: int) -> list[AuditRecord]:
    """Records of these organisations, newest first; `about` is a thing ("camp:<id>") or a person's id."""
    query = sa.select(AuditRecord).where(AuditRecord.organisation_id.in_(organisation_ids))
    if about:
        query = query.where(AuditRecord.about.in_((about, f"person:{about}")) | (AuditRecord.about.endswith(f":{about}")))
    if actor_id:
        query = query.where(AuditRecord.actor_id == actor_id)
    if before is not None:
        query = query.where(AuditRecord.number < before)
    return list(session.scalars(query.order_by(AuditRecord.number.desc()).limit(limit)))


def outbox_page(session: Session, *, before: int | None, limit: int) -> list[OutboxMessage]:
    """Messages, newest first."""
    query = sa.select(OutboxMessage)
    if before is not None:
        query = query.where(OutboxMessage.number < before)
    return list(session.scalars(query.order_by(OutboxMessage.number.desc()).limit(limit)))


def claim(session: Session, now: dt.datetime, stuck_since: dt.datetime, limit: int) -> list[OutboxMessage]:
    """Messages that are due to leave, oldest first, taken by this sender; what another took and never finished is taken
    anew."""
    rows = list(session.scalars(sa.select(OutboxMessage).where(
        OutboxMessage.left_at.is_(None), OutboxMessage.state == "waiting",
        sa.or_(OutboxMessage.not_before.is_(None), OutboxMessage.not_before <= now),
        sa.or_(OutboxMessage.claimed_at.is_(None), OutboxMessage.claimed_at <= stuck_since))
        .order_by(OutboxMessage.number).limit(limit).with_for_update(skip_locked=True)))
    for row in rows:
        row.claimed_at = now
    return rows


def about(session: Session, things: Iterable[str]) -> list[OutboxMessage]:
    """The messages about these things, in the order they were written."""
    return list(session.scalars(sa.select(OutboxMessage).where(OutboxMessage.about.in_(list(things)))
                                .order_by(OutboxMessage.number)))


def leave_held(session: Session, row: dict[str, Any]) -> uuid.UUID | None:
    """Write a message that whoever wrote it sends: its id, None when it had been written."""
    return row["id"] if insert_once(session, OutboxMessage.__table__, row) else None


def message(session: Session, message_id: uuid.UUID) -> OutboxMessage:
    """One message."""
    return session.scalars(sa.select(OutboxMessage).where(OutboxMessage.id == message_id)).one()
