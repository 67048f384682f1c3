"""The knowledge base in force: what is shipped, with an organisation's own texts in its place, and the index of it.

Each worker keeps an index for every organisation that published something of its own, and looks at that organisation's
stamp with every question: one row by its key. A stamp it has not seen makes it build anew, so that what is published
through one worker is answered by all.
"""

import collections
import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from server.domain.knowledge import TOPICS, Topic
from server.domain.questions import HOUSE, Index, build_index, topics
from server.domain.questions.topics import IN_FORCE, MEDICAL_BUT
from server.models import questions as question_rows
from server.models.questions import TopicVersion

# Of more organisations than this the one that has not been asked for longest is built again when it is.
MOST_INDEXES = 16


class Shelf(NamedTuple):
    """What one organisation answers from. `own` names the topics whose text is its own, `general` those that are not
    about the body."""

    topics: dict[str, Topic]
    index: Index
    own: frozenset[str]
    general: frozenset[str]


def _shelf(texts: dict[str, Topic], own: dict[str, TopicVersion], synonyms: Sequence[tuple[str, str]] = ()) -> Shelf:
    general = {slug for slug, topic in texts.items()
               if (not own[slug].medical if slug in own else topic.category in MEDICAL_BUT)}
    index = build_index(texts.values(), synonyms) if own or synonyms else HOUSE
    return Shelf(texts, index, frozenset(own) & set(texts), frozenset(general))


# Built as a worker starts.
SHIPPED = _shelf({topic.slug: topic for topic in TOPICS}, {})
_kept: collections.OrderedDict[uuid.UUID, tuple[uuid.UUID, Shelf]] = collections.OrderedDict()


def shelf_of(session: Session, organisation_id: uuid.UUID | None) -> Shelf:
    """The shelf of that organisation as of its last publishing; what is shipped where there is none."""
    stamp = question_rows.stamp_of(session, organisation_id) if organisation_id else None
    if organisation_id is None or stamp is None:
        return SHIPPED
    known = _kept.get(organisation_id)
    if known is None or known[0] != stamp:
        known = _kept[organisation_id] = (
            stamp, _shelf(*in_force(session, organisation_id), question_rows.synonyms_of(session, organisation_id)))
        while len(_kept) > MOST_INDEXES:
            _kept.popitem(last=False)
    _kept.move_to_end(organisation_id)
    return known[1]


def in_force(session: Session, organisation_id: uuid.UUID) -> tuple[dict[str, Topic], dict[str, TopicVersion]]:
    """(texts by slug, the organisation's own versions among them). Of a slug its highest number speaks: a published one
    takes the place of what is shipped, a retired one leaves it empty."""
    texts, own = dict(SHIPPED.topics), {}
    for row in question_rows.versions_of(session, organisation_id, IN_FORCE):
        if row.slug in own:
            continue
        own[row.slug] = row
        if row.status == "published":
            texts[row.slug] = topic_of(row)
        else:
            texts.pop(row.slug, None)
    return texts, own


def topic_of(row: TopicVersion) -> Topic:
    """An organisation's own text as the responder reads it; what every answer ends with is the product's to add."""
    return Topic(slug=row.slug, category=row.category, question=row.content["question"], ways=tuple(row.content["ways"]),
                 answer=topics.ended(row.content["answer"]), source=row.source or "", reviewer=row.reviewer or "",
                 reviewed_on=row.reviewed_on, review_due_on=row.review_due_on, version=row.number)
