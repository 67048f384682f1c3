"""Consents given and withdrawn."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import consents, cursors
from server.domain.access import SELF
from server.domain.camps import DEFAULT_TIMEZONE, zone
from server.domain.documents import CONSENT_DOCUMENTS
from server.domain.refusals import Refusal
from server.models import consents as consent_rows
from server.models.consents import Consent
from server.models.people import Person
from server.services import reach, trail, work
from server.services.work import Call


@work.reads
def documents(session: Session, call: Call) -> dict[str, Any]:
    """The current documents, one a purpose."""
    del session, call  # every one may read them
    return {"items": list(CONSENT_DOCUMENTS), "next": None}


@work.writes
def give(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """The consent, given; the same one again is the one there is.

    A newer version replaces an older one. Raises not_found for an unknown document, document_outdated, guardian_needed,
    guardian_name_needed.
    """
    person, held = reach.person(session, call, draft.get("person_id"), "consent.give")
    document = next((d for d in CONSENT_DOCUMENTS if d["id"] == str(draft["document_id"])), None)
    if document is None:
        raise Refusal("not_found")
    if draft["version"] != document["version"]:
        raise Refusal("document_outdated")
    given_by = draft["given_by"] if SELF in held else "guardian"
    today = call.now.astimezone(zone(DEFAULT_TIMEZONE)).date()
    consents.check_giver(given_by, draft.get("guardian_name"), person.birth_on, today)
    # The person's row orders two consents of one purpose given at the same instant.
    session.scalars(sa.select(Person.id).where(Person.id == person.id).with_for_update()).one()
    live = consent_rows.live(session, person.id, document["purpose"])
    if live is not None and live.document_version == document["version"]:
        return _view(live)
    if live is not None:
        live.withdrawn_at = call.now
        session.flush()
    consent = Consent(id=uuid.uuid4(), person_id=person.id, document_id=draft["document_id"], purpose=document["purpose"],
                      document_version=document["version"], given_by=given_by, guardian_name=draft.get("guardian_name"),
                      filed_by=call.actor_id, given_at=call.now)
    session.add(consent)
    trail.record(session, call, "consent.give", f"consent:{consent.id}", person_id=person.id, fields=["purpose"],
                 content={"purpose": consent.purpose, "version": consent.document_version})
    return _view(consent)


@work.writes
def withdraw(session: Session, call: Call, consent_id: uuid.UUID) -> None:
    """Withdraw a consent; it counts from the next request. Withdrawing `board` also hides the name. Raises not_found."""
    consent = session.scalar(sa.select(Consent).where(Consent.id == consent_id).with_for_update())
    if consent is None:
        raise Refusal("not_found")
    person = reach.person(session, call, consent.person_id, "consent.give").person
    if consent.withdrawn_at is None:
        consent.withdrawn_at = call.now
        if consent.purpose == "board":
            person.board_visible = False
        trail.record(session, call, "consent.withdraw", f"consent:{consent.id}", person_id=person.id, fields=["purpose"])


@work.reads
def page(session: Session, call: Call, person_id: uuid.UUID | None, after: str | None, limit: int) -> dict[str, Any]:
    """All consents of the person, newest first, withdrawn ones too."""
    owner = reach.person_id(session, call, person_id, "consent.read")
    rows = consent_rows.page(session, owner, after=cursors.read(after, "tu"), limit=limit + 1)
    return cursors.page(rows, limit, _view, lambda row: (row.given_at, row.id))


def _view(consent: Consent) -> dict[str, Any]:
    return {"id": consent.id, "person_id": consent.person_id, "document_id": consent.document_id, "purpose": consent.purpose,
            "version": consent.document_version, "given_by": consent.given_by, "filed_by": consent.filed_by,
            "given_at": consent.given_at, "withdrawn_at": consent.withdrawn_at}
