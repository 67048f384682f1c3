"""Exports for admins: asked for with a purpose, made in the background, fetched within a day."""

import contextlib
import dataclasses
import datetime as dt
import os
import pathlib
import uuid
from collections.abc import Iterator
from typing import Any

import structlog
from sqlalchemy.orm import Session

from server.domain.refusals import Refusal
from server.models import certificates as certificate_rows
from server.models.camps import Camp
from server.models.certificates import CertificateExport
from server.models.classes import Class
from server.services import reach, trail, work
from server.services.certificates import files
from server.services.work import Call, Download

BATCH = 50
KEPT = dt.timedelta(hours=24)
# A batch takes two seconds; who says nothing for this long has died.
HELD = dt.timedelta(minutes=2)
MOST_ATTEMPTS = 3
AN_HOUR = dt.timedelta(hours=1)
log = structlog.get_logger()


@dataclasses.dataclass(frozen=True)
class Scope:
    """What is exported: the certificates of a camp, or of one of its classes."""

    camp_id: uuid.UUID
    class_id: uuid.UUID | None
    form: str

    @property
    def live_only(self) -> bool:
        """A ZIP holds papers in force; a register lists every number."""
        return self.form == files.ZIP


@work.writes
def ask_export(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """A new export, waiting. Raises not_found, forbidden, export_unnamed, too_many_requests."""
    organisation_id, scope = _scope(session, draft.get("camp_id"), draft.get("class_id"), draft["format"])
    if scope.class_id:
        reach.class_(session, call, scope.class_id, "certificate.export")
    else:
        reach.camp(session, call, scope.camp_id, "certificate.export")
    if certificate_rows.exports_since(session, call.actor_id, call.now - AN_HOUR) >= call.world.settings.exports_per_hour:
        raise Refusal("too_many_requests", retry_after_seconds=600)
    export = CertificateExport(
        id=uuid.uuid4(), organisation_id=organisation_id, camp_id=scope.camp_id, class_id=scope.class_id,
        format=scope.form, purpose=draft["purpose"], asked_by=call.actor_id, asked_at=call.now, attempts=0, done=0,
        status=certificate_rows.WAITING, total=_count(session, scope))
    session.add(export)
    trail.record(session, call, "certificate.export", f"export:{export.id}", organisation_id=organisation_id,
                 fields=["format", "purpose"], content=draft)
    return _view(export)


@work.reads
def show_export(session: Session, call: Call, export_id: uuid.UUID) -> dict[str, Any]:
    """How far the export is. Raises not_found, forbidden."""
    return _view(_reached(session, call, export_id))


@work.writes
def export_file(session: Session, call: Call, export_id: uuid.UUID) -> Download:
    """The export's file. Raises not_found, forbidden, export_not_ready, export_gone."""
    export = _reached(session, call, export_id)
    if export.status != certificate_rows.DONE:
        raise Refusal("export_not_ready")
    path = _path(call, export.id)
    if export.dropped_at is not None or not path.is_file():
        raise Refusal("export_gone")
    group = session.get(Class, export.class_id) if export.class_id else None
    name = f"{session.get_one(Camp, export.camp_id).name}{f' {group.name}' if group else ''}"
    trail.record(session, call, "certificate.export_fetch", f"export:{export.id}", organisation_id=export.organisation_id)
    return Download(path, f"{name} 证书{'' if export.format == files.ZIP else '登记册'}.{export.format}",
                    "application/octet-stream")


def run_exports(call: Call) -> int:
    """Make the exports that wait, one after the other, and drop files that are a day old; how many were made."""
    made = 0
    for export in _drop_stale(call):
        _path(call, export).unlink(missing_ok=True)
    while (taken := _take(call)) is not None:
        made += _make(call, *taken)
    return made


def export_by_hand(call: Call, camp_id: uuid.UUID | None, class_id: uuid.UUID | None, form: str, purpose: str,
                   path: pathlib.Path) -> Iterator[tuple[int, int]]:
    """(done, total) while the export is written to a path of the operator's. Raises not_found, export_unnamed."""
    scope, total = _ask_by_hand(call, camp_id, class_id, form, purpose)
    for done in _write(call, scope, path):
        yield done, total


def _make(call: Call, export_id: uuid.UUID, attempt: int, scope: Scope) -> bool:
    """Whether the export was made by us: not when it failed, nor when somebody else has taken it over."""
    aside = _path(call, export_id).with_suffix(f".{attempt}.part")
    try:
        for done in _write(call, scope, aside):
            if not _hold(_now(call), export_id, attempt, done):
                return False
        os.replace(aside, _path(call, export_id))
        return _close(_now(call), export_id, attempt)
    except Exception as fault:  # noqa: BLE001 whatever it was, the next export must not wait behind it
        log.error("export_failed", export=str(export_id), fault=type(fault).__name__)
        _give_up(_now(call), export_id, attempt)
        return False
    finally:
        aside.unlink(missing_ok=True)


def _write(call: Call, scope: Scope, path: pathlib.Path) -> Iterator[int]:
    """How many certificates are in the file, after each batch; on disk when it ends."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    done, last = 0, None
    with contextlib.closing(files.begin(scope.form, path, call)) as file:
        while batch := _batch(call, scope, last):
            for certificate in batch:
                file.add(certificate)
            done, last = done + len(batch), batch[-1]
            yield done
    with path.open("rb+") as written:
        os.fsync(written.fileno())


def _now(call: Call) -> Call:
    """The same call at the time that it is now: an export takes minutes."""
    return dataclasses.replace(call, now=call.world.clock.now())


@work.reads
def _batch(session: Session, call: Call, scope: Scope, last: Any) -> list[Any]:
    del call
    return certificate_rows.exported(session, scope.camp_id, scope.class_id, live_only=scope.live_only, after=last, limit=BATCH)


@work.writes
def _ask_by_hand(session: Session, call: Call, camp_id: uuid.UUID | None, class_id: uuid.UUID | None, form: str,
                 purpose: str) -> tuple[Scope, int]:
    organisation_id, scope = _scope(session, camp_id, class_id, form)
    trail.record(session, call, "certificate.export", f"camp:{scope.camp_id}", organisation_id=organisation_id,
                 fields=["format", "purpose"], content=purpose)
    return scope, _count(session, scope)


def _take(call: Call) -> tuple[uuid.UUID, int, Scope] | None:
    return _take_it(_now(call)) if _one_waits(_now(call)) else None


@work.reads
def _one_waits(session: Session, call: Call) -> bool:
    return certificate_rows.next_export(session, call.now) is not None


@work.writes
def _take_it(session: Session, call: Call) -> tuple[uuid.UUID, int, Scope] | None:
    export_id = certificate_rows.next_export(session, call.now)
    if export_id is None or not certificate_rows.take_export(session, export_id, call.now, call.now + HELD):
        return None
    export = session.get_one(CertificateExport, export_id)
    return export.id, export.attempts, Scope(export.camp_id, export.class_id, export.format)


@work.writes
def _hold(session: Session, call: Call, export_id: uuid.UUID, attempt: int, done: int) -> bool:
    return certificate_rows.hold_export(session, export_id, attempt, done=done, held_until=call.now + HELD)


@work.writes
def _close(session: Session, call: Call, export_id: uuid.UUID, attempt: int) -> bool:
    return certificate_rows.hold_export(session, export_id, attempt, status=certificate_rows.DONE, finished_at=call.now)


@work.writes
def _give_up(session: Session, call: Call, export_id: uuid.UUID, attempt: int) -> bool:
    del call
    again = certificate_rows.WAITING if attempt < MOST_ATTEMPTS else certificate_rows.FAILED
    return certificate_rows.hold_export(session, export_id, attempt, status=again)


@work.reads
def _stale(session: Session, call: Call) -> bool:
    return bool(certificate_rows.stale_exports(session, call.now - KEPT, 1))


def _drop_stale(call: Call) -> list[uuid.UUID]:
    return _drop(call) if _stale(call) else []


@work.writes
def _drop(session: Session, call: Call) -> list[uuid.UUID]:
    stale = certificate_rows.stale_exports(session, call.now - KEPT, 100)
    for export in stale:
        export.dropped_at = call.now
    return [export.id for export in stale]


def _scope(session: Session, camp_id: uuid.UUID | None, class_id: uuid.UUID | None, form: str) -> tuple[uuid.UUID, Scope]:
    """The organisation and what is exported. Raises export_unnamed, not_found."""
    if (camp_id is None) == (class_id is None):
        raise Refusal("export_unnamed")
    found = session.get(Camp, camp_id) if camp_id else session.get(Class, class_id)
    if found is None:
        raise Refusal("not_found")
    return found.organisation_id, Scope(found.id if camp_id else found.camp_id, class_id, form)


def _count(session: Session, scope: Scope) -> int:
    return certificate_rows.count_exported(session, scope.camp_id, scope.class_id, live_only=scope.live_only)


def _reached(session: Session, call: Call, export_id: uuid.UUID) -> CertificateExport:
    export = session.get(CertificateExport, export_id)
    if export is None:
        raise Refusal("not_found")
    reach.organisation(session, call, export.organisation_id, "certificate.export")
    return export


def _path(call: Call, export_id: uuid.UUID) -> pathlib.Path:
    return call.world.settings.data_dir / "exports" / str(export_id)


def _view(export: CertificateExport) -> dict[str, Any]:
    return {"id": export.id, "status": export.status, "done": export.done, "total": export.total, "format": export.format,
            "purpose": export.purpose, "camp_id": export.camp_id, "class_id": export.class_id, "asked_at": export.asked_at,
            "expires_at": export.finished_at + KEPT if export.finished_at else None}
