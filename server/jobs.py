"""What runs by the clock. Each job is safe to run twice, so a crash in the middle is healed by the next run."""

import uuid
from typing import Any

from flask import Flask

from server.services import alarms, certificates, due
from server.services.work import Call


def run_due(app: Flask) -> dict[str, Any]:
    """Do everything that is due by now; how much of each was done."""
    with app.app_context():
        return due.run(_call(app))


def run_alarms(app: Flask) -> dict[str, Any]:
    """Watch over the alerts and send what is due about them; how much of each was done."""
    with app.app_context():
        return due.run_alarms(_call(app))


def deliver_tellings(app: Flask) -> int:
    """Send the tellings that are due; how many reached somebody."""
    with app.app_context():
        return alarms.deliver(_call(app))


def run_exports(app: Flask) -> int:
    """Make the exports that wait; how many."""
    with app.app_context():
        return certificates.run_exports(_call(app))


def _call(app: Flask) -> Call:
    world = app.extensions["tangying"]
    return Call(world, world.clock.now(), f"job-{uuid.uuid4().hex}")
