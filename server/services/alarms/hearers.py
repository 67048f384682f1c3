"""Who hears of an alert: those on duty over its person, step by step, the phone on duty, and the family."""

import uuid

from sqlalchemy.orm import Session

from server.domain import alarms, organisations
from server.domain.enrolments import watched
from server.models import alerts as alert_rows
from server.models import enrolments as enrolment_rows
from server.models import family as family_rows
from server.models import organisations as organisation_rows
from server.models import people as people_rows
from server.models.alerts import Alert, Telling
from server.models.organisations import Organisation

DUTY_PHONE = "duty_phone"


def on_duty(session: Session, alert: Alert, step: str) -> list[uuid.UUID]:
    """Who stands ready for that step over the alert's person, nearest first; at the last one first who is on the list."""
    return [person_id for person_id, _ in stand_ready(session, alert.organisation_id, alert.person_id, step)]


def stand_ready(session: Session, organisation_id: uuid.UUID | None, person_id: uuid.UUID,
                step: str) -> list[tuple[uuid.UUID, str]]:
    """(person, role) of everyone who stands ready for that step over somebody of the organisation, in order. Nobody does
    so for themselves."""
    if organisation_id is None:
        return []
    scopes = {"organisation": organisation_id, "person": person_id}
    places = [place for place in enrolment_rows.places_of(session, person_id) if place[0] == organisation_id]
    # Of an earlier class and the one of now, those of now watch.
    for _, camp_id, class_id, _ in watched(places)[:1]:
        scopes |= {"camp": camp_id, "class": class_id}
    ready = dict.fromkeys(organisation_rows.on_call(session, organisation_id), "on_call") if step == "duty" else {}
    for roles in alarms.STEPS[step]:
        for each, role, _ in people_rows.on_duty(session, roles, scopes):
            ready.setdefault(each, role)
    return [(each, role) for each, role in ready.items() if each != person_id]


def on_call(session: Session, alert: Alert) -> list[uuid.UUID]:
    """Who is on the list of those on duty, in its order."""
    return [person_id for person_id, role in stand_ready(session, alert.organisation_id, alert.person_id, "duty")
            if role == "on_call"]


def duty_phone(session: Session, organisation_id: uuid.UUID | None) -> str | None:
    """The phone that rings as the last step, where the organisation has one."""
    found = session.get(Organisation, organisation_id) if organisation_id else None
    return found.duty_phone if found else None


def nobody_watches(session: Session, alert: Alert) -> bool:
    """Whether no one of the staff stands ready for this person, nor a phone on duty: the card then says so."""
    if duty_phone(session, alert.organisation_id):
        return False
    return not any(on_duty(session, alert, step) for step in alarms.ACTING)


def service_hours(session: Session, alert: Alert) -> dict:
    """When the organisation serves."""
    found = session.get(Organisation, alert.organisation_id) if alert.organisation_id else None
    return found.hours if found else organisations.DEFAULT_SERVICE_HOURS


def family(session: Session, person_id: uuid.UUID) -> list[uuid.UUID]:
    """Who hears of the person's dangers as family now: a child's guardians, and relatives whom the patient lets hear."""
    return list(dict.fromkeys([*alert_rows.guardians_of(session, person_id),
                               *family_rows.who_hear_danger(session, person_id)]))


def still_hears(session: Session, row: Telling) -> bool:
    """Whether who is about to be told may still hear of it: rights end at once, what was held until the morning included.
    Whoever took it up hears that it goes on at whichever step they stand ready."""
    alert = session.get_one(Alert, row.alert_id)
    if row.how == DUTY_PHONE:
        return True
    if row.step in alarms.STEPS:
        return any(row.person_id in on_duty(session, alert, step) for step in alarms.STEPS)
    if row.step == "patient":
        return row.person_id in (alert.person_id, *alert_rows.carers_of(session, alert.person_id))
    if row.step == "cleared":
        return hears_correction(session, alert, row.person_id)
    return row.person_id in family(session, alert.person_id)


def hears_correction(session: Session, alert: Alert, person_id: uuid.UUID) -> bool:
    """Whether who was told hears that it was a mistake: everyone of the staff, and of the family who still is."""
    as_staff = any(one.person_id == person_id and one.step in alarms.STEPS
                   for one in alert_rows.tellings_of(session, [alert.id]))
    return as_staff or person_id in family(session, alert.person_id)
