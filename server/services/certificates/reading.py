"""Looking at certificates: one's own, as papers, and for anybody who holds a number."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.adapters import signer
from server.domain import certificates, cursors
from server.domain.refusals import Refusal
from server.models import certificates as certificate_rows
from server.models.certificates import Certificate, SigningKey
from server.services import reach, work
from server.services.certificates import papers, rows
from server.services.work import Call, Download

KEYS_PATH = "/api/v1/certificates/keys"


@work.reads
def mine(session: Session, call: Call, person_id: uuid.UUID | None, after: str | None, limit: int) -> dict[str, Any]:
    """The person's certificates, newest first, replaced and revoked ones too. Raises not_found, forbidden."""
    owner = reach.person_id(session, call, person_id, "certificate.read")
    found = certificate_rows.of_person(session, owner, after=cursors.read(after, "tu"), limit=limit + 1)
    return cursors.page(found, limit, lambda one: rows.view(one, call), lambda one: (one.issued_at, one.id))


def pdf(call: Call, certificate_id: uuid.UUID) -> Download:
    """The certificate as an A4 PDF. Raises not_found, forbidden, certificate_not_live."""
    told, name = _printed(call, certificate_id)
    return Download(call.world.papers.pdf("certificate", told), f"{name}.pdf", "application/pdf", inline=True)


def png(call: Call, certificate_id: uuid.UUID) -> Download:
    """The certificate as a picture to share, 1080 pixels wide. Raises not_found, forbidden, certificate_not_live."""
    told, name = _printed(call, certificate_id)
    return Download(call.world.papers.png("share", told), f"{name}.png", "image/png", inline=True)


@work.reads
def _printed(session: Session, call: Call, certificate_id: uuid.UUID) -> tuple[dict[str, Any], str]:
    certificate = rows.live(rows.reached(session, call, certificate_id, "certificate.read"))
    return papers.told(certificate, rows.page_of(call, certificate.number)), papers.file_stem(certificate)


@work.reads
def token(session: Session, call: Call, certificate_id: uuid.UUID) -> Download:
    """The certificate as an Open Badges 3.0 credential, a JWT signed with EdDSA. Raises as `pdf`."""
    certificate = rows.live(rows.reached(session, call, certificate_id, "certificate.read"))
    base, now_signing = call.world.settings.public_url, call.world.signer
    issued_at = certificate.issued_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    badge = certificates.badge(certificate.number, certificate.facts, base, issued_at)
    claims = {**badge, "iss": base, "jti": badge["id"], "nbf": int(certificate.issued_at.timestamp()),
              "sub": f"urn:uuid:{certificate.id}"}
    signed = now_signing.sign_token(claims, f"{base}{KEYS_PATH}/{now_signing.kid}")
    return Download(signed.encode(), f"{papers.file_stem(certificate)}.jwt", "application/vc+jwt", inline=True)


@work.reads
def check(session: Session, call: Call, text: str) -> dict[str, Any]:
    """What anybody may know of a number: valid, revoked, replaced (with the new number) or unknown; a masked name."""
    number = certificates.read_number(text)
    found = certificate_rows.by_number(session, number) if number else None
    if found is None:
        return {"status": certificates.UNKNOWN, "number": number, **dict.fromkeys((
            "name", "camp", "level", "days", "issued_on", "issuer", "replaced_by", "certified", "signature", "kid"))}
    signed = certificates.certified(found.number, found.facts)
    return {"status": rows.state_of(found), "number": found.number, "days": signed["complete_days"],
            **{key: signed[key] for key in ("name", "camp", "level", "issued_on", "issuer")},
            "replaced_by": _in_force(session, found) if found.replaced_by else None,
            "certified": signed, "signature": found.signature, "kid": found.kid}


def _in_force(session: Session, certificate: Certificate) -> str:
    """The newest number that a replaced one leads to."""
    number = session.scalar(sa.select(Certificate.number).where(
        Certificate.enrolment_id == certificate.enrolment_id).order_by(Certificate.generation.desc()).limit(1))
    return number or certificate.number


@work.reads
def keys(session: Session, call: Call) -> dict[str, Any]:
    """Every public key that certificates were ever signed with, as a JWK set (RFC 7517)."""
    kept = {key.kid: key.public for key in session.scalars(sa.select(SigningKey).order_by(SigningKey.since))}
    kept.setdefault(call.world.signer.kid, call.world.signer.public)
    return {"keys": [signer.jwk(kid, public) for kid, public in kept.items()]}


@work.reads
def public_key(session: Session, call: Call, kid: str) -> dict[str, Any]:
    """One of them. Raises not_found."""
    own = call.world.signer
    # What is no thumbprint is looked up nowhere: a database may not even take its characters.
    kept = session.get(SigningKey, kid) if certificates.KEY_ID.fullmatch(kid) else None
    if kept is None and kid != own.kid:
        raise Refusal("not_found")
    return signer.jwk(kid, kept.public if kept else own.public)
