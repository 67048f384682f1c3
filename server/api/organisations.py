"""机构: organisations and invites into their roles."""

from marshmallow import fields

from server.api.contract import Word
from server.api.fields import WALL_TIME_PATTERN, Day, Several
from server.api.people import RoleDraft
from server.api.views import Id, Instant, Page, RoleView, Schema, Text, View, Whole, Words, items_of
from server.domain.organisations import MOST_ON_DUTY, MOST_SIGNATORIES
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


class ServiceHours(Schema):
    """When its people answer: wall times of a zone, on some weekdays (Monday is 1)."""

    # "from" is a word of Python, so it is declared by its name in the table of fields.
    Meta = type("Meta", (Schema.Meta,), {"include": {
        "from": Text(pattern=WALL_TIME_PATTERN, most=5, required=True)}})
    to = Text(pattern=WALL_TIME_PATTERN, most=5, required=True)
    weekdays = Several(Whole(1, 7), most=7, least=1, required=True)
    timezone = Text(1, 64, load_default="Asia/Shanghai")


class Signatory(Schema):
    """Who signs certificates."""

    name = Text(1, 30, required=True)
    title = Text(1, 40, required=True)


class Paper(Schema):
    """A licence or an agreement on file."""

    number = Text(1, 100, required=True)
    valid_until = Day(required=True)


class OrganisationChange(Schema):
    """What an admin may settle; null takes the shipped value. `on_duty` are staff in the order in which they are told as
    the last step of an alarm."""

    name = Text(1, 100)
    service_hours = fields.Nested(ServiceHours, allow_none=True)
    duty_phone = Text(pattern="^[0-9+][0-9 -]{4,19}$", most=20, allow_none=True)
    on_duty = Several(Id(), most=MOST_ON_DUTY, allow_none=True)
    issuer = Text(1, 100, allow_none=True)
    signatories = Several(fields.Nested(Signatory), most=MOST_SIGNATORIES, allow_none=True)
    internet_hospital_licence = fields.Nested(Paper, allow_none=True)
    doctor_agreement = fields.Nested(Paper, allow_none=True)


class WholeOrganisationView(OrganisationView):
    """An organisation with what it settled. `on_duty` holds, in order, who of those settled is still staff. Licence and
    agreement are null where none is on file."""

    service_hours = fields.Dict()
    duty_phone = Words(allow_none=True)
    on_duty = fields.List(Id())
    issuer = Words()
    signatories = fields.List(fields.Nested(Signatory))
    internet_hospital_licence = fields.Dict(allow_none=True)
    doctor_agreement = fields.Dict(allow_none=True)


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


@word.does("GET", "/organisations/<uuid:organisation_id>", gives=WholeOrganisationView)
def show(call, organisation_id):
    """机构与它的设置"""
    return service.show(call, organisation_id)


@word.does("PATCH", "/organisations/<uuid:organisation_id>", takes=OrganisationChange, gives=WholeOrganisationView,
           door=("organisation", "organisation.change"),
           refusals=("already_exists", "stale", "hours_invalid", "timezone_unknown", "not_staff"))
def change(call, organisation_id, body):
    """修改机构设置：服务时间、值班电话与值班顺序、签发人、许可"""
    return service.change(call, organisation_id, body)


@word.does("POST", "/organisations/<uuid:organisation_id>/invites", takes=RoleDraft, gives=InviteView, status=201,
           door=("organisation", "organisation.invite"), refusals=("scope_mismatch", "credential_needed"))
def invite(call, organisation_id, body):
    """生成角色邀请码"""
    return service.invite(call, organisation_id, body)
