"""购买: strips and meters, uploaded and confirmed."""

from server.api.contract import Word
from server.api.views import Choice, Day, Id, Instant, PageOfPerson, Schema, Text, View, Whole, Words, items_of
from server.services import purchases as service

word = Word("purchases", "购买")
STATUSES = ("waiting", "confirmed", "refused")
MOST_PACKS, MOST_STRIPS = 100, 10_000


class PurchaseDraft(Schema):
    """What was bought, when and where, with a photo of the receipt."""

    sku = Text(1, 64, required=True)
    quantity = Whole(1, MOST_PACKS, required=True)
    bought_on = Day(required=True)
    where = Text(1, 100, required=True)
    receipt_photo_id = Id()
    person_id = Id()


class ConfirmDraft(Schema):
    """How many strips the receipt says; when it is not said, what the name of the pack says, or 50."""

    strips = Whole(0, MOST_STRIPS)


class RefuseDraft(Schema):
    """Why."""

    reason = Text(1, 200, required=True, lines=True)


class PurchasesQuery(PageOfPerson):
    """One's own, a dependant's, or for staff an organisation's."""

    organisation_id = Id()
    status = Choice(STATUSES)


class PurchaseView(View):
    """A purchase."""

    id = Id()
    person_id = Id()
    sku = Words()
    quantity = Whole(1, MOST_PACKS)
    bought_on = Day()
    where = Words()
    receipt_photo_id = Id(allow_none=True)
    status = Words(metadata={"enum": list(STATUSES)})
    strips = Whole(0, MOST_STRIPS, allow_none=True)
    points = Whole(0, 2**31)
    refused_because = Words(allow_none=True)
    filed_at = Instant()
    decided_at = Instant(allow_none=True)
    version = Whole(1, 2**31)


@word.does("POST", "/purchases", takes=PurchaseDraft, gives=PurchaseView, status=201,
           refusals=("enrolment_not_active", "purchase_day", "already_exists", "photo_unknown"))
def add(call, body):
    """上传一次购买"""
    return service.add(call, body)


@word.does("GET", "/purchases", asks=PurchasesQuery, gives=items_of(PurchaseView), refusals=("cursor_unknown",))
def page(call, query):
    """我的购买；工作人员看本机构的"""
    return service.page(call, query)


@word.does("POST", "/purchases/<uuid:purchase_id>/confirm", takes=ConfirmDraft, gives=PurchaseView,
           door=("purchase", "purchase.decide"), refusals=("purchase_decided",))
def confirm(call, purchase_id, body):
    """确认一次购买（工作人员）"""
    return service.confirm(call, purchase_id, body.get("strips"))


@word.does("POST", "/purchases/<uuid:purchase_id>/refuse", takes=RefuseDraft, gives=PurchaseView,
           door=("purchase", "purchase.decide"), refusals=("purchase_decided",))
def refuse(call, purchase_id, body):
    """退回一次购买（工作人员）"""
    return service.refuse(call, purchase_id, body["reason"])
