"""Purchases: uploaded by patients, confirmed or refused by staff, worth points within published caps."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import access, camps, cursors, purchases
from server.domain.access import HOLDER, SELF, Place
from server.domain.enrolments import plan_on
from server.domain.refusals import Refusal
from server.models import enrolments as enrolment_rows
from server.models import people as people_rows
from server.models import photos as photo_rows
from server.models import points as ledger
from server.models import purchases as purchase_rows
from server.models.base import insert_once
from server.models.camps import Camp
from server.models.enrolments import Enrolment
from server.models.points import PointsLine
from server.models.purchases import Purchase
from server.services import outbox, reach, trail, work
from server.services.work import Call


def add(call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """The purchase, waiting for staff. Raises not_found, forbidden, enrolment_not_active, purchase_day, already_exists
    (also for a picture of a receipt that was sent before, by anybody), photo_unknown."""
    photo_id = draft.get("receipt_photo_id")
    picture = call.world.photos.get(photo_id, "full") if photo_id else None
    # A picture is made anew the same way each time, so the same file gives the same digest. It is read before the
    # transaction: whose photo it is, the transaction asks.
    return _add(call, draft, call.world.seal.digest(picture) if picture else None)


@work.writes
def _add(session: Session, call: Call, draft: dict[str, Any], receipt_digest: str | None) -> dict[str, Any]:
    person_id = reach.person_id(session, call, draft.get("person_id"), "purchase.add")
    enrolment = enrolment_rows.latest(session, person_id)
    if enrolment is None:
        raise Refusal("enrolment_not_active")
    camp = session.get_one(Camp, enrolment.camp_id)
    purchases.check_day(draft["bought_on"], call.now.astimezone(camps.zone(camp.timezone)).date())
    row = {"id": uuid.uuid4(), "person_id": person_id, "organisation_id": enrolment.organisation_id,
           "enrolment_id": enrolment.id, "sku": draft["sku"], "quantity": draft["quantity"], "bought_on": draft["bought_on"],
           "place": draft["where"], "place_index": purchase_rows.place_index(draft["where"]),
           "receipt_photo_id": draft.get("receipt_photo_id"), "receipt_digest": receipt_digest,
           "status": purchases.WAITING, "points": 0,
           "filed_by": call.actor_id, "filed_at": call.now, "version": 1}
    if not insert_once(session, Purchase.__table__, row):
        raise Refusal("already_exists")
    if row["receipt_photo_id"] and not photo_rows.hang(session, row["receipt_photo_id"], "purchase", row["id"],
                                                       sent_by=call.actor_id, person_id=person_id):
        raise Refusal("photo_unknown")
    trail.record(session, call, "purchase.add", f"purchase:{row['id']}", person_id=person_id,
                 organisation_id=enrolment.organisation_id, fields=draft, content=draft)
    return _view(session.get_one(Purchase, row["id"]))


@work.reads
def page(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """One's purchases, or for who decides them those of the organisation, newest first."""
    before, limit = cursors.read(query.get("after"), "tu"), query["limit"]
    whose: dict[str, Any]
    if query.get("organisation_id"):
        reach.organisation(session, call, query["organisation_id"], "purchase.decide")
        whose = {"organisation_ids": {query["organisation_id"]}}
    else:
        whose = {"person_id": reach.person_id(session, call, query.get("person_id"), "purchase.read")}
    found = purchase_rows.page(session, **whose, status=query.get("status"), after=before, limit=limit + 1)
    return cursors.page(found, limit, _view, lambda one: (one.filed_at, one.id))


@work.writes
def confirm(session: Session, call: Call, purchase_id: uuid.UUID, strips: int | None) -> dict[str, Any]:
    """The purchase, confirmed, with the points it is worth: once, whoever confirms. `strips` is what the receipt says.
    Raises not_found, forbidden, purchase_decided."""
    purchase = reached(session, call, purchase_id, "purchase.decide")
    # Whoever confirms two purchases of one person at once is put in order by this row: the cap holds for both together.
    enrolment = enrolment_rows.locked(session, purchase.enrolment_id)
    camp = session.get_one(Camp, enrolment.camp_id)
    points = _worth(session, enrolment, camp)
    bought = purchases.strips_in(purchase.sku, purchase.quantity) if strips is None else strips
    _decide(session, call, purchase, status=purchases.CONFIRMED, strips=bought, points=points)
    if points:
        _pay(session, call, purchase, camp, points)
    paid = f"，加了 {points} 分" if points else ""
    return _told(session, call, purchase, f"您上传的购买记录已确认{paid}。")


@work.writes
def refuse(session: Session, call: Call, purchase_id: uuid.UUID, reason: str) -> dict[str, Any]:
    """The purchase, refused with a reason; it may be uploaded again. Raises not_found, forbidden, purchase_decided."""
    purchase = reached(session, call, purchase_id, "purchase.decide")
    _decide(session, call, purchase, status=purchases.REFUSED, refused_because=reason)
    return _told(session, call, purchase, "您上传的购买记录没有通过，打开小程序看看原因。")


def reached(session: Session, call: Call, purchase_id: uuid.UUID, act: str) -> Purchase:
    """The purchase for who may do this. Raises not_found, forbidden."""
    found = session.get(Purchase, purchase_id, populate_existing=True)
    if found is None:
        raise Refusal("not_found")
    held = {SELF} if found.person_id == call.actor_id else set()
    held |= {HOLDER} if people_rows.holds_tie(session, call.actor_id, found.person_id) else set()
    enrolment = session.get_one(Enrolment, found.enrolment_id)
    place = Place(found.organisation_id, enrolment.camp_id, enrolment.class_id, found.person_id)
    access.require(act, held | reach.roles_at(session, call, place))
    return found


def _worth(session: Session, enrolment: Enrolment, camp: Camp) -> int:
    rule = camp.rules["points"].get("purchase", purchases.DEFAULT_RULE)
    plan = camp.rules["plans"][plan_on(enrolment.plan_changes, camp.days)]
    return purchases.worth(rule, purchase_rows.confirmed_strips(session, enrolment.id),
                           purchases.strips_needed(plan["days"]), purchase_rows.paid(session, enrolment.id))


def _decide(session: Session, call: Call, purchase: Purchase, **values: Any) -> None:
    decided = session.execute(sa.update(Purchase).where(
        Purchase.id == purchase.id, Purchase.status == purchases.WAITING).values(
            decided_by=call.actor_id, decided_at=call.now, version=Purchase.version + 1, **values)).rowcount == 1
    if not decided:
        raise Refusal("purchase_decided")
    trail.record(session, call, f"purchase.{values['status']}", f"purchase:{purchase.id}", person_id=purchase.person_id,
                 organisation_id=purchase.organisation_id, fields=values, content=values)


def _pay(session: Session, call: Call, purchase: Purchase, camp: Camp, points: int) -> None:
    session.add(PointsLine(
        id=uuid.uuid4(), enrolment_id=purchase.enrolment_id, person_id=purchase.person_id,
        organisation_id=purchase.organisation_id, reason=purchase_rows.PURCHASE, about=str(purchase.id), day_number=0,
        points=points, rules_version=camp.rules_version, filed_by=call.actor_id, at=call.now))
    session.flush()
    ledger.move_balance(session, purchase.person_id, purchase.organisation_id, points)


def _told(session: Session, call: Call, purchase: Purchase, says: str) -> dict[str, Any]:
    session.refresh(purchase)
    outbox.leave(session, call, purchase.person_id, f"purchase_{purchase.status}", says, f"purchase:{purchase.id}",
                 organisation_id=purchase.organisation_id)
    return _view(purchase)


def _view(purchase: Purchase) -> dict[str, Any]:
    return {"id": purchase.id, "person_id": purchase.person_id, "sku": purchase.sku, "quantity": purchase.quantity,
            "bought_on": purchase.bought_on, "where": purchase.place, "receipt_photo_id": purchase.receipt_photo_id,
            "status": purchase.status, "strips": purchase.strips, "points": purchase.points,
            "refused_because": purchase.refused_because, "filed_at": purchase.filed_at, "decided_at": purchase.decided_at,
            "version": purchase.version}
