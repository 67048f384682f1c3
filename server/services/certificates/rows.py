"""What every use case of certificates shares: reaching one, making one's row, and how it is shown."""

import secrets
import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import access, certificates
from server.domain.access import HOLDER, SELF, Place
from server.domain.refusals import Refusal
from server.models import certificates as certificate_rows
from server.models import people as people_rows
from server.models.base import insert_once
from server.models.certificates import Certificate, SigningKey
from server.services import reach
from server.services.work import Call


def reached(session: Session, call: Call, certificate_id: uuid.UUID, act: str, *, lock: bool = False) -> Certificate:
    """The certificate, its row locked if asked. Raises not_found, forbidden."""
    found = certificate_rows.by_id(session, certificate_id, lock=lock)
    if found is None:
        raise Refusal("not_found")
    if found.person_id == call.actor_id:
        held = {SELF}
    else:
        held = {HOLDER} if people_rows.holds_tie(session, call.actor_id, found.person_id) else set()
        held |= reach.roles_at(session, call, Place(found.organisation_id, found.camp_id, found.class_id, found.person_id))
    access.require(act, held)
    return found


def live(certificate: Certificate) -> Certificate:
    """The certificate when it is still in force. Raises certificate_not_live."""
    if state_of(certificate) != certificates.VALID:
        raise Refusal("certificate_not_live")
    return certificate


def state_of(certificate: Certificate) -> str:
    """valid, revoked or replaced."""
    if certificate.replaced_by:
        return certificates.REPLACED
    return certificates.REVOKED if certificate.revoked_at else certificates.VALID


def keep_key(session: Session, call: Call) -> None:
    """Publish the key we sign with, if it is new."""
    signer = call.world.signer
    insert_once(session, SigningKey.__table__, {"kid": signer.kid, "public": signer.public, "since": call.now})


def row(call: Call, facts: dict[str, Any], year: int, **place: Any) -> dict[str, Any]:
    """A signed certificate as its row. `place` holds organisation, camp, class, enrolment, person and generation."""
    number = certificates.new_number(year, secrets.choice)
    signed = certificates.canonical(certificates.certified(number, facts))
    return {"id": uuid.uuid4(), "number": number, "facts": facts, "kid": call.world.signer.kid,
            "signature": call.world.signer.sign(signed), "issued_at": call.now, "version": 1, **place}


def page_of(call: Call, number: str) -> str:
    """Where anybody can check a number."""
    return f"{call.world.settings.public_url}/c/{number}"


def view(certificate: Certificate, call: Call) -> dict[str, Any]:
    """A certificate as its owner and staff see it."""
    return {"id": certificate.id, "number": certificate.number, "person_id": certificate.person_id,
            "enrolment_id": certificate.enrolment_id, "camp_id": certificate.camp_id, "class_id": certificate.class_id,
            **{key: certificate.facts[key] for key in ("name", "camp", "class", "level", "complete_days", "camp_days",
                                                       "starts_on", "ends_on", "issued_on", "issuer")},
            "status": state_of(certificate), "replaced_by": certificate.replaced_by,
            "check_url": page_of(call, certificate.number), "version": certificate.version}
