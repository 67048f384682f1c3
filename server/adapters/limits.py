"""How often somebody may do something in a minute: counted in memory, or in Redis for all workers together."""

import limits as limits_library
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter

from server.clock import monotonic_seconds
from server.domain.refusals import Refusal

WINDOW_SECONDS = 60


class Limits:
    """Counts in this process, in windows of a minute on a clock that nobody can set.

    With several workers each counts for itself, so up to so many times the limit gets through: a start without Redis
    says so.
    """

    def __init__(self) -> None:
        self._window = -1
        self._counts: dict[tuple[str, str], int] = {}

    def check(self, what: str, who: str, most_per_minute: int) -> None:
        """Count one. Raises Refusal too_many_requests, saying when to try again."""
        now = monotonic_seconds()
        window = int(now // WINDOW_SECONDS)
        if window != self._window:  # the counts of a window that is over are worth nothing
            self._window, self._counts = window, {}
        count = self._counts[what, who] = self._counts.get((what, who), 0) + 1
        if count > most_per_minute:
            raise Refusal("too_many_requests", retry_after_seconds=int(WINDOW_SECONDS - now % WINDOW_SECONDS) + 1)


class SharedLimits(Limits):
    """Counts in Redis or Valkey, for every worker of every host; in this process while that is away."""

    def __init__(self, redis_url: str) -> None:
        super().__init__()
        self._storage = RedisStorage(redis_url, wrap_exceptions=True)
        self._limiter = FixedWindowRateLimiter(self._storage)

    def check(self, what: str, who: str, most_per_minute: int) -> None:
        """Count one for all workers. Raises Refusal too_many_requests."""
        try:
            within = self._limiter.hit(limits_library.RateLimitItemPerMinute(most_per_minute), what, who)
        except limits_library.errors.StorageError:
            super().check(what, who, most_per_minute)
            return
        if not within:
            raise Refusal("too_many_requests", retry_after_seconds=WINDOW_SECONDS)
