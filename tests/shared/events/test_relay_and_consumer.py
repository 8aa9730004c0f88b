import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from shared.clock import SystemClock
from shared.contracts.envelope import MAX_EVENT_BYTES, encode_data
from shared.events.consuming import Consuming
from shared.events.publishing import EventTooLarge
from shared.events.relay import Relay
from tests.shared.events.conftest import Probe
from tests.shared.events.probe import ECHOES, NOTES, service


@contextlib.asynccontextmanager
async def running(probe: Probe, *, relays: int = 1, consumers: int = 1) -> AsyncIterator[None]:
    stop = asyncio.Event()
    relay = [Relay(probe.database, service, probe.broker) for _ in range(relays)]
    reading = [
        Consuming(probe.database, service, consumer, probe.broker, SystemClock())
        for consumer in (NOTES, ECHOES)
        for _ in range(consumers)
    ]
    tasks = [asyncio.create_task(part.run(stop)) for part in relay]
    tasks += [asyncio.create_task(part.run(stop)) for part in reading]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def test_every_published_event_has_one_effect_in_its_aggregates_order(probe: Probe) -> None:
    counters = await probe.new_counters(12)

    async def all_echoed() -> bool:
        return await probe.query("select count(*) from echo") == [(180,)]

    async with running(probe):
        for _ in range(5):
            await asyncio.gather(*(probe.raise_counter(counter, 3) for counter in counters))
        await probe.until_all_noted()
        await probe.until(all_echoed)
    await probe.assert_each_effect_once_and_in_order()


async def test_two_relays_and_two_readers_share_the_work_without_doubling_it(probe: Probe) -> None:
    counters = await probe.new_counters(8)
    async with running(probe, relays=2, consumers=2):
        await asyncio.gather(*(probe.raise_counter(counter, 10) for counter in counters))
        await probe.until_all_noted(60)
    await probe.assert_each_effect_once_and_in_order()


async def test_what_a_consumer_commits_wakes_the_relay(probe: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.events.relay.POLL_SECONDS", 3600.0)
    (counter,) = await probe.new_counters(1)
    await probe.raise_counter(counter)

    async def echo_sent() -> bool:
        return await probe.query("select (select count(*) from echo), (select count(*) from outbox)") == [(1, 0)]

    stop = asyncio.Event()
    relay = Relay(probe.database, service, probe.broker)
    reading = Consuming(probe.database, service, ECHOES, probe.broker, SystemClock(), committed=relay.wake.set)
    running = [asyncio.create_task(relay.run(stop)), asyncio.create_task(reading.run(stop))]
    await probe.until(echo_sent)
    stop.set()
    relay.wake.set()
    await asyncio.gather(*running)


async def test_the_largest_event_reaches_its_consumer_and_a_larger_one_is_refused(probe: Probe) -> None:
    (counter,) = await probe.new_counters(1)
    empty = len(encode_data({"agreement_id": str(counter), "to": 1, "poison": False, "words": ""}))
    with pytest.raises(EventTooLarge):
        await probe.raise_counter(counter, words="x" * (MAX_EVENT_BYTES - empty + 1))
    await probe.raise_counter(counter, words="x" * (MAX_EVENT_BYTES - empty))
    await probe.raise_counter(counter, 9, words="x" * 100_000)
    async with running(probe):
        await probe.until_all_noted()
    assert await probe.query("select count(*) from effect") == [(10,)]
    await probe.assert_each_effect_once_and_in_order()


async def test_a_poisoned_event_is_parked_with_what_follows_it_and_others_flow(probe: Probe) -> None:
    sick, sound = await probe.new_counters(2)
    await probe.raise_counter(sick)
    await probe.raise_counter(sick, poison=True)
    await probe.raise_counter(sick, 2)
    await probe.raise_counter(sound, 3)

    async def settled_as_far_as_possible() -> bool:
        parked = await probe.query("select kind, count(*) from parked where consumer = 'notes' group by 1 order by 1")
        effects = await probe.query("select count(*) from effect")
        return parked == [("poisoned", 1), ("waiting", 2)] and effects == [(4,)]

    async with running(probe):
        await probe.until(settled_as_far_as_possible)
