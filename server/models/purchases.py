"""Purchases of strips and meters as patients upload them."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.purchases import CONFIRMED
from server.models.base import Base, Id, Version
from server.models.people import after_values
from server.models.points import PointsLine
from server.models.types import Sealed, blind_index

PURCHASE = "purchase"
_STANDING = "status != 'refused'"


class Purchase(Base):
    """One purchase. The same one again meets a constraint, and so does the same picture of a receipt, whoever sends it;
    unless staff have refused the first."""

    __tablename__ = "purchases"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("enrolments.id"), index=True)
    sku: Mapped[str] = mapped_column(sa.String(64))
    quantity: Mapped[int]
    bought_on: Mapped[dt.date]
    place: Mapped[str] = mapped_column(Sealed("purchases.place"))
    place_index: Mapped[bytes]
    receipt_photo_id: Mapped[uuid.UUID | None]
    receipt_digest: Mapped[str | None] = mapped_column(sa.String(64))
    status: Mapped[str] = mapped_column(sa.String(10))
    strips: Mapped[int | None]
    points: Mapped[int] = mapped_column(default=0)
    refused_because: Mapped[str | None] = mapped_column(Sealed("purchases.refused_because"))
    filed_by: Mapped[uuid.UUID]
    filed_at: Mapped[dt.datetime]
    decided_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[dt.datetime | None]
    version: Mapped[Version]
    __table_args__ = (
        sa.Index("uq_purchases_standing", "person_id", "sku", "quantity", "bought_on", "place_index", unique=True,
                 sqlite_where=sa.text(_STANDING), postgresql_where=sa.text(_STANDING)),
        sa.Index("uq_purchases_receipt", "organisation_id", "receipt_digest", unique=True,
                 sqlite_where=sa.text(_STANDING), postgresql_where=sa.text(_STANDING)),
        sa.Index("ix_purchases_person", "person_id", "filed_at", "id"),
        sa.Index("ix_purchases_organisation", "organisation_id", "status", "filed_at", "id"),
    )


def place_index(place: str) -> bytes:
    """The blind index of where something was bought: case and spaces do not matter."""
    return blind_index("".join(place.casefold().split()), "purchases.place")


def page(session: Session, *, person_id: uuid.UUID | None = None, organisation_ids: set[uuid.UUID] | None = None,
         status: str | None, after: tuple | None, limit: int) -> list[Purchase]:
    """Purchases of a person or of organisations, newest first."""
    query = sa.select(Purchase)
    if person_id is not None:
        query = query.where(Purchase.person_id == person_id)
    if organisation_ids is not None:
        query = query.where(Purchase.organisation_id.in_(organisation_ids))
    if status:
        query = query.where(Purchase.status == status)
    if after:
        query = query.where(sa.tuple_(Purchase.filed_at, Purchase.id) < sa.tuple_(
            *after_values(after, Purchase.filed_at, Purchase.id)))
    return list(session.scalars(query.order_by(Purchase.filed_at.desc(), Purchase.id.desc()).limit(limit)))


def confirmed_strips(session: Session, enrolment_id: uuid.UUID) -> int:
    """How many strips of this camp have been confirmed."""
    return int(session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Purchase.strips), 0)).where(
        Purchase.enrolment_id == enrolment_id, Purchase.status == CONFIRMED)) or 0)


def paid(session: Session, enrolment_id: uuid.UUID) -> int:
    """The points that purchases of this camp have earned."""
    return int(session.scalar(sa.select(sa.func.coalesce(sa.func.sum(PointsLine.points), 0)).where(
        PointsLine.enrolment_id == enrolment_id, PointsLine.reason == PURCHASE)) or 0)
