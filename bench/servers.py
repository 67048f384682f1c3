"""Servers started for a measurement, and what the kernel says about their workers."""
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.load import LOCALHOST, BadAnswer, SocketDoor

PROJECT = Path(__file__).resolve().parent.parent
START_SECONDS, STOP_SECONDS = 30, 10
KIBIBYTES_PER_MEBIBYTE = 1024
# One worker with one thread, alike for every server: what differs is only what the server does.
GUNICORN = ("-m", "gunicorn", "--workers", "1", "--worker-class", "gthread", "--threads", "1", "--keep-alive", "75",
            "--timeout", "120", "--log-level", "warning", "--no-control-socket")


class DidNotStart(Exception):
    """A server never answered; the text holds what it wrote."""


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOCALHOST, 0))
        return probe.getsockname()[1]


def children_of(pid: int) -> list[int]:
    """Return the process ids of a process's children, and of theirs."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended while we looked
            parents.setdefault(int(fields[1]), []).append(int(folder.name))
    found, waiting = [], [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found


def cpu_seconds_of(pid: int) -> float:
    """Return the CPU time, user and system, that a process has used in all its threads.

    Linux answers in nanoseconds for the CPU clock of any process (clock_getcpuclockid(3) builds its id like this);
    /proc/<pid>/stat counts the same in hundredths of a second, too coarse for a round of requests.
    """
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running gunicorn: its master's process id, its workers' and the door to it."""

    master: int
    workers: list[int]
    door: SocketDoor

    def cpu_seconds(self) -> float:
        """Return the CPU time that the workers have used so far."""
        return sum(cpu_seconds_of(pid) for pid in self.workers)

    def memory_mib(self) -> float:
        """Return the resident memory of the largest worker."""
        sizes = []
        for pid in self.workers:
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            sizes += [int(line.split()[1]) for line in lines if line.startswith("VmRSS:")]
        return max(sizes) / KIBIBYTES_PER_MEBIBYTE


def plain_environment() -> dict[str, str]:
    """Return this process's environment without any setting of ours, so that a bench measures the defaults."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TANGYING_")}
    return kept | {"PYTHONHASHSEED": "0"}


def last_words(log: Path) -> str:
    """Return the end of what a server has written."""
    return log.read_text(errors="replace")[-4000:]


def wait_until_alive(process: subprocess.Popen, port: int, log: Path) -> None:
    """Return when the server answers /healthz; raises DidNotStart with what it wrote."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{LOCALHOST}:{port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise DidNotStart(last_words(log))


@contextmanager
def serving(application: str, settings: Mapping[str, str]) -> Iterator[Server]:
    """Give a running server of `application` (module:name); it is stopped when the block is left."""
    port = free_port()
    environment = plain_environment() | {"PORT": str(port)} | dict(settings)
    with tempfile.TemporaryDirectory(prefix="tangying-bench-") as folder:
        log = Path(folder) / "server.log"
        with log.open("w") as written:
            process = subprocess.Popen([sys.executable, *GUNICORN, "--bind", f"{LOCALHOST}:{port}", application],
                                       cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=written,
                                       stderr=written)
            door = SocketDoor(port)
            try:
                wait_until_alive(process, port, log)
                yield Server(process.pid, children_of(process.pid), door)
            except BadAnswer as fault:
                raise BadAnswer(f"{fault}\n{last_words(log)}".rstrip()) from fault
            finally:
                door.close()
                process.terminate()
                try:
                    process.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
