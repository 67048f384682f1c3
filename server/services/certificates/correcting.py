"""Correcting: a certificate is never changed; it is revoked, or replaced by a new one."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import camps, certificates
from server.models.camps import Camp
from server.models.certificates import Certificate
from server.services import outbox, trail, work
from server.services.certificates import rows
from server.services.work import Call


@work.writes
def revoke(session: Session, call: Call, certificate_id: uuid.UUID, reason: str) -> dict[str, Any]:
    """The certificate, revoked; whoever checks its number is told so. Raises not_found, forbidden,
    certificate_not_live."""
    certificate = rows.live(rows.reached(session, call, certificate_id, "certificate.revoke", lock=True))
    certificate.revoked_at, certificate.revoked_reason = call.now, reason
    trail.record(session, call, "certificate.revoke", f"certificate:{certificate.id}", person_id=certificate.person_id,
                 organisation_id=certificate.organisation_id, fields=["revoked_at", "revoked_reason"], content=reason)
    session.flush()
    return rows.view(certificate, call)


@work.writes
def reissue(session: Session, call: Call, certificate_id: uuid.UUID, name: str) -> dict[str, Any]:
    """A new certificate with the right name; the old number leads to it. Raises not_found, forbidden,
    certificate_not_live."""
    old = rows.live(rows.reached(session, call, certificate_id, "certificate.reissue", lock=True))
    zone = camps.zone(session.get_one(Camp, old.camp_id).timezone)
    today = call.now.astimezone(zone).date()
    facts = {**old.facts, "name": certificates.printable_name(name), "issued_on": str(today)}
    rows.keep_key(session, call)
    new = Certificate(**rows.row(
        call, facts, today.year, organisation_id=old.organisation_id, camp_id=old.camp_id, class_id=old.class_id,
        enrolment_id=old.enrolment_id, person_id=old.person_id, generation=old.generation + 1))
    session.add(new)
    old.replaced_by = new.number
    trail.record(session, call, "certificate.reissue", f"certificate:{old.id}", person_id=old.person_id,
                 organisation_id=old.organisation_id, fields=["name"], content=name)
    outbox.leave(session, call, old.person_id, "certificate_issued", "您的证书已更正并换发，请打开小程序查看新证书。",
                 f"certificate:{new.id}", organisation_id=old.organisation_id)
    session.flush()
    return rows.view(new, call)
