"""The simulated installation: two services with their workers, an API, an operator and a supervisor."""

import asyncio
import copy
from datetime import timedelta
from typing import Any
from uuid import UUID

from aiokafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError

from shared.events.consuming import Consuming
from shared.events.parked import drop_parked, list_parked, retry_parked
from shared.events.reconciling import accept_unknown, find_unknown, replay
from shared.events.relay import Relay
from shared.refusals import Refusal
from shared.service import Service
from tests.simulation.broker import ModelKafka
from tests.simulation.business import Counter, counting, noting, raise_counter
from tests.simulation.clients import ModelBroker
from tests.simulation.database import BEGINNING, ModelDatabase, ModelServer
from tests.simulation.scenario import Scenario
from tests.simulation.world import Process, World

SERVICES: dict[str, Service] = {"counting": counting, "noting": noting}


class SimulatedClock:
    """The clock of the services."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> Any:
        return BEGINNING + timedelta(seconds=self._world.loop.time())


class House:
    """Everything there is in a run."""

    def __init__(self, world: World, scenario: Scenario) -> None:
        self.world, self.scenario = world, scenario
        self.clock: Any = SimulatedClock(world)
        self.kafka = ModelKafka(world)
        self.servers = {name: ModelServer(world) for name in SERVICES}
        self.counters = [UUID(int=(7 << 76) | number + 1) for number in range(scenario.counters)]
        self.workers: dict[str, list[Process]] = {name: [] for name in SERVICES}
        self.relays: dict[Process, Relay] = {}
        self.backups: dict[str, Any] = {}
        self.born = 0
        self.unreconciled = False
        self.operator = Process(world, "operator", "operator")
        self._open_books()

    def _open_books(self) -> None:
        rows = {}
        for at, id_ in enumerate(self.counters):
            agreement = UUID(int=(9 << 76) | at // 2 + 1)
            rows[id_,] = {"id": id_, "version": 0, "institute": "industry", "agreement_id": agreement, "value": 0}
        self.servers["counting"].rows.apply(Counter.__tablename__, rows, "migration")  # type: ignore[arg-type]

    def start_workers(self) -> None:
        """Start what should run and does not."""
        for name in SERVICES:
            alive = [process for process in self.workers[name] if process.alive]
            while len(alive) < self.scenario.workers:
                alive.append(self._start_worker(name))
            self.workers[name] = alive

    def _start_worker(self, name: str) -> Process:
        self.born += 1
        process = Process(self.world, f"{name} {self.born}", name)
        database: Any = ModelDatabase(self.servers[name], process)
        broker: Any = ModelBroker(self.kafka, process)
        service = SERVICES[name]
        relay = Relay(database, service, broker)
        reading = [
            Consuming(database, service, c, broker, self.clock, committed=relay.wake.set) for c in service.consumers
        ]
        self.relays[process] = relay
        works: list[Any] = [relay] if name == "counting" else []
        process.start(*(work.run(process.stop) for work in (*works, *reading)))
        self.world.note(f"start {process.name}")
        return process

    def database_of(self, name: str, process: Process) -> Any:
        """The database of a service as one process sees it."""
        return ModelDatabase(self.servers[name], process)

    async def command(self, counter: int, times: int, *, sick: bool) -> None:
        """Raise a counter, by a process of the API; what fails is not tried again."""
        process = Process(self.world, "api", "counting")
        database = self.database_of("counting", process)
        try:
            async with database.sessions() as session, session.begin():
                await raise_counter(session, self.counters[counter], self.clock.now(), times=times, sick=sick)
        except (DBAPIError, OSError, asyncio.CancelledError) as failure:
            self.world.note(f"command fails: {failure!r}"[:150])

    async def watch(self) -> None:
        """The supervisor: what has died is started anew a little later."""
        while True:
            await asyncio.sleep(0.5)
            self.start_workers()

    async def operate(self) -> None:
        """The operator: reconciles where the relay stands still, as the manual says."""
        while True:
            await asyncio.sleep(4)
            relays = [self.relays[process] for process in self.workers["counting"] if process.alive]
            if any(relay.halted for relay in relays):
                await self._tried(self._reconcile())

    async def _reconcile(self) -> None:
        database, broker = self.database_of("counting", self.operator), ModelBroker(self.kafka, self.operator)
        unknown = await find_unknown(database, counting, broker)  # type: ignore[arg-type]
        if unknown:
            await accept_unknown(database, counting, unknown)
            self.world.note(f"reconciled {len(unknown)}")
            self.unreconciled = False

    async def replay(self) -> None:
        """The operator sends the log again."""
        await self._tried(replay(self.database_of("counting", self.operator), counting))

    async def cure(self) -> None:
        """The handlers are mended; the operator retries what is poisoned, or drops it."""
        for name, service in SERVICES.items():
            database = self.database_of(name, self.operator)
            for consumer in service.consumers:
                for row in await list_parked(database, consumer.name):
                    if row.kind == "poisoned":
                        work = drop_parked if self.world.draw.random() < 0.2 else retry_parked
                        self.world.note(f"{work.__name__} {row.sequence} at {consumer.name}")
                        await self._tried(work(database, service, consumer, row.event_id, self.clock))

    async def _tried(self, work: Any) -> None:
        try:
            await work
        except (DBAPIError, OSError, TimeoutError, KafkaError, Refusal) as failure:
            self.world.note(f"the operator fails: {failure!r}"[:150])

    def back_up(self) -> None:
        """Remember the committed state of the service that publishes."""
        rows = self.servers["counting"].rows
        self.backups["counting"] = copy.deepcopy((rows.committed, rows.sequences))

    def restore(self) -> None:
        """Put it back; everything that worked on the database has been stopped for it."""
        if "counting" not in self.backups:
            return
        for process in self.workers["counting"]:
            process.kill()
        server = self.servers["counting"]
        server.cut_all()
        server.rows.committed, server.rows.sequences = copy.deepcopy(self.backups["counting"])
        self.unreconciled = True
