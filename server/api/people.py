"""人: profiles, dependants, finding people, role grants."""

from marshmallow import fields

from server.api.contract import Word
from server.api.family import (
    CheerDraft,
    CheeredView,
    CheerView,
    FamilyChange,
    FamilyInviteDraft,
    FamilyInviteView,
    FamilyJoin,
    SharedView,
    TieView,
)
from server.api.fields import WALL_TIME_PATTERN, Several, Tenth
from server.api.messages import KeptView, MessageDraft, RoutedView
from server.api.targets import TargetsDraft, TargetsView
from server.api.views import (
    Choice,
    Day,
    Flag,
    Id,
    Instant,
    Page,
    PageOfPerson,
    RoleView,
    Schema,
    Text,
    View,
    Whole,
    WholeInQuery,
    Words,
    items_of,
)
from server.domain import access, messages, people
from server.domain.glucose import UNITS
from server.services import family as family_service
from server.services import messages as message_service
from server.services import people as service
from server.services import targets as target_service

word = Word("people", "人")


class EmergencyContact(Schema):
    """Whom to call."""

    name = Text(1, 30, required=True)
    phone = Text(pattern="^[0-9+][0-9 -]{4,19}$", most=20, required=True)
    relation = Text(1, 20, required=True)


class QuietHours(Schema):
    """Between these wall times no reminder comes."""

    # "from" is a word of Python, so it is declared by its name in the table of fields.
    Meta = type("Meta", (Schema.Meta,), {"include": {
        "from": Text(pattern=WALL_TIME_PATTERN, most=5, required=True)}})
    to = Text(pattern=WALL_TIME_PATTERN, most=5, required=True)


class Meter(Schema):
    """The person's meter."""

    model = Text(1, 60)
    strips_open_on = Day()
    last_checked_on = Day()


class ProfileChanges(Schema):
    """Fields to change; null empties those that may be empty."""

    nickname = Text(1, 30)
    full_name = Text(1, 30, allow_none=True)
    birth_on = Day(allow_none=True)
    sex = Choice(people.SEXES, allow_none=True)
    height_cm = Tenth("30", "250", allow_none=True)
    weight_kg = Tenth("1", "400", allow_none=True)
    diabetes_type = Choice(people.DIABETES_TYPES)
    diagnosed_on = Day(allow_none=True)
    due_on = Day(allow_none=True)
    treatments = Several(Choice(people.TREATMENTS), 6)
    medicines = Several(Choice(people.MEDICINES), 12)
    complications = Several(Text(1, 60), 20)
    hypo_unaware = Flag(allow_none=True)
    kidney_disease = Flag(allow_none=True)
    lives_alone = Flag(allow_none=True)
    emergency_contact = fields.Nested(EmergencyContact, allow_none=True)
    glucose_unit = Choice(UNITS)
    quiet_hours = fields.Nested(QuietHours)
    board_visible = Flag()
    meter = fields.Nested(Meter, allow_none=True)
    next_visit_on = Day(allow_none=True)
    serious_news_first = Choice(messages.FIRST)


class NameView(View):
    """What staff who may not read health records see of a person."""

    id = Id()
    nickname = Words()
    full_name = Words(allow_none=True)
    version = Whole(1, 2**31)


class ProfileView(ProfileChanges):
    """A profile."""

    id = Id(required=True)
    version = Whole(1, 2**31, required=True)
    created_at = Instant(required=True)


class OwnProfileView(ProfileView):
    """One's own profile, with roles and the phone."""

    phone = Words(allow_none=True, required=True)
    roles = fields.List(fields.Nested(RoleView), required=True)


class DependantDraft(Schema):
    """Somebody without WeChat whom one acts for."""

    full_name = Text(1, 30, required=True)
    birth_on = Day(required=True)
    relation = Text(1, 20, required=True)
    basis = Choice(people.BASES, required=True)


class DependantView(View):
    """Somebody whom one acts for."""

    id = Id()
    full_name = Words(allow_none=True)
    birth_on = Day(allow_none=True)
    basis = Words()
    relation = Words()
    created_at = Instant()


class RoleDraft(Schema):
    """A role over a scope; nurses and doctors with their credential."""

    role = Choice(access.ROLES, required=True)
    scope_type = Choice(access.SCOPES, required=True)
    scope_id = Id(required=True)
    credential = Text(1, 60)


class GrantView(RoleView):
    """A grant, and nothing of the person."""

    id = Id()
    person_id = Id()
    granted_at = Instant()
    ended_at = Instant(allow_none=True)


class RoleCode(Schema):
    """An invite's code."""

    code = Text(1, 40, required=True)


class Search(Schema):
    """Exactly a nickname, a full name or a phone number: names are sealed and cannot be searched in parts."""

    q = Text(1, 60, required=True)
    limit = WholeInQuery(1, 100, load_default=20)


@word.does("GET", "/people/me", gives=OwnProfileView)
def me(call):
    """我的档案"""
    return service.me(call)


@word.does("PATCH", "/people/me", takes=ProfileChanges, gives=OwnProfileView, refusals=("birth_in_future",))
def change(call, body):
    """修改我的档案"""
    return service.change_me(call, body)


@word.does("GET", "/people", asks=Search, gives=items_of(NameView))
def find(call, query):
    """按昵称、姓名或手机号找人（工作人员）"""
    return service.find(call, query["q"], query["limit"])


@word.does("GET", "/people/<uuid:person_id>", gives={"anyOf": [ProfileView, NameView]})
def show(call, person_id):
    """看一个人的档案"""
    return service.show(call, person_id)


@word.does("POST", "/people/dependants", takes=DependantDraft, gives=DependantView, status=201,
           refusals=("birth_in_future", "too_many_dependants"))
def create_dependant(call, body):
    """为没有微信的家人建档"""
    return service.create_dependant(call, body)


@word.does("GET", "/people/dependants", asks=Page, gives=items_of(DependantView), refusals=("cursor_unknown",))
def dependants(call, query):
    """我代管的家人"""
    return service.dependants(call, query.get("after"), query["limit"])


@word.does("POST", "/people/<uuid:person_id>/roles", takes=RoleDraft, gives=GrantView, status=201,
           refusals=("scope_mismatch", "credential_needed"))
def grant_role(call, person_id, body):
    """授予角色"""
    return service.grant_role(call, person_id, body)


@word.does("DELETE", "/people/<uuid:person_id>/roles/<uuid:grant_id>", gives=GrantView, refusals=("last_admin",))
def revoke_role(call, person_id, grant_id):
    """收回角色"""
    return service.revoke_role(call, person_id, grant_id)


@word.does("POST", "/people/me/roles", takes=RoleCode, gives=GrantView, status=201,
           refusals=("code_unknown", "code_used", "code_expired", "already_exists"))
def accept_role(call, body):
    """凭邀请码接受角色"""
    return service.accept_role(call, body["code"])


@word.does("POST", "/people/me/family-invites", takes=FamilyInviteDraft, gives=FamilyInviteView, status=201,
           refusals=("family_consent_required", "too_many_ties"))
def invite_family(call, body):
    """邀请一位家人，选给他看什么"""
    return family_service.invite(call, body)


@word.does("POST", "/people/family", takes=FamilyJoin, gives=TieView, status=201,
           refusals=("code_unknown", "code_used", "code_expired", "family_of_oneself", "already_exists", "too_many_ties"))
def join_family(call, body):
    """凭邀请码成为家人"""
    return family_service.join(call, body["code"], body["relation"])


@word.does("GET", "/people/me/family", asks=PageOfPerson, gives=items_of(TieView), refusals=("cursor_unknown",))
def family(call, query):
    """我的家人：谁能看我，我能看谁"""
    return family_service.page(call, query.get("person_id"), query.get("after"), query["limit"])


@word.does("PATCH", "/people/me/family/<uuid:tie_id>", takes=FamilyChange, gives=TieView, door=("family_tie", "family.change"))
def change_family(call, tie_id, body):
    """改给这位家人看什么、能不能代记"""
    return family_service.change(call, tie_id, body)


@word.does("DELETE", "/people/me/family/<uuid:tie_id>", gives=TieView)
def end_family(call, tie_id):
    """解除与这位家人的绑定"""
    return family_service.end(call, tie_id)


@word.does("GET", "/people/<uuid:person_id>/shared", gives=SharedView)
def shared(call, person_id):
    """家人给我看的内容"""
    return family_service.shared(call, person_id)


@word.does("POST", "/people/<uuid:person_id>/cheers", takes=CheerDraft, gives=CheerView, status=201,
           door=("person", "family.cheer"))
def cheer(call, person_id, body):
    """为家人鼓掌，一天一次算数"""
    return family_service.cheer(call, person_id, body.get("words"))


@word.does("GET", "/people/me/cheers", asks=PageOfPerson, gives=items_of(CheeredView), refusals=("cursor_unknown",))
def cheers(call, query):
    """家人给我的掌声"""
    return family_service.cheers(call, query.get("person_id"), query.get("after"), query["limit"])


@word.does("POST", "/people/<uuid:person_id>/messages", takes=MessageDraft, gives=RoutedView, status=201,
           door=("person", "message.send"), refusals=("reply_names_dose",))
def send_message(call, person_id, body):
    """给糖友写消息，按轻重与本人的选择送达"""
    return message_service.send(call, person_id, body)


@word.does("GET", "/people/<uuid:person_id>/messages", asks=Page, gives=items_of(RoutedView), refusals=("cursor_unknown",))
def sent_messages(call, person_id, query):
    """写给这位糖友的消息：告诉了谁、送到没有、读了没有（健康工作人员）"""
    return message_service.sent(call, person_id, query.get("after"), query["limit"])


@word.does("GET", "/people/me/messages", asks=PageOfPerson, gives=items_of(KeptView), refusals=("cursor_unknown",))
def kept_messages(call, query):
    """写给我的消息，新的在前；看了就是读过了"""
    return message_service.page(call, query.get("person_id"), query.get("after"), query["limit"])


@word.does("GET", "/people/<uuid:person_id>/targets", gives=TargetsView)
def targets(call, person_id):
    """血糖目标与预警线，以及它们的出处"""
    return target_service.show(call, person_id)


@word.does("PUT", "/people/<uuid:person_id>/targets", takes=TargetsDraft, gives=TargetsView, door=("person", "target.set"),
           refusals=("limit_loosened", "target_unsafe"))
def set_targets(call, person_id, body):
    """为一个人设定目标（护士、医生）：预警线只能收紧"""
    return target_service.put(call, person_id, body)
