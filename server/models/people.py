"""People, the identities they sign in with, who acts for whom, and role grants."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.access import Grant
from server.domain.people import DEFAULT_QUIET_HOURS
from server.models.base import Base, Id, Version
from server.models.prepared import Prepared
from server.models.types import Sealed, Tenths, blind_index


class Person(Base):
    """Anyone known to the programme, with or without WeChat."""

    __tablename__ = "people"
    id: Mapped[Id]
    nickname: Mapped[str] = mapped_column(Sealed("people.nickname"))
    nickname_index: Mapped[bytes] = mapped_column(index=True)
    full_name: Mapped[str | None] = mapped_column(Sealed("people.full_name"))
    full_name_index: Mapped[bytes | None] = mapped_column(index=True)
    phone: Mapped[str | None] = mapped_column(Sealed("people.phone"))
    phone_index: Mapped[bytes | None] = mapped_column(unique=True)
    birth_on: Mapped[dt.date | None]
    sex: Mapped[str | None] = mapped_column(sa.String(10))
    height_cm: Mapped[Any | None] = mapped_column(Tenths)
    weight_kg: Mapped[Any | None] = mapped_column(Tenths)
    diabetes_type: Mapped[str] = mapped_column(sa.String(16), default="unknown")
    diagnosed_on: Mapped[dt.date | None]
    due_on: Mapped[dt.date | None]
    treatments: Mapped[list[Any]] = mapped_column(default=list)
    medicines: Mapped[list[Any]] = mapped_column(default=list)
    complications: Mapped[Any | None] = mapped_column(Sealed("people.complications", as_json=True))
    hypo_unaware: Mapped[bool | None]
    kidney_disease: Mapped[bool | None]
    lives_alone: Mapped[bool | None]
    emergency_contact: Mapped[Any | None] = mapped_column(Sealed("people.emergency_contact", as_json=True))
    glucose_unit: Mapped[str] = mapped_column(sa.String(6), default="mmol/L")
    quiet_hours: Mapped[dict[str, Any]]
    board_visible: Mapped[bool] = mapped_column(default=False)
    meter: Mapped[Any | None] = mapped_column(sa.JSON)
    next_visit_on: Mapped[dt.date | None]
    serious_news_first: Mapped[str] = mapped_column(sa.String(8), default="patient", server_default="patient")
    created_at: Mapped[dt.datetime]
    version: Mapped[Version]


class Journal(Base):
    """One row a person: the number of the last change of any of the person's entries.

    Taking the next number locks the row until the commit, so changes are numbered in the order they become visible.
    """

    __tablename__ = "journals"
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), primary_key=True)
    last_change: Mapped[int] = mapped_column(default=0)


class Identity(Base):
    """What somebody signs in with: a WeChat openid, or a development name."""

    __tablename__ = "identities"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    provider: Mapped[str] = mapped_column(sa.String(10))
    openid: Mapped[str] = mapped_column(Sealed("identities.openid"))
    openid_index: Mapped[bytes] = mapped_column(unique=True)
    unionid: Mapped[str | None] = mapped_column(Sealed("identities.unionid"))
    unionid_index: Mapped[bytes | None] = mapped_column(index=True)
    created_at: Mapped[dt.datetime]


class Tie(Base):
    """One person acting for another: guardian of a child, or carer of somebody without WeChat."""

    __tablename__ = "ties"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    holder_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    basis: Mapped[str] = mapped_column(sa.String(10))
    relation: Mapped[str] = mapped_column(Sealed("ties.relation"))
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    __table_args__ = (
        sa.Index("uq_ties_live", "person_id", "holder_id", unique=True,
                 sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")),
    )


class RoleGrant(Base):
    """A role over a scope. Absent means no; an ended one no longer counts from the next request on."""

    __tablename__ = "role_grants"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(16))
    scope_type: Mapped[str] = mapped_column(sa.String(16))
    scope_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    credential: Mapped[str | None] = mapped_column(Sealed("role_grants.credential"))
    granted_by: Mapped[uuid.UUID | None]
    granted_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    __table_args__ = (
        sa.Index("uq_role_grants_live", "person_id", "role", "scope_type", "scope_id", unique=True,
                 sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")),
    )


def add(session: Session, nickname: str, now: dt.datetime, **profile: Any) -> Person:
    """A new person with the journal that numbers the changes of their entries."""
    person = Person(id=uuid.uuid4(), nickname=nickname, nickname_index=name_index(nickname),
                    quiet_hours=DEFAULT_QUIET_HOURS, created_at=now, **profile)
    session.add(person)
    session.flush()
    session.add(Journal(person_id=person.id, last_change=0))
    session.flush()
    return person


_P = Person.__table__.c
_VERSION = Prepared(sa.select(_P.version).where(_P.id == sa.bindparam("person")))


def version_of(session: Session, person_id: uuid.UUID) -> int:
    """The version of a person who is known to exist."""
    return _VERSION.first(session, person=person_id).version


def known(session: Session, ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these ids that are somebody's."""
    return set(session.scalars(sa.select(Person.id).where(Person.id.in_(ids))))


def touch(session: Session, person_id: uuid.UUID) -> None:
    """Make the person's version one higher: something that they are judged by has changed beside their own row."""
    session.execute(sa.update(Person).where(Person.id == person_id).values(version=Person.version + 1))


def openid_index(provider: str, openid: str) -> bytes:
    """The blind index of an identity."""
    return blind_index(f"{provider}:{openid}", "identities.openid")


def unionid_index(unionid: str) -> bytes:
    """The blind index of a WeChat unionid."""
    return blind_index(unionid, "identities.unionid")


def name_index(name: str) -> bytes:
    """The blind index of a nickname or full name: letters' case is ignored."""
    return blind_index(name.casefold(), "people.name")


def phone_index(phone: str) -> bytes:
    """The blind index of a phone number."""
    return blind_index(phone, "people.phone")


def by_openid(session: Session, provider: str, openid: str) -> Person | None:
    """The person who signs in with this identity."""
    return session.scalar(sa.select(Person).join(Identity, Identity.person_id == Person.id)
                          .where(Identity.openid_index == openid_index(provider, openid)))


def by_unionid(session: Session, unionid: str) -> Person | None:
    """The person whom WeChat knows by this unionid in another of our apps; the first one when there are several."""
    return session.scalar(sa.select(Person).join(Identity, Identity.person_id == Person.id)
                          .where(Identity.unionid_index == unionid_index(unionid))
                          .order_by(Identity.created_at, Identity.id).limit(1))


def holds_tie(session: Session, holder_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether the holder acts for the person today."""
    return session.scalar(sa.select(sa.literal(1)).where(
        Tie.holder_id == holder_id, Tie.person_id == person_id, Tie.ended_at.is_(None))) is not None


def dependants_of(session: Session, holder_id: uuid.UUID, *, after: tuple | None, limit: int) -> list[tuple[Person, Tie]]:
    """The people the holder acts for, oldest tie first."""
    query = sa.select(Person, Tie).join(Tie, Tie.person_id == Person.id).where(
        Tie.holder_id == holder_id, Tie.ended_at.is_(None)).order_by(Tie.created_at, Tie.id).limit(limit)
    if after:
        query = query.where(sa.tuple_(Tie.created_at, Tie.id) > sa.tuple_(*after_values(after, Tie.created_at, Tie.id)))
    return [(person, tie) for person, tie in session.execute(query)]


def after_values(after: tuple, *columns: sa.ColumnElement) -> list[sa.ColumnElement]:
    """The values of a cursor as bound values of the columns' own types."""
    return [sa.literal(value, column.type) for value, column in zip(after, columns, strict=True)]


def grants_of(session: Session, person_id: uuid.UUID) -> list[Grant]:
    """The person's live grants."""
    rows = session.execute(sa.select(RoleGrant.role, RoleGrant.scope_type, RoleGrant.scope_id, RoleGrant.organisation_id)
                           .where(RoleGrant.person_id == person_id, RoleGrant.ended_at.is_(None))
                           .order_by(RoleGrant.granted_at, RoleGrant.id))
    return [Grant(*row) for row in rows]


def credential_of(session: Session, person_id: uuid.UUID, role: str, organisation_id: uuid.UUID | None) -> str | None:
    """The checked credential of the person's live grant of that role with the organisation, the latest where there are
    several."""
    return session.scalar(sa.select(RoleGrant.credential).where(
        RoleGrant.person_id == person_id, RoleGrant.role == role, RoleGrant.organisation_id == organisation_id,
        RoleGrant.ended_at.is_(None)).order_by(RoleGrant.granted_at.desc(), RoleGrant.id).limit(1))


def organisations_of(person_id: uuid.UUID, roles: Iterable[str]) -> sa.Select:
    """The organisations in which the person holds one of the roles now, as a query to look in."""
    return sa.select(RoleGrant.organisation_id).where(
        RoleGrant.person_id == person_id, RoleGrant.role.in_(tuple(roles)), RoleGrant.ended_at.is_(None))


def count_admins(session: Session, organisation_id: uuid.UUID) -> int:
    """How many live admins the organisation has."""
    return session.scalar(sa.select(sa.func.count(RoleGrant.person_id.distinct())).where(
        RoleGrant.organisation_id == organisation_id, RoleGrant.role == "admin", RoleGrant.ended_at.is_(None))) or 0


def anyone_with(session: Session, role: str, scopes: list[tuple[str, uuid.UUID]]) -> bool:
    """Whether anybody holds the role over one of the scopes."""
    return session.scalar(sa.select(sa.literal(1)).where(
        RoleGrant.role == role, RoleGrant.ended_at.is_(None),
        sa.or_(*(sa.and_(RoleGrant.scope_type == kind, RoleGrant.scope_id == scope_id) for kind, scope_id in scopes)))
        .limit(1)) is not None


# The nearest first: whoever watches the person, then the class, the camp, the organisation.
NEARNESS = ("person", "class", "camp", "organisation")


def on_duty(session: Session, roles: Iterable[str], scopes: dict[str, uuid.UUID]) -> list[tuple[uuid.UUID, str, str]]:
    """Who holds one of the roles over these scopes now, as (person, role, scope type): nearest scope first, within it
    in the order of `roles`, then by who was granted it first. A person stands once, where they are nearest.

    `scopes` gives an id by scope type, e.g. {"class": …, "camp": …, "organisation": …}.
    """
    roles = tuple(roles)
    rows = session.execute(sa.select(RoleGrant.person_id, RoleGrant.role, RoleGrant.scope_type).where(
        RoleGrant.role.in_(roles), RoleGrant.ended_at.is_(None),
        sa.or_(*(sa.and_(RoleGrant.scope_type == kind, RoleGrant.scope_id == scope_id) for kind, scope_id in scopes.items())))
        .order_by(RoleGrant.granted_at, RoleGrant.id)).all()
    near = sorted(rows, key=lambda row: (NEARNESS.index(row.scope_type), roles.index(row.role)))
    first = {row.person_id: tuple(row) for row in reversed(near)}
    return [tuple(row) for row in near if first[row.person_id] == tuple(row)]


def by_phone(session: Session, phone: str) -> Person | None:
    """The person who bound that phone number."""
    return session.scalar(sa.select(Person).where(Person.phone_index == phone_index(phone)))


def by_name(session: Session, name: str, limit: int) -> list[Person]:
    """People with exactly that nickname or full name."""
    index = name_index(name)
    return list(session.scalars(sa.select(Person).where(
        sa.or_(Person.nickname_index == index, Person.full_name_index == index)).order_by(Person.id).limit(limit)))
