"""The simulation by hand: one seed, many seeds, or the planted faults."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table


def main() -> int:
    """`SEED` replays one run, shrunk where it breaks; `--seeds N --from M` runs many; `--planted` tests the rig."""
    asked = argparse.ArgumentParser(prog="python -m tests.simulation", description=main.__doc__)
    asked.add_argument("seed", nargs="?", type=int)
    asked.add_argument("--seeds", type=int, default=1000)
    asked.add_argument("--from", dest="begin", type=int, default=0)
    asked.add_argument("--processes", type=int)
    asked.add_argument("--planted", action="store_true", help="hunt every planted fault, at most --seeds seeds each")
    asked.add_argument("--plant", help="run with this one fault, as --planted does for each")
    asked.add_argument("--report", type=Path, default=Path(".tirek/simulation.jsonl"))
    given = asked.parse_args()
    console = Console(width=140)
    if given.plant is not None:
        return _hunt(given.plant, given.begin, given.seeds, given.seed)
    if given.planted:
        return _planted(given.begin, given.seeds, console)
    if given.seed is not None:
        return _one(given.seed, console)
    from tests.simulation.campaign import campaign, show

    total = campaign(given.begin, given.seeds, report=given.report, processes=given.processes)
    show(total, console)
    return int(bool(total.broken))


def _one(seed: int, console: Console) -> int:
    from tests.simulation.run import run_scenario
    from tests.simulation.scenario import scenario
    from tests.simulation.shrinking import shrunk

    first = scenario(seed)
    outcome = run_scenario(first)
    if outcome.broken:
        small, outcome = shrunk(first, outcome)
        console.print(f"seed {seed} breaks; {len(first.steps)} steps, shrunk to {len(small.steps)}:", markup=False)
    for line in outcome.trace:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"{outcome.events} events, fired {dict(outcome.fired)}", markup=False)
    return int(bool(outcome.broken))


def _hunt(name: str, begin: int, seeds: int, seed: int | None) -> int:
    from tests.simulation.catching import hunt

    if seed is not None:
        from tests.simulation.planted import plant

        plant(name)
        return _one(seed, Console(width=140))
    caught = hunt(name, begin, seeds)
    print(json.dumps(asdict(caught)))  # noqa: T201 — read by `--planted`
    return int(caught.seed is None)


def _planted(begin: int, seeds: int, console: Console) -> int:
    from tests.simulation.catching import hunt_all

    table, missed = Table("planted fault", "caught by", "seeds", "the seed"), 0
    for caught in hunt_all(begin, seeds):
        missed += caught.seed is None
        console.print(f"{caught.name}: {caught.invariant or 'NOT CAUGHT'} after {caught.seeds}", markup=False)
        table.add_row(caught.name, caught.invariant or "NOT CAUGHT", str(caught.seeds), str(caught.seed))
    console.print(table)
    return int(missed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
