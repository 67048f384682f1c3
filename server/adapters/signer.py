"""Signatures that anybody can check: Ed25519 (RFC 8032) under a key that follows from the seal key."""

import base64
import hashlib
import json
from typing import Any

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"tangying certificate signing v1"


class Signer:
    """Signs what the organisation certifies. `kid` is the thumbprint of its public key (RFC 7638)."""

    def __init__(self, seal_key: bytes) -> None:
        # A key of its own: the seal key itself is for digests (NIST SP 800-108: one key, one purpose).
        seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(seal_key)
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = _text(self._key.public_key().public_bytes_raw())
        self.kid = thumbprint(self.public)

    def sign(self, content: bytes) -> str:
        """The signature, 64 bytes in base64url."""
        return _text(self._key.sign(content))

    def sign_token(self, claims: dict[str, Any], kid: str) -> str:
        """The claims as a JWT (RFC 7519, EdDSA)."""
        return jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": kid})


def thumbprint(public: str) -> str:
    """The name of a public key: a digest of it."""
    needed = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": public}, separators=(",", ":"), sort_keys=True)
    return _text(hashlib.sha256(needed.encode()).digest())


def jwk(kid: str, public: str) -> dict[str, str]:
    """A public key as it is published (RFC 8037)."""
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kid, "x": public}


def holds(public: str, signature: str, content: bytes) -> bool:
    """Whether the signature over the content was made with the key of this public half."""
    try:
        Ed25519PublicKey.from_public_bytes(_raw(public)).verify(_raw(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
