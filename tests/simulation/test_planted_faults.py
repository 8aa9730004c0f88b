"""The rig is itself tested: planted faults are found; `make simulate args=--planted` hunts all of them."""

import pytest

from tests.simulation.catching import hunt_in_a_process
from tests.simulation.planted import FAULTS, SEEDS

SAMPLE = [fault for fault in FAULTS if fault.name in SEEDS]


@pytest.mark.parametrize("fault", [fault.name for fault in SAMPLE])
def test_a_planted_fault_is_found(fault: str) -> None:
    assert hunt_in_a_process(fault, SEEDS[fault], 1).seed is not None
