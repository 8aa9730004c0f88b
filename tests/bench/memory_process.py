"""A worker's relay and consumer in a process of their own: what memory they hold after few events and after many."""

import asyncio
import json
import sys
from pathlib import Path

from shared.clock import SystemClock
from shared.database.engine import Database
from shared.events.broker import Broker
from shared.events.consuming import Consuming
from shared.events.relay import Relay
from shared.service import Consumer
from tests.bench.consumer import seen
from tests.shared.events.probe import CounterRaised, service


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


async def work(url: str, bootstrap: str, prefix: str, few: int, many: int) -> None:
    """Send and consume until `many` have been settled."""
    database, broker = Database(url, application_name="memory"), Broker(bootstrap, topic_prefix=prefix)
    consuming = Consuming(
        database, service, Consumer("seen", ("probe.v1",), {CounterRaised: seen}), broker, SystemClock()
    )
    stop = asyncio.Event()
    running = asyncio.gather(Relay(database, service, broker).run(stop), consuming.run(stop))
    held = []
    for wanted in (few, many):
        while consuming.settled < wanted:
            await asyncio.sleep(0.05)
        held.append(resident())
    stop.set()
    await running
    await database.close()
    sys.stdout.write(json.dumps(held) + "\n")


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])))
