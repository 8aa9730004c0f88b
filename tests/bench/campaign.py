"""`make bench`: every comparison, both sides in one run; the table goes to the screen and into .tirek/bench.txt."""

import argparse
import asyncio
import os
import platform
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench.calculation import calculation_against_decimal, calculation_against_spans
from tests.bench.consumer import consumer_against_one_by_one
from tests.bench.growth import full_inbox_against_empty, many_segments_against_few
from tests.bench.measuring import Comparison
from tests.bench.memory import memory_after_many_events
from tests.bench.posting import post_against_insert, traced_against_untraced
from tests.bench.relay import relay_against_send
from tirek_local.testing import Servers, shared_servers, start_sharing, stop_sharing

Benchmark = Callable[..., Awaitable[Comparison]]
BENCHMARKS: dict[str, Benchmark] = {
    "relay": relay_against_send,
    "consumer": consumer_against_one_by_one,
    "calculation": calculation_against_decimal,
    "sums": calculation_against_spans,
    "post": post_against_insert,
    "tracing": traced_against_untraced,
    "segments": many_segments_against_few,
    "inbox": full_inbox_against_empty,
    "memory": memory_after_many_events,
}
REPORT = Path(".tirek/bench.txt")


def main() -> None:
    """Run those that are named, or all."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.campaign", description=__doc__)
    asked.add_argument("names", nargs="*", choices=[*BENCHMARKS, []])
    asked.add_argument("--rounds", type=int, default=5, help="rounds of each side")
    asked.add_argument("--scale", type=float, default=1.0, help="part of the full size of each round, 0.1 for a look")
    given = asked.parse_args()
    start_sharing()
    results: list[Comparison] = []
    try:
        asyncio.run(_run(shared_servers(), given.names or list(BENCHMARKS), given.rounds, given.scale, results))
    finally:
        stop_sharing()
        text = report(results, rounds=given.rounds, scale=given.scale)
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")
        sys.stdout.write(text)


async def _run(servers: Servers, names: list[str], rounds: int, scale: float, results: list[Comparison]) -> None:
    for name in names:
        begun = time.monotonic()
        results.append(await BENCHMARKS[name](servers, rounds=rounds, scale=scale))
        sys.stderr.write(f"{name}: {results[-1].ratio:.2f}, {time.monotonic() - begun:.0f} s\n")


def report(results: list[Comparison], *, rounds: int, scale: float) -> str:
    """The table of ratios and the machine, as Markdown."""
    lines = [
        f"{machine()}. {rounds} rounds of each side in turn, at {scale:g} of the full size; medians.",
        "",
        "| what | against | ours | theirs | ratio | lowest to highest | by CPU time | goal |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(each) for each in results),
        "",
        *(f"- {each.what}: {each.notes}" for each in results if each.notes),
    ]
    return "\n".join(lines) + "\n"


def _row(each: Comparison) -> str:
    ours, theirs = statistics.median(each.ours), statistics.median(each.theirs)
    cpu = "–" if each.cpu_ratio is None else f"{each.cpu_ratio:.2f}"
    cells = (
        each.what,
        each.against,
        f"{_figure(ours)} {each.unit}",
        _figure(theirs),
        f"**{each.ratio:.2f}**" if each.reached else f"{each.ratio:.2f}",
        f"{min(each.ratios):.2f} to {max(each.ratios):.2f}",
        cpu,
        f"{'≤' if each.less_is_better else '≥'} {each.goal}",
    )
    return f"| {' | '.join(cells)} |"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def machine() -> str:
    """What the figures were measured on, and how busy it was."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "unknown"
    )
    memory = next((int(line.split()[1]) for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores of {model}, {memory / 1024 / 1024:.0f} GB, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}, load {load:.1f} at the end"
    )


def _lines(path: str) -> list[str]:
    found = Path(path)
    return found.read_text(encoding="utf-8").splitlines() if found.exists() else []


if __name__ == "__main__":
    main()
