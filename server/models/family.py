"""Family ties, the invites they come from, and what relatives do: cheering and looking."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.family import DANGER
from server.models.base import Base, Id, Version, insert_once
from server.models.consents import Consent
from server.models.people import Person, after_values
from server.models.types import Sealed, blind_index

CHEER, LOOK = "cheer", "look"


class FamilyTie(Base):
    """What one relative may see of one patient, as the patient or who acts for them set it. It is in force while it has
    not ended and the patient's consent `family` lives."""

    __tablename__ = "family_ties"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    relative_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    relation: Mapped[str] = mapped_column(Sealed("family_ties.relation"))
    sees: Mapped[list[Any]]
    may_file: Mapped[bool]
    made_by: Mapped[uuid.UUID]
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    version: Mapped[Version]
    __table_args__ = (
        sa.Index("uq_family_ties_live", "person_id", "relative_id", unique=True,
                 sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")),
    )


class FamilyInvite(Base):
    """A code by which one relative, the first who gives it, is tied to the patient."""

    __tablename__ = "family_invites"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    invited_by: Mapped[uuid.UUID]
    code_index: Mapped[bytes] = mapped_column(unique=True)
    sees: Mapped[list[Any]]
    may_file: Mapped[bool]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    used_by: Mapped[uuid.UUID | None]


class FamilyDeed(Base):
    """What a relative did for a patient on one day, in Asia/Shanghai: cheered, or looked at the shared check-ins. Once
    a day counts, and the constraint is what counts it. It hangs on the two people, so a tie made anew counts on."""

    __tablename__ = "family_deeds"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    relative_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    deed: Mapped[str] = mapped_column(sa.String(8))
    day: Mapped[dt.date]
    words: Mapped[str | None] = mapped_column(Sealed("family_deeds.words"))
    at: Mapped[dt.datetime]
    __table_args__ = (sa.UniqueConstraint("person_id", "relative_id", "deed", "day"),)


def code_index(code: str) -> bytes:
    """The blind index of an invite code: whoever reads the table cannot redeem one."""
    return blind_index(code.upper(), "family_invites.code")


def locked_invite(session: Session, code: str) -> FamilyInvite | None:
    """The invite of that code, locked so that it is redeemed once."""
    return session.scalar(sa.select(FamilyInvite).where(FamilyInvite.code_index == code_index(code)).with_for_update())


def _agreed() -> sa.ColumnElement[bool]:
    return sa.exists().where(Consent.person_id == FamilyTie.person_id, Consent.purpose == "family",
                             Consent.withdrawn_at.is_(None))


def in_force(session: Session, relative_id: uuid.UUID, person_id: uuid.UUID) -> FamilyTie | None:
    """The tie by which the relative may see something of the person now."""
    return session.scalar(sa.select(FamilyTie).where(
        FamilyTie.relative_id == relative_id, FamilyTie.person_id == person_id, FamilyTie.ended_at.is_(None), _agreed()))


def who_hear_danger(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    """The relatives who hear of the person's dangers now, those who were tied first foremost: a tie with `danger` that
    the patient, or who acts for the patient, made, not ended, under a consent that lives."""
    ties = session.scalars(sa.select(FamilyTie).where(
        FamilyTie.person_id == person_id, FamilyTie.ended_at.is_(None), _agreed())
        .order_by(FamilyTie.created_at, FamilyTie.id))
    return [tie.relative_id for tie in ties if DANGER in tie.sees]


def in_danger_of(session: Session, relative_id: uuid.UUID) -> list[uuid.UUID]:
    """Of whom the relative hears dangers now."""
    ties = session.scalars(sa.select(FamilyTie).where(
        FamilyTie.relative_id == relative_id, FamilyTie.ended_at.is_(None), _agreed()))
    return [tie.person_id for tie in ties if DANGER in tie.sees]


def live(session: Session, tie_id: uuid.UUID, *, lock: bool = False) -> FamilyTie | None:
    """The tie if it has not ended, its row locked if asked."""
    query = sa.select(FamilyTie).where(FamilyTie.id == tie_id, FamilyTie.ended_at.is_(None))
    return session.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)


def live_between(session: Session, person_id: uuid.UUID, relative_id: uuid.UUID) -> FamilyTie | None:
    """The tie of these two, in force or not."""
    return session.scalar(sa.select(FamilyTie).where(
        FamilyTie.person_id == person_id, FamilyTie.relative_id == relative_id, FamilyTie.ended_at.is_(None)))


def count_live(session: Session, person_id: uuid.UUID) -> int:
    """How many relatives the person has."""
    return session.scalar(sa.select(sa.func.count()).select_from(FamilyTie).where(
        FamilyTie.person_id == person_id, FamilyTie.ended_at.is_(None))) or 0


def page(session: Session, person_id: uuid.UUID, *, after: tuple | None, limit: int) -> list[tuple[FamilyTie, Person, bool]]:
    """The person's live ties from either end, oldest first, each with who is at the other end and whether the patient
    agrees to sharing now."""
    other = sa.case((FamilyTie.person_id == person_id, FamilyTie.relative_id), else_=FamilyTie.person_id)
    query = sa.select(FamilyTie, Person, _agreed()).join(Person, Person.id == other).where(
        sa.or_(FamilyTie.person_id == person_id, FamilyTie.relative_id == person_id), FamilyTie.ended_at.is_(None))
    if after:
        query = query.where(sa.tuple_(FamilyTie.created_at, FamilyTie.id) > sa.tuple_(
            *after_values(after, FamilyTie.created_at, FamilyTie.id)))
    return [tuple(row) for row in session.execute(query.order_by(FamilyTie.created_at, FamilyTie.id).limit(limit))]


def do(session: Session, person_id: uuid.UUID, relative_id: uuid.UUID, deed: str, day: dt.date, at: dt.datetime,
       words: str | None = None) -> uuid.UUID | None:
    """Keep the deed; its id, or None when that day has one."""
    row = {"id": uuid.uuid4(), "person_id": person_id, "relative_id": relative_id, "deed": deed, "day": day,
           "words": words, "at": at}
    return row["id"] if insert_once(session, FamilyDeed.__table__, row) else None


def deeds_done(session: Session, relative_id: uuid.UUID, person_id: uuid.UUID | None = None) -> dict[str, int]:
    """On how many days the relative cheered and looked, for one person or for each they have cheered for together."""
    query = sa.select(FamilyDeed.deed, sa.func.count()).where(FamilyDeed.relative_id == relative_id)
    if person_id is not None:
        query = query.where(FamilyDeed.person_id == person_id)
    return {CHEER: 0, LOOK: 0, **dict(session.execute(query.group_by(FamilyDeed.deed)).all())}


def cheers(session: Session, person_id: uuid.UUID, *, after: tuple | None, limit: int) -> list[tuple[FamilyDeed, Person]]:
    """The cheers for the person with who cheered, newest first."""
    query = sa.select(FamilyDeed, Person).join(Person, Person.id == FamilyDeed.relative_id).where(
        FamilyDeed.person_id == person_id, FamilyDeed.deed == CHEER)
    if after:
        query = query.where(sa.tuple_(FamilyDeed.at, FamilyDeed.id) < sa.tuple_(
            *after_values(after, FamilyDeed.at, FamilyDeed.id)))
    return [tuple(row) for row in session.execute(query.order_by(FamilyDeed.at.desc(), FamilyDeed.id.desc()).limit(limit))]
