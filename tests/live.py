"""A live server for the tests: gunicorn as it is shipped, two workers, on a loopback port that nobody else has."""

import contextlib
import dataclasses
import datetime as dt
import http.client
import os
import pathlib
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator

import sqlalchemy as sa

from server.app import CLOCK_FILE
from server.clock import Clock
from tests.makers import EVE

PROJECT = pathlib.Path(__file__).resolve().parent.parent
LOCALHOST = "127.0.0.1"
WORKERS = 2
WAITING_CONNECTIONS = 128
PATIENCE_SECONDS = 60
# Weeks pass in seconds, on limits that count real minutes.
ROOMY = {"TANGYING_SIGN_INS_PER_MINUTE": "100000", "TANGYING_SIGN_INS_PER_MINUTE_ADDRESS": "100000",
         "TANGYING_WRITES_PER_MINUTE": "100000", "TANGYING_QUESTIONS_PER_MINUTE": "100000"}


@dataclasses.dataclass(frozen=True)
class Live:
    """A server that answers at `base_url`; `process` is gunicorn's master."""

    base_url: str
    process: subprocess.Popen[bytes]
    log: pathlib.Path

    def last_words(self) -> str:
        """The end of what the server has written."""
        return self.log.read_text("utf-8", errors="replace")[-4000:]


@contextlib.contextmanager
def serving(folder: pathlib.Path, **settings: str) -> Iterator[Live]:
    """A server with its data in that folder, prepared and ready; it is stopped when the block is left. Its clock stands on
    the eve of the camp from the start: no job begun today sees a camp of March.

    Its database is SQLite in the folder, or one of its own name on TANGYING_TEST_DATABASE_URL. Raises RuntimeError with
    the server's own words when it does not come up.
    """
    with _database() as where:
        environ = _environ(TANGYING_ENV="testing", TANGYING_DATA_DIR=str(folder), TANGYING_WORKERS=str(WORKERS),
                           **where, **{**ROOMY, **settings})
        subprocess.run([sys.executable, "-m", "server.prepare"], cwd=PROJECT, env=environ, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        Clock(folder / CLOCK_FILE).stop_at(dt.datetime.fromisoformat(EVE))
        live = _start(folder / "server.log", environ)
        try:
            _wait_until_ready(live)
            yield live
        finally:
            _stop(live.process)


@contextlib.contextmanager
def _database() -> Iterator[dict[str, str]]:
    """The setting that names a database of our own; nothing is left of it on a server that is not ours."""
    server_url = os.environ.get("TANGYING_TEST_DATABASE_URL")
    if not server_url:
        yield {}
        return
    name = f"tangying_live_{uuid.uuid4().hex}"
    server = sa.create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        url = sa.make_url(server_url).set(database=name)
        yield {"TANGYING_DATABASE_URL": url.render_as_string(hide_password=False)}
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def _environ(**settings: str) -> dict[str, str]:
    """This process's environment with these settings and none that are meant for another server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TANGYING_")} | settings


def _start(log: pathlib.Path, environ: dict[str, str]) -> Live:
    """gunicorn, handed a socket that already listens: the port cannot be lost to another test, and whoever connects
    early waits in line instead of being turned away."""
    with socket.create_server((LOCALHOST, 0), backlog=WAITING_CONNECTIONS) as door, log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "python:server.gunicorn_config",
             "--bind", f"fd://{door.fileno()}"],
            cwd=PROJECT, env=environ, pass_fds=[door.fileno()], stdin=subprocess.DEVNULL, stdout=written, stderr=written)
        return Live(f"http://{LOCALHOST}:{door.getsockname()[1]}", process, log)


def _wait_until_ready(live: Live) -> None:
    """Return once /readyz says so. A server that dies takes its socket along, which ends the waiting at once."""
    connection = http.client.HTTPConnection(live.base_url.removeprefix("http://"), timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"the server is not ready: {answer.read().decode()}\n{live.last_words()}")
    except (OSError, http.client.HTTPException) as fault:
        raise RuntimeError(f"the server did not start: {fault}\n{live.last_words()}") from fault
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
