"""Side by side: what is ours and what it is measured against take turns in one run; what counts is their ratio."""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Done:
    """What one round of one side did: so many things, in seconds by the clock and of this process's own CPU time."""

    count: float
    seconds: float
    cpu: float

    @property
    def rate(self) -> float:
        """Things in a second."""
        return self.count / self.seconds


class Watch:
    """Takes the time: `with Watch() as watch: …`, then `watch.done(count)`."""

    def __enter__(self) -> "Watch":
        self._begun, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds, self.cpu = time.perf_counter() - self._begun, time.process_time() - self._cpu

    def done(self, count: float) -> Done:
        """What was done in this time."""
        return Done(count, self.seconds, self.cpu)


Round = Callable[[], Awaitable[Done]]
"""One round of one side."""


@dataclass
class Comparison:
    """A line of the table.

    `what` is ours, `against` the other side; `unit` is that of both figures. With `less_is_better` the figures are
    times or sizes, and the ratio is ours by theirs; else it is how many times as fast we are. `goal` bounds the ratio.
    """

    what: str
    against: str
    unit: str
    goal: float
    less_is_better: bool = False
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    cpu_ratios: list[float] = field(default_factory=list)
    notes: str = ""

    @property
    def ratios(self) -> list[float]:
        """The ratio of each round."""
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return statistics.median(self.ratios)

    @property
    def cpu_ratio(self) -> float | None:
        """How many times as much we do in a second of our process's CPU time; None where the work is elsewhere."""
        return statistics.median(self.cpu_ratios) if self.cpu_ratios else None

    @property
    def reached(self) -> bool:
        """Whether the median is within the goal."""
        return self.ratio <= self.goal if self.less_is_better else self.ratio >= self.goal


async def take_turns(comparison: Comparison, ours: Round, theirs: Round, *, rounds: int) -> Comparison:
    """Measure both sides in turn, each first every other time, after a round of each that does not count."""
    await ours()
    await theirs()
    for turn in range(rounds):
        first, second = (ours, theirs) if turn % 2 == 0 else (theirs, ours)
        one, two = await first(), await second()
        mine, other = (one, two) if first is ours else (two, one)
        comparison.ours.append(mine.rate)
        comparison.theirs.append(other.rate)
        if mine.cpu and other.cpu:
            comparison.cpu_ratios.append((mine.count / mine.cpu) / (other.count / other.cpu))
    return comparison
