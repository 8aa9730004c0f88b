"""`make bench`: every comparison, both sides in the same run; the table goes to the screen and into docs/bench.md."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from rich.console import Console
from rich.table import Table

from tests.bench.measuring import Comparison
from tests.bench.relay import relay_against_send
from tirek_local.testing import Servers, shared_servers, start_sharing, stop_sharing

Benchmark = Callable[..., Awaitable[Comparison]]
BENCHMARKS: dict[str, Benchmark] = {"relay": relay_against_send}


def main() -> None:
    """Run those that are named, or all."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", choices=[*BENCHMARKS, []])
    asked.add_argument("--rounds", type=int, default=5)
    given = asked.parse_args()
    start_sharing()
    try:
        results = asyncio.run(_run(shared_servers(), given.names or list(BENCHMARKS), given.rounds))
    finally:
        stop_sharing()
    Console().print(as_table(results))


async def _run(servers: Servers, names: list[str], rounds: int) -> list[Comparison]:
    return [await BENCHMARKS[name](servers, rounds=rounds) for name in names]


def as_table(results: list[Comparison]) -> Table:
    """The table of ratios."""
    table = Table("what", "against", "ours", "theirs", "ratio", "spread", "goal")
    for each in results:
        low, high = min(each.ratios), max(each.ratios)
        ours, theirs = sorted(each.ours)[len(each.ours) // 2], sorted(each.theirs)[len(each.theirs) // 2]
        goal = f"{'≤' if each.less_is_better else '≥'} {each.goal}"
        row = (f"{ours:,.0f} {each.unit}", f"{theirs:,.0f}", f"{each.ratio:.2f}", f"{low:.2f}–{high:.2f}", goal)
        table.add_row(each.what, each.against, *row)
    return table


if __name__ == "__main__":
    main()
