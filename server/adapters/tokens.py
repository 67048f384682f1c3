"""Access tokens (JWT, HS256) and refresh tokens (random, kept by digest)."""

import datetime as dt
import functools
import hashlib
import secrets
import uuid
from typing import NamedTuple

import jwt

from server.domain.refusals import Refusal

ALGORITHM = "HS256"
AUDIENCE = "tangying"
REFRESH_BYTES = 32
_REQUIRED = ["exp", "iat", "sub", "aud", "jti"]


class Bearer(NamedTuple):
    """What a good access token says."""

    person_id: uuid.UUID
    sign_in_id: uuid.UUID
    expires_at_seconds: int


class Tokens:
    """Makes and reads tokens. Time is ours to judge: PyJWT's own clock is switched off."""

    def __init__(self, key: bytes, life_seconds: int) -> None:
        self._key = key
        self.life_seconds = life_seconds
        # The signature of one token is checked once a worker; that the sign-in is alive is asked on every request.
        self._read = functools.lru_cache(maxsize=4096)(self._decode)

    def make(self, person_id: uuid.UUID, sign_in_id: uuid.UUID, now: dt.datetime) -> str:
        """An access token for this sign-in."""
        seconds = int(now.timestamp())
        claims = {"sub": str(person_id), "jti": str(sign_in_id), "aud": AUDIENCE, "iat": seconds,
                  "exp": seconds + self.life_seconds, "typ": "access"}
        return jwt.encode(claims, self._key, ALGORITHM)

    def read(self, token: str, now: dt.datetime) -> Bearer:
        """What the token says. Raises Refusal unauthenticated for anything but our own, token_expired for an old one."""
        bearer = self._read(token)
        if bearer is None:
            raise Refusal("unauthenticated")
        if now.timestamp() >= bearer.expires_at_seconds:
            raise Refusal("token_expired")
        return bearer

    def _decode(self, token: str) -> Bearer | None:
        try:
            read = jwt.decode_complete(token, self._key, algorithms=[ALGORITHM], audience=AUDIENCE, options={
                "require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False})
            header, claims = read["header"], read["payload"]
            if claims.get("typ") != "access" or set(header) != {"alg", "typ"} or type(claims["exp"]) is not int:
                return None
            return Bearer(uuid.UUID(claims["sub"]), uuid.UUID(claims["jti"]), claims["exp"])
        except (jwt.InvalidTokenError, ValueError, AttributeError, TypeError):
            return None


def new_refresh_token() -> str:
    """A refresh token: 32 random bytes."""
    return secrets.token_urlsafe(REFRESH_BYTES)


def digest(secret: str) -> str:
    """The digest under which a random secret is kept; it has too much chance in it to be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
