"""A failing run made small: as few commands and faults as still break the same invariant."""

from tests.simulation.run import Outcome, run_scenario
from tests.simulation.scenario import Scenario

PATIENCE = 150
"""Runs at most."""


def shrunk(scenario: Scenario, outcome: Outcome) -> tuple[Scenario, Outcome]:
    """Leave out halves, quarters, … and at last single steps, as long as an invariant of those broken still breaks."""
    wanted = {invariant for invariant, _ in outcome.broken}
    runs, size = 0, max(1, len(scenario.steps) // 2)
    while runs < PATIENCE:
        for begin in range(0, len(scenario.steps), size):
            smaller = scenario.without(set(range(begin, begin + size)))
            runs += 1
            found = run_scenario(smaller)
            if wanted & {invariant for invariant, _ in found.broken}:
                scenario, outcome = smaller, found
                break
        else:
            if size == 1:
                break
            size = max(1, size // 2)
        size = min(size, max(1, len(scenario.steps) // 2))
    return scenario, outcome
