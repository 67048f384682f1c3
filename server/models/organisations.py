"""Organisations and the invites that give roles in them."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.access import STAFF
from server.domain.organisations import DEFAULT_SERVICE_HOURS
from server.models.base import Base, Id, Version
from server.models.people import RoleGrant
from server.models.types import Sealed, blind_index


class Organisation(Base):
    """The tenant: a hospital or a brand. Its name is no person's and stays readable."""

    __tablename__ = "organisations"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(sa.String(200), unique=True)
    # None means the shipped hours: see `hours`.
    service_hours: Mapped[Any | None] = mapped_column(sa.JSON(none_as_null=True))
    duty_phone: Mapped[str | None] = mapped_column(Sealed("organisations.duty_phone"))
    issuer: Mapped[str | None] = mapped_column(sa.String(100))
    signatories: Mapped[Any | None] = mapped_column(Sealed("organisations.signatories", as_json=True))
    internet_hospital_licence: Mapped[Any | None] = mapped_column(sa.JSON(none_as_null=True))
    doctor_agreement: Mapped[Any | None] = mapped_column(sa.JSON(none_as_null=True))
    created_at: Mapped[dt.datetime]
    version: Mapped[Version]

    @property
    def hours(self) -> dict[str, Any]:
        """When its people answer."""
        return self.service_hours or DEFAULT_SERVICE_HOURS


class DutyPlace(Base):
    """Somebody's place, from 0, among those of an organisation who are on duty as the last step of an alarm."""

    __tablename__ = "duty_places"
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), primary_key=True)
    place: Mapped[int]


class RoleInvite(Base):
    """A code that gives one role to whoever redeems it first."""

    __tablename__ = "role_invites"
    id: Mapped[Id]
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(16))
    scope_type: Mapped[str] = mapped_column(sa.String(16))
    scope_id: Mapped[uuid.UUID]
    credential: Mapped[str | None] = mapped_column(Sealed("role_invites.credential"))
    code_index: Mapped[bytes] = mapped_column(unique=True)
    invited_by: Mapped[uuid.UUID]
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    used_by: Mapped[uuid.UUID | None]


def code_index(code: str) -> bytes:
    """The blind index of an invite code: whoever reads the table cannot redeem one."""
    return blind_index(code.upper(), "role_invites.code")


def locked_invite(session: Session, code: str) -> RoleInvite | None:
    """The invite of that code, locked so that it is redeemed once."""
    return session.scalar(sa.select(RoleInvite).where(RoleInvite.code_index == code_index(code)).with_for_update())


def page(session: Session, ids: set[uuid.UUID] | None, *, after: tuple | None, limit: int) -> list[Organisation]:
    """Organisations by name; only those of `ids`, or all with None."""
    query = sa.select(Organisation)
    if ids is not None:
        query = query.where(Organisation.id.in_(ids))
    if after:
        query = query.where(Organisation.name > after[0])
    return list(session.scalars(query.order_by(Organisation.name).limit(limit)))


def name_taken(session: Session, name: str, but: uuid.UUID) -> bool:
    """Whether another organisation has the name. A friendly word beforehand: the constraint is what holds."""
    return session.scalar(sa.select(sa.literal(1)).where(Organisation.name == name, Organisation.id != but)) is not None


def _is_staff() -> sa.ColumnElement[bool]:
    """A role of staff anywhere in the organisation, held now: whoever lost it stands on no list."""
    return sa.exists().where(RoleGrant.person_id == DutyPlace.person_id, RoleGrant.organisation_id == DutyPlace.organisation_id,
                             RoleGrant.role.in_(tuple(STAFF)), RoleGrant.ended_at.is_(None))


def on_call(session: Session, organisation_id: uuid.UUID) -> list[uuid.UUID]:
    """Who is on duty as the last step, in order."""
    return list(session.scalars(sa.select(DutyPlace.person_id).where(
        DutyPlace.organisation_id == organisation_id, _is_staff()).order_by(DutyPlace.place)))


def organisations_where_on_call(person_id: uuid.UUID) -> sa.Select:
    """The organisations in which the person is on duty as the last step, as a query to look in."""
    return sa.select(DutyPlace.organisation_id).where(DutyPlace.person_id == person_id, _is_staff())


def settle_on_call(session: Session, organisation_id: uuid.UUID, people: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Put these in order on duty as the last step, in place of whoever was; those of them who are no staff."""
    session.execute(sa.delete(DutyPlace).where(DutyPlace.organisation_id == organisation_id))
    wanted = list(dict.fromkeys(people))
    staff = set(session.scalars(sa.select(RoleGrant.person_id).where(
        RoleGrant.organisation_id == organisation_id, RoleGrant.person_id.in_(wanted), RoleGrant.role.in_(tuple(STAFF)),
        RoleGrant.ended_at.is_(None))))
    session.add_all(DutyPlace(organisation_id=organisation_id, person_id=person_id, place=place)
                    for place, person_id in enumerate(wanted) if person_id in staff)
    session.flush()
    return [person_id for person_id in wanted if person_id not in staff]
