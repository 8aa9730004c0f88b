"""A share of the seeds in every run of the tests; `make simulate` runs as many as one likes."""

import pytest

from tests.simulation.campaign import run_seeds
from tests.simulation.run import run_scenario
from tests.simulation.scenario import scenario
from tests.simulation.shrinking import shrunk

SEEDS = 200
"""How many seeds in CI: about 70 ms of one core each."""

SHARES = 8


@pytest.mark.parametrize("share", range(SHARES))
def test_no_fault_loses_doubles_or_disorders_an_event(share: int) -> None:
    size = SEEDS // SHARES
    tally = run_seeds(share * size, (share + 1) * size)
    assert [f"python -m tests.simulation {seed}: {invariant}: {words}" for seed, invariant, words in tally.broken] == []
    assert tally.counted > size // 2


def test_a_run_replays_from_one_integer() -> None:
    first, again = (run_scenario(scenario(7)) for _ in range(2))
    assert first.trace == again.trace
    assert first.fired


def test_a_failing_run_is_shrunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.events.relay.READ_BACK_SECONDS", 1e9)
    seed, broken = next((seed, outcome) for seed in range(100) if (outcome := run_scenario(scenario(seed))).broken)
    monkeypatch.setattr("tests.simulation.shrinking.PATIENCE", 30)
    small, outcome = shrunk(scenario(seed), broken)
    assert outcome.broken
    assert len(small.steps) < len(scenario(seed).steps)
