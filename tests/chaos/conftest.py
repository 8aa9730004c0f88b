"""One house for all: the invariants are tried on it while it is new, then the schedules play there, file by file."""

from collections.abc import Iterator

import pytest

from tests.chaos import house as houses


@pytest.fixture(scope="package")
def house() -> Iterator[houses.House]:
    """A running system of real processes, with agreements in their course."""
    with houses.house() as found:
        yield found
