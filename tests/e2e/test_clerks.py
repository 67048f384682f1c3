"""The clerks of a live server: one that makes a long export keeps nobody from being told."""

import contextlib
import os
import pathlib
import signal
import threading

from tests.e2e.test_two_workers import a_patient, ask
from tests.live import Live, serving
from tests.makers import FIRST_DAY, entry

PATIENCE_SECONDS, LOOK_SECONDS = 30, 0.2


def clerk(live: Live, duty: str) -> int:
    """The process of that clerk of this server, once it is there."""
    wait, wanted = threading.Event(), f"server.clerk\0{duty}\0".encode()
    for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (folder / "cmdline").read_bytes().endswith(wanted) and f"PPid:\t{live.process.pid}\n" in (
                        folder / "status").read_text():
                    return int(folder.name)
        wait.wait(LOOK_SECONDS)
    raise AssertionError(f"no clerk for {duty}: {live.last_words()}")


def test_a_telling_leaves_while_the_other_clerk_is_at_an_export_that_never_ends(tmp_path: pathlib.Path) -> None:
    with serving(tmp_path) as live:
        papers = clerk(live, "papers")
        os.kill(papers, signal.SIGSTOP)
        try:
            token, _ = a_patient(live)
            ask(live, "POST", "/entries", entry("glucose", f"{FIRST_DAY}T12:00:00+08:00", value=2.5), token)
            states, wait = [], threading.Event()
            for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
                [alert] = ask(live, "GET", "/alerts", token=token)[1]["items"]
                states = [one["state"] for one in alert["told"]]
                if states == ["delivered"]:
                    break
                wait.wait(LOOK_SECONDS)
            assert states == ["delivered"], live.last_words()
        finally:
            os.kill(papers, signal.SIGCONT)
