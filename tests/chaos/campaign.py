"""`make chaos SCHEDULES=n`: that many schedules one after another, and a report of what was run and found.

Each seed is one schedule; six in a row share a fresh system. `SEED=m` begins there, so that a campaign that was cut
short goes on: the report is appended to.
"""

import argparse
import pprint
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from tests.chaos.faults import KINDS
from tests.chaos.house import house
from tests.chaos.schedules import Outcome, run_schedule


def main() -> int:
    """Run the campaign; the exit code is 1 where an invariant was broken."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--schedules", type=int, default=len(KINDS))
    asked.add_argument("--seed", type=int, default=6000)
    asked.add_argument("--report", type=Path, default=Path(".tirek/chaos.txt"))
    given = asked.parse_args()
    given.report.parent.mkdir(parents=True, exist_ok=True)
    console, outcomes = Console(), []
    seeds = list(range(given.seed, given.seed + given.schedules))
    with Progress(console=console) as progress, given.report.open("a", encoding="utf-8") as report:
        report.write(f"# {datetime.now(UTC):%Y-%m-%d %H:%M} seeds {seeds[0]}-{seeds[-1]}\n")
        task = progress.add_task("schedules", total=len(seeds))
        for begin in range(0, len(seeds), len(KINDS)):
            with house() as running:
                for seed in seeds[begin : begin + len(KINDS)]:
                    outcome = run_schedule(running, seed)
                    outcomes.append(outcome)
                    write(report.write, outcome)
                    report.flush()
                    progress.console.print(outcome.line, markup=False, highlight=False)
                    progress.advance(task)
        for line in summary(outcomes):
            report.write(f"{line}\n")
            console.print(line, markup=False)
    return int(any(outcome.offences for outcome in outcomes))


def write(out: object, outcome: Outcome) -> None:
    """One schedule, with the rows of what it broke."""
    assert callable(out)
    out(f"{outcome.line}\n")
    if outcome.offences:
        out(pprint.pformat(outcome.offences, width=120) + "\n")


def summary(outcomes: list[Outcome]) -> list[str]:
    """What the campaign comes to."""
    counted = [each for each in outcomes if each.counts]
    fired = Counter(fired.fault.partition("@")[0] for each in outcomes for fired in each.fired if fired.happened)
    verbs: Counter[str] = sum((each.verbs for each in outcomes), Counter())
    return [
        f"{len(counted)} schedules count, {len(outcomes) - len(counted)} missed their fault;"
        f" {sum(bool(each.offences) for each in outcomes)} broke an invariant"
        f" (95 % upper limit of the rate where none did: {3 / max(len(counted), 1):.3f})",
        f"{sum(each.commands for each in outcomes)} commands, {sum(each.unknown for each in outcomes)} sendings without"
        f" an answer, {sum(each.races for each in outcomes)} races of two",
        "faults: " + ", ".join(f"{name} {count}" for name, count in sorted(fired.items())),
        "accepted: " + ", ".join(f"{name} {count}" for name, count in sorted(verbs.items())),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
