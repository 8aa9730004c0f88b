"""What every test may ask for: the run's PostgreSQL and Kafka, and fresh databases on them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import turns
from tirek_local.testing import Databases, Servers, shared_servers, start_sharing, stop_sharing


def pytest_configure(config: pytest.Config) -> None:
    if not config.option.collectonly:
        start_sharing()


def pytest_unconfigure(config: pytest.Config) -> None:
    stop_sharing()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = turns.in_turn(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> turns.LongestFirst:
    config.option.loadscopereorder = False
    return turns.LongestFirst(config, log)


@pytest.fixture(scope="session")
def servers() -> Servers:
    """One PostgreSQL and one Kafka, shared by all workers. To stop or kill one, start your own."""
    return shared_servers()


@pytest.fixture(scope="session")
def databases(servers: Servers) -> Iterator[Databases]:
    """Makes databases that live as long as this worker."""
    made = Databases(servers)
    yield made
    made.drop_all()


@pytest.fixture
def database(servers: Servers) -> Iterator[Callable[[str], str]]:
    """`database("grants")` answers the URL of a fresh, migrated database, dropped after the test."""
    made = Databases(servers)
    yield made.create
    made.drop_all()
