"""Sealed columns, blind indexes and keyed digests."""

import hashlib
import hmac
import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12
INDEX_BYTES = 16


class Cipher:
    """AES-256-GCM with named keys. Sealed bytes are: length of the key id, key id, nonce, ciphertext with its tag.

    The first key seals; every key opens, so that keys can be turned over without rewriting the tables at once.
    """

    def __init__(self, column_keys: Mapping[str, bytes], index_key: bytes) -> None:
        self._keys = {key_id.encode(): AESGCM(key) for key_id, key in column_keys.items()}
        self._first = next(iter(self._keys))
        self._index_key = index_key

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """The sealed bytes; they open only with the same context."""
        nonce = os.urandom(NONCE_BYTES)
        head = bytes([len(self._first)]) + self._first
        return head + nonce + self._keys[self._first].encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes. Raises KeyError for a key we do not have and InvalidTag for anything tampered with."""
        start = 1 + sealed[0]
        key = self._keys[sealed[1:start]]
        return key.decrypt(sealed[start:start + NONCE_BYTES], sealed[start + NONCE_BYTES:], context)

    def blind_index(self, plain: str, context: str) -> bytes:
        """A keyed digest by which an equal value is found without opening any."""
        return hmac.digest(self._index_key, f"{context}\0{plain}".encode(), "sha256")[:INDEX_BYTES]


class Seal:
    """Keyed digests for the audit trail: they prove what was written without saying it."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def digest(self, content: bytes) -> str:
        """The hex digest of the content under our key."""
        return hmac.new(self._key, content, hashlib.sha256).hexdigest()
