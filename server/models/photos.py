"""Photos: whose they are and what they hang on. The pictures themselves are sealed files outside the database."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.models.base import Base, Id


class Photo(Base):
    """One photo. `state` is arriving until its files are safe, then kept, and dropped once nothing needs it.

    `thing` and `thing_id` name what it hangs on, nothing until then; `person_id` is the person whose record that is, and
    until then the one who sent it. The row stands before the files and goes after them, so no file is ever without one.
    """

    __tablename__ = "photos"
    id: Mapped[Id]
    sent_by: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"), index=True)
    thing: Mapped[str | None] = mapped_column(sa.String(10))
    thing_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(sa.String(8))
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    at: Mapped[dt.datetime]
    __table_args__ = (sa.Index("ix_photos_left", "state", "at"),)


PHOTOS = Photo.__table__
_P = PHOTOS.c


def add(session: Session, **values: object) -> None:
    """A photo whose files are about to be written."""
    session.execute(sa.insert(PHOTOS).values(**values, state="arriving"))


def arrive(session: Session, photo_id: uuid.UUID) -> bool:
    """Keep the photo now that its files are safe; whether it was still expected."""
    waiting = sa.update(PHOTOS).where(_P.id == photo_id, _P.state == "arriving")
    return session.execute(waiting.values(state="kept")).rowcount == 1


def one(session: Session, photo_id: uuid.UUID) -> sa.Row | None:
    """The photo as its row, if it is kept."""
    return session.execute(sa.select(PHOTOS).where(_P.id == photo_id, _P.state == "kept")).first()


def sent_by(session: Session, person_id: uuid.UUID) -> int:
    """How many photos the person has here."""
    return session.execute(sa.select(sa.func.count()).where(_P.sent_by == person_id, _P.state != "dropped")).scalar_one()


def hang(session: Session, photo_id: uuid.UUID, thing: str, thing_id: uuid.UUID, *, sent_by: uuid.UUID,
         person_id: uuid.UUID) -> bool:
    """Hang a photo that this person sent on a thing of `person_id`; False when it is nobody's, another's, or hangs
    somewhere already. Two things that reach for one photo meet in its row: the database lets one have it."""
    free = sa.update(PHOTOS).where(_P.id == photo_id, _P.state == "kept", _P.sent_by == sent_by, _P.thing_id.is_(None))
    return session.execute(free.values(thing=thing, thing_id=thing_id, person_id=person_id)).rowcount == 1


def let_go(session: Session, thing: str, thing_id: uuid.UUID) -> None:
    """Nothing of these photos is needed any more; a job removes their files."""
    hung = sa.update(PHOTOS).where(_P.thing == thing, _P.thing_id == thing_id)
    session.execute(hung.values(state="dropped", thing=None, thing_id=None))


def drop_left(session: Session, *, arriving_since: dt.datetime, waiting_since: dt.datetime) -> None:
    """Drop what never arrived and what never was hung on anything."""
    never_arrived = sa.and_(_P.state == "arriving", _P.at <= arriving_since)
    never_used = sa.and_(_P.state == "kept", _P.at <= waiting_since, _P.thing_id.is_(None))
    session.execute(sa.update(PHOTOS).where(never_arrived | never_used).values(state="dropped"))


def dropped(session: Session, limit: int) -> list[uuid.UUID]:
    """Photos whose files may go."""
    return list(session.scalars(sa.select(_P.id).where(_P.state == "dropped").order_by(_P.at).limit(limit)))


def forget(session: Session, photo_ids: list[uuid.UUID]) -> None:
    """Delete the rows of photos whose files are gone."""
    session.execute(sa.delete(PHOTOS).where(_P.id.in_(photo_ids), _P.state == "dropped"))
