"""How soon each planted fault is found: every one in a process of its own, seed after seed until one breaks."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.simulation.planted import FAULTS, plant


@dataclass(frozen=True)
class Caught:
    """By which seed, after how many, and which invariant; no seed where the fault slipped through."""

    name: str
    seeds: int
    seed: int | None
    invariant: str


def hunt(name: str, begin: int, seeds: int) -> Caught:
    """Look for one planted fault in this process; nothing of the product may have been imported."""
    plant(name)
    from tests.simulation.run import run_scenario
    from tests.simulation.scenario import scenario

    for count, seed in enumerate(range(begin, begin + seeds), 1):
        if (outcome := run_scenario(scenario(seed))).broken:
            return Caught(name, count, seed, outcome.broken[0][0])
    return Caught(name, seeds, None, "")


def hunt_all(begin: int, seeds: int) -> Iterator[Caught]:
    """Each fault in turn."""
    for fault in FAULTS:
        yield hunt_in_a_process(fault.name, begin, seeds)


def hunt_in_a_process(name: str, begin: int, seeds: int) -> Caught:
    """One fault, in a process of its own."""
    command = [sys.executable, "-m", "tests.simulation", "--plant", name, "--from", str(begin), "--seeds", str(seeds)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode not in (0, 1):
        raise RuntimeError(f"{name}: {answer.stderr[-2000:]}")
    return Caught(**json.loads(answer.stdout.splitlines()[-1]))
