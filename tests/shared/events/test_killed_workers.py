import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.shared.events.conftest import Probe
from tests.shared.events.worker_process import end, fired, start, worker
from tests.shared.http.cutting import Held, committing

RELAY = ["relay.after_read", "relay.after_send", "relay.after_ack"]
CONSUMER = [
    "consumer.after_poll",
    "consumer.before_inbox",
    "consumer.before_commit",
    "consumer.after_commit",
    "consumer.before_offsets",
]


@pytest.mark.kill
@pytest.mark.parametrize("point", RELAY + CONSUMER)
async def test_a_worker_killed_anywhere_leaves_each_effect_once_and_in_order(
    probe: Probe, tmp_path: Path, point: str
) -> None:
    counters = await probe.new_counters(6)
    await asyncio.gather(*(probe.raise_counter(counter, 3) for counter in counters))

    doomed = await start(probe, tmp_path, f"{point}=kill@2")
    async with asyncio.timeout(40):
        while doomed.returncode is None:  # commands keep coming until it is dead
            await asyncio.gather(*(probe.raise_counter(counter, 1) for counter in counters))
            await asyncio.sleep(0.1)
    assert doomed.returncode == -9
    assert fired(tmp_path) == [point]

    async with worker(probe, tmp_path):
        await asyncio.gather(*(probe.raise_counter(counter, 2) for counter in counters))
        await probe.until_all_noted(60)
    await probe.assert_each_effect_once_and_in_order()


@pytest.mark.kill
@pytest.mark.parametrize(("held", "done"), [("order", False), ("answer", True)])
async def test_a_consumer_killed_while_its_commit_is_on_the_wire_leaves_each_effect_once_and_in_order(
    probe: Probe, tmp_path: Path, held: Held, done: bool
) -> None:
    counters = await probe.new_counters(6)
    async with committing(probe.url, held, after=b"insert into effect") as proxy:
        doomed = await start(replace(probe, url=proxy.url), tmp_path)
        try:
            async with asyncio.timeout(40):
                while not proxy.committing.is_set():  # commands keep coming
                    await asyncio.gather(*(probe.raise_counter(counter, 1) for counter in counters))
            raising = asyncio.gather(*(probe.raise_counter(counter, 5) for counter in counters))
            await asyncio.sleep(0)
            assert not raising.done()
            assert await probe.query("select count(*) > 0 from inbox where consumer = 'notes'") == [(done,)]
            doomed.kill()
            await asyncio.wait_for(doomed.wait(), 10)
            await raising
        finally:
            await end(doomed)
    async with worker(probe, tmp_path):
        await probe.until_all_noted(60)
    await probe.assert_each_effect_once_and_in_order()


@pytest.mark.kill
@pytest.mark.parametrize("point", ["relay.after_read", "relay.after_send", "consumer.after_poll"])
async def test_a_point_is_not_reached_while_there_is_nothing_to_lose(probe: Probe, tmp_path: Path, point: str) -> None:
    async def relay_has_begun() -> bool:
        return await probe.query("select count(*) from relay_lease where token > 0") == [(1,)]

    async with worker(probe, tmp_path, f"{point}=kill") as idle:
        await probe.until(relay_has_begun)
        await asyncio.sleep(2)
        assert (idle.returncode, fired(tmp_path)) == (None, [])
        await asyncio.gather(*(probe.raise_counter(counter) for counter in await probe.new_counters(1)))
        assert await asyncio.wait_for(idle.wait(), 40) == -9
    assert fired(tmp_path) == [point]


@pytest.mark.kill
async def test_a_relay_that_was_stopped_cannot_delete_once_another_has_taken_over(probe: Probe, tmp_path: Path) -> None:
    counters = await probe.new_counters(6)
    stopped = await start(probe, tmp_path, "relay.after_ack=stop@1")
    await asyncio.gather(*(probe.raise_counter(counter, 5) for counter in counters))
    async with asyncio.timeout(40):
        while fired(tmp_path) != ["relay.after_ack"]:
            await asyncio.sleep(0.05)
    # The lock goes with the connection: cut it, as the server would once the stopped machine is given up.
    await probe.query(
        "select pg_terminate_backend(pid) from pg_locks join pg_stat_activity using (pid)"
        " where locktype = 'advisory' and datname = current_database()"
    )
    async with worker(probe, tmp_path):
        await probe.until_all_noted(60)
        tokens = await probe.query("select token from relay_lease")
        stopped.send_signal(18)
        await asyncio.gather(*(probe.raise_counter(counter, 5) for counter in counters))
        await probe.until_all_noted(60)
    stopped.terminate()
    await asyncio.wait_for(stopped.wait(), 30)
    assert tokens[0][0] >= 2
    await probe.assert_each_effect_once_and_in_order()
