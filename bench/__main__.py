"""`python -m bench`: start the servers, measure round by round, print the table."""
import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import Progress

from bench.load import BadAnswer
from bench.options import read_options
from bench.our_camp import prepare, settings_in
from bench.rounds import Measured, measure
from bench.servers import PROJECT, DidNotStart, plain_environment
from bench.stages import BIG_CAMP, CLASS_SEATS, Stage, grow, set_up, settle_ours
from bench.table import MEMORY_AT_MOST_MIB, facts_of, show, surroundings
from bench.works import LARGE, OURS, OURS_SMALL, SMALL, TWIN, Work, ten_thousand

ALL_KEPT, NOT_KEPT, SOME_VOID, STOPPED = 0, 1, 3, 130


def chosen(options: Namespace) -> tuple[list[Work], bool]:
    """Return the works to measure on a class of 200, and whether the big camp is wanted too."""
    works = [work for work in SMALL if not options.only or work.key in options.only]
    return works, not options.only or LARGE.key in options.only


def weigh(stage: Stage) -> dict[str, float]:
    """Return the memory in MiB of each worker after 10,000 requests."""
    for name, camp in stage.camps.items():
        if name != TWIN:
            for call in ten_thousand(camp):
                camp.door.send(call)
    return {name: server.memory_mib() for name, server in stage.servers.items() if name != TWIN}


def compare(options: Namespace, folder: Path, say: Callable[[str], None],
            tick: Callable[[], None]) -> tuple[list[Measured], dict[str, float]]:
    """Return what was measured, and the memory of the workers when it was asked for."""
    works, big = chosen(options)
    effort = (options.rounds, options.requests, tick)
    everything, sizes = [], {}
    say("备好数据 filling")
    settled = None if options.aa else settle_ours(folder / "ours")
    large = grow(settled, folder / "ours-large") if settled and big else None
    with ExitStack() as stack:
        stage = stack.enter_context(set_up(folder, CLASS_SEATS, settled))
        for work in works:
            say(work.key)
            everything.append(measure(work, stage.camps, *effort))
        if big and (large or options.aa):
            say(LARGE.key)
            big_stage = stack.enter_context(set_up(folder, BIG_CAMP, large))
            if large:
                big_stage.camps[OURS_SMALL] = stage.camps[OURS]
            everything.append(measure(LARGE, big_stage.camps, *effort))
        if options.long:
            say("一万次请求 10,000 requests")
            sizes = weigh(stage)
    return everything, sizes


def profile(options: Namespace) -> int:
    """Run one work of ours under a profiler in a process of its own and return its exit code."""
    with TemporaryDirectory(prefix="tangying-bench-") as folder:
        prepare(Path(folder))
        asked = [sys.executable, "-m", "bench.hot_spots", options.profile, str(options.requests)]
        return subprocess.run(asked, cwd=PROJECT, env=plain_environment() | settings_in(Path(folder)),
                              check=False).returncode


def bench(options: Namespace, console: Console) -> int:
    """Measure, print, perhaps write the file, and return the exit code."""
    (works, big), around = chosen(options), surroundings()
    with (TemporaryDirectory(prefix="tangying-bench-") as folder,
          Progress(console=Console(stderr=True), transient=True) as progress):
        bar = progress.add_task("", total=(len(works) + big) * (options.rounds + 1))
        everything, sizes = compare(options, Path(folder), lambda text: progress.update(bar, description=text),
                                    lambda: progress.advance(bar))
    show(console, everything, sizes, around)
    if options.json:
        facts = {"surroundings": around, "works": [facts_of(one) for one in everything], "memory_mib": sizes}
        options.json.write_text(json.dumps(facts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    if any(one.void for one in everything):
        return SOME_VOID
    broken = [one for one in everything for promise in one.work.promises
              if one.has(promise.side) and not one.keeps(promise)]
    return NOT_KEPT if broken or sizes.get(OURS, 0) > MEMORY_AT_MOST_MIB else ALL_KEPT


def main() -> int:
    """Do what the command line asks and return the exit code."""
    options, console = read_options(), Console(width=None if sys.stdout.isatty() else 120)
    try:
        return profile(options) if options.profile else bench(options, console)
    except (BadAnswer, DidNotStart) as fault:
        console.print(f"[red]没量成 the bench stopped:[/] {type(fault).__name__}", highlight=False)
        console.print(str(fault), markup=False, highlight=False)
        return NOT_KEPT
    except KeyboardInterrupt:
        console.print("停下了 stopped")
        return STOPPED


if __name__ == "__main__":
    sys.exit(main())
