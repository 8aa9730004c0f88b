"""The model against what it models: the same scenarios on real PostgreSQL and Kafka come to the same end."""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import insert, text

from shared.clock import SystemClock
from shared.database.engine import Database
from shared.database.migrations import migrate
from shared.events.broker import Broker
from shared.events.consuming import Consuming
from shared.events.reconciling import accept_unknown, find_unknown, replay
from shared.events.relay import Relay
from tests.shared.events.conftest import create_topics
from tests.simulation.business import Counter, Health, Note, Record, counting, noting, raise_counter
from tests.simulation.house import House
from tests.simulation.run import run_scenario
from tests.simulation.scenario import Scenario, Step, scenario
from tirek_local.testing import Servers

pytestmark = pytest.mark.timeout(180)

POSSIBLE = {"command", "kill", "lease cut", "rebalance", "replay", "stray"}
"""What can be done to the real servers from here, at the same times, without ending what others use."""

SAMPLE = 2

State = dict[str, Any]


def conforming() -> list[int]:
    """The first seeds with nothing but what is possible here, with faults of two kinds, and nobody sick."""
    found = []
    for seed in range(10_000):
        steps = scenario(seed).steps
        kinds = {step.kind for step in steps}
        sick = any(step.given.get("sick") for step in steps)
        if kinds <= POSSIBLE and len(kinds) > 2 and not sick:
            found.append(seed)
        if len(found) == SAMPLE:
            break
    return found


@pytest.mark.parametrize("seed", conforming())
async def test_the_model_and_the_real_servers_come_to_the_same_end(servers: Servers, seed: int) -> None:
    given = scenario(seed)
    held: list[House] = []
    outcome = await asyncio.to_thread(run_scenario, given, held.append)
    assert outcome.broken == []
    modelled = {name: _of_model(held[0], name) for name in ("counting", "noting")}
    Health.cured = True
    async with _real(servers, given) as real:
        await real.play()
        await real.until_equal(modelled)


def _of_model(house: House, name: str) -> State:
    tables = house.servers[name].rows.committed
    return _state(lambda table: [dict(row) for row in tables.get(table, {}).values()])


def _state(rows: Callable[[str], list[dict[str, Any]]]) -> State:
    """What must be equal: nothing that is drawn by chance or told by a clock."""
    order: dict[str, list[int]] = defaultdict(list)
    for row in sorted(rows("effect"), key=lambda row: row["id"]):
        order[str(row["aggregate_id"])].append(row["sequence"])
    own = {str(row["id"]) for row in rows("counter")}
    return {
        "counters": sorted((str(row["id"]), row["version"], row["value"]) for row in rows("counter")),
        "events": sorted((row["type"], row["sequence"], str(row["aggregate_id"]) in own) for row in rows("event")),
        "outbox": len(rows("outbox")),
        "effects": dict(order),
        "inbox": sorted((row["consumer"], row["outcome"]) for row in rows("inbox")),
        "gates": sorted((row["consumer"], row["settled_sequence"]) for row in rows("gate")),
        "parked": sorted(row["kind"] for row in rows("parked")),
    }


class _Real:
    """The same two services on the real servers, in this process."""

    def __init__(self, given: Scenario, databases: dict[str, Database], broker: Broker) -> None:
        self.given, self.databases, self.broker = given, databases, broker
        self.clock = SystemClock()
        self.relays: list[Relay] = []
        self.working: dict[str, list[asyncio.Task[None]]] = {"counting": [], "noting": []}

    def start(self, name: str) -> None:
        service, database = (counting, self.databases[name]) if name == "counting" else (noting, self.databases[name])
        stop = asyncio.Event()
        relay = Relay(database, service, self.broker)
        reading = [Consuming(database, service, c, self.broker, self.clock) for c in service.consumers]
        if name == "counting":
            self.relays.append(relay)
            self.working[name].append(asyncio.create_task(relay.run(stop)))
        self.working[name] += [asyncio.create_task(each.run(stop)) for each in reading]

    async def kill(self, name: str) -> None:
        tasks, self.working[name] = self.working[name], []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def play(self) -> None:
        """Each step at a third of its time."""
        begun = asyncio.get_running_loop().time()
        for name in self.working:
            self.start(name)
        for step in self.given.steps:
            await asyncio.sleep(max(0, begun + step.at / 3 - asyncio.get_running_loop().time()))
            await self.do(step)

    async def do(self, step: Step) -> None:
        name, database = step.given.get("service", "counting"), self.databases["counting"]
        if step.kind == "command":
            counter = uuid.UUID(int=(7 << 76) | step.given["counter"] + 1)
            async with database.sessions() as session, session.begin():
                times, sick = step.given["times"], step.given["sick"]
                await raise_counter(session, counter, self.clock.now(), times=times, sick=sick)
        elif step.kind in ("kill", "rebalance"):
            await self.kill(name)
            self.start(name)
        elif step.kind == "lease cut":
            cut = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database ="
            async with database.engine.connect() as connection:
                await connection.execute(
                    text(f"{cut} (select oid from pg_database where datname = current_database())")
                )
        elif step.kind == "replay":
            await replay(database, counting)
        else:
            producer = self.broker.producer("stranger")
            await producer.start()
            topic, partition = self.broker.topic(counting.topic), step.given["partition"]
            await producer.send_and_wait(topic, b"stray", headers=[("note", b"\xff")], partition=partition)
            await producer.stop()

    async def until_equal(self, wanted: dict[str, State]) -> None:
        end = asyncio.get_running_loop().time() + 90
        while (found := {name: await self.state(name) for name in wanted}) != wanted:
            assert asyncio.get_running_loop().time() < end, (found, wanted)
            if self.relays[-1].halted:
                unknown = await find_unknown(self.databases["counting"], counting, self.broker)
                await accept_unknown(self.databases["counting"], counting, unknown)
            await asyncio.sleep(0.5)

    async def state(self, name: str) -> State:
        tables = ["event", "outbox", "inbox", "gate", "parked", *(["counter"] if name == "counting" else ["effect"])]
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        async with self.databases[name].engine.connect() as connection:
            for table in tables:
                rows = await connection.execute(text(f"select * from {table}"))
                found[table] = [dict(row._mapping) for row in rows]
        return _state(lambda table: found[table])


@asynccontextmanager
async def _real(servers: Servers, given: Scenario) -> AsyncIterator[_Real]:
    databases = {}
    broker = Broker(servers.kafka.bootstrap_servers, topic_prefix=f"s{uuid.uuid4().hex[:8]}-")
    await create_topics(broker, counting.topic)
    for service, metadata in ((counting, Record.metadata), (noting, Note.metadata)):
        name = f"simulated_{service.name}_{uuid.uuid4().hex[:10]}"
        made = Database(servers.postgres.admin_url, application_name="make", pool_size=1)
        async with made.engine.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(
                text(f'create database "{name}"')
            )
        await made.close()
        url = servers.postgres.admin_url.rpartition("/")[0] + "/" + name
        if "?" in servers.postgres.admin_url:
            url = servers.postgres.admin_url.replace("/postgres?", f"/{name}?")
        await migrate(url, service)
        databases[service.name] = Database(url, application_name=service.name)
        async with databases[service.name].engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
    async with databases["counting"].engine.begin() as connection:
        rows = [
            {"id": uuid.UUID(int=(7 << 76) | at + 1), "version": 0, "institute": "industry", "value": 0}
            | {"agreement_id": uuid.UUID(int=(9 << 76) | at // 2 + 1)}
            for at in range(given.counters)
        ]
        await connection.execute(insert(Counter.__table__), rows)  # type: ignore[attr-defined]
    real = _Real(given, databases, broker)
    try:
        yield real
    finally:
        for name in real.working:
            await real.kill(name)
        for database in databases.values():
            await database.close()
