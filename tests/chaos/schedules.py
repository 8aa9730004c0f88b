"""A schedule: traffic of a seed, faults of the same seed in the middle of it, then everything is asked."""

import asyncio
import random
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.chaos.actors import Actor
from tests.chaos.evidence import SERVICES, Evidence, Rows, connected, everything_on
from tests.chaos.faults import KINDS, Fired, faults_of
from tests.chaos.house import House
from tests.chaos.invariants import (
    OF_EVERY_SERVICE,
    Invariant,
    i10_inboxes_hold_what_was_subscribed,
    i17_no_work_is_stuck,
)
from tests.chaos.money import OF_MONEY
from tests.chaos.traffic import Reply, Tally

INVARIANTS: tuple[Invariant, ...] = (*OF_EVERY_SERVICE, *OF_MONEY)
COMMANDS = 60
"""Commands that a schedule has at least; it counts only with 50 answered ones and each fault in the midst of them."""

LEAST = 50
SETTLED_WITHIN = 120.0


@dataclass
class Outcome:
    """What a schedule did and what was found; `offences` is empty where all invariants hold."""

    seed: int
    kind: str
    fired: list[Fired] = field(default_factory=list)
    commands: int = 0
    unknown: int = 0
    races: int = 0
    verbs: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    offences: dict[str, Rows] = field(default_factory=dict)
    seconds: float = 0.0
    settled_in: float = 0.0

    @property
    def counts(self) -> bool:
        """Whether every fault is recorded as fired with commands in flight, among enough of them."""
        hit = all(each.happened and each.in_flight > 0 and each.answered < self.commands for each in self.fired)
        return hit and self.commands >= LEAST

    @property
    def line(self) -> str:
        """One line of the report."""
        fired = "; ".join(
            f"{each.fault} ({each.in_flight} in flight)" if each.happened else f"{each.fault} MISSED"
            for each in self.fired
        )
        found = "holds" if not self.offences else f"BROKEN: {', '.join(self.offences)}"
        return (
            f"seed {self.seed} {self.kind}: {fired} | {self.commands} commands, {self.unknown} unanswered sendings,"
            f" {self.races} races | settled in {self.settled_in:.1f} s | {self.seconds:.0f} s | {found}"
        )


def kind_of(seed: int) -> str:
    """The kind of fault of a seed: six seeds in a row have all of them."""
    return KINDS[seed % len(KINDS)]


def run_schedule(house: House, seed: int, kind: str | None = None) -> Outcome:
    """Play one schedule on the house, and ask every invariant afterwards."""
    draw, begun = random.Random(seed), time.monotonic()
    outcome = Outcome(seed, kind or kind_of(seed))
    house.desk.tally = Tally()
    stop = threading.Event()
    actors = [
        Actor(house, running, random.Random(draw.getrandbits(64)), "owing" if number % 2 else "paying")
        for number, running in enumerate(house.agreements)
    ]
    with ThreadPoolExecutor(max_workers=len(actors)) as threads:
        playing = [threads.submit(_play, actor, stop) for actor in actors]
        try:
            for fault in faults_of(outcome.kind, draw):
                _until_answered(house, playing, house.desk.tally.answered + draw.randint(5, 15))
                outcome.fired.append(fault.happen(house, draw))
            _until_answered(house, playing, max(COMMANDS, house.desk.tally.answered + 10))
        finally:
            stop.set()
    for each in playing:
        each.result()
    tally = house.desk.tally
    outcome.commands, outcome.unknown = tally.answered, tally.unknown
    outcome.verbs, outcome.refused = tally.verbs(), tally.refused()
    outcome.races = sum(actor.races for actor in actors)
    for reply in tally.replies:
        if reply.is_success:
            house.desk.again(reply, draw)
    asked = time.monotonic()
    outcome.offences = asyncio.run(ask_everything(house, tally.replies))
    outcome.settled_in = time.monotonic() - asked
    outcome.seconds = time.monotonic() - begun
    return outcome


def _play(actor: Actor, stop: threading.Event) -> None:
    while not stop.is_set():
        actor.step()


def _until_answered(house: House, playing: list[Future[None]], count: int) -> None:
    end = time.monotonic() + 180
    while house.desk.tally.answered < count:
        for each in playing:
            if each.done():
                each.result()
        assert time.monotonic() < end, "the traffic hangs"
        time.sleep(0.01)


async def ask_everything(house: House, replies: list[Reply]) -> dict[str, Rows]:
    """The rows that break an invariant, by its name, once the work has settled or ought to have."""
    async with connected(house.urls()) as databases:
        evidence = Evidence(databases, replies=replies)
        end = time.monotonic() + SETTLED_WITHIN
        while time.monotonic() < end and (
            await i17_no_work_is_stuck(evidence) or await i10_inboxes_hold_what_was_subscribed(evidence)
        ):
            await asyncio.sleep(0.2)
        evidence.topics = await everything_on(house.broker, [each.topic for each in SERVICES])
        return await broken(evidence)


async def broken(evidence: Evidence) -> dict[str, Rows]:
    """The invariants that do not hold, with the rows that say so."""
    found = {each.__name__: await each(evidence) for each in INVARIANTS}
    return {name: rows for name, rows in found.items() if rows}
