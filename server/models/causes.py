"""What is behind an alert, and which readings end it."""

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.domain import thresholds
from server.models.base import Base, Id
from server.models.entries import Entry
from server.models.prepared import Prepared

LOW_BELOW, HIGH_FROM = Decimal(thresholds.LOW_BELOW.mmol_l), Decimal(thresholds.HIGH_FROM.mmol_l)


class AlertCause(Base):
    """A reading, a question or a message behind an alert, under its own id; ketones and a low in one reading are behind one
    alert each. `level` is None once it was corrected away; a deleted reading stays. `quiet` ones, imported or old, ring for
    nobody; `past` ones are over whatever was measured since, as what staff closed is; of
    itself it may be the `nurse`'s or the `doctor`'s."""

    __tablename__ = "alert_causes"
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    alert_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("alerts.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    level: Mapped[str | None] = mapped_column(sa.String(16))
    at: Mapped[dt.datetime]
    quiet: Mapped[bool] = mapped_column(default=False)
    past: Mapped[bool] = mapped_column(default=False)
    nurse: Mapped[bool] = mapped_column(default=False)
    doctor: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (sa.Index("ix_alert_causes_person", "person_id", "at"),)


_C = AlertCause.__table__.c
_NEAR = Prepared(sa.select(_C.id, _C.level).where(_C.person_id == sa.bindparam("person"), _C.level.is_not(None),
                                                  _C.at >= sa.bindparam("since"), _C.at <= sa.bindparam("until")))


def levels_between(session: Session, person_id: uuid.UUID, since: dt.datetime, until: dt.datetime,
                   besides: uuid.UUID | None = None) -> list[str]:
    """The levels that the person's readings and words caused in that span, both ends included, besides that one's."""
    return [row.level for row in _NEAR.rows(session, person=person_id, since=since, until=until) if row.id != besides]


def causes_of(session: Session, alert_id: uuid.UUID) -> list[AlertCause]:
    """What is behind the alert and was not corrected away."""
    return list(session.scalars(sa.select(AlertCause).where(AlertCause.alert_id == alert_id, AlertCause.level.is_not(None))))


def levels_of(session: Session, alert_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """The levels of what is behind each of these alerts and was not corrected away, over or not."""
    levels: dict[uuid.UUID, list[str]] = {alert_id: [] for alert_id in alert_ids}
    for row in session.execute(sa.select(AlertCause.alert_id, AlertCause.level).where(
            AlertCause.alert_id.in_(levels), AlertCause.level.is_not(None)).distinct()):
        levels[row.alert_id].append(row.level)
    return levels


def standing_causes(session: Session, cause_id: uuid.UUID) -> list[AlertCause]:
    """What a reading or a question is behind and was not corrected away, an alert's kind each."""
    return list(session.scalars(sa.select(AlertCause).where(AlertCause.id == cause_id, AlertCause.level.is_not(None))))


def put_past(session: Session, alert_id: uuid.UUID) -> None:
    """What is behind the alert is over, whatever is measured."""
    session.execute(sa.update(AlertCause).where(AlertCause.alert_id == alert_id).values(past=True))


def last_ending(session: Session, person_id: uuid.UUID, kind: str, after: dt.datetime, *,
                calm: bool, besides: uuid.UUID | None) -> tuple[uuid.UUID, dt.datetime] | None:
    """The person's latest reading after that instant, any besides that one, which ends an alert of that kind, as
    domain.alarms.ends says, and when it was taken; `calm` asks for one without a symptom. One that is itself behind an
    alert of the kind ends none: with tighter limits and in pregnancy there are such."""
    value = Entry.glucose_mmol_l
    risen = sa.or_(value >= LOW_BELOW, Entry.glucose_typed == "HI")
    ends = {"low": risen, "high": sa.and_(value >= LOW_BELOW, value < HIGH_FROM),
            "ketone": Entry.ketone_mmol_l < thresholds.KETONE_RAISED}
    if kind not in ends:
        return None
    raises = sa.exists().where(AlertCause.id == Entry.id, AlertCause.kind == kind, AlertCause.level.is_not(None))
    found = session.execute(sa.select(Entry.id, Entry.occurred_at).where(
        Entry.person_id == person_id, Entry.kind == "glucose", Entry.deleted_at.is_(None), Entry.not_mine.is_not(True),
        Entry.occurred_at > after, Entry.id != (besides or uuid.UUID(int=0)), ends[kind], ~raises,
        Entry.symptoms.is_(None) if calm else sa.true())
        .order_by(Entry.occurred_at.desc(), Entry.id).limit(1)).one_or_none()
    return (found.id, found.occurred_at) if found else None
