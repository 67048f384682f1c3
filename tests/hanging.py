"""A guard against work without an end. No speed is asserted: what ends takes a hundredth of this, whatever the machine."""

import contextlib
import signal
from collections.abc import Iterator

CPU_SECONDS = 5


@contextlib.contextmanager
def must_end() -> Iterator[None]:
    """Fail the test whose block, a regular expression that backtracks among them, goes on for `CPU_SECONDS` of its own."""
    def give_up(*_: object) -> None:
        raise AssertionError("没有尽头")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
