"""The consent documents that ship with the project: one for each purpose, in the version now shown to people."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from server.domain.documents.consents import TEXTS

# A changed word is a new version, and whoever agreed to the old one is asked again.
VERSION = "2026-01"


def document_id(purpose: str, version: str) -> str:
    """The id of that version of the document: always the same, so that seeding twice adds nothing."""
    return str(uuid5(NAMESPACE_URL, f"urn:tangying:consent:{purpose}:{version}"))


CONSENT_DOCUMENTS: tuple[dict[str, Any], ...] = tuple(
    {
        "id": document_id(purpose, VERSION),
        "purpose": purpose,
        "version": VERSION,
        "title": text["title"],
        "body": text["body"],
        "required": purpose == "care",
    }
    for purpose, text in TEXTS.items()
)
