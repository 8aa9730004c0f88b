"""What happens in a run: commands and faults with their times, all drawn from one integer."""

import random
from dataclasses import dataclass, field, replace
from typing import Any

FAULTS_BEGIN, FAULTS_END = 0.3, 10.0
CUTS = ("cut before", "cut after", "kill")

KINDS = (
    "trap",
    "kill",
    "freeze",
    "database down",
    "lease cut",
    "broker down",
    "forget the tail",
    "forget all",
    "sent behind itself",
    "late",
    "twice",
    "no offset",
    "fatal",
    "hang",
    "rebalance",
    "offsets lost",
    "stray",
    "replay",
    "restore",
)
"""The faults by name."""


@dataclass(frozen=True)
class Step:
    """One thing that is done to the system at a time (seconds of the run)."""

    at: float
    kind: str
    given: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        words = " ".join(f"{name}={value}" for name, value in self.given.items())
        return f"{self.at:7.3f}  {self.kind}  {words}"


@dataclass(frozen=True)
class Scenario:
    """A run before it has begun; the same scenario always runs alike."""

    seed: int
    counters: int
    workers: int
    steps: tuple[Step, ...]

    def without(self, steps: set[int]) -> "Scenario":
        """The same with some of its steps left out."""
        return replace(self, steps=tuple(step for at, step in enumerate(self.steps) if at not in steps))


def scenario(seed: int) -> Scenario:
    """The scenario of a seed: a few kinds of faults, often several of one kind, under a few dozen commands."""
    draw = random.Random(f"scenario {seed}")
    counters = draw.randint(1, 5)
    rush = draw.uniform(0, FAULTS_END)
    steps = [_command(draw, counters, rush) for _ in range(draw.randint(3, 14))]
    kinds = draw.sample(sorted(KINDS), draw.choice([1, 2, 2, 3, 3, 4]))
    for kind in kinds:
        if kind == "restore":
            steps += _restore(draw)
        elif kind == "sent behind itself":
            steps += _sent_behind_itself(draw, counters)
        elif kind == "stray":
            steps.append(Step(_time(draw), kind, {"partition": draw.randrange(4)}))
        else:
            steps += [Step(_time(draw), kind, _given(draw, kind)) for _ in range(draw.choice([1, 1, 2, 3, 4]))]
    return Scenario(seed, counters, draw.choice([1, 1, 2]), tuple(sorted(steps, key=lambda step: step.at)))


def _time(draw: random.Random) -> float:
    return round(draw.uniform(FAULTS_BEGIN, FAULTS_END), 3)


def _command(draw: random.Random, counters: int, rush: float) -> Step:
    given = {"counter": draw.randrange(counters), "times": draw.choice([1, 1, 1, 2, 4]), "sick": draw.random() < 0.02}
    at = draw.choice([rush + draw.uniform(0, 0.3), draw.uniform(0, 3), draw.uniform(0, FAULTS_END)])
    return Step(round(at, 3), "command", given)


def _restore(draw: random.Random) -> list[Step]:
    first = _time(draw)
    return [Step(first, "backup"), Step(round(first + draw.uniform(0.1, 5), 3), "restore")]


def _sent_behind_itself(draw: random.Random, counters: int) -> list[Step]:
    """Acknowledgements are lost, so that records are sent again; then all of these are forgotten by the broker."""
    at, steps = draw.uniform(FAULTS_BEGIN, FAULTS_END - 4), []
    lost = {"service": "counting", "point": "ack", "hit": "cut after", "nth": 1}
    counter = draw.randrange(counters)
    for turn in range(draw.randint(1, 3)):
        steps.append(Step(round(at + turn * 0.01, 3), "trap", lost))
    for later in (0.02, draw.uniform(0.02, 3), draw.uniform(0.02, 3)):
        raised = {"counter": counter, "times": draw.randint(1, 4), "sick": False}
        steps.append(Step(round(at + later, 3), "command", raised))
    forgotten = {"partitions": 4, "share": draw.choice([0.34, 0.6, 0.9]), "blind": draw.choice([0, 2.0, 4.0])}
    steps.append(Step(round(at + draw.uniform(0.3, 2.5), 3), "forget the tail", forgotten))
    return steps


def _given(draw: random.Random, kind: str) -> dict[str, Any]:
    service = draw.choice(["counting", "counting", "noting"])
    if kind == "trap":
        point = draw.choice(["statement", "commit", "ack", "offsets committed", "poll", "direct", "offsets", "any"])
        hits = CUTS if point in ("statement", "commit", "ack", "offsets committed") else ("kill",)
        service = "counting" if point in ("ack", "direct") else service
        return {"service": service, "point": point, "hit": draw.choice(hits), "nth": draw.choice([1, 1, 2, 3, 7, 20])}
    if kind in ("late", "twice", "no offset", "fatal"):
        return {"nth": draw.choice([1, 1, 2, 3])}
    if kind in ("database down", "freeze"):
        return {"service": service, "seconds": draw.choice([0.05, 1.0, 4.0, 12.0])}
    if kind in ("kill", "hang", "rebalance", "offsets lost"):
        return {"service": service}
    if kind == "broker down":
        return {"seconds": draw.choice([0.05, 1.0, 8.0, 15.0])}
    if kind == "forget the tail":
        share = draw.choice([0.1, 0.34, 0.9])
        return {"partitions": draw.choice([1, 1, 4]), "share": share, "blind": draw.choice([0, 0, 1.0, 4.0])}
    if kind == "forget all":
        return {"offsets": draw.random() < 0.5, "blind": draw.choice([0, 0, 1.0, 4.0])}
    return {}
