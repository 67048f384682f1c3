"""Certificates, the keys they were signed with, and exports of them."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.models.base import Base, Id, Version
from server.models.camps import Camp
from server.models.classes import Class
from server.models.enrolments import Enrolment
from server.models.people import Person, after_values
from server.models.types import Sealed

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


class Certificate(Base):
    """One certificate. `facts` is what it says, sealed for the name in it; a reissue is the next generation.

    An enrolment has one certificate of a generation: whoever issues twice meets that constraint.
    """

    __tablename__ = "certificates"
    id: Mapped[Id]
    number: Mapped[str] = mapped_column(sa.String(20), unique=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    camp_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("camps.id"))
    class_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("classes.id"))
    enrolment_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("enrolments.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    generation: Mapped[int]
    facts: Mapped[Any] = mapped_column(Sealed("certificates.facts", as_json=True))
    kid: Mapped[str] = mapped_column(sa.String(64), sa.ForeignKey("signing_keys.kid"))
    signature: Mapped[str] = mapped_column(sa.String(100))
    issued_at: Mapped[dt.datetime]
    replaced_by: Mapped[str | None] = mapped_column(sa.String(20))
    revoked_at: Mapped[dt.datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(Sealed("certificates.revoked_reason"))
    version: Mapped[Version]
    __table_args__ = (
        sa.UniqueConstraint("enrolment_id", "generation"),
        sa.Index("ix_certificates_person", "person_id", "issued_at", "id"),
        sa.Index("ix_certificates_camp", "camp_id", "class_id", "id"),
    )


class SigningKey(Base):
    """The public half of a key that certificates were signed with; it stays published when the key is turned over."""

    __tablename__ = "signing_keys"
    kid: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    public: Mapped[str] = mapped_column(sa.String(64))
    since: Mapped[dt.datetime]


class CertificateExport(Base):
    """A file of certificates being made. Whoever makes it holds it until `held_until`, told on with every step."""

    __tablename__ = "certificate_exports"
    id: Mapped[Id]
    organisation_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("organisations.id"))
    camp_id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("camps.id"))
    class_id: Mapped[uuid.UUID | None] = mapped_column(sa.Uuid, sa.ForeignKey("classes.id"))
    format: Mapped[str] = mapped_column(sa.String(4))
    purpose: Mapped[str] = mapped_column(Sealed("certificate_exports.purpose"))
    asked_by: Mapped[uuid.UUID] = mapped_column(sa.Uuid, sa.ForeignKey("people.id"))
    asked_at: Mapped[dt.datetime]
    status: Mapped[str] = mapped_column(sa.String(8))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int]
    attempts: Mapped[int] = mapped_column(default=0)
    held_until: Mapped[dt.datetime | None]
    finished_at: Mapped[dt.datetime | None]
    dropped_at: Mapped[dt.datetime | None]
    __table_args__ = (
        sa.Index("ix_certificate_exports_status", "status", "asked_at"),
        sa.Index("ix_certificate_exports_asked", "asked_by", "asked_at"),
    )


def uncertified(session: Session, camp_id: uuid.UUID, *, after: uuid.UUID | None,
                limit: int) -> list[tuple[Enrolment, Person, str]]:
    """Finished members of the camp without a certificate, locked, each with the person and the name of the class."""
    query = (sa.select(Enrolment, Person, Class.name).join(Person, Person.id == Enrolment.person_id)
             .join(Class, Class.id == Enrolment.class_id)
             .where(Enrolment.camp_id == camp_id, Enrolment.status == "finished",
                    ~sa.exists().where(Certificate.enrolment_id == Enrolment.id)))
    if after:
        query = query.where(Enrolment.id > after)
    query = query.order_by(Enrolment.id).limit(limit).with_for_update(of=Enrolment)
    return [tuple(row) for row in session.execute(query)]


def issued_in(session: Session, camp_id: uuid.UUID) -> int:
    """How many enrolments of the camp have been certified."""
    return session.scalar(sa.select(sa.func.count()).select_from(Certificate).where(
        Certificate.camp_id == camp_id, Certificate.generation == 1)) or 0


def camps_to_certify(session: Session, limit: int) -> list[Camp]:
    """Finished camps of which the certificates have not all been issued yet."""
    return list(session.scalars(sa.select(Camp).where(
        Camp.finished_at.is_not(None), Camp.certified_at.is_(None)).order_by(Camp.starts_on, Camp.id).limit(limit)))


def by_id(session: Session, certificate_id: uuid.UUID, *, lock: bool = False) -> Certificate | None:
    """The certificate of that id, its row locked if asked."""
    query = sa.select(Certificate).where(Certificate.id == certificate_id)
    return session.scalar(query.with_for_update() if lock else query)


def by_number(session: Session, number: str) -> Certificate | None:
    """The certificate of that number."""
    return session.scalar(sa.select(Certificate).where(Certificate.number == number))


def of_person(session: Session, person_id: uuid.UUID, *, after: tuple | None, limit: int) -> list[Certificate]:
    """The person's certificates, newest first."""
    query = sa.select(Certificate).where(Certificate.person_id == person_id)
    if after:
        query = query.where(sa.tuple_(Certificate.issued_at, Certificate.id) < sa.tuple_(
            *after_values(after, Certificate.issued_at, Certificate.id)))
    return list(session.scalars(query.order_by(Certificate.issued_at.desc(), Certificate.id.desc()).limit(limit)))


def _exported(camp_id: uuid.UUID, class_id: uuid.UUID | None, *, live_only: bool) -> list[sa.ColumnElement[bool]]:
    wanted = [Certificate.camp_id == camp_id]
    if class_id:
        wanted.append(Certificate.class_id == class_id)
    if live_only:
        wanted += [Certificate.replaced_by.is_(None), Certificate.revoked_at.is_(None)]
    return wanted


def count_exported(session: Session, camp_id: uuid.UUID, class_id: uuid.UUID | None, *, live_only: bool) -> int:
    """How many certificates an export of this camp or class holds."""
    return session.scalar(sa.select(sa.func.count()).select_from(Certificate).where(
        *_exported(camp_id, class_id, live_only=live_only))) or 0


def exported(session: Session, camp_id: uuid.UUID, class_id: uuid.UUID | None, *, live_only: bool,
             after: Certificate | None, limit: int) -> list[Certificate]:
    """The next of them, class by class."""
    query = sa.select(Certificate).where(*_exported(camp_id, class_id, live_only=live_only))
    if after:
        query = query.where(sa.tuple_(Certificate.class_id, Certificate.id) > sa.tuple_(
            sa.literal(after.class_id, sa.Uuid), sa.literal(after.id, sa.Uuid)))
    return list(session.scalars(query.order_by(Certificate.class_id, Certificate.id).limit(limit)))


def exports_since(session: Session, person_id: uuid.UUID, since: dt.datetime) -> int:
    """How many exports the person has asked for since."""
    return session.scalar(sa.select(sa.func.count()).select_from(CertificateExport).where(
        CertificateExport.asked_by == person_id, CertificateExport.asked_at > since)) or 0


def _free(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.or_(CertificateExport.status == WAITING, sa.and_(
        CertificateExport.status == RUNNING, CertificateExport.held_until < now))


def next_export(session: Session, now: dt.datetime) -> uuid.UUID | None:
    """The export that has waited longest, or whose maker has gone silent."""
    return session.scalar(sa.select(CertificateExport.id).where(_free(now)).order_by(CertificateExport.asked_at).limit(1))


def take_export(session: Session, export_id: uuid.UUID, now: dt.datetime, held_until: dt.datetime) -> bool:
    """Whether the export is ours to make: one statement, so that one of many takes it."""
    return session.execute(sa.update(CertificateExport).where(CertificateExport.id == export_id, _free(now)).values(
        status=RUNNING, held_until=held_until, attempts=CertificateExport.attempts + 1, done=0)).rowcount == 1


def hold_export(session: Session, export_id: uuid.UUID, attempt: int, **values: Any) -> bool:
    """Whether the export is still ours after telling how far it is: another attempt has not begun meanwhile."""
    return session.execute(sa.update(CertificateExport).where(
        CertificateExport.id == export_id, CertificateExport.attempts == attempt,
        CertificateExport.status == RUNNING).values(**values)).rowcount == 1


def stale_exports(session: Session, before: dt.datetime, limit: int) -> list[CertificateExport]:
    """Exports that were finished before that instant and whose file still lies there."""
    return list(session.scalars(sa.select(CertificateExport).where(
        CertificateExport.status == DONE, CertificateExport.dropped_at.is_(None),
        CertificateExport.finished_at < before).with_for_update().limit(limit)))
