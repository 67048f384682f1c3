"""How gunicorn serves the app: a worker per core, one request at a time each, nothing left lying about."""

import os
import pathlib
import subprocess
import sys
import threading

from server.config import read_settings

_settings = read_settings(os.environ)

wsgi_app = "server.app:create_app()"
bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
workers = _settings.workers
# Threads in a worker cost two to four times the CPU on this work; slow clients are for nginx in front.
worker_class = "sync"
threads = 1
# Each worker opens its own database connections; sharing one across a fork corrupts both.
preload_app = False
proc_name = "tangying"

timeout = 30
graceful_timeout = 10
# A beat written to a slow disk looks like a dead worker, so the file beats in memory where there is such a place.
worker_tmp_dir = "/dev/shm" if pathlib.Path("/dev/shm").is_dir() else None

# The longest text a query may hold, all of it in characters that are written in twelve.
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190

# The app writes its own log with request ids and without persons; gunicorn speaks up only when something is wrong.
accesslog = None
loglevel = "warning"
# gunicorn 27 would leave a control socket in the home folder.
control_socket_disable = True


# Long enough that a clerk which cannot start does not fill the log.
SECONDS_BEFORE_ANOTHER_CLERK = 10
_closing = threading.Event()
# Alarms have a clerk of their own: one that makes a long export keeps nobody from being told.
CLERKS = ("alarms", "papers")
_clerks: dict[str, subprocess.Popen[bytes]] = {}


def when_ready(server: object) -> None:
    """Starts the clerks beside the workers, and another one should one ever end."""
    for duty in CLERKS:
        threading.Thread(target=_keep_a_clerk, args=(duty,), name=f"clerk {duty}", daemon=True).start()


def _keep_a_clerk(duty: str) -> None:
    while not _closing.is_set():
        _clerks[duty] = subprocess.Popen([sys.executable, "-m", "server.clerk", duty], stdin=subprocess.DEVNULL)
        _clerks[duty].wait()
        _closing.wait(SECONDS_BEFORE_ANOTHER_CLERK)


def on_reload(server: object) -> None:
    """Stops a development server whose window was closed; it would otherwise go on unseen and keep the port."""
    if not _settings.is_production:
        raise StopIteration


def on_exit(server: object) -> None:
    """A last word, after every worker and the clerks have gone."""
    _closing.set()
    for clerk in _clerks.values():
        clerk.terminate()
    for clerk in _clerks.values():
        clerk.wait()
    print("\n糖营已经停下，数据都在。Stopped.", flush=True)
