"""Messages of health staff to a patient, routed by how serious they are, the patient's choice and consent."""

import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import messages
from server.models import family as family_rows
from server.services import outbox, reach, trail, work
from server.services.work import Call


@work.writes
def send(session: Session, call: Call, person_id: uuid.UUID, draft: dict[str, Any]) -> dict[str, Any]:
    """Who is told, in order. The message leaves with the outbox; who was told what and when is on the trail. It has
    nothing to do with alerts and holds none of them up. Raises not_found, forbidden."""
    person = reach.person(session, call, person_id, "message.send").person
    family = family_rows.who_hear_danger(session, person_id)
    message_id = uuid.uuid4()
    about, text = f"message:{message_id}", f"{draft['subject']}\n{draft['body']}"
    organisation_id = reach.organisation_of(session, call, person_id)
    told = []
    for side in messages.route(draft["severity"], person.serious_news_first, family_hears=bool(family)):
        for hearer in [person_id] if side == "patient" else family:
            outbox.leave(session, call, hearer, f"message_{draft['severity']}", text, about, organisation_id=organisation_id)
            trail.record(session, call, "message.tell", about, person_id=hearer, organisation_id=organisation_id,
                         fields=[draft["severity"], side], content={"text": text, "order": len(told)})
            told.append({"who": hearer, "as_": side, "how": "wechat", "at": call.now, "state": "waiting"})
    return {"id": message_id, "person": person_id, "severity": draft["severity"], "told": told}
