"""The clerks: two processes beside the workers. One watches over alerts and sends their tellings, and nothing else, so that
no export, however long, holds up an alarm; the other does whatever follows from the clock and makes exports.

Everything they do is safe to be done twice and by several: hosts need not agree on whose clerk works.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import structlog
from flask import Flask

from server import jobs
from server.app import create_app

SECONDS_BETWEEN_LOOKS = 1
LOOKS_BETWEEN_ROUNDS = 20


class Duty(NamedTuple):
    """What a clerk does at every look, for somebody is waiting for it, and what in every round of many looks."""

    look: Callable[[Flask], Any]
    round: Callable[[Flask], Any]


DUTIES = {"alarms": Duty(jobs.deliver_tellings, jobs.run_alarms), "papers": Duty(jobs.run_exports, jobs.run_due)}


def main(name: str) -> None:
    """Do that duty until told to stop, or until the server that started it is gone."""
    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    server = os.getppid()
    app = create_app()
    looks = 0
    while os.getppid() == server and not stop.wait(SECONDS_BETWEEN_LOOKS):
        work(app, DUTIES[name], looks)
        looks += 1


def work(app: Flask, duty: Duty, looks: int) -> None:
    """Do what is due after so many looks; a fault is logged and does not end the clerk."""
    try:
        (duty.look if looks % LOOKS_BETWEEN_ROUNDS else duty.round)(app)
    except Exception as fault:  # noqa: BLE001 a database that is away comes back; the clerk goes on
        structlog.get_logger().error("clerk", fault=type(fault).__name__)


if __name__ == "__main__":
    main(sys.argv[1])
