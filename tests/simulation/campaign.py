"""Many seeds one after another: resumable, with a bar, and a report of what fired and what was checked."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

import shared.events
from tests.simulation.invariants import NAMES
from tests.simulation.run import run_scenario
from tests.simulation.scenario import scenario

CHUNK = 50
REPORT = Path(".tirek/simulation.jsonl")


@dataclass
class Tally:
    """What some runs have come to, added up."""

    begin: int
    runs: int = 0
    counted: int = 0
    events: int = 0
    fired: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Take the other's figures in."""
        self.runs += other.runs
        self.counted += other.counted
        self.events += other.events
        self.fired += other.fired
        self.checked += other.checked
        self.broken += other.broken


def run_seeds(begin: int, end: int) -> Tally:
    """Run these seeds; of a run that breaks something the seed and what it says are kept."""
    tally = Tally(begin)
    for seed in range(begin, end):
        outcome = run_scenario(scenario(seed))
        tally.runs += 1
        tally.counted += outcome.counts
        tally.events += outcome.events
        tally.fired += outcome.fired
        tally.checked += outcome.checked
        tally.broken += [(seed, *outcome.broken[0])] if outcome.broken else []
    return tally


def campaign(begin: int, seeds: int, *, report: Path = REPORT, processes: int | None = None) -> Tally:
    """Run the seeds that the report does not hold yet, of the code as it is now."""
    report.parent.mkdir(parents=True, exist_ok=True)
    total, known = Tally(begin), dict(_held(report))
    starts = range(begin, begin + seeds, CHUNK)
    bar = (TextColumn("seeds"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with (
        Progress(*bar, TextColumn("{task.description}")) as progress,
        report.open("a", encoding="utf-8") as file,
        ProcessPoolExecutor(processes or os.cpu_count()) as pool,
    ):
        task = progress.add_task("", total=seeds)
        for at in starts:
            if at in known:
                total.add(known[at])
        progress.update(task, completed=total.runs)
        ahead = [pool.submit(run_seeds, at, min(at + CHUNK, begin + seeds)) for at in starts if at not in known]
        for done in as_completed(ahead):
            tally = done.result()
            file.write(json.dumps({"code": fingerprint(), **vars(tally)}) + "\n")
            file.flush()
            total.add(tally)
            progress.update(task, completed=total.runs, description=f"{len(total.broken)} broken")
    return total


def _held(report: Path) -> Iterator[tuple[int, Tally]]:
    if not report.exists():
        return
    for line in report.read_text(encoding="utf-8").splitlines():
        row: dict[str, Any] = json.loads(line)
        if row.pop("code") == fingerprint() and row["runs"] == CHUNK:
            row |= {"fired": Counter(row["fired"]), "checked": Counter(row["checked"])}
            yield row["begin"], Tally(**row)


def fingerprint() -> str:
    """Of the product's messaging code and of the simulation itself: another code, other runs."""
    digest = hashlib.sha256()
    for folder in (Path(shared.events.__file__).parent, Path(__file__).parent):
        for file in sorted(folder.glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def show(total: Tally, console: Console) -> None:
    """The report, for people."""
    for line in lines(total):
        console.print(line, markup=False, highlight=False)


def lines(total: Tally) -> Iterable[str]:
    """The report."""
    limit = f"; 95 % upper limit of the rate {3 / max(total.counted, 1):.1e}" if not total.broken else ""
    yield f"{total.runs} seeds from {total.begin} on, code {fingerprint()}"
    yield f"{total.counted} count: a fault met work; {total.runs - total.counted} missed and are not counted"
    yield f"{total.events} events; {len({seed for seed, *_ in total.broken})} runs broke an invariant{limit}"
    yield "faults fired: " + ", ".join(f"{name} {count}" for name, count in sorted(total.fired.items()))
    yield "invariants checked:"
    for name, words in NAMES.items():
        yield f"  {total.checked[name]:>10}  {name}: {words}"
    for seed, invariant, words in sorted(total.broken):
        yield f"BROKEN by seed {seed}: {invariant}: {words[:150]}"
