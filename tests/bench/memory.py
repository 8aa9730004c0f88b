"""The memory of a worker after many events, against that after few."""

import asyncio
import json
import sys

from tests.bench.measuring import Comparison
from tests.bench.platform import bench_probe, write_log
from tirek_local.testing import Servers

FEW, MANY = 10_000, 1_000_000
AGGREGATES = 500


async def memory_after_many_events(servers: Servers, *, rounds: int, scale: float) -> Comparison:
    """Megabytes in memory; one process goes from few to many, so that more than one round tells nothing new."""
    few, many = max(int(FEW * scale), 2_000), max(int(MANY * scale), 20_000)
    compared = Comparison(
        f"memory of relay and consumer after {many:,} events", f"after {few:,}", "MB", 1.1, less_is_better=True
    )
    async with bench_probe(servers) as probe:
        await write_log(probe, AGGREGATES, many // AGGREGATES)
        arguments = (probe.url, probe.broker.bootstrap_servers, probe.broker.topic_prefix, str(few), str(many))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.memory_process", *arguments, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        if process.returncode:
            raise RuntimeError(said.decode())
    before, after = json.loads(said.splitlines()[-1])
    compared.ours.append(after / 1024**2)
    compared.theirs.append(before / 1024**2)
    return compared
