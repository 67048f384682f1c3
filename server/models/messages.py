"""What is written to somebody and kept in the app until they read it."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.messages import STAFF
from server.models.base import Base, Id, insert_once
from server.models.people import Person, after_values
from server.models.types import Sealed


class Message(Base):
    """One reader's copy of a letter: `to_id` reads it, `person_id` is the patient whom it is about. `letter_id` is the same
    for all copies, and one letter reaches nobody twice. `from_id` is None where the programme itself writes."""

    __tablename__ = "messages"
    id: Mapped[Id]
    letter_id: Mapped[uuid.UUID]
    to_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    from_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(sa.String(16))
    side: Mapped[str] = mapped_column(sa.String(8))
    severity: Mapped[str] = mapped_column(sa.String(8))
    subject: Mapped[str] = mapped_column(Sealed("messages.subject"))
    body: Mapped[str] = mapped_column(Sealed("messages.body"))
    place: Mapped[int]
    at: Mapped[dt.datetime]
    read_at: Mapped[dt.datetime | None]
    __table_args__ = (sa.UniqueConstraint("letter_id", "to_id"), sa.Index("ix_messages_reader", "to_id", "at", "id"),
                      sa.Index("ix_messages_person", "person_id", "kind", "at"))


def keep(session: Session, row: dict[str, Any]) -> uuid.UUID | None:
    """Keep a copy: its id, None when its reader has one of the letter."""
    return row["id"] if insert_once(session, Message.__table__, row) else None


def page(session: Session, reader_id: uuid.UUID, patients: Iterable[uuid.UUID], *, after: tuple | None,
         limit: int) -> list[tuple[Message, Person | None]]:
    """What was written to the reader about themselves and about those patients, newest first, each with who wrote it."""
    query = sa.select(Message, Person).outerjoin(Person, Person.id == Message.from_id).where(
        Message.to_id == reader_id, Message.person_id.in_([reader_id, *patients]))
    if after:
        query = query.where(sa.tuple_(Message.at, Message.id) < sa.tuple_(*after_values(after, Message.at, Message.id)))
    return [tuple(row) for row in session.execute(query.order_by(Message.at.desc(), Message.id.desc()).limit(limit))]


def mark_read(session: Session, message_ids: Iterable[uuid.UUID], now: dt.datetime) -> None:
    """Note when these were read first."""
    session.execute(sa.update(Message).where(Message.id.in_(list(message_ids)), Message.read_at.is_(None))
                    .values(read_at=now).execution_options(synchronize_session=False))


def letters_about(session: Session, person_id: uuid.UUID, organisations: Iterable[uuid.UUID | None], *, after: tuple | None,
                  limit: int) -> list[list[Message]]:
    """What staff of these organisations wrote to that patient and their family, newest first: the copies of each letter, who
    hears first foremost."""
    query = sa.select(Message).where(Message.person_id == person_id, Message.kind == STAFF, Message.place == 0,
                                     Message.organisation_id.in_(organisations))
    if after:
        query = query.where(sa.tuple_(Message.at, Message.id) < sa.tuple_(*after_values(after, Message.at, Message.id)))
    first = list(session.scalars(query.order_by(Message.at.desc(), Message.id.desc()).limit(limit)))
    copies = copies_of(session, [one.letter_id for one in first])
    return [copies[one.letter_id] for one in first]


def copies_of(session: Session, letter_ids: list[uuid.UUID]) -> dict[uuid.UUID, list[Message]]:
    """The copies of each of these letters, who hears first foremost."""
    copies: dict[uuid.UUID, list[Message]] = {letter_id: [] for letter_id in letter_ids}
    for one in session.scalars(sa.select(Message).where(Message.letter_id.in_(letter_ids)).order_by(Message.place)):
        copies[one.letter_id].append(one)
    return copies
