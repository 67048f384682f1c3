"""Alternating rounds: what a request costs each server, and the ratio between them."""
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.works import LIMIT, TWIN, Camps, Promise, Side, Work

FAIR = (0.9, 1.1)
SLICES = 12


@dataclass(frozen=True)
class Cost:
    """What one side of one work came to: CPU microseconds a unit, and the bytes of its answers."""

    cpu_us: float
    answer_bytes: float


@dataclass(frozen=True)
class Measured:
    """Every side of one work, round by round, the unmeasured warm-up left out."""

    work: Work
    rounds: tuple[Mapping[str, Cost], ...]

    def cpu_us(self, side: str) -> float:
        """Return the median cost of a side."""
        return median(costs[side].cpu_us for costs in self.rounds)

    def answer_bytes(self, side: str) -> float:
        """Return the median size of a side's answers."""
        return median(costs[side].answer_bytes for costs in self.rounds)

    def ratio(self, side: str, against: str) -> float:
        """Return the median of the ratios, each taken within one round."""
        return median(costs[side].cpu_us / costs[against].cpu_us for costs in self.rounds)

    @property
    def same_twice(self) -> float:
        """Return the A/A figure: the limit server against its twin."""
        return self.ratio(TWIN, LIMIT)

    @property
    def void(self) -> bool:
        """Return whether the machine was too restless for this comparison to say anything."""
        return not FAIR[0] <= self.same_twice <= FAIR[1]

    def has(self, side: str) -> bool:
        """Return whether a side took part."""
        return side in self.rounds[0]

    def keeps(self, promise: Promise) -> bool:
        """Return whether the ratio is within its promise."""
        return self.ratio(promise.side, promise.against) <= promise.at_most


def run_round(sides: Sequence[Side]) -> dict[str, Cost]:
    """Return what each side's calls cost its server.

    The sides take turns in short slices, each going first as often as the others: what else the machine does, and
    caches gone cold, then fall on all of them alike.
    """
    spent, sizes = {side.name: 0.0 for side in sides}, {side.name: 0 for side in sides}
    for number in range(SLICES):
        first = number % len(sides)
        for side in (*sides[first:], *sides[:first]):
            count = len(side.calls)
            before = side.camp.cpu_seconds()
            for call in side.calls[count * number // SLICES:count * (number + 1) // SLICES]:
                sizes[side.name] += len(side.camp.door.send(call).body)
            spent[side.name] += side.camp.cpu_seconds() - before
    return {side.name: Cost(spent[side.name] * 1e6 / (len(side.calls) * side.units),
                            sizes[side.name] / len(side.calls)) for side in sides}


def measure(work: Work, camps: Camps, rounds: int, requests: int, tick: Callable[[], None]) -> Measured:
    """Return the costs of one work; `tick` is called after each round."""
    kept = []
    for number in range(rounds + 1):
        costs = run_round(work.sides(camps, number, requests))
        if number:  # round 0 warms everything up
            kept.append(costs)
        tick()
    return Measured(work, tuple(kept))
