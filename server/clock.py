"""The only reader of time. Everything else is handed an instant."""

import datetime as dt
import os
import pathlib
import time


class Clock:
    """Tells the instant now, in UTC; it can be stopped where development aids are allowed.

    A stopped clock is a small file in the data folder, so that every worker reads the same instant.
    """

    def __init__(self, stop_file: pathlib.Path | None = None) -> None:
        self._stop_file = stop_file

    def now(self) -> dt.datetime:
        """The instant now as an aware datetime in UTC: the stopped one if there is one."""
        if self._stop_file is not None:
            try:
                return dt.datetime.fromisoformat(self._stop_file.read_text("ascii"))
            except FileNotFoundError:
                pass
        return dt.datetime.now(dt.UTC)

    def stop_at(self, instant: dt.datetime | None) -> None:
        """Stop the clock at an aware instant for every worker, or let it run again with None.

        Raises RuntimeError where the clock may not be stopped (production).
        """
        if self._stop_file is None:
            raise RuntimeError("this clock cannot be stopped")
        if instant is None:
            self._stop_file.unlink(missing_ok=True)
            return
        # Written aside and moved into place: a reader sees the old instant or the new one, never half of one.
        aside = self._stop_file.with_name(f"{self._stop_file.name}.{os.getpid()}")
        aside.write_text(instant.astimezone(dt.UTC).isoformat(), "ascii")
        aside.replace(self._stop_file)


def monotonic_seconds() -> float:
    """Seconds on a clock that nobody can set: for limits, which a jump of the wall clock must not open or shut."""
    return time.monotonic()
