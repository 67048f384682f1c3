"""WeChat's mini-program interface, and its offline twin."""

import dataclasses
import hashlib
from typing import Any, Protocol

import httpx

from server.domain.refusals import Refusal

BASE_URL = "https://api.weixin.qq.com"
TIMEOUT_SECONDS = 5.0
# Errors of the code itself; every other one is WeChat's trouble or ours, and worth trying again.
CODE_FAULTS = frozenset({40029, 40163, 40226, 41008})


@dataclasses.dataclass(frozen=True)
class WeChatUser:
    """Who WeChat says has signed in. The session key never gets this far."""

    openid: str
    unionid: str | None


class WeChat(Protocol):
    """What we ask of WeChat."""

    def user_of(self, code: str) -> WeChatUser:
        """Who a login code belongs to. Raises Refusal code_refused or wechat_away."""

    def phone_of(self, code: str) -> str:
        """The phone number that a phone code stands for. Raises as `user_of`."""

    def tell(self, openid: str, text: str) -> bool | None:
        """Whether a message reached the person; None where no message template is set up to carry it."""


class RealWeChat:
    """WeChat itself, over HTTPS (auth.code2Session and phonenumber.getPhoneNumber)."""

    def __init__(self, app_id: str, secret: str, client: httpx.Client | None = None) -> None:
        self._app_id = app_id
        self._secret = secret
        self._client = client or httpx.Client(base_url=BASE_URL, timeout=TIMEOUT_SECONDS)

    def user_of(self, code: str) -> WeChatUser:
        """Who a login code belongs to. Raises Refusal code_refused or wechat_away."""
        answer = self._ask("GET", "/sns/jscode2session", params={
            "appid": self._app_id, "secret": self._secret, "js_code": code, "grant_type": "authorization_code"})
        if not isinstance(answer.get("openid"), str):
            raise Refusal("wechat_away", retry_after_seconds=5)
        return WeChatUser(answer["openid"], answer.get("unionid") or None)

    def phone_of(self, code: str) -> str:
        """The phone number that a phone code stands for. Raises as `user_of`."""
        token = self._ask("POST", "/cgi-bin/stable_token", json={
            "grant_type": "client_credential", "appid": self._app_id, "secret": self._secret})
        answer = self._ask("POST", "/wxa/business/getuserphonenumber",
                           params={"access_token": token.get("access_token", "")}, json={"code": code})
        phone = answer.get("phone_info", {}).get("phoneNumber")
        if not isinstance(phone, str):
            raise Refusal("wechat_away", retry_after_seconds=5)
        return phone

    def tell(self, openid: str, text: str) -> bool | None:
        """None: WeChat carries only subscribed templates, and none is registered for alerts. Phones carry them."""
        del openid, text

    def _ask(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        try:
            answer = self._client.request(method, path, **content).json()
        except (httpx.HTTPError, ValueError):
            raise Refusal("wechat_away", retry_after_seconds=5) from None
        if not isinstance(answer, dict) or answer.get("errcode") not in (None, 0):
            fault = answer.get("errcode") if isinstance(answer, dict) else None
            raise Refusal("code_refused") if fault in CODE_FAULTS else Refusal("wechat_away", retry_after_seconds=5)
        return answer


class OfflineWeChat:
    """WeChat's twin for development and tests. A code is "<name>", "<name>/<anything>" or "<name>@<unionid>/<anything>":
    the name is the user, so a new code can be made for every sign-in, as the real one does. "refused" is refused,
    "away" does not answer."""

    def user_of(self, code: str) -> WeChatUser:
        """Who a login code belongs to, made from the code alone."""
        name, _, unionid = self._name(code).partition("@")
        return WeChatUser(f"offline-{name}", unionid or None)

    def phone_of(self, code: str) -> str:
        """A phone number made from the code, from a block that is never given out (199 0000 xxxx)."""
        number = int(hashlib.sha256(self._name(code).encode()).hexdigest(), 16) % 10_000
        return f"1990000{number:04d}"

    def tell(self, openid: str, text: str) -> bool | None:
        """Whether it would have been read: everybody here has the mini-program open."""
        return bool(openid and text)

    def _name(self, code: str) -> str:
        name = code.partition("/")[0]
        if name == "away":
            raise Refusal("wechat_away", retry_after_seconds=5)
        if name == "refused":
            raise Refusal("code_refused")
        return name
