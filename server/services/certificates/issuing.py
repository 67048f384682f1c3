"""Issuing: once an enrolment, at the highest level reached, when the camp's last day has closed."""

import uuid
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from server.domain import camps, certificates, streaks
from server.domain.refusals import Refusal
from server.models import camps as camp_rows
from server.models import certificates as certificate_rows
from server.models import enrolments as enrolment_rows
from server.models.base import insert_once
from server.models.camps import Camp
from server.models.certificates import Certificate
from server.models.enrolments import Enrolment
from server.models.organisations import Organisation
from server.models.people import Person
from server.services import books, outbox, reach, trail, work
from server.services.certificates import rows
from server.services.work import Call

BATCH = 100
# What one request may settle and issue: seconds of work. The rest follows from the clock within a minute.
MOST_A_REQUEST = 300


class Issued(NamedTuple):
    """What one batch did: how many certificates, and the last enrolment it looked at (None at the end)."""

    issued: int
    last: uuid.UUID | None


def issue(call: Call, camp_id: uuid.UUID) -> dict[str, Any]:
    """{"issued", "already", "left"}: what this request issued, what had been, and how many members the clock will still
    look at. Raises not_found, forbidden, camp_still_running."""
    already = _ask_to_issue(call, camp_id)
    for enrolment_id in _members_to_finish(call, camp_id):
        _finish(call, enrolment_id)
    issued, last = 0, None
    for _ in range(MOST_A_REQUEST // BATCH):
        batch = issue_batch(call, camp_id, last)
        issued, last = issued + batch.issued, batch.last
        if last is None:
            break
    return {"issued": issued, "already": already, "left": len(_members_to_finish(call, camp_id))}


def issue_due(call: Call) -> int:
    """Issue what every finished camp owes; how many. A crash in between loses nothing: the next run goes on."""
    issued = 0
    for camp_id in _camps_to_certify(call):
        last = None
        while True:
            batch = issue_batch(call, camp_id, last)
            issued, last = issued + batch.issued, batch.last
            if last is None:
                break
        _close(call, camp_id)
    return issued


@work.writes
def _ask_to_issue(session: Session, call: Call, camp_id: uuid.UUID) -> int:
    camp = reach.camp(session, call, camp_id, "certificate.issue")
    if not camp.calendar.finished(call.now) or camp.opened_at is None:
        raise Refusal("camp_still_running")
    trail.record(session, call, "certificate.issue", f"camp:{camp_id}", organisation_id=camp.organisation_id)
    return certificate_rows.issued_in(session, camp_id)


@work.reads
def _members_to_finish(session: Session, call: Call, camp_id: uuid.UUID) -> list[uuid.UUID]:
    del call
    return enrolment_rows.active_ids(session, camp_id, after=None, limit=MOST_A_REQUEST)


@work.writes
def _finish(session: Session, call: Call, enrolment_id: uuid.UUID) -> None:
    books.finish(session, call, enrolment_id)


@work.reads
def _camps_to_certify(session: Session, call: Call) -> list[uuid.UUID]:
    del call
    return [camp.id for camp in certificate_rows.camps_to_certify(session, 100)]


@work.writes
def issue_batch(session: Session, call: Call, camp_id: uuid.UUID, after: uuid.UUID | None) -> Issued:
    """Certify the next finished members of the camp who reached a level: one transaction."""
    members = certificate_rows.uncertified(session, camp_id, after=after, limit=BATCH)
    if not members:
        return Issued(0, None)
    camp = session.get_one(Camp, camp_id)
    organisation = session.get_one(Organisation, camp.organisation_id)
    rows.keep_key(session, call)
    acts = []
    for enrolment, person, class_name in members:
        facts = _facts(call, camp, organisation, enrolment, person, class_name)
        if facts is not None and _issue_one(session, call, camp, enrolment, facts):
            acts.append({"verb": "certificate.issued", "about": f"enrolment:{enrolment.id}", "person_id": person.id,
                         "organisation_id": camp.organisation_id, "fields": [], "digest": None})
    trail.record_all(session, call, acts)
    return Issued(len(acts), members[-1][0].id if len(members) == BATCH else None)


def _issue_one(session: Session, call: Call, camp: Camp, enrolment: Enrolment, facts: dict[str, Any]) -> bool:
    row = rows.row(call, facts, int(facts["issued_on"][:4]), organisation_id=camp.organisation_id, camp_id=camp.id,
                   class_id=enrolment.class_id, enrolment_id=enrolment.id, person_id=enrolment.person_id, generation=1)
    if not insert_once(session, Certificate.__table__, row):
        return False
    outbox.leave(session, call, enrolment.person_id, "certificate_issued",
                 f"恭喜！您的「{facts['level']}」证书已颁发，打开小程序就能查看、保存和分享。", f"certificate:{row['id']}",
                 organisation_id=camp.organisation_id)
    return True


def _facts(call: Call, camp: Camp, organisation: Organisation, enrolment: Enrolment, person: Person,
           class_name: str) -> dict[str, Any] | None:
    """What the certificate says, or None when no level was reached."""
    calendar = camp.calendar
    joined = calendar.number_of(enrolment.joined_day or calendar.starts_on)
    reached = streaks.levels_reached(enrolment.marks, joined, camp.rules["certificates"])
    if not reached:
        return None
    # The days by which a level is reached: a made-up day counts, and 全勤 has none.
    complete = sum(mark in (streaks.COMPLETE, streaks.MADE_UP) for mark in enrolment.marks)
    return {"name": certificates.printable_name(person.full_name or person.nickname), "class": class_name,
            "camp": camp.name, "level": reached[-1][0], "complete_days": complete, "camp_days": camp.days,
            "starts_on": str(calendar.starts_on), "ends_on": str(calendar.ends_on),
            "issued_on": str(call.now.astimezone(camps.zone(camp.timezone)).date()),
            "issuer": organisation.issuer or organisation.name, "signatories": organisation.signatories or []}


@work.writes
def _close(session: Session, call: Call, camp_id: uuid.UUID) -> None:
    camp = camp_rows.locked(session, camp_id)
    if camp is not None and camp.certified_at is None:
        camp.certified_at = call.now
        trail.record(session, call, "camp.certify", f"camp:{camp.id}", organisation_id=camp.organisation_id)
