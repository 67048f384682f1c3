"""The unit of work: the only commit, and one retry after a lost race."""

import contextlib
import dataclasses
import datetime as dt
import functools
import pathlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Concatenate, ParamSpec

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from server.adapters.limits import Limits
from server.adapters.papers import Papers
from server.adapters.photos import Photos
from server.adapters.secrets import Seal
from server.adapters.signer import Signer
from server.adapters.sms import Sms
from server.adapters.tokens import Tokens
from server.adapters.voice import Voice
from server.adapters.wechat import WeChat
from server.clock import Clock
from server.config import Settings
from server.domain.refusals import Refusal
from server.models import session as session_rows
from server.models.audit import Receipt
from server.models.base import WRITES, db, insert_once

Given = ParamSpec("Given")
RECEIPT_LIFE = dt.timedelta(hours=24)
# Serialisation failure, deadlock: another transaction went first and ours may simply go again.
LOST_RACES = ("40001", "40P01")


@dataclasses.dataclass(frozen=True)
class World:
    """What the composition root hands to every use case."""

    settings: Settings
    clock: Clock
    tokens: Tokens
    wechat: WeChat
    seal: Seal
    limits: Limits
    signer: Signer
    papers: Papers
    photos: Photos
    sms: Sms | None
    voice: Voice | None


@dataclasses.dataclass(frozen=True)
class Call:
    """One request: who asks (None before signing in), when, and what it carries besides its content.

    `receipt` is (key, digest of the body) of a request that may be repeated; `if_match` the version it must meet.
    """

    world: World
    now: dt.datetime
    request_id: str
    person_id: uuid.UUID | None = None
    sign_in_id: uuid.UUID | None = None
    receipt: tuple[str, str] | None = None
    if_match: int | None = None

    @property
    def actor_id(self) -> uuid.UUID:
        """The person who asks. Raises Refusal unauthenticated when nobody is signed in."""
        if self.person_id is None:
            raise Refusal("unauthenticated")
        return self.person_id


class Replayed(dict):
    """An answer that was given before, handed out again."""


class Tagged(dict):
    """An answer with the entity tag that was read in the same transaction."""

    tag: str


@dataclasses.dataclass(frozen=True)
class Download:
    """A file that is answered: its content or where it lies, what it is called, and whether it is shown at once."""

    content: bytes | pathlib.Path
    name: str
    content_type: str
    inline: bool = False


Act = Callable[Concatenate[Session, Call, Given], Any]


def writes(act: Act[Given]) -> Callable[Concatenate[Call, Given], Any]:
    """Make a use case that changes something: one transaction, run once more if it lost a race."""

    @functools.wraps(act)
    def run(call: Call, *args: Given.args, **kwargs: Given.kwargs) -> Any:
        try:
            return _once(act, call, *args, **kwargs)
        except DBAPIError as error:
            if not _lost_race(error):
                raise
        return _once(act, call, *args, **kwargs)

    return run


def reads(act: Act[Given]) -> Callable[Concatenate[Call, Given], Any]:
    """Make a use case that only looks: one transaction that leaves nothing behind."""

    @functools.wraps(act)
    def run(call: Call, *args: Given.args, **kwargs: Given.kwargs) -> Any:
        with _transaction(call, writes=False) as session:
            return act(session, call, *args, **kwargs)

    return run


def _once(act: Act[Given], call: Call, *args: Given.args, **kwargs: Given.kwargs) -> Any:
    with _transaction(call, writes=True) as session:
        if call.receipt is None:
            return act(session, call, *args, **kwargs)
        given_before = _claim_receipt(session, call)
        if given_before is not None:
            return given_before
        answer = act(session, call, *args, **kwargs)
        session.execute(sa.update(Receipt).where(Receipt.person_id == call.actor_id, Receipt.key == call.receipt[0])
                        .values(answer=answer))
        return answer


@contextlib.contextmanager
def _transaction(call: Call, *, writes: bool) -> Iterator[Session]:
    # Leaving either block without a commit rolls back.
    with db.engine.connect().execution_options(**{WRITES: writes}) as connection, connection.begin() as transaction, \
            Session(connection, expire_on_commit=False) as session:
        # A token is only a claim: that its sign-in is still alive is asked in the transaction that relies on it.
        if call.sign_in_id is not None and session_rows.person_of(session, call.sign_in_id) != call.person_id:
            raise Refusal("unauthenticated")
        yield session
        if writes:
            session.flush()
            transaction.commit()
        else:
            transaction.rollback()


def _claim_receipt(session: Session, call: Call) -> Replayed | None:
    """None when this request is the first with its key, else the first one's answer. Raises idempotency_key_reused."""
    key, digest = call.receipt or ("", "")
    old = sa.and_(Receipt.person_id == call.actor_id, Receipt.key == key)
    session.execute(sa.delete(Receipt).where(old, Receipt.at <= call.now - RECEIPT_LIFE))
    row = {"person_id": call.actor_id, "key": key, "digest": digest, "at": call.now}
    if insert_once(session, Receipt.__table__, row):
        return None
    first = session.scalars(sa.select(Receipt).where(old)).one()
    if first.digest != digest:
        raise Refusal("idempotency_key_reused")
    return Replayed(first.answer or {})


def _lost_race(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in LOST_RACES


def check_version(call: Call, version: int) -> None:
    """Let the change pass when it was made of the version that is still current. Raises stale."""
    if call.if_match is not None and call.if_match != version:
        raise Refusal("stale")
