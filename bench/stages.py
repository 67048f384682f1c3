"""The servers of a comparison, filled alike and running side by side."""
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.camps import Camp
from bench.fill import add_members
from bench.limit_camp import fill, limit_camp, new_key
from bench.our_camp import APPLICATION, our_camp, prepare, returning, settings_in
from bench.servers import Server, serving
from bench.works import LIMIT, OURS, TWIN, Camps, keep_history

CLASS_SEATS, BIG_CAMP = 200, 20_000
LIMIT_APPLICATION = "bench.limit_server:app"


@dataclass
class Stage:
    """Camps and the servers behind them, by the name of the side."""

    camps: Camps = field(default_factory=dict)
    servers: dict[str, Server] = field(default_factory=dict)

    def add(self, name: str, server: Server, camp: Camp) -> None:
        """Put a camp and its server on the stage."""
        camp.cpu_seconds = server.cpu_seconds
        self.servers[name], self.camps[name] = server, camp


@dataclass(frozen=True)
class Settled:
    """Our filled data folder and what is needed to find the camp in it again."""

    folder: Path
    camp_id: str
    board: str


def settle_ours(folder: Path) -> Settled:
    """Fill a new data folder through our API with a class of 200, and stop that server again."""
    folder.mkdir()
    prepare(folder)
    with serving(APPLICATION, settings_in(folder)) as server:
        camp = our_camp(server.door, CLASS_SEATS)
        keep_history({OURS: camp})
    return Settled(folder, camp.camp_id, camp.board_path.partition("&")[0])


def grow(settled: Settled, folder: Path) -> Settled:
    """Return a copy of the settled folder whose camp has 20,000 members, with points for all but the first 200."""
    shutil.copytree(settled.folder, folder)
    add_members(folder, settled.camp_id, BIG_CAMP)
    return replace(settled, folder=folder, board=f"/api/v1/leaderboards?camp_id={settled.camp_id}")


def add_limit(stage: Stage, stack: ExitStack, folder: Path, members: int) -> None:
    """Start the limit server and its twin, each on a database of its own."""
    for name in (LIMIT, TWIN):
        database, key = folder / f"{name}-{members}.sqlite", new_key()
        fill(database, members, beginners=CLASS_SEATS)
        server = stack.enter_context(serving(LIMIT_APPLICATION, {"BENCH_DATABASE": str(database), "BENCH_KEY": key}))
        stage.add(name, server, limit_camp(server.door, key, CLASS_SEATS))


def add_ours(stage: Stage, stack: ExitStack, settled: Settled) -> None:
    """Start our server on a settled folder."""
    server = stack.enter_context(serving(APPLICATION, settings_in(settled.folder)))
    stage.add(OURS, server, returning(server.door, CLASS_SEATS, settled.camp_id, settled.board))


@contextmanager
def set_up(folder: Path, members: int, settled: Settled | None) -> Iterator[Stage]:
    """Give a stage with the limit server, its twin and, when there is a settled folder, ours."""
    with ExitStack() as stack:
        stage = Stage()
        add_limit(stage, stack, folder, members)
        keep_history(stage.camps)
        if settled:
            add_ours(stage, stack, settled)
        yield stage
