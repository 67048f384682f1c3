"""The knowledge base as staff see it: read, drafted, reviewed, published, retired; and what was not answered."""

import datetime as dt
import itertools
import uuid
from typing import Any

from sqlalchemy.orm import Session

from server.domain import camps, cursors
from server.domain.questions import topics
from server.domain.refusals import Refusal
from server.models import questions as question_rows
from server.models.base import insert_once
from server.models.organisations import Organisation
from server.models.people import Person
from server.models.questions import Question, TopicVersion
from server.services import reach, trail, work
from server.services.questions import judging, reaching, shelf, topic_rows
from server.services.work import Call

# So many questions at most are put into groups, and asked again when a text is published; older ones come up when these
# have been worked off.
MOST_GROUPED = 500
CONTENT = frozenset({"question", "ways", "answer"})


@work.reads
def page(session: Session, call: Call, query: dict[str, Any]) -> dict[str, Any]:
    """The organisation's topics by slug: what is in force, and what is in work. Raises not_found, forbidden."""
    organisation_id = reaching.desk(session, call, query.get("organisation_id"), "topic.read")
    after = cursors.read(query.get("after"), "s")
    own = question_rows.versions_of(session, organisation_id, topics.STATUSES)
    by_slug = {slug: list(rows) for slug, rows in itertools.groupby(own, lambda row: row.slug)}
    slugs = sorted({*shelf.SHIPPED.topics, *by_slug})
    today = _today(session, call, organisation_id)
    views = (topic_rows.whole_view(organisation_id, slug, by_slug.get(slug, []), today) for slug in slugs
             if after is None or slug > after[0])
    found = itertools.islice((view for view in views if _is_wanted(view, query)), query["limit"] + 1)
    return cursors.page(list(found), query["limit"], lambda view: view, lambda view: (view["slug"],))


def _is_wanted(view: dict[str, Any], query: dict[str, Any]) -> bool:
    statuses = {view["status"], view["draft"]["status"] if view["draft"] else view["status"]}
    return ("status" not in query or query["status"] in statuses) and (
        "overdue" not in query or view["overdue"] == (query["overdue"] == "true"))


@work.reads
def show(session: Session, call: Call, slug: str, organisation_id: uuid.UUID | None) -> dict[str, Any]:
    """One topic. Raises not_found, forbidden."""
    desk = reaching.desk(session, call, organisation_id, "topic.read")
    return _shown(session, call, desk, slug)


@work.writes
def create(session: Session, call: Call, draft: dict[str, Any]) -> dict[str, Any]:
    """The topic with a new text in work. What the draft leaves out comes from the question it is made from, where its asker
    agreed, then from the text in force. Raises not_found, forbidden, already_exists for a topic that is in work."""
    organisation_id = reaching.desk(session, call, draft.get("organisation_id"), "topic.draft")
    asked = _asked(session, organisation_id, draft.get("from_question_id"))
    # A better answer to the same question goes to its topic; another question is a topic of its own.
    same = asked.topic if asked is not None and "question" not in draft else None
    slug = draft.get("slug") or same or topics.own_slug(uuid.uuid4().hex[:8])
    _begin(session, call, organisation_id, slug, draft, asked)
    return _shown(session, call, organisation_id, slug)


def _asked(session: Session, organisation_id: uuid.UUID, question_id: uuid.UUID | None) -> Question | None:
    """The question that a topic is made from, its row locked: whether its words may be used changes with the next rating.
    Raises not_found for one of others, and for one that was no question to the knowledge base."""
    if question_id is None:
        return None
    question = question_rows.locked(session, question_id)
    if question is None or question.organisation_id != organisation_id or question.kind not in topics.MADE_FROM:
        raise Refusal("not_found")
    return question


def _begin(session: Session, call: Call, organisation_id: uuid.UUID, slug: str, draft: dict[str, Any],
           asked: Question | None) -> TopicVersion:
    """A draft of the next number, begun from what is in force. Raises already_exists."""
    own = question_rows.versions_of(session, organisation_id, topics.STATUSES, slug)
    texts, in_force = shelf.in_force(session, organisation_id)
    base = texts.get(slug) or shelf.SHIPPED.topics.get(slug)
    content = {"question": base.question, "ways": list(base.ways), "answer": base.answer} if base else {
        "question": "", "ways": [], "answer": ""}
    if slug in in_force and in_force[slug].status == "published":
        content = dict(in_force[slug].content)
    content |= _brought(session, asked, content)
    content |= {name: draft[name] for name in CONTENT & set(draft)}
    category = draft.get("category") or (base.category if base else topics.OWN_CATEGORY)
    row = {"id": uuid.uuid4(), "organisation_id": organisation_id, "slug": slug, "status": "draft", "version": 1,
           "number": max([base.version if base else 0, *(one.number for one in own)]) + 1, "content": content,
           "category": category, "medical": draft.get("medical", category not in topics.MEDICAL_BUT),
           "source": draft.get("source", base.source if base else None), "reviewer": draft.get("reviewer"),
           "review_due_on": draft.get("review_due_on"), "from_question_id": asked.id if asked else None,
           "edited_by": call.actor_id, "created_at": call.now}
    if not insert_once(session, TopicVersion.__table__, row):
        raise Refusal("already_exists")
    trail.record(session, call, "topic.draft", f"topic:{row['id']}", organisation_id=organisation_id, fields=draft,
                 content=content)
    session.flush()
    return session.get_one(TopicVersion, row["id"])


def _brought(session: Session, asked: Question | None, content: dict[str, Any]) -> dict[str, Any]:
    """What a question brings into a text if its asker agreed: their words, and what staff answered them."""
    if asked is None or not asked.may_use_words:
        return {}
    most = topics.MOST_QUESTION
    return {"question": content["question"] or asked.text[:most],
            "ways": topics.merged_ways(content["ways"], [asked.text] if len(asked.text) <= most else []),
            "answer": content["answer"] or next(reversed(_answers_to(session, asked)), "")}


def _answers_to(session: Session, asked: Question) -> list[str]:
    return [text[:topics.MOST_ANSWER] for text in question_rows.staff_replies(session, asked.id)]


def take_words_back(session: Session, call: Call, asked: Question) -> None:
    """Take what the question brought out of every text that began with it, and of the texts that followed those. An
    answer that staff have published is theirs and stays; one that has no question any more is retired."""
    organisation_id = asked.organisation_id
    slugs = question_rows.slugs_made_of(session, asked.id)
    if organisation_id is None or not slugs:
        return
    _lock(session, organisation_id)
    answers = _answers_to(session, asked)
    for row in question_rows.versions_of(session, organisation_id, topics.STATUSES):
        content = topics.without_words(row.content, asked.text, answers if row.status in topics.IN_WORK else ())
        if row.slug not in slugs or content == row.content:
            continue
        row.content = content
        if row.status == "published" and not content["question"]:
            row.status, row.retired_at = "retired", call.now
        if row.status in topics.IN_FORCE:
            question_rows.edition_of(session, organisation_id).stamp = uuid.uuid4()
        trail.record(session, call, "topic.take_words_back", f"topic:{row.id}", person_id=asked.person_id,
                     organisation_id=organisation_id, fields=["question", "ways", "answer"])
    session.flush()


def change(call: Call, slug: str, changes: dict[str, Any]) -> dict[str, Any]:
    """The topic with its text in work changed, begun now if there was none, and taken to the status asked for. Raises
    not_found, forbidden, stale, topic_step, topic_incomplete, topic_names_dose."""
    shown = _change(call, slug, changes)
    if changes.get("status") == "published":
        _settle(call, shown["organisation_id"], slug)
    return shown


@work.writes
def _change(session: Session, call: Call, slug: str, changes: dict[str, Any]) -> dict[str, Any]:
    reaching.check_slug(slug)
    organisation_id = reaching.desk(session, call, changes.get("organisation_id"), "topic.draft")
    _lock(session, organisation_id)
    own = question_rows.versions_of(session, organisation_id, topics.STATUSES, slug)
    if not own and slug not in shelf.SHIPPED.topics:
        raise Refusal("not_found")
    fields = {name: value for name, value in changes.items() if name not in ("status", "organisation_id")}
    current = next((row for row in own if row.status in topics.IN_WORK), None)
    work.check_version(call, topic_rows.version_shown(own, current))
    if fields:
        current = current or _begin(session, call, organisation_id, slug, {}, None)
        _edit(session, call, current, fields)
    if "status" in changes:
        _step(session, call, organisation_id, slug, current or topic_rows.in_force_of(own), changes["status"])
    session.flush()
    return _shown(session, call, organisation_id, slug)


def _lock(session: Session, organisation_id: uuid.UUID) -> None:
    """Editors of one knowledge base go one after the other: what is read after this is what they left."""
    session.get_one(Organisation, organisation_id, with_for_update=True)


def _edit(session: Session, call: Call, row: TopicVersion, fields: dict[str, Any]) -> None:
    """Change a text in work; whoever reviewed it, or was to, looked at another text."""
    if CONTENT & set(fields):
        row.content = {**row.content, **{name: fields[name] for name in CONTENT & set(fields)}}
        row.status = "draft"
        _forget_review(row)
    if "answer" in fields:
        # A guideline said the old words, not these.
        row.source = None
    for name in set(fields) - CONTENT:
        setattr(row, name, fields[name])
    row.edited_by = call.actor_id
    trail.record(session, call, "topic.edit", f"topic:{row.id}", organisation_id=row.organisation_id, fields=fields,
                 content=row.content)


def _step(session: Session, call: Call, organisation_id: uuid.UUID, slug: str, row: TopicVersion | None, wanted: str) -> None:
    """Take a topic to another status; who publishes what nobody reviewed reviews it."""
    if wanted != "draft":
        reach.organisation(session, call, organisation_id, "topic.publish")
    topics.check_step(row.status if row else "published", wanted)
    row = row or _emptied(session, call, organisation_id, slug)
    if wanted == "draft":
        _forget_review(row)
    if wanted in ("reviewed", "published"):
        topics.check_whole(row.content, names_dose=judging.names_dose(row.content["answer"]))
        _review(session, call, row)
    if wanted == "published":
        for old in question_rows.versions_of(session, organisation_id, ("published",), slug):
            old.status, old.retired_at = "retired", call.now
        session.flush()
        row.published_at = call.now
    row.status, row.retired_at = wanted, call.now if wanted == "retired" else None
    session.flush()
    if wanted in topics.IN_FORCE:
        question_rows.edition_of(session, organisation_id).stamp = uuid.uuid4()
    trail.record(session, call, f"topic.{wanted}", f"topic:{row.id}", organisation_id=organisation_id, fields=["status"])


def _settle(call: Call, organisation_id: uuid.UUID, slug: str) -> None:
    """Take from the unanswered what the text, now published, answers.

    Publishing is done by then: what is asked again is read outside of any transaction, and a crash leaves it listed.
    """
    now_answers, waiting = _not_understood(call, organisation_id)
    _mark_settled(call, [question_id for question_id, text in waiting if judging.topic_for(text, now_answers) == slug])


@work.reads
def _not_understood(session: Session, call: Call,
                    organisation_id: uuid.UUID) -> tuple[shelf.Shelf, list[tuple[uuid.UUID, str]]]:
    del call
    waiting = question_rows.unanswered(session, organisation_id, (), MOST_GROUPED)
    return shelf.shelf_of(session, organisation_id), [(question.id, question.text) for question in waiting]


@work.writes
def _mark_settled(session: Session, call: Call, question_ids: list[uuid.UUID]) -> None:
    question_rows.mark_made(session, question_ids, call.now)


def _review(session: Session, call: Call, row: TopicVersion) -> None:
    """Put down who looked at the text, and until when that holds."""
    if row.reviewed_on is None:
        person = session.get_one(Person, call.actor_id)
        row.reviewed_by, row.reviewed_on = call.actor_id, _today(session, call, row.organisation_id)
        row.reviewer = row.reviewer or person.full_name or person.nickname
        row.review_due_on = row.review_due_on or row.reviewed_on + topics.REVIEW_EVERY


def _forget_review(row: TopicVersion) -> None:
    """The text as nobody has looked at it; a date somebody set for the next review stays."""
    if row.reviewed_on is not None and row.review_due_on == row.reviewed_on + topics.REVIEW_EVERY:
        row.review_due_on = None
    row.reviewed_by = row.reviewed_on = row.reviewer = None


def _emptied(session: Session, call: Call, organisation_id: uuid.UUID, slug: str) -> TopicVersion:
    """The version by which an organisation takes a shipped topic out of its own knowledge base."""
    row = _begin(session, call, organisation_id, slug, {}, None)
    row.status = "published"
    session.flush()
    return row


@work.writes
def unanswered(session: Session, call: Call, organisation_id: uuid.UUID | None) -> dict[str, Any]:
    """What was not answered, and what the texts in force answered without helping, the most asked first, grouped by the
    topic that came nearest. Raises not_found, forbidden, organisation_unnamed."""
    desk = reaching.desk(session, call, organisation_id, "question.unanswered")
    texts, _ = shelf.in_force(session, desk)
    groups: dict[tuple[str, str], list[Question]] = {}
    versions = [(slug, topic.version) for slug, topic in texts.items()]
    for question in question_rows.unanswered(session, desk, versions, MOST_GROUPED):
        reason = "unsure" if question.kind == "unsure" else "badly_rated"
        groups.setdefault((reason, question.nearest or ""), []).append(question)
    for question in itertools.chain(*groups.values()):
        if question.may_use_words:
            trail.record(session, call, "question.read_words", f"question:{question.id}", person_id=question.person_id,
                         organisation_id=desk)
    found = [topic_rows.group_view(reason, slug, texts.get(slug), asked) for (reason, slug), asked in groups.items()]
    return {"items": sorted(found, key=lambda group: -group["count"]), "next": None}


def _today(session: Session, call: Call, organisation_id: uuid.UUID) -> dt.date:
    """The date on the organisation's own clock."""
    hours = session.get_one(Organisation, organisation_id).hours
    return call.now.astimezone(camps.zone(hours["timezone"])).date()


def _shown(session: Session, call: Call, organisation_id: uuid.UUID, slug: str) -> dict[str, Any]:
    own = question_rows.versions_of(session, organisation_id, topics.STATUSES, slug)
    if not own and slug not in shelf.SHIPPED.topics:
        raise Refusal("not_found")
    return topic_rows.whole_view(organisation_id, slug, own, _today(session, call, organisation_id))
