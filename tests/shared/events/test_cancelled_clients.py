"""Kafka's client lets out a cancellation that nobody asked for: relay and consumer begin anew and do not vanish."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.clock import SystemClock
from shared.events.broker import Broker
from shared.events.closing import close_within
from shared.events.consuming import Consuming
from shared.events.relay import Relay
from shared.worker.run import PartEnded, until_told
from tests.shared.events.conftest import Probe
from tests.shared.events.probe import NOTES, service


@dataclass(frozen=True)
class Leaking(Broker):
    """A broker whose first clients of each kind are cancelled by nobody, at the start and again at the end."""

    made: list[str] = field(default_factory=list)

    def producer(self, client_id: str) -> AIOKafkaProducer:
        return self._leaking("producer", super().producer(client_id))

    def consumer(self, *topics: str, group: str | None, client_id: str) -> AIOKafkaConsumer:
        kind = "reader" if group is None else "consumer"
        return self._leaking(kind, super().consumer(*topics, group=group, client_id=client_id))

    def _leaking(self, kind: str, client: Any) -> Any:
        self.made.append(kind)
        if self.made.count(kind) == 1:
            whole = client.stop

            async def leak() -> None:
                await whole()
                raise asyncio.CancelledError

            client.start = client.stop = leak
        return client


@pytest.mark.timeout(60)
async def test_relay_and_consumer_outlive_a_cancellation_that_nobody_asked_for(probe: Probe) -> None:
    (counter,) = await probe.new_counters(1)
    await probe.raise_counter(counter, 2)
    broker = Leaking(probe.broker.bootstrap_servers, topic_prefix=probe.broker.topic_prefix)
    stop = asyncio.Event()
    relay = Relay(probe.database, service, broker)
    reading = Consuming(probe.database, service, NOTES, broker, SystemClock())
    running = [asyncio.create_task(relay.run(stop)), asyncio.create_task(reading.run(stop))]
    await probe.until_all_noted()
    assert all(broker.made.count(kind) > 1 for kind in ("producer", "consumer", "reader"))
    stop.set()
    relay.wake.set()
    await asyncio.gather(*running)


async def test_a_cancellation_that_somebody_asked_for_ends_the_consumer(probe: Probe) -> None:
    running = asyncio.create_task(
        Consuming(probe.database, service, NOTES, probe.broker, SystemClock()).run(asyncio.Event())
    )
    await asyncio.sleep(0.5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_client_that_does_not_close_is_left_to_itself() -> None:
    async def stuck() -> None:
        while True:
            await asyncio.sleep(60)

    async with asyncio.timeout(2):
        await close_within(0.05, stuck())


async def test_a_part_that_ends_unasked_ends_the_worker() -> None:
    stop = asyncio.Event()

    async def dies() -> None:
        raise asyncio.CancelledError

    async def leaves() -> None:
        await asyncio.sleep(0)

    for part in (dies, leaves):
        with pytest.raises(PartEnded):
            await until_told(stop, part())
    stop.set()
    await until_told(stop, leaves())
