"""Signed-in devices, the refresh tokens of each, and the WeChat codes already spent."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.models.base import Base, Id
from server.models.prepared import Prepared


class SignIn(Base):
    """One signed-in device: the family of all its refresh tokens. Its id is in every access token."""

    __tablename__ = "sign_ins"
    id: Mapped[Id]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    started_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ended_because: Mapped[str | None] = mapped_column(sa.String(20))


class RefreshToken(Base):
    """A refresh token by its digest; the token itself is nowhere. `spent_at` is set once, by one request."""

    __tablename__ = "refresh_tokens"
    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    sign_in_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("sign_ins.id"), index=True)
    expires_at: Mapped[dt.datetime]
    spent_at: Mapped[dt.datetime | None]


class SpentCode(Base):
    """A WeChat code that signed somebody in: it works once."""

    __tablename__ = "spent_codes"
    digest: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    spent_at: Mapped[dt.datetime]


_S = SignIn.__table__.c
_ALIVE = Prepared(sa.select(_S.person_id).where(_S.id == sa.bindparam("sign_in"), _S.ended_at.is_(None)))


def person_of(session: Session, sign_in_id: uuid.UUID) -> uuid.UUID | None:
    """The person of a sign-in that has not ended."""
    alive = _ALIVE.first(session, sign_in=sign_in_id)
    return alive and alive.person_id


def spend(session: Session, digest: str, now: dt.datetime) -> RefreshToken | None:
    """The refresh token, marked spent by this very request; None when another one was first or it never existed."""
    taken = session.execute(
        sa.update(RefreshToken).where(RefreshToken.digest == digest, RefreshToken.spent_at.is_(None))
        .values(spent_at=now))
    return session.get(RefreshToken, digest) if taken.rowcount == 1 else None


def end(session: Session, sign_in_id: uuid.UUID, because: str, now: dt.datetime) -> None:
    """End the sign-in, and with it every token of its family."""
    session.execute(sa.update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended_at.is_(None))
                    .values(ended_at=now, ended_because=because))
