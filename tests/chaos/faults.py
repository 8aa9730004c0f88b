"""Faults of real processes and servers; each tells what it did and how many commands were in flight then."""

import asyncio
import os
import random
import signal
import time
from abc import abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from sqlalchemy import text

from tests.chaos.evidence import SERVICES, connected
from tests.chaos.house import House
from tests.shared.events.forgetting import NOTED, acknowledged_and_lost, forget_the_end
from tirek_local.servers import KafkaAccess, ensure_topics
from tirek_local.servers.ports import free_port
from tirek_local.supervisor.process import Process
from tirek_local.supervisor.system import answers

ARMED_FOR = 40.0
"""Seconds within which an armed process has started and reached its point, or else the fault is missed."""


@dataclass(frozen=True)
class Fired:
    """A fault that happened, or did not; `in_flight` commands had no answer at that moment, so many were to come."""

    fault: str
    happened: bool
    in_flight: int
    answered: int


class Fault(Protocol):
    """Something that goes wrong, once."""

    @property
    def name(self) -> str:
        """What the report calls it."""
        ...

    @abstractmethod
    def happen(self, house: House, draw: random.Random) -> Fired:
        """Let it happen and bring back what it took away."""


def told(house: House, name: str, *, happened: bool = True) -> Fired:
    """The fault as it is reported."""
    tally = house.desk.tally
    return Fired(name, happened, tally.in_flight, tally.answered)


def wait_for_traffic(house: House, draw: random.Random) -> None:
    """Come at a random moment at which something is in flight."""
    time.sleep(draw.uniform(0.0, 0.3))
    end = time.monotonic() + 5
    while not house.desk.tally.in_flight and time.monotonic() < end:
        time.sleep(0.001)


@dataclass(frozen=True)
class Killed:
    """`kill -9` at a random moment."""

    process: str

    @property
    def name(self) -> str:
        return f"kill -9 {self.process}"

    def happen(self, house: House, draw: random.Random) -> Fired:
        process = house.process(self.process)
        wait_for_traffic(house, draw)
        fired = told(house, self.name)
        process.kill()
        time.sleep(draw.uniform(0.0, 0.5))
        start(process)
        return fired


@dataclass(frozen=True)
class AtPoint:
    """A process kills itself where the code names a point, the n-th time it gets there."""

    process: str
    point: str
    nth: int

    @property
    def name(self) -> str:
        return f"{self.process} at {self.point}@{self.nth}"

    def happen(self, house: House, draw: random.Random) -> Fired:
        process, log = house.process(self.process), house.system.data / f"fired-{draw.getrandbits(48):x}"
        process.stop()
        process.start({"TIREK_FAILPOINTS": f"{self.point}=kill@{self.nth}", "TIREK_FAILPOINT_LOG": str(log)})
        if self.point.startswith("jobs."):
            house.pass_the_due_day()
        end, before = time.monotonic() + ARMED_FOR, 0
        while process.running and time.monotonic() < end:
            before = house.desk.tally.in_flight
            time.sleep(0.005)
        fired = told(house, self.name, happened=was_recorded(log, self.point))
        fired = replace(fired, in_flight=max(before, fired.in_flight))  # it died between these two looks
        process.stop()
        start(process)
        house.third_year_may_be_reported = house.due_day_is_over
        return fired


def was_recorded(log: Path, point: str) -> bool:
    """Whether the dying process wrote down that it had reached the point."""
    return log.exists() and any(line.split()[1] == point for line in log.read_text(encoding="ascii").splitlines())


@dataclass(frozen=True)
class Doubled:
    """A second worker (relay, consumers, jobs) beside the first; one of the two is killed, or stopped and woken."""

    service: str
    zombie: bool = False

    @property
    def name(self) -> str:
        return f"two workers of {self.service}, one {'frozen' if self.zombie else 'killed'}"

    def happen(self, house: House, draw: random.Random) -> Fired:
        first = house.process(f"{self.service}-worker")
        second = twin(house, first, draw)
        second.start()
        try:
            time.sleep(draw.uniform(1.5, 3.0))
            victim = draw.choice((first, second))
            wait_for_traffic(house, draw)
            fired = told(house, self.name)
            if self.zombie:
                freeze(victim, draw.uniform(8.0, 12.0))
            else:
                victim.kill()
                time.sleep(draw.uniform(0.5, 2.0))
        finally:
            second.stop()
            if not first.running:
                start(first)
        return fired


def twin(house: House, first: Process, draw: random.Random) -> Process:
    """Another process of the same kind, on another port."""
    name = f"{first.name}-{draw.getrandbits(24):x}"
    return first.beside(name, house.system.data / "run" / f"{name}.pid", {"TIREK_WORKER_PORT": str(free_port())})


def freeze(process: Process, seconds: float) -> None:
    """SIGSTOP for longer than its session in the group lasts, then SIGCONT: the zombie wakes up."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGCONT)


@dataclass(frozen=True)
class BrokerGone:
    """Kafka is stopped, killed, killed and its disk lost, or killed and the last records of each log lost."""

    how: str

    @property
    def name(self) -> str:
        return f"Kafka {self.how}"

    def happen(self, house: House, draw: random.Random) -> Fired:
        if self.how == "forgets":
            wait_for_acknowledgements(house)
        wait_for_traffic(house, draw)
        fired = told(house, self.name)
        if self.how == "stopped":
            house.kafka.stop()
        else:
            house.kafka.kill()
        if self.how == "emptied":
            house.kafka.forget_everything()
        if self.how == "forgets":
            cuts = forget_the_end(house.kafka, *(each.topic for each in SERVICES))
            fired = replace(fired, happened=acknowledged_and_lost(cuts, asyncio.run(noted(house))) > 0)
        time.sleep(draw.uniform(0.2, 2.0))
        house.kafka.start()
        ensure_topics(KafkaAccess(house.kafka.bootstrap_servers))
        return fired


def wait_for_acknowledgements(house: House) -> None:
    """Come when the broker has acknowledged something more, so that there is something to forget."""
    before, end = set(asyncio.run(noted(house))), time.monotonic() + 120
    while before.issuperset(asyncio.run(noted(house))):
        assert time.monotonic() < end, "nothing is acknowledged any more"
        time.sleep(0.05)


async def noted(house: House) -> list[tuple[str, int, int]]:
    """By topic and partition, the last offset that a relay has written down as acknowledged."""
    async with connected(house.urls()) as databases:
        rows = [await each.execute(text(f"{NOTED} order by 1, 2")) for each in databases.values()]
        return [tuple(row) for found in rows for row in found]


@dataclass(frozen=True)
class DatabaseKilled:
    """`kill -9` to the postmaster, as a power cut would."""

    name: str = "PostgreSQL killed"

    def happen(self, house: House, draw: random.Random) -> Fired:
        wait_for_traffic(house, draw)
        fired = told(house, self.name)
        house.postgres.kill()
        time.sleep(draw.uniform(0.0, 1.0))
        house.postgres.start()
        return fired


def start(process: Process) -> None:
    """Start it again; an API is waited for."""
    process.start()
    if process.name.endswith("-main"):
        end = time.monotonic() + 60
        while not answers(process.port):
            assert time.monotonic() < end, f"{process.name} does not come back"
            time.sleep(0.05)


API_POINTS = ("api.before_begin", "api.after_idempotency", "api.before_commit", "api.after_commit")
RELAY_POINTS = ("relay.after_read", "relay.after_send", "relay.after_ack")
CONSUMER_POINTS = (
    "consumer.after_poll",
    "consumer.before_inbox",
    "consumer.before_commit",
    "consumer.after_commit",
    "consumer.before_offsets",
)
JOB_POINTS = ("jobs.before_commit", "jobs.after_commit", "jobs.between_units")
BROKER_GONE = ("stopped", "killed", "emptied", "forgets")
"""How the broker is gone; each broker schedule has all of these, in an order of its own."""

KINDS = ("api", "worker", "jobs", "broker", "database", "doubled")


def faults_of(kind: str, draw: random.Random) -> list[Fault]:
    """What goes wrong in a schedule of this kind, in this order."""
    services = ["grants", "obligations"]
    draw.shuffle(services)
    one, other = services
    if kind == "api":
        return [
            AtPoint(f"{one}-main", draw.choice(API_POINTS), draw.randint(1, 8)),
            Killed(f"{other}-main"),
            AtPoint(f"{other}-main", draw.choice(API_POINTS), draw.randint(1, 8)),
        ]
    if kind == "worker":
        return [
            AtPoint(f"{one}-worker", draw.choice(RELAY_POINTS), draw.randint(1, 4)),
            AtPoint(f"{other}-worker", draw.choice(CONSUMER_POINTS), draw.randint(1, 4)),
            Killed(f"{draw.choice(services)}-worker"),
        ]
    if kind == "jobs":
        point = draw.choice(JOB_POINTS)
        return [AtPoint("obligations-worker", point, draw.randint(1, 4)), Killed("obligations-main")]
    if kind == "broker":
        return [BrokerGone(how) for how in draw.sample(BROKER_GONE, len(BROKER_GONE))]
    if kind == "database":
        return [DatabaseKilled(), Killed(f"{one}-worker")]
    return [Doubled(one, zombie=draw.random() < 0.5), Doubled(other)]
