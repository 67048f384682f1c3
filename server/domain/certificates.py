"""Certificates: their numbers, the names on them and the facts that are signed."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from server.domain import codes

RANDOM_LETTERS = 8
NAMELESS = "糖友"
MOST_NAME = 60
VALID, REVOKED, REPLACED, UNKNOWN = "valid", "revoked", "replaced", "unknown"
KEY_ID = re.compile("[A-Za-z0-9_-]{43}")
_NUMBER = re.compile(f"(TY[0-9]{{2}})([{codes.LETTERS}]{{4}})([{codes.LETTERS}]{{4}})([0-9]{{2}})")
# Pictures, modifiers, invisible and private characters: no font of a certificate draws them.
_UNPRINTED = {"So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn", "Me"}
_SIGNED = ("camp", "level", "complete_days", "camp_days", "starts_on", "ends_on", "issued_on", "issuer")


def new_number(year: int, choose: Callable[[str], str]) -> str:
    """A number such as TY26-7K3M-Q9XR-58: year, eight letters left to chance (31^8, so none follows from another) and
    two check digits. `choose` picks one letter of many."""
    body = f"TY{year % 100:02}{codes.make(choose, RANDOM_LETTERS)}"
    return _written(body + f"{98 - _remainder(body + '00'):02}")


def read_number(text: str) -> str | None:
    """The number as it is written when somebody typed it, in any case, width and grouping; None when it is none.

    The check digits are ISO 7064 MOD 97-10: they find every single wrong character and every swap of neighbours.
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", text).upper() if letter.isalnum())
    return _written(plain) if _NUMBER.fullmatch(plain) and _remainder(plain) == 1 else None


def _remainder(plain: str) -> int:
    # ISO 7064: a letter counts as two digits, A as 10 and Z as 35.
    return int("".join(str(int(letter, 36)) for letter in plain)) % 97


def _written(plain: str) -> str:
    return f"{plain[:4]}-{plain[4:8]}-{plain[8:12]}-{plain[12:]}"


def printable_name(name: str) -> str:
    """The name as it can be set: without emoji, invisible characters and marks that turn the direction of text."""
    kept = (letter for letter in unicodedata.normalize("NFC", name)
            if unicodedata.category(letter) not in _UNPRINTED and not 0xFE00 <= ord(letter) <= 0xFE0F)
    return " ".join("".join(kept).split())[:MOST_NAME] or NAMELESS


def masked(name: str) -> str:
    """The first character of a name, and that there is more."""
    return f"{name[:1]}**"


def certified(number: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What is signed. It can be shown to anybody: the name is masked, and a digest lets who knows it compare."""
    digest = hashlib.sha256(f"{number}\n{facts['name']}".encode()).hexdigest()
    return {"v": 1, "number": number, "name": masked(facts["name"]), "name_digest": digest,
            **{key: facts[key] for key in _SIGNED}}


def bears_name(signed: Mapping[str, Any], name: str) -> bool:
    """Whether the signed facts are about somebody of this full name."""
    digest = hashlib.sha256(f"{signed['number']}\n{printable_name(name)}".encode()).hexdigest()
    return digest == signed["name_digest"]


def canonical(signed: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: JSON as RFC 8785 writes texts and whole numbers."""
    return json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def badge(number: str, facts: Mapping[str, Any], public_url: str, issued_at: str) -> dict[str, Any]:
    """The certificate as an Open Badges 3.0 credential (1EdTech, 2024). The name is in it as a salted digest alone."""
    salted = hashlib.sha256(f"{facts['name']}{number}".encode()).hexdigest()
    page = f"{public_url}/c/{number}"
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": page,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{facts['level']}证书",
        "issuer": {"id": public_url, "type": ["Profile"], "name": facts["issuer"], "url": public_url},
        "validFrom": issued_at,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "hashed": True, "identityHash": f"sha256${salted}",
                            "identityType": "name", "salt": number}],
            "achievement": {
                "id": f"{page}#achievement", "type": ["Achievement"], "name": f"{facts['camp']} · {facts['level']}",
                "description": f"{facts['camp_days']} 天控糖训练营，累计完成打卡 {facts['complete_days']} 天。",
                "criteria": {"narrative": "饮食、运动、血糖与课程按方案打卡，完成天数达到该等级的要求。"}}},
        "evidence": [{"id": page, "type": ["Evidence"], "name": "核对证书"}],
    }
