"""奖励: the catalogue, redemptions, and public praise."""

from marshmallow import fields

from server.api.contract import Word
from server.api.views import Choice, Flag, Id, Instant, Page, PageOfPerson, Schema, Text, View, Whole, Words, items_of, map_of
from server.domain.rewards import AUDIENCES, FORMS, STAGE_DAYS
from server.services import rewards as service

word = Word("rewards", "奖励")
MOST = 1_000_000
STATUSES = ("held", "settled", "released")
OFFER_REFUSALS = ("reward_medicine", "doctor_not_scored", "doctor_agreement_needed")


class RewardDraft(Schema):
    """A new reward. A doctor's is thanks unless said otherwise; anybody else's a gift."""

    name = Text(1, 100, required=True)
    points = Whole(0, MOST, required=True)
    stock = Whole(0, MOST, required=True)
    audience = Choice(AUDIENCES, required=True)
    stage = Choice(STAGE_DAYS)
    form = Choice(FORMS)
    organisation_id = Id()


class RewardChange(Schema):
    """What may change of a reward."""

    name = Text(1, 100)
    points = Whole(0, MOST)
    stock = Whole(0, MOST)
    closed = Flag()


class RedemptionDraft(Schema):
    """Where it is sent; `person_id` is a dependant's."""

    address = Text(1, 300, lines=True)
    person_id = Id()


class SettleDraft(Schema):
    """Who carries it, and its number."""

    courier = Text(1, 100)


class SpotlightDraft(Schema):
    """Who is praised, and for what."""

    enrolment_id = Id(required=True)
    words = Text(2, 500, required=True, lines=True)


class CatalogueQuery(PageOfPerson):
    """For whom."""

    audience = Choice(AUDIENCES)


class RedemptionsQuery(PageOfPerson):
    """One's own, or for staff an organisation's."""

    organisation_id = Id()
    status = Choice(STATUSES)


class SpotlightsQuery(Page):
    """Of a class."""

    class_id = Id(required=True)


class RewardView(View):
    """A reward; `reached` is whether its stage is."""

    id = Id()
    organisation_id = Id()
    name = Words()
    points = Whole(0, MOST)
    stock = Whole(0, 2**31)
    audience = Words()
    form = Words()
    stage = Words(allow_none=True)
    reached = Flag()
    closed = Flag()
    version = Whole(1, 2**31)


class CatalogueView(View):
    """A page of the catalogue, with how relatives earn, what stages ask, and the caller's points as a relative."""

    items = fields.List(fields.Nested(RewardView))
    next = Words(allow_none=True)
    family_rules = map_of("integer")
    stages = map_of("integer")
    family_points = Whole(-(2**31), 2**31)


class RedemptionView(View):
    """A redemption."""

    id = Id()
    reward_id = Id()
    name = Words()
    person_id = Id()
    points = Whole(0, MOST)
    status = Words(metadata={"enum": list(STATUSES)})
    address = Words(allow_none=True)
    courier = Words(allow_none=True)
    held_at = Instant()
    expires_at = Instant()
    ended_at = Instant(allow_none=True)
    version = Whole(1, 2**31)


class SpotlightView(View):
    """Public praise; shown to the class once the patient has said yes."""

    id = Id()
    class_id = Id()
    nickname = Words()
    words = Words()
    shown = Flag()
    posted_at = Instant()
    version = Whole(1, 2**31)


@word.does("GET", "/rewards", asks=CatalogueQuery, gives=CatalogueView, refusals=("cursor_unknown",))
def page(call, query):
    """可以兑换的奖励"""
    return service.page(call, query.get("person_id"), query.get("audience"), query.get("after"), query["limit"])


@word.does("POST", "/rewards", takes=RewardDraft, gives=RewardView, status=201,
           refusals=(*OFFER_REFUSALS, "organisation_unnamed"))
def create(call, body):
    """新增奖励（管理员）"""
    return service.create(call, body)


@word.does("PATCH", "/rewards/<uuid:reward_id>", takes=RewardChange, gives=RewardView, door=("reward", "reward.change"),
           refusals=(*OFFER_REFUSALS, "stale"))
def change(call, reward_id, body):
    """修改奖励、补货、下架（管理员）"""
    return service.change(call, reward_id, body)


@word.does("POST", "/rewards/<uuid:reward_id>/redemptions", takes=RedemptionDraft, gives=RedemptionView, status=201,
           refusals=("reward_not_for_you", "stage_not_reached", "points_expired", "out_of_stock", "not_enough_points",
                     "already_exists"))
def redeem(call, reward_id, body):
    """兑换奖励：先保留 7 天"""
    return service.redeem(call, reward_id, body.get("address"), body.get("person_id"))


@word.does("GET", "/rewards/redemptions", asks=RedemptionsQuery, gives=items_of(RedemptionView), refusals=("cursor_unknown",))
def redemptions(call, query):
    """我的兑换；工作人员看本机构的"""
    return service.redemptions(call, query.get("person_id"), query.get("organisation_id"), query.get("status"),
                               query.get("after"), query["limit"])


@word.does("POST", "/rewards/redemptions/<uuid:redemption_id>/settle", takes=SettleDraft, gives=RedemptionView,
           door=("redemption", "reward.settle"), refusals=("redemption_not_held", "not_enough_points"))
def settle(call, redemption_id, body):
    """发出奖励（工作人员）"""
    return service.settle(call, redemption_id, body.get("courier"))


@word.does("POST", "/rewards/redemptions/<uuid:redemption_id>/release", gives=RedemptionView,
           refusals=("redemption_not_held",))
def release(call, redemption_id):
    """取消兑换，积分退回"""
    return service.release(call, redemption_id)


@word.does("POST", "/rewards/spotlights", takes=SpotlightDraft, gives=SpotlightView, status=201,
           refusals=("story_consent_required", "story_unfit"))
def post_spotlight(call, body):
    """表扬一位糖友（工作人员）：本人同意公开故事，看过这一条说可以，才发出"""
    return service.post_spotlight(call, body["enrolment_id"], body["words"])


@word.does("GET", "/rewards/spotlights", asks=SpotlightsQuery, gives=items_of(SpotlightView), refusals=("cursor_unknown",))
def spotlights(call, query):
    """班里的表扬"""
    return service.spotlights(call, query["class_id"], query.get("after"), query["limit"])


@word.does("POST", "/rewards/spotlights/<uuid:spotlight_id>/approve", gives=SpotlightView,
           refusals=("story_consent_required",))
def approve_spotlight(call, spotlight_id):
    """同意发出对我的这条表扬"""
    return service.approve_spotlight(call, spotlight_id)


@word.does("DELETE", "/rewards/spotlights/<uuid:spotlight_id>", status=204)
def remove_spotlight(call, spotlight_id):
    """撤下一条表扬"""
    return service.remove_spotlight(call, spotlight_id)
