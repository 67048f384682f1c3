"""The lessons of a camp, day by day."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain.lessons import LESSONS
from server.domain.refusals import Refusal
from server.domain.templates import TEMPLATES
from server.models.camps import Camp
from server.services import reach, work
from server.services.work import Call


@work.reads
def page(session: Session, call: Call, enrolment_id: uuid.UUID) -> dict[str, Any]:
    """The lessons of the enrolment's camp, each with its camp day."""
    enrolment = reach.enrolment(session, call, enrolment_id, "enrolment.read")
    camp = session.get_one(Camp, enrolment.camp_id)
    items = [{"id": lesson["id"], "number": lesson["day"], "day": camp.calendar.day_numbered(lesson["day"]),
              "title": lesson["title"], "minutes": lesson["minutes"]} for lesson in TEMPLATES[camp.template]["lessons"]]
    return {"items": items, "next": None}


@work.reads
def show(session: Session, call: Call, lesson_id: uuid.UUID) -> dict[str, Any]:
    """One lesson to read. Raises not_found."""
    del session, call  # lessons are the same for everyone who is signed in
    lesson = LESSONS.get(str(lesson_id))
    if lesson is None:
        raise Refusal("not_found")
    return {"id": lesson["id"], "number": lesson["day"], "title": lesson["title"], "minutes": lesson["minutes"],
            "body": lesson["body"]}
