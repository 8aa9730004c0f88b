"""Real processes die, servers vanish, two people act at once: nothing is lost, doubled, out of order or left undone."""

import os
import pprint

import pytest

from tests.chaos.faults import KINDS
from tests.chaos.house import House
from tests.chaos.schedules import run_schedule

pytestmark = [pytest.mark.kill, pytest.mark.timeout(600)]

SEED = int(os.environ.get("TIREK_CHAOS_SEED", "1200"))


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_dies_each_accepted_command_has_one_effect_and_everything_balances(house: House, kind: str) -> None:
    outcome = run_schedule(house, SEED + KINDS.index(kind), kind)
    print(outcome.line, dict(outcome.verbs), dict(outcome.refused), sep="\n")  # noqa: T201
    assert outcome.offences == {}, pprint.pformat(outcome.offences)[:6000]
    assert outcome.counts, outcome.line
