"""The catalogue, redemptions with the points and the stock they hold, and public praise."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain.rewards import FAMILY, HELD, PATIENT
from server.models.base import Base, Id, Version, insert_once
from server.models.consents import Consent
from server.models.enrolments import Enrolment
from server.models.family import FamilyDeed
from server.models.people import Person, Tie, after_values
from server.models.points import Balance
from server.models.types import Sealed


class Reward(Base):
    """One thing of an organisation's catalogue. `stock` is what nobody holds or has; a closed one is no longer offered."""

    __tablename__ = "rewards"
    id: Mapped[Id]
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    points: Mapped[int]
    stock: Mapped[int]
    audience: Mapped[str] = mapped_column(sa.String(8))
    form: Mapped[str] = mapped_column(sa.String(12))
    stage: Mapped[str | None] = mapped_column(sa.String(12))
    created_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    version: Mapped[Version]
    __table_args__ = (sa.CheckConstraint("stock >= 0", name="stock"), sa.CheckConstraint("points >= 0", name="points"))


class Redemption(Base):
    """One reward held for somebody until `expires_at`, then settled or released. What it holds is moved with it."""

    __tablename__ = "redemptions"
    id: Mapped[Id]
    reward_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("rewards.id"))
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    audience: Mapped[str] = mapped_column(sa.String(8))
    points: Mapped[int]
    status: Mapped[str] = mapped_column(sa.String(8))
    address: Mapped[str | None] = mapped_column(Sealed("redemptions.address"))
    courier: Mapped[str | None] = mapped_column(Sealed("redemptions.courier"))
    held_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[uuid.UUID | None]
    version: Mapped[Version]
    __table_args__ = (
        sa.Index("ix_redemptions_person", "person_id", "held_at", "id"),
        sa.Index("ix_redemptions_organisation", "organisation_id", "status", "held_at", "id"),
        sa.Index("ix_redemptions_expiry", "status", "expires_at"),
    )


class FamilyPurse(Base):
    """What a relative has spent and holds of what their deeds for an organisation's patients are worth."""

    __tablename__ = "family_purses"
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"), primary_key=True)
    spent: Mapped[int]
    held: Mapped[int]


class Spotlight(Base):
    """Public praise 表扬 of a patient before the class; shown once the patient has read it and said yes, and while the
    consent to a public story lives."""

    __tablename__ = "spotlights"
    id: Mapped[Id]
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    camp_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("camps.id"))
    class_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("classes.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    words: Mapped[str] = mapped_column(Sealed("spotlights.words"))
    posted_by: Mapped[uuid.UUID]
    posted_at: Mapped[dt.datetime]
    approved_at: Mapped[dt.datetime | None]
    removed_at: Mapped[dt.datetime | None]
    version: Mapped[Version]
    __table_args__ = (sa.Index("ix_spotlights_class", "class_id", "posted_at", "id"),)


def catalogue(session: Session, organisation_ids: set[uuid.UUID], audiences: set[str], *, closed: bool,
              after: tuple | None, limit: int) -> list[Reward]:
    """Rewards of these organisations for these audiences, cheapest first; closed ones too if asked."""
    query = sa.select(Reward).where(Reward.organisation_id.in_(organisation_ids), Reward.audience.in_(audiences))
    if not closed:
        query = query.where(Reward.closed_at.is_(None))
    if after:
        query = query.where(sa.tuple_(Reward.points, Reward.id) > sa.tuple_(*after_values(after, Reward.points, Reward.id)))
    return list(session.scalars(query.order_by(Reward.points, Reward.id).limit(limit)))


def take_one(session: Session, reward_id: uuid.UUID) -> bool:
    """Whether there was one left to take: one statement, so that the last goes to one."""
    return session.execute(sa.update(Reward).where(
        Reward.id == reward_id, Reward.stock > 0, Reward.closed_at.is_(None)).values(stock=Reward.stock - 1)).rowcount == 1


def put_back(session: Session, reward_id: uuid.UUID) -> None:
    """One is free again."""
    session.execute(sa.update(Reward).where(Reward.id == reward_id).values(stock=Reward.stock + 1))


def _purse(audience: str, person_id: uuid.UUID, organisation_id: uuid.UUID) -> tuple[Any, list[sa.ColumnElement[bool]]]:
    table = Balance if audience == PATIENT else FamilyPurse
    return table, [table.person_id == person_id, table.organisation_id == organisation_id]


def hold(session: Session, audience: str, person_id: uuid.UUID, organisation_id: uuid.UUID, points: int,
         earned: int) -> bool:
    """Whether so many points could be held: one conditional statement. `earned` is what a relative's deeds are worth;
    a patient's balance is kept."""
    if not points:
        return True
    table, mine = _purse(audience, person_id, organisation_id)
    if audience == FAMILY:
        insert_once(session, FamilyPurse.__table__, {
            "person_id": person_id, "organisation_id": organisation_id, "spent": 0, "held": 0})
    free = earned - table.spent - table.held if audience == FAMILY else table.points - table.held
    return session.execute(sa.update(table).where(*mine, free >= points).values(held=table.held + points)).rowcount == 1


def settle(session: Session, audience: str, person_id: uuid.UUID, organisation_id: uuid.UUID, points: int) -> bool:
    """Whether held points were spent: not while a correction has taken the balance below what is held."""
    if not points:
        return True
    table, mine = _purse(audience, person_id, organisation_id)
    if audience == PATIENT:
        mine.append(table.points >= table.held)
        spends = {"points": table.points - points}
    else:
        spends = {"spent": table.spent + points}
    changed = sa.update(table).where(*mine, table.held >= points).values(held=table.held - points, **spends)
    return session.execute(changed).rowcount == 1


def let_go(session: Session, audience: str, person_id: uuid.UUID, organisation_id: uuid.UUID, points: int) -> None:
    """Held points are free again."""
    if points:
        table, mine = _purse(audience, person_id, organisation_id)
        session.execute(sa.update(table).where(*mine, table.held >= points).values(held=table.held - points))


def end(session: Session, redemption_id: uuid.UUID, **values: Any) -> bool:
    """Whether a redemption that is held was ended so: one conditional statement, so that it ends once."""
    return session.execute(sa.update(Redemption).where(
        Redemption.id == redemption_id, Redemption.status == HELD).values(
            version=Redemption.version + 1, **values)).rowcount == 1


def overdue(session: Session, now: dt.datetime, limit: int) -> list[uuid.UUID]:
    """Redemptions whose hold has run out."""
    return list(session.scalars(sa.select(Redemption.id).where(
        Redemption.status == HELD, Redemption.expires_at <= now).order_by(Redemption.expires_at).limit(limit)))


def redemptions(session: Session, *, person_id: uuid.UUID | None = None, organisation_ids: set[uuid.UUID] | None = None,
                status: str | None = None, after: tuple | None, limit: int) -> list[tuple[Redemption, str]]:
    """Redemptions of a person or of organisations with the reward's name, newest first."""
    query = sa.select(Redemption, Reward.name).join(Reward, Reward.id == Redemption.reward_id)
    if person_id is not None:
        query = query.where(Redemption.person_id == person_id)
    if organisation_ids is not None:
        query = query.where(Redemption.organisation_id.in_(organisation_ids))
    if status:
        query = query.where(Redemption.status == status)
    if after:
        query = query.where(sa.tuple_(Redemption.held_at, Redemption.id) < sa.tuple_(
            *after_values(after, Redemption.held_at, Redemption.id)))
    return [tuple(row) for row in session.execute(query.order_by(
        Redemption.held_at.desc(), Redemption.id.desc()).limit(limit))]


def has_had(session: Session, reward_id: uuid.UUID, person_id: uuid.UUID) -> bool:
    """Whether the person holds or has this reward."""
    return session.scalar(sa.select(sa.literal(1)).where(
        Redemption.reward_id == reward_id, Redemption.person_id == person_id, Redemption.status != "released")) is not None


def deeds_for(session: Session, relative_id: uuid.UUID, organisation_id: uuid.UUID) -> dict[str, int]:
    """On how many days the relative did which deed for patients of the organisation. A deed belongs to one: to that of
    the last class which the patient had joined by then."""
    of_then = (sa.select(Enrolment.organisation_id).where(
        Enrolment.person_id == FamilyDeed.person_id, Enrolment.joined_at <= FamilyDeed.at)
        .order_by(Enrolment.joined_at.desc(), Enrolment.id).limit(1).correlate(FamilyDeed).scalar_subquery())
    rows = session.execute(sa.select(FamilyDeed.deed, sa.func.count()).where(
        FamilyDeed.relative_id == relative_id, of_then == organisation_id).group_by(FamilyDeed.deed))
    return {deed: int(days) for deed, days in rows}


def organisations_cheered(session: Session, relative_id: uuid.UUID) -> set[uuid.UUID]:
    """The organisations of the patients whom the person has done something for as a relative."""
    return set(session.scalars(sa.select(Enrolment.organisation_id).join(
        FamilyDeed, FamilyDeed.person_id == Enrolment.person_id).where(FamilyDeed.relative_id == relative_id)))


def purse(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID) -> tuple[int, int]:
    """(spent, held) of a relative with an organisation."""
    found = session.get(FamilyPurse, (person_id, organisation_id))
    return (found.spent, found.held) if found else (0, 0)


def held_points(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID) -> int:
    """What a patient's held redemptions hold together: what the balance's `held` should be."""
    return int(session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Redemption.points), 0)).where(
        Redemption.person_id == person_id, Redemption.organisation_id == organisation_id, Redemption.status == HELD,
        Redemption.audience == PATIENT)) or 0)


def set_held(session: Session, person_id: uuid.UUID, organisation_id: uuid.UUID, points: int) -> None:
    """Let a patient's balance hold that much: for mending."""
    session.execute(sa.update(Balance).where(
        Balance.person_id == person_id, Balance.organisation_id == organisation_id).values(held=points))


def spotlights(session: Session, class_id: uuid.UUID, viewer_id: uuid.UUID, *, after: tuple | None,
               limit: int) -> list[tuple[Spotlight, Person]]:
    """What is praised in the class, newest first, of those who said yes and agree today; and what waits for the viewer's
    own yes, or for the yes of somebody they act for."""
    acted_for = sa.select(Tie.person_id).where(Tie.holder_id == viewer_id, Tie.ended_at.is_(None))
    agreed = sa.exists().where(Consent.person_id == Spotlight.person_id, Consent.purpose == "public_story",
                               Consent.withdrawn_at.is_(None))
    query = sa.select(Spotlight, Person).join(Person, Person.id == Spotlight.person_id).where(
        Spotlight.class_id == class_id, Spotlight.removed_at.is_(None),
        sa.or_(sa.and_(Spotlight.approved_at.is_not(None), agreed), Spotlight.person_id == viewer_id,
               Spotlight.person_id.in_(acted_for)))
    if after:
        query = query.where(sa.tuple_(Spotlight.posted_at, Spotlight.id) < sa.tuple_(
            *after_values(after, Spotlight.posted_at, Spotlight.id)))
    return [tuple(row) for row in session.execute(query.order_by(
        Spotlight.posted_at.desc(), Spotlight.id.desc()).limit(limit))]
