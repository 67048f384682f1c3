"""Where our own time goes: one work under cProfile, inside one process, through Flask's test client.

`python -m bench.hot_spots WORK REQUESTS`, started by `scripts/bench --profile WORK` with the settings of a temporary
data folder. Only the application is watched, not the client. A profiler makes small functions look dearer than they
are: use it to find the place, and the bench to see whether a change helped.
"""
import cProfile
import pstats
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.load import ClientDoor
from bench.our_camp import our_camp
from bench.works import OURS, SMALL, Side, keep_history
from server.app import create_app

MEMBERS = 200
TOP = 30
PROJECT = Path(__file__).resolve().parent.parent
# One row of pstats: primitive calls, calls, own seconds, seconds with everything called, callers.
Place = tuple[str, int, str]
Figures = tuple[Any, ...]


class Watched:
    """A WSGI application that adds up the CPU time it uses and, once `profiler` is set, watches every call."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner = inner
        self.profiler: cProfile.Profile | None = None
        self.cpu_seconds = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """Return the whole body: closing the answer is part of the work."""
        before = time.process_time()
        if self.profiler:
            self.profiler.enable()
        try:
            answer = self.inner(environ, start_response)
            body = list(answer)
            if hasattr(answer, "close"):
                answer.close()
            return body
        finally:
            if self.profiler:
                self.profiler.disable()
            self.cpu_seconds += time.process_time() - before


def ask_all(side: Side, watched: Watched) -> float:
    """Return the CPU microseconds a request took."""
    watched.cpu_seconds = 0.0
    for call in side.calls:
        side.camp.door.send(call)
    return watched.cpu_seconds * 1e6 / len(side.calls)


def short(place: Place) -> str:
    """Return a function's name and where it stands, without anybody's folders."""
    file, line, name = place
    if file == "~":
        return name.strip("<>")
    path = Path(file)
    if "site-packages" in path.parts:
        path = Path(*path.parts[path.parts.index("site-packages") + 1:])
    elif path.is_relative_to(PROJECT):
        path = path.relative_to(PROJECT)
    else:
        path = Path(*path.parts[-2:])
    return f"{path}:{line} {name}"


def ranked(figures: dict[Place, Figures], requests: int, column: int, title: str) -> Table:
    """Return the dearest functions by own (column 2) or whole (column 3) time, per request."""
    table = Table(title=title, title_justify="left")
    for heading in ("own µs", "whole µs", "calls"):
        table.add_column(heading, justify="right")
    table.add_column("function", no_wrap=True, overflow="ellipsis")
    for place, row in sorted(figures.items(), key=lambda one: one[1][column], reverse=True)[:TOP]:
        table.add_row(f"{row[2] * 1e6 / requests:,.1f}", f"{row[3] * 1e6 / requests:,.1f}", f"{row[1] / requests:,.1f}",
                      short(place))
    return table


def main(key: str, requests: int) -> None:
    """Print what one request of a work costs and its dearest functions."""
    console = Console(width=None if sys.stdout.isatty() else 140)
    application = create_app()
    watched = Watched(application.wsgi_app)
    application.wsgi_app = watched
    camps = {OURS: our_camp(ClientDoor(application), MEMBERS)}
    keep_history(camps)
    work = next(one for one in SMALL if one.key == key)
    sides = [next(side for side in work.sides(camps, 0, requests) if side.name == OURS)]
    ask_all(sides[0], watched)
    plain_us = ask_all(next(side for side in work.sides(camps, 1, requests) if side.name == OURS), watched)
    side = next(side for side in work.sides(camps, 2, requests) if side.name == OURS)
    watched.profiler = cProfile.Profile()
    profiled_us = ask_all(side, watched)
    figures: dict[Place, Figures] = pstats.Stats(watched.profiler).stats  # type: ignore[attr-defined]
    count = len(side.calls)
    console.print(ranked(figures, count, 3, "连同所调用的 with everything called"))
    console.print(ranked(figures, count, 2, "自身 own time"))
    console.print(f"{key}: {plain_us:,.0f} µs CPU a request inside the application ({profiled_us:,.0f} while watched), "
                  f"{count} requests, {side.units} a request")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
