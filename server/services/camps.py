"""Camps from template to archive. A camp's status follows the clock; its rules freeze when it starts."""

import json
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from server.domain import access, camps, cursors, leaderboards
from server.domain.access import SELF
from server.domain.camp_rules import check_rules
from server.domain.refusals import Refusal
from server.domain.templates import TEMPLATES
from server.models import alerts as alert_rows
from server.models import camps as camp_rows
from server.models import enrolments as enrolment_rows
from server.models import people as people_rows
from server.models import questions as question_rows
from server.models import standings
from server.models.camps import Camp
from server.models.classes import Class
from server.models.enrolments import Enrolment
from server.services import reach, trail, work
from server.services.work import Call

CORE = frozenset({"starts_on", "timezone", "rules"})


@work.reads
def templates(session: Session, call: Call) -> dict[str, Any]:
    """The camp templates with their rules, screening questions and lessons' titles."""
    del session, call  # everyone who is signed in may read them
    return {"items": [_template_view(template) for template in TEMPLATES.values()], "next": None}


def _template_view(template: dict[str, Any]) -> dict[str, Any]:
    lessons = [{key: lesson[key] for key in ("id", "day", "title", "minutes")} for lesson in template["lessons"]]
    return {**{key: template[key] for key in ("name", "title", "about", "days", "for", "rules", "screening")},
            "lessons": lessons}


@work.writes
def create(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """A draft camp from a template, its rules changed by the draft's (RFC 7396). Raises template_unknown,
    timezone_unknown, rules_invalid."""
    reach.organisation(session, call, draft["organisation_id"], "camp.create")
    template = TEMPLATES.get(draft["template"])
    if template is None:
        raise Refusal("template_unknown")
    rules = camps.merge_patch(template["rules"], draft.get("rules") or {})
    check_rules(rules, template["days"])
    timezone = draft.get("timezone") or camps.DEFAULT_TIMEZONE
    camps.zone(timezone)
    camp = Camp(id=uuid.uuid4(), organisation_id=draft["organisation_id"], template=draft["template"], name=draft["name"],
                starts_on=draft["starts_on"], days=template["days"], timezone=timezone, rules_json=_text(rules),
                rules_version=1, created_at=call.now, version=1)
    session.add(camp)
    trail.record(session, call, "camp.create", f"camp:{camp.id}", organisation_id=camp.organisation_id, fields=draft,
                 content=draft)
    return _view(camp, call)


@work.writes
def change(session: Session, call: Call, camp_id: uuid.UUID, changes: dict[str, Any]) -> dict[str, Any]:
    """The camp, changed. Days, zone and rules are frozen once it runs. Raises camp_frozen, camp_archived, plan_in_use,
    rules_invalid, timezone_unknown, stale."""
    camp = reach.camp(session, call, camp_id, "camp.change", lock=True)
    work.check_version(call, camp.version)
    status = _status(camp, call)
    if status == "archived":
        raise Refusal("camp_archived")
    if CORE & set(changes) and status not in ("draft", "enrolling"):
        raise Refusal("camp_frozen")
    camp.name = changes.get("name", camp.name)
    if CORE & set(changes):
        _change_core(session, camp, changes)
    trail.record(session, call, "camp.change", f"camp:{camp.id}", organisation_id=camp.organisation_id, fields=changes,
                 content=changes)
    session.flush()
    return _view(camp, call)


def _change_core(session: Session, camp: Camp, changes: dict[str, Any]) -> None:
    """Change days, zone or rules, and lay out anew the boards of who has joined already."""
    rules = camps.merge_patch(camp.rules, changes.get("rules") or {})
    check_rules(rules, camp.days)
    camps.zone(changes.get("timezone", camp.timezone))
    camp.starts_on = changes.get("starts_on", camp.starts_on)
    camp.timezone = changes.get("timezone", camp.timezone)
    camp.rules_json = _text(rules)
    camp.rules_version += 1
    session.flush()
    members = session.scalars(sa.select(Enrolment).where(Enrolment.camp_id == camp.id).with_for_update()).all()
    if any(plan not in rules["plans"] for member in members for _, plan in member.plan_changes):
        raise Refusal("plan_in_use")
    for member in members:
        if standings.clear(session, member.id):
            standings.open_rows(session, member, leaderboards.periods_of_camp(camp.starts_on, camp.days))


@work.writes
def open_camp(session: Session, call: Call, camp_id: uuid.UUID) -> dict[str, Any]:
    """The camp, open to joining. Raises nobody_on_duty without a health manager, camp_not_draft, camp_in_past."""
    camp = reach.camp(session, call, camp_id, "camp.change", lock=True)
    if camp.opened_at is not None or camp.archived_at is not None:
        raise Refusal("camp_not_draft")
    if not camp.calendar.takes_members(call.now):
        raise Refusal("camp_in_past")
    classes = session.scalars(sa.select(Class.id).where(Class.camp_id == camp.id))
    scopes = [("organisation", camp.organisation_id), ("camp", camp.id), *(("class", class_id) for class_id in classes)]
    if not people_rows.anyone_with(session, "health_manager", scopes):
        raise Refusal("nobody_on_duty")
    camp.opened_at = call.now
    trail.record(session, call, "camp.open", f"camp:{camp.id}", organisation_id=camp.organisation_id)
    session.flush()
    return _view(camp, call)


@work.writes
def archive(session: Session, call: Call, camp_id: uuid.UUID) -> dict[str, Any]:
    """The camp, archived: its entries can no longer be changed. Raises camp_not_finished, camp_archived, and
    alerts_open or tickets_open while somebody of it has an alert that nobody took up or a question without its end."""
    camp = reach.camp(session, call, camp_id, "camp.change", lock=True)
    status = _status(camp, call)
    if status == "archived":
        raise Refusal("camp_archived")
    if status != "finished":
        raise Refusal("camp_not_finished")
    if alert_rows.open_in_camp(session, camp_id):
        raise Refusal("alerts_open")
    if waiting := question_rows.count_open_in(session, camp_id):
        raise Refusal("tickets_open", count=waiting)
    camp.archived_at = call.now
    trail.record(session, call, "camp.archive", f"camp:{camp.id}", organisation_id=camp.organisation_id)
    session.flush()
    return _view(camp, call)


@work.reads
def page(session: Session, call: Call, after: str | None, limit: int) -> dict[str, Any]:
    """The camps the caller works in or is a patient of, latest start first."""
    access.require("camp.read", {SELF})
    organisations: set[uuid.UUID] = set()
    found: set[uuid.UUID] = set()
    for grant in people_rows.grants_of(session, call.actor_id):
        if grant.scope_type == "organisation" and grant.scope_id:
            organisations.add(grant.scope_id)
        elif grant.scope_type == "camp" and grant.scope_id:
            found.add(grant.scope_id)
        elif grant.scope_type == "class":
            group = session.get(Class, grant.scope_id)
            found |= {group.camp_id} if group else set()
    found |= {row[1] for row in enrolment_rows.places_of(session, call.actor_id) if row[3] in reach.REACHED_IN}
    rows = camp_rows.page(session, organisations, found, after=cursors.read(after, "du"), limit=limit + 1)
    return cursors.page(rows, limit, lambda camp: _view(camp, call), lambda camp: (camp.starts_on, camp.id))


@work.reads
def show(session: Session, call: Call, camp_id: uuid.UUID) -> dict[str, Any]:
    """One camp with the rules it publishes."""
    return _view(reach.camp(session, call, camp_id, "camp.read"), call)


def _status(camp: Camp, call: Call) -> str:
    return camps.status(camp.calendar, camp.opened_at is not None, camp.archived_at is not None, call.now)


def _text(rules: dict[str, Any]) -> str:
    return json.dumps(rules, ensure_ascii=False, separators=(",", ":"))


def _view(camp: Camp, call: Call) -> dict[str, Any]:
    return {"id": camp.id, "organisation_id": camp.organisation_id, "template": camp.template, "name": camp.name,
            "status": _status(camp, call), "starts_on": camp.starts_on, "ends_on": camp.calendar.ends_on,
            "days": camp.days, "timezone": camp.timezone, "rules": camp.rules, "rules_version": camp.rules_version,
            "screening": TEMPLATES[camp.template]["screening"], "version": camp.version}
