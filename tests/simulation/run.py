"""One run from its scenario to its outcome."""

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock

import structlog

from tests.simulation.business import Health
from tests.simulation.faults import do, thaw
from tests.simulation.house import House
from tests.simulation.invariants import Watching, examine, unsettled
from tests.simulation.scenario import FAULTS_END, Scenario
from tests.simulation.virtual import run_virtually
from tests.simulation.world import World

BOUND = 180.0
"""Seconds, of the run's own time, within which everything has settled after the last fault."""

OWN_FAULT = ("TypeError", "AttributeError", "KeyError", "NotModelled", "AssertionError", "IndexError", "IntegrityError")
"""Failures that the code has made itself: tried again for ever they would only look like slowness."""


@dataclass
class Outcome:
    """What a run has come to."""

    seed: int
    broken: list[tuple[str, str]]
    fired: Counter[str]
    checked: Counter[str]
    events: int = 0
    seconds: float = 0.0
    trace: list[str] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether some fault has met some work."""
        return bool(self.fired) and self.events > 0


def run_scenario(scenario: Scenario, seen: Callable[[House], None] = lambda _: None) -> Outcome:
    """Run it to the end; the same scenario always comes to the same outcome. `seen` is shown how all stands then."""
    with _from_one_integer(scenario.seed) as collected:
        outcome: Outcome = run_virtually(_run(scenario, collected, seen))
    return outcome


async def _run(scenario: Scenario, words: list[Any], seen: Callable[[House], None]) -> Outcome:
    world = World(scenario.seed)
    words.append(world)
    Health.cured = False
    house = House(world, scenario)
    watching = Watching(house)
    house.start_workers()
    house.operator.start(house.watch(), house.operate())
    for step in scenario.steps:
        await asyncio.sleep(max(0, step.at - world.loop.time()))
        world.note(str(step))
        do(house, step)
    await asyncio.sleep(max(0, FAULTS_END - world.loop.time()))
    await _end_the_faults(house)
    await _until_settled(house, watching, sick=True)
    Health.cured = True
    await house.cure()
    await _until_settled(house, watching, sick=False)
    kinds = {kind.partition(" at ")[0] for kind in world.fired}
    examine(watching, restored="restore" in kinds)
    _surprises(watching, house)
    seen(house)
    events = len(house.servers["counting"].rows.committed.get("event", {}))
    return Outcome(
        scenario.seed, watching.broken, world.fired, watching.checked, events, world.loop.time(), world.trace
    )


async def _end_the_faults(house: House) -> None:
    house.world.traps.clear()
    await asyncio.sleep(8)
    house.kafka.down = False
    for server in house.servers.values():
        server.down = False
    for processes in house.workers.values():
        for process in processes:
            thaw(process)


async def _until_settled(house: House, watching: Watching, *, sick: bool) -> None:
    until = house.world.loop.time() + BOUND
    watching.checked["settles"] += 1
    while left := unsettled(house, sick=sick):
        if house.world.loop.time() > until:
            invariant = "only its key" if sick and "poisoned" in str(_parked(house)) else "settles"
            watching.offend(invariant, "; ".join(left))
            return
        await asyncio.sleep(1)


def _parked(house: House) -> list[Any]:
    return [
        row["kind"] for server in house.servers.values() for row in server.rows.committed.get("parked", {}).values()
    ]


def _surprises(watching: Watching, house: House) -> None:
    watching.checked["no surprise"] += 1
    for line in house.world.trace:
        if "BROKEN" not in line and any(word in line for word in OWN_FAULT):
            watching.offend("no surprise", line)
            return
    for process in (*house.workers["counting"], *house.workers["noting"], house.operator):
        for task in process.tasks:
            if task.done() and not task.cancelled() and task.exception() is not None:
                watching.offend("no surprise", f"{task.get_name()}: {task.exception()!r}")
                return


@contextmanager
def _from_one_integer(seed: int) -> Iterator[list[Any]]:
    """Everything that draws draws from the seed, every clock is the loop's, what is logged goes into the trace."""
    draw = random.Random(f"product {seed}")
    collected: list[Any] = []

    def log(_: Any, method: str, event: Any) -> str:
        if collected:
            rest = " ".join(f"{name}={value}" for name, value in event.items() if name != "event")
            collected[0].note(f"{method}: {event['event']} {rest}"[:300])
        raise structlog.DropEvent

    before = structlog.get_config()
    random.seed(seed)
    structlog.configure(processors=[log], cache_logger_on_first_use=False)
    clock = SimpleNamespace(time_ns=lambda: 1_738_558_800_000_000_000)
    chance = SimpleNamespace(randbits=draw.getrandbits, token_hex=secrets.token_hex)
    try:
        with mock.patch("shared.identity.secrets", chance), mock.patch("shared.identity.time", clock):
            yield collected
    finally:
        structlog.configure(**before)
