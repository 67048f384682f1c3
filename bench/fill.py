"""Many members at once, written straight into our tables: joining twenty thousand times through the API takes an hour.

What is written is what the API would have written after some weeks of checking in, scores included, but for the entries
and ledger lines behind them, which a board never reads.
"""
import datetime as dt
import random
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.our_camp import settings_in
from server.app import create_app
from server.config import read_settings
from server.domain.enrolments import no_marks
from server.domain.leaderboards import METRICS, periods_of_camp
from server.models import scores
from server.models.base import db
from server.models.camps import Camp
from server.models.classes import Class
from server.models.enrolments import Enrolment
from server.models.people import DEFAULT_QUIET_HOURS, Journal, Person, name_index
from server.models.prepared import Prepared
from server.models.standings import STANDINGS, counted_scores

JOINED_AT = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
AT_ONCE = 500
WRITE_STANDINGS = Prepared(STANDINGS.insert(), columns=STANDINGS.c.keys())
MOST_A_DAY = {"points": 34, "streak": 1, "check_ins": 6}


def add_members(folder: Path, camp_id: str, total: int) -> None:
    """Bring the camp in that data folder to so many members, all of them with scores above the first ones' zero."""
    app = create_app(read_settings(settings_in(folder)))
    with app.app_context():
        session = db.session()
        camp = session.get_one(Camp, uuid.UUID(camp_id))
        group = session.scalars(sa.select(Class).where(Class.camp_id == camp.id)).first()
        here = session.scalar(sa.select(sa.func.count()).select_from(Enrolment).where(Enrolment.camp_id == camp.id))
        luck = random.Random(20_000)  # the same camp every time
        for numbers in in_batches(range(here, total), AT_ONCE):
            write_members(session, camp, group, numbers, luck)
        session.execute(sa.update(Class).where(Class.id == group.id).values(capacity=total, seats_taken=total))
        kept, should = scores.kept(session, camp.id), scores.should_keep(counted_scores(session, camp.id))
        scores.add(session, camp.id, {key: should.get(key, 0) - kept.get(key, 0) for key in {*kept, *should}})
        session.commit()
        db.session.remove()
        db.engine.dispose()


def write_members(session: Session, camp: Camp, group: Class, numbers: list[int], luck: random.Random) -> None:
    """Write these members: the person, the journal, the enrolment and a row for every board."""
    people = [person(number) for number in numbers]
    session.execute(Person.__table__.insert(), people)
    session.execute(Journal.__table__.insert(), [{"person_id": each["id"], "last_change": 0} for each in people])
    enrolments = [enrolment(each["id"], camp, group) for each in people]
    session.execute(Enrolment.__table__.insert(), enrolments)
    WRITE_STANDINGS.run_all(session, [row for each in enrolments for row in standings(each, camp, luck)])


def person(number: int) -> dict[str, Any]:
    """Return the row of a person nobody signs in as."""
    name = f"糖友{number:05d}"
    return {"id": uuid.uuid4(), "nickname": name, "nickname_index": name_index(name), "quiet_hours": DEFAULT_QUIET_HOURS,
            "created_at": JOINED_AT, "board_visible": True, "diabetes_type": "type2", "treatments": [], "medicines": [],
            "glucose_unit": "mmol/L", "version": 1}


def enrolment(person_id: uuid.UUID, camp: Camp, group: Class) -> dict[str, Any]:
    """Return the row of an active enrolment."""
    return {"id": uuid.uuid4(), "person_id": person_id, "organisation_id": camp.organisation_id, "camp_id": camp.id,
            "class_id": group.id, "status": "active", "plan_changes": [[1, "daily"]], "marks": no_marks(camp.calendar),
            "joined_day": camp.starts_on, "applied_at": JOINED_AT, "joined_at": JOINED_AT, "filed_by": person_id,
            "version": 1}


def standings(member: dict[str, Any], camp: Camp, luck: random.Random) -> Iterator[dict[str, Any]]:
    """Yield a member's row of every board, each with some score and the instant it was reached."""
    for period, since in periods_of_camp(camp.starts_on, camp.days):
        days = {"day": 1, "week": 7, "camp": camp.days}[period]
        row = {"enrolment_id": member["id"], "period": period, "since": since, "camp_id": camp.id,
               "class_id": member["class_id"], "listed": True}
        for metric in METRICS:
            row |= {metric: luck.randint(1, MOST_A_DAY[metric] * days),
                    f"{metric}_at": JOINED_AT + dt.timedelta(seconds=luck.randrange(28 * 86_400))}
        yield row


def in_batches(numbers: Iterable[int], size: int) -> Iterator[list[int]]:
    """Yield the numbers so many at a time."""
    rest = iter(numbers)
    while batch := list(islice(rest, size)):
        yield batch
