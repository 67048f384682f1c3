"""Agreement, one row each time it is given."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.models.base import Base, Id
from server.models.types import Sealed


class Consent(Base):
    """One agreement to one version of one document, live until withdrawn."""

    __tablename__ = "consents"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    document_id: Mapped[uuid.UUID]
    purpose: Mapped[str] = mapped_column(sa.String(16))
    document_version: Mapped[str] = mapped_column(sa.String(16))
    given_by: Mapped[str] = mapped_column(sa.String(10))
    guardian_name: Mapped[str | None] = mapped_column(Sealed("consents.guardian_name"))
    filed_by: Mapped[uuid.UUID]
    given_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    __table_args__ = (
        sa.Index("uq_consents_live", "person_id", "purpose", unique=True,
                 sqlite_where=sa.text("withdrawn_at IS NULL"), postgresql_where=sa.text("withdrawn_at IS NULL")),
        sa.Index("ix_consents_person", "person_id", "given_at", "id"),
    )


def live(session: Session, person_id: uuid.UUID, purpose: str) -> Consent | None:
    """The person's consent to that purpose, if it was given and not withdrawn."""
    return session.scalar(sa.select(Consent).where(
        Consent.person_id == person_id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None)))


def page(session: Session, person_id: uuid.UUID, *, after: tuple | None, limit: int) -> list[Consent]:
    """All the person's consents, withdrawn ones too, newest first."""
    query = sa.select(Consent).where(Consent.person_id == person_id)
    if after:
        query = query.where(sa.tuple_(Consent.given_at, Consent.id) < sa.tuple_(
            sa.literal(after[0], Consent.given_at.type), sa.literal(after[1], Consent.id.type)))
    return list(session.scalars(query.order_by(Consent.given_at.desc(), Consent.id.desc()).limit(limit)))
