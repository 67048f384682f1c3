"""The table that the bench prints, and the same as JSON."""
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from os import cpu_count, getloadavg
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.rounds import FAIR, Measured
from bench.works import LIMIT, OURS, Promise

PARTS = ("flask", "gunicorn", "marshmallow", "pyjwt", "sqlalchemy")
KEPT, BROKEN, VOID = "守住 kept", "未守住 not kept", "作废 void"
MEMORY_AT_MOST_MIB = 160


def file_system_of(folder: str) -> str:
    """Return the type of the file system a folder lies on: a sync to memory costs nothing, one to a disk does."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    holding = [(len(place), kind) for place, kind in mounts if Path(folder).resolve().is_relative_to(place)]
    return max(holding)[1] if holding else "unknown"


def surroundings() -> dict[str, str]:
    """Return what a reader must know about the machine to judge the figures."""
    return {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version,
            **{part: version(part) for part in PARTS}, "cores": str(cpu_count()), "system": platform.system(),
            "load before": f"{getloadavg()[0]:.1f}", "disk": file_system_of(gettempdir()), "synchronous": "FULL"}


def verdict(measured: Measured, promise: Promise) -> str:
    """Return whether a promise is kept, in the words of the table."""
    if measured.void:
        return VOID
    return KEPT if measured.keeps(promise) else BROKEN


def facts_of(measured: Measured) -> dict[str, Any]:
    """Return everything known about one work, for the JSON file."""
    sides = measured.rounds[0]
    return {
        "work": measured.work.key, "same_twice": round(measured.same_twice, 4), "void": measured.void,
        "cpu_us": {side: round(measured.cpu_us(side), 1) for side in sides},
        "answer_bytes": {side: round(measured.answer_bytes(side)) for side in sides},
        "promises": [{"work": one.work, "side": one.side, "against": one.against, "at_most": one.at_most,
                      "ratio": round(measured.ratio(one.side, one.against), 4), "verdict": verdict(measured, one)}
                     for one in measured.work.promises if measured.has(one.side)]}


def ratios(everything: Sequence[Measured]) -> Table:
    """Return the table of ratios. Costs are of this machine and this hour; only the ratios mean something."""
    table = Table(title="每次请求的 CPU  CPU per request", title_justify="left")
    table.add_column("做什么 work", overflow="fold")
    for heading in ("基准 base µs", "糖营 ours µs", "比 ratio", "至多 at most", "A/A"):
        table.add_column(heading, justify="right")
    table.add_column("守住 kept")
    for measured in everything:
        same = f"{measured.same_twice:.2f}"
        promises = [one for one in measured.work.promises if measured.has(one.side)]
        if not promises:
            table.add_row(measured.work.key, f"{measured.cpu_us(LIMIT):,.0f}", "–", "–", "–", same,
                          VOID if measured.void else "–")
        for one in promises:
            word = verdict(measured, one)
            colour = {KEPT: "green", BROKEN: "red"}.get(word, "yellow")
            table.add_row(one.work, f"{measured.cpu_us(one.against):,.0f}", f"{measured.cpu_us(one.side):,.0f}",
                          f"{measured.ratio(one.side, one.against):.2f}", f"{one.at_most:.2f}", same,
                          f"[{colour}]{word}[/]")
    return table


def memory(sizes_mib: Mapping[str, float]) -> Table:
    """Return the table of what a worker weighs after 10,000 requests."""
    table = Table(title="一万次请求之后每个进程的内存  memory of a worker after 10,000 requests", title_justify="left")
    for heading in ("谁 who", "MiB", "至多 at most", "守住 kept"):
        table.add_column(heading)
    for who, size in sizes_mib.items():
        ours = who == OURS
        word = (KEPT if size <= MEMORY_AT_MOST_MIB else BROKEN) if ours else "–"
        table.add_row(who, f"{size:.0f}", str(MEMORY_AT_MOST_MIB) if ours else "–", word)
    return table


def show(console: Console, everything: Sequence[Measured], sizes_mib: Mapping[str, float],
         around: Mapping[str, str]) -> None:
    """Print the tables, how to read them and where they were made."""
    console.print(ratios(everything))
    if sizes_mib:
        console.print(memory(sizes_mib))
    console.print(f"A/A 是极限服务器与它自己相比，须在 {FAIR[0]} 到 {FAIR[1]} 之间，否则这一行作废。"
                  "A/A is the limit server against itself; outside these the row says nothing.")
    console.print("，".join(f"{name} {value}" for name, value in around.items()), style="dim")
