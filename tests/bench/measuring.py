"""Side by side: what is ours and what it is measured against take turns in one run; what counts is their ratio."""

import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Round = Callable[[], Awaitable[float]]
"""One round of one side: answers how much it did in a second (or, where less is better, how long it took)."""


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
    def reached(self) -> bool:
        """Whether the median is within the goal."""
        return self.ratio <= self.goal if self.less_is_better else self.ratio >= self.goal


async def take_turns(comparison: Comparison, ours: Round, theirs: Round, *, rounds: int) -> Comparison:
    """Measure both sides in turn, each first every other time, after a round of each that does not count."""
    await ours()
    await theirs()
    for turn in range(rounds):
        sides = [(comparison.ours, ours), (comparison.theirs, theirs)]
        for figures, side in sides if turn % 2 == 0 else reversed(sides):
            figures.append(await side())
    return comparison
