"""One house for all schedules of a run."""

from collections.abc import Iterator

import pytest

from tests.chaos import house as houses


@pytest.fixture(scope="session")
def house() -> Iterator[houses.House]:
    """A running system of real processes, with agreements in their course."""
    with houses.house() as found:
        yield found
