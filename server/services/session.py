"""Signing in with WeChat, refreshing, signing out, and binding the phone number."""

import datetime as dt
import re
import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.adapters import tokens
from server.adapters.wechat import WeChatUser
from server.domain.access import Grant
from server.domain.people import DEFAULT_NICKNAME
from server.domain.refusals import Refusal
from server.models import people as people_rows
from server.models import session as session_rows
from server.models.base import insert_once
from server.models.people import Identity, Person
from server.models.session import RefreshToken, SignIn, SpentCode
from server.services import trail, work
from server.services.work import Call

DEVELOPMENT_CODE = re.compile(r"dev:([A-Za-z0-9_-]{1,64})")


def start(call: Call, code: str) -> dict[str, Any]:
    """Sign in the person a WeChat code (or, outside production, a development code) stands for.

    WeChat is asked before the transaction begins: nothing waits for the network with a lock in hand. Raises
    code_refused, wechat_away.
    """
    development = DEVELOPMENT_CODE.fullmatch(code)
    if development and not call.world.settings.is_production:
        return _sign_in(call, "dev", WeChatUser(development[1], None), None)
    if code.startswith("dev:"):
        raise Refusal("code_refused")
    return _sign_in(call, "wechat", call.world.wechat.user_of(code), tokens.digest(code))


@work.writes
def _sign_in(session: Session, call: Call, provider: str, user: WeChatUser, spent_code: str | None) -> dict[str, Any]:
    if spent_code and not insert_once(session, SpentCode.__table__, {"digest": spent_code, "spent_at": call.now}):
        raise Refusal("code_refused")
    person = people_rows.by_openid(session, provider, user.openid)
    is_new = person is None
    if person is None:
        known = people_rows.by_unionid(session, user.unionid) if user.unionid else None
        person, is_new = known or people_rows.add(session, _first_nickname(provider, user), call.now), known is None
        session.add(Identity(
            id=uuid.uuid4(), person_id=person.id, provider=provider, openid=user.openid, unionid=user.unionid,
            openid_index=people_rows.openid_index(provider, user.openid), created_at=call.now,
            unionid_index=people_rows.unionid_index(user.unionid) if user.unionid else None))
    call.world.limits.check("sign_in", str(person.id), call.world.settings.sign_ins_per_minute)
    sign_in = SignIn(id=uuid.uuid4(), person_id=person.id, started_at=call.now)
    session.add(sign_in)
    session.flush()
    trail.record(session, call, "session.start", f"sign_in:{sign_in.id}", person_id=person.id)
    answer = _pair(session, call, sign_in)
    return {**answer, "person": person_view(person, people_rows.grants_of(session, person.id)), "is_new": is_new}


def _first_nickname(provider: str, user: WeChatUser) -> str:
    return user.openid if provider == "dev" else DEFAULT_NICKNAME


@work.writes
def _spend(session: Session, call: Call, refresh_token: str) -> dict[str, Any] | uuid.UUID:
    """The new pair; or, when the token was spent before, the family that must die."""
    digest = tokens.digest(refresh_token)
    token = session_rows.spend(session, digest, call.now)
    if token is None:
        known = session.get(RefreshToken, digest)
        if known is None:
            raise Refusal("unauthenticated")
        session_rows.end(session, known.sign_in_id, "token_reused", call.now)
        trail.record(session, call, "session.end_reused", f"sign_in:{known.sign_in_id}")
        return known.sign_in_id
    sign_in = session.get(SignIn, token.sign_in_id)
    if sign_in is None or sign_in.ended_at is not None:
        raise Refusal("unauthenticated")
    if call.now >= token.expires_at:
        raise Refusal("token_expired")
    return _pair(session, call, sign_in)


def refresh(call: Call, refresh_token: str) -> dict[str, Any]:
    """New tokens for an unspent refresh token. A spent one ends the whole sign-in: raises token_reused.

    The end of the family is committed before the refusal is raised, or the refusal would undo it.
    """
    answer = _spend(call, refresh_token)
    if isinstance(answer, uuid.UUID):
        raise Refusal("token_reused")
    return answer


@work.writes
def end(session: Session, call: Call) -> None:
    """Sign out this device: its tokens are refused from now on."""
    if call.sign_in_id is None:
        raise Refusal("unauthenticated")
    session_rows.end(session, call.sign_in_id, "signed_out", call.now)
    trail.record(session, call, "session.end", f"sign_in:{call.sign_in_id}", person_id=call.actor_id)


def bind_phone(call: Call, code: str) -> dict[str, Any]:
    """Bind the phone number WeChat vouches for. Raises code_refused, wechat_away, phone_taken."""
    return _bind_phone(call, call.world.wechat.phone_of(code))


@work.writes
def _bind_phone(session: Session, call: Call, phone: str) -> dict[str, Any]:
    person = session.get_one(Person, call.actor_id)
    index = people_rows.phone_index(phone)
    holder = people_rows.by_phone(session, phone)
    if holder is not None and holder.id != person.id:
        raise Refusal("phone_taken")
    person.phone, person.phone_index = phone, index
    trail.record(session, call, "person.bind_phone", f"person:{person.id}", person_id=person.id, fields=["phone"])
    return {"phone": phone}


@work.reads
def check_alive(session: Session, call: Call) -> None:
    """Nothing, when the caller's sign-in is alive: the unit of work itself has asked. Raises unauthenticated."""
    del session
    if call.sign_in_id is None:
        raise Refusal("unauthenticated")


def _pair(session: Session, call: Call, sign_in: SignIn) -> dict[str, Any]:
    settings = call.world.settings
    refresh_token = tokens.new_refresh_token()
    session.add(RefreshToken(digest=tokens.digest(refresh_token), sign_in_id=sign_in.id,
                             expires_at=call.now + dt.timedelta(days=settings.refresh_token_days)))
    return {"access_token": call.world.tokens.make(sign_in.person_id, sign_in.id, call.now),
            "refresh_token": refresh_token, "token_type": "Bearer", "expires_in": settings.access_token_seconds}


def person_view(person: Person, grants: list[Grant]) -> dict[str, Any]:
    """The person as a sign-in shows it."""
    return {"id": person.id, "nickname": person.nickname,
            "roles": [{"role": g.role, "scope_type": g.scope_type, "scope_id": g.scope_id} for g in grants]}
