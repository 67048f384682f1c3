"""Photos: sent, made anew, and seen by whoever may read what they hang on."""

import dataclasses
import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.adapters.photos import Picture, remake
from server.domain.photos import SEEN_BY
from server.domain.refusals import Refusal
from server.models import entries as entry_rows
from server.models import photos as photo_rows
from server.services import reach, trail, work
from server.services.work import Call


def add(call: Call, data: bytes) -> dict[str, Any]:
    """The new photo's id. The picture is made before any transaction, its row written before its files, and the photo kept
    once they are on disk: whatever breaks in between, a job finds the row and removes the rest.

    Raises photo_unreadable, photo_animated, photo_size, photos_full, disk_full.
    """
    picture = remake(data)
    photo_id = _expect(dataclasses.replace(call, receipt=None), picture)
    call.world.photos.put(photo_id, picture)
    return _keep(call, photo_id)


@work.writes
def _expect(session: Session, call: Call, picture: Picture) -> uuid.UUID:
    photo_id = uuid.uuid4()
    # The lock makes the count true: two photos at one instant do not both pass as the last one.
    entry_rows.lock_journal(session, call.actor_id)
    if photo_rows.sent_by(session, call.actor_id) >= call.world.settings.photos_per_person:
        raise Refusal("photos_full", most=call.world.settings.photos_per_person)
    photo_rows.add(session, id=photo_id, sent_by=call.actor_id, person_id=call.actor_id, at=call.now,
                   size_bytes=sum(map(len, picture.files.values())), width=picture.width, height=picture.height)
    return photo_id


@work.writes
def _keep(session: Session, call: Call, photo_id: uuid.UUID) -> dict[str, Any]:
    if not photo_rows.arrive(session, photo_id):
        raise Refusal("not_found")
    trail.record(session, call, "photo.add", f"photo:{photo_id}", person_id=call.actor_id)
    return {"id": photo_id}


def show(call: Call, photo_id: uuid.UUID, size: str) -> bytes:
    """The photo as JPEG. Raises not_found, forbidden."""
    _reached(call, photo_id)
    picture = call.world.photos.get(photo_id, size)
    if picture is None:
        raise Refusal("not_found")
    return picture


@work.writes
def _reached(session: Session, call: Call, photo_id: uuid.UUID) -> None:
    """Let the caller pass who may see the photo: who sent it until it hangs somewhere, then whoever may read that."""
    photo = photo_rows.one(session, photo_id)
    if photo is None or (photo.thing is None and photo.sent_by != call.actor_id):
        raise Refusal("not_found")
    if photo.thing is None:
        return
    reach.person_id(session, call, photo.person_id, SEEN_BY[photo.thing])
    if photo.person_id != call.actor_id:
        trail.record(session, call, "photo.read", f"photo:{photo_id}", person_id=photo.person_id,
                     organisation_id=reach.organisation_of(session, call, photo.person_id))
