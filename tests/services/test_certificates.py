"""Issuing and exporting while things break."""

import concurrent.futures
import datetime as dt
import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from server.models.base import db
from server.models.certificates import Certificate, CertificateExport
from server.services.certificates import exporting, issuing
from server.services.work import Call
from tests.makers import World

ENDS = dt.timedelta(days=29)


class Crash(BaseException):
    """The process dies: nothing catches this."""


def call(world: World) -> Call:
    made = world.app.extensions["tangying"]
    return Call(made, made.clock.now(), "test")


def finished_camp(world: World, members: int) -> str:
    """A camp that is over, with so many members who reached its level."""
    group = world.group(world.camp(rules={"certificates": [{"level": "结营", "complete_days": 1}]}))
    for number in range(members):
        world.patient(f"p{number}", group).live_day(dt.date(2026, 3, 2))
    world.clock(dt.datetime(2026, 3, 2, tzinfo=dt.UTC) + ENDS)
    return group["camp_id"]


def numbers(app: Flask) -> list[str]:
    with app.app_context(), db.engine.connect() as connection:
        return list(connection.execute(sa.select(Certificate.number)).scalars())


def test_a_crash_between_batches_loses_and_doubles_nothing(world: World, monkeypatch) -> None:
    camp_id = uuid.UUID(finished_camp(world, 5))
    monkeypatch.setattr(issuing, "BATCH", 2)
    world.app.app_context().push()
    made = []

    def dies(*given, **more):
        made.append(1)
        if len(made) == 4:  # in the middle of the second batch
            raise Crash
        return row(*given, **more)

    row = issuing.rows.row
    monkeypatch.setattr(issuing.rows, "row", dies)
    with pytest.raises(Crash):
        issuing.issue(call(world).__class__(**{**vars(call(world)), "person_id": uuid.UUID(world.admin.id)}), camp_id)
    before = numbers(world.app)
    assert len(before) == 2
    monkeypatch.setattr(issuing.rows, "row", row)
    world.admin.post("/dev/run-due", {})
    after = numbers(world.app)
    assert len(after) == len(set(after)) == 5
    assert set(before) < set(after)


def test_two_who_issue_at_once_issue_each_certificate_once(world: World) -> None:
    camp_id = finished_camp(world, 4)

    def issue(_: int) -> int:
        with world.app.app_context():
            made = call(world)
            asked = Call(made.world, made.now, "test", uuid.UUID(world.admin.id))
            return issuing.issue(asked, uuid.UUID(camp_id))["issued"]

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(issue, range(2))) == 4
    assert len(numbers(world.app)) == 4


def export_row(world: World) -> CertificateExport:
    with world.app.app_context():
        found = db.session.execute(sa.select(CertificateExport)).scalars().one()
        db.session.remove()
    return found


def test_an_export_whose_maker_died_is_made_by_the_next(world: World, monkeypatch) -> None:
    ming, = world.graduates("ming")
    world.admin.post("/certificates/exports", {
        "camp_id": ming.enrolment["camp_id"], "format": "csv", "purpose": "结营仪式"})
    hold = exporting._hold

    def dies(*_: object) -> bool:
        raise Crash

    monkeypatch.setattr(exporting, "_hold", dies)
    with world.app.app_context(), pytest.raises(Crash):
        exporting.run_exports(call(world))
    monkeypatch.setattr(exporting, "_hold", hold)
    with world.app.app_context():
        assert exporting.run_exports(call(world)) == 0  # held by the dead one, for two minutes
    assert export_row(world).status == "running"
    world.clock(dt.datetime.fromisoformat(world.now) + dt.timedelta(minutes=3))
    with world.app.app_context():
        assert exporting.run_exports(call(world)) == 1
    assert (export_row(world).status, export_row(world).done) == ("done", 1)


def test_a_maker_who_was_taken_for_dead_leaves_the_others_file_alone(world: World, monkeypatch) -> None:
    ming, = world.graduates("ming")
    world.admin.post("/certificates/exports", {
        "camp_id": ming.enrolment["camp_id"], "format": "csv", "purpose": "结营仪式"})
    hold, slow = exporting._hold, []

    def sleeps(*given: object) -> bool:
        if not slow:
            slow.append(1)
            world.clock(dt.datetime.fromisoformat(world.now) + dt.timedelta(minutes=3))
            assert exporting.run_exports(call(world)) == 1
        return hold(*given)

    monkeypatch.setattr(exporting, "_hold", sleeps)
    with world.app.app_context():
        assert exporting.run_exports(call(world)) == 0
    assert (export_row(world).status, export_row(world).attempts) == ("done", 2)


def test_an_export_that_cannot_be_made_fails_after_three_attempts(world: World, monkeypatch) -> None:
    ming, = world.graduates("ming")
    world.admin.post("/certificates/exports", {
        "camp_id": ming.enrolment["camp_id"], "format": "csv", "purpose": "结营仪式"})

    def breaks(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(exporting.files, "begin", breaks)
    with world.app.app_context():
        assert exporting.run_exports(call(world)) == 0
    assert (export_row(world).status, export_row(world).attempts) == ("failed", 3)
