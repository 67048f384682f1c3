"""登录: signing in with WeChat, refreshing, signing out, binding the phone."""

from marshmallow import fields

from server.api.contract import PUBLIC, Word
from server.api.views import Flag, Id, RoleView, Schema, Text, View, Whole, Words
from server.services import session as service

word = Word("session", "登录")


class SignInDraft(Schema):
    """A code of wx.login, and where the person came from."""

    code = Text(1, 200, required=True)
    channel = Text(1, 64)


class RefreshDraft(Schema):
    """The refresh token of this device."""

    refresh_token = Text(1, 200, required=True)


class PhoneDraft(Schema):
    """A code of getPhoneNumber."""

    code = Text(1, 200, required=True)


class SignedInPerson(View):
    """Who has signed in."""

    id = Id()
    nickname = Words()
    roles = fields.List(fields.Nested(RoleView))


class TokensView(View):
    """Two tokens; `expires_in` is in seconds."""

    access_token = Words()
    refresh_token = Words()
    token_type = Words()
    expires_in = Whole(1, 10**6)


class SignInView(TokensView):
    """The tokens with who has signed in."""

    person = fields.Nested(SignedInPerson)
    is_new = Flag()


class PhoneView(View):
    """The number that is now bound."""

    phone = Words()


@word.does("POST", "/session", who=PUBLIC, takes=SignInDraft, gives=SignInView, status=201,
           refusals=("code_refused", "wechat_away"))
def start(call, body):
    """用微信登录码登录"""
    return service.start(call, body["code"])


@word.does("POST", "/session/refresh", who=PUBLIC, takes=RefreshDraft, gives=TokensView,
           refusals=("unauthenticated", "token_expired", "token_reused"))
def refresh(call, body):
    """用刷新凭证换新凭证"""
    return service.refresh(call, body["refresh_token"])


@word.does("DELETE", "/session", status=204)
def end(call):
    """退出登录"""
    return service.end(call)


@word.does("POST", "/session/phone", takes=PhoneDraft, gives=PhoneView,
           refusals=("code_refused", "wechat_away", "phone_taken"))
def bind_phone(call, body):
    """绑定微信手机号"""
    return service.bind_phone(call, body["code"])
