"""Topics as staff see them: what speaks, what is in work, what went before; and groups of what was not answered."""

import datetime as dt
import uuid
from typing import Any

from server.domain.knowledge import Topic
from server.domain.questions import topics
from server.models.questions import Question, TopicVersion
from server.services.questions import shelf

MOST_WORDS = 20


def version_shown(own: list[TopicVersion], current: TopicVersion | None) -> int:
    row = current or in_force_of(own)
    return row.version if row else 1


def in_force_of(own: list[TopicVersion]) -> TopicVersion | None:
    """Of an organisation's own versions the one that speaks, published or retired."""
    return next((row for row in own if row.status in topics.IN_FORCE), None)


def whole_view(organisation_id: uuid.UUID, slug: str, own: list[TopicVersion], today: dt.date) -> dict[str, Any]:
    """A topic: what speaks, else what is in work; the draft beside it, and the versions that went before."""
    current, draft = in_force_of(own), next((row for row in own if row.status in topics.IN_WORK), None)
    shipped = shelf.SHIPPED.topics.get(slug)
    views = {row.id: _own_view(row, today) for row in own}
    if current is not None:
        shown = views[current.id]
    elif shipped is not None:
        shown = _shipped_view(organisation_id, shipped, today)
    else:
        shown = views[(draft or own[0]).id]
    older = [views[row.id] for row in own if row not in (current, draft)]
    if shipped is not None and current is not None:
        older.append(_shipped_view(organisation_id, shipped, today))
    return {**shown, "version": version_shown(own, draft), "draft": views[draft.id] if draft else None, "versions": older}


def _own_view(row: TopicVersion, today: dt.date) -> dict[str, Any]:
    return {"id": row.slug, "slug": row.slug, "organisation_id": row.organisation_id, "category": row.category,
            "medical": row.medical, **row.content, "source": row.source, "reviewer": row.reviewer,
            "reviewed_on": row.reviewed_on, "review_due_on": row.review_due_on, "number": row.number, "status": row.status,
            "overdue": row.status == "published" and topics.is_overdue(row.review_due_on, today), "edited": True,
            "from_question_id": row.from_question_id, "published_at": row.published_at, "version": row.version}


def _shipped_view(organisation_id: uuid.UUID, topic: Topic, today: dt.date) -> dict[str, Any]:
    return {"id": topic.slug, "slug": topic.slug, "organisation_id": organisation_id, "category": topic.category,
            "medical": topic.category not in topics.MEDICAL_BUT, "question": topic.question, "ways": list(topic.ways),
            "answer": topic.answer, "source": topic.source, "reviewer": topic.reviewer, "reviewed_on": topic.reviewed_on,
            "review_due_on": topic.review_due_on, "number": topic.version, "status": "published",
            "overdue": topics.is_overdue(topic.review_due_on, today), "edited": False, "from_question_id": None,
            "published_at": None, "version": 1}


def group_view(reason: str, slug: str, topic: Topic | None, asked: list[Question]) -> dict[str, Any]:
    """One group, newest question first; its words are those that may be used."""
    words = [question.text for question in asked if question.may_use_words]
    best = next((question for question in asked if question.may_use_words), asked[0])
    return {"topic": slug or None, "question": topic.question if topic else None, "reason": reason, "count": len(asked),
            "first_at": asked[-1].asked_at, "last_at": asked[0].asked_at, "from_question_id": best.id,
            "words": words[:MOST_WORDS]}
