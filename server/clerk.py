"""The clerk: one process beside the workers that does what follows from the clock and makes exports.

Everything it does is safe to be done twice and by several: hosts need not agree on whose clerk works.
"""

import os
import signal
import threading

import structlog
from flask import Flask

from server import jobs
from server.app import create_app

SECONDS_BETWEEN_LOOKS = 1
LOOKS_BETWEEN_ROUNDS = 20


def main() -> None:
    """Work until told to stop, or until the server that started it is gone."""
    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: stop.set())
    server = os.getppid()
    app = create_app()
    looks = 0
    while os.getppid() == server and not stop.wait(SECONDS_BETWEEN_LOOKS):
        _work(app, whole_round=looks % LOOKS_BETWEEN_ROUNDS == 0)
        looks += 1


def _work(app: Flask, *, whole_round: bool) -> None:
    try:
        if whole_round:
            jobs.run_due(app)
        else:
            jobs.run_exports(app)
    except Exception as fault:  # noqa: BLE001 a database that is away comes back; the clerk goes on
        structlog.get_logger().error("clerk", fault=type(fault).__name__)


if __name__ == "__main__":
    main()
