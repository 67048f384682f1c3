"""机构: organisations and invites into their roles."""

from server.api.contract import Word
from server.api.people import RoleDraft
from server.api.views import Id, Instant, Page, RoleView, Schema, Text, View, Whole, Words, items_of
from server.services import organisations as service

word = Word("organisations", "机构")


class OrganisationDraft(Schema):
    """A new organisation."""

    name = Text(1, 100, required=True)


class OrganisationView(View):
    """An organisation."""

    id = Id()
    name = Words()
    created_at = Instant()
    version = Whole(1, 2**31)


class InviteView(RoleView):
    """A code that gives a role once."""

    code = Words()
    expires_at = Instant()


@word.does("POST", "/organisations", takes=OrganisationDraft, gives=OrganisationView, status=201,
           refusals=("already_exists",))
def create(call, body):
    """新建机构（平台所有者）"""
    return service.create(call, body["name"])


@word.does("GET", "/organisations", asks=Page, gives=items_of(OrganisationView), refusals=("cursor_unknown",))
def page(call, query):
    """我所在的机构"""
    return service.page(call, query.get("after"), query["limit"])


@word.does("POST", "/organisations/<uuid:organisation_id>/invites", takes=RoleDraft, gives=InviteView, status=201,
           door=("organisation", "organisation.invite"), refusals=("scope_mismatch", "credential_needed"))
def invite(call, organisation_id, body):
    """生成角色邀请码"""
    return service.invite(call, organisation_id, body)
