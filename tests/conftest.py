"""What every test may ask for: the run's PostgreSQL and Kafka, and fresh databases on them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests import turns
from tests.lending import Lender
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
    if not servers.are_ours:
        made.drop_all()


@pytest.fixture(scope="session")
def lender(servers: Servers) -> Iterator[Lender]:
    """Lends databases to one test after another."""
    made = Lender(servers)
    yield made
    if not servers.are_ours:
        made.drop_all()


@pytest.fixture
def database(servers: Servers, databases: Databases, lender: Lender) -> Iterator[Callable[[str], str]]:
    """`database("grants")` answers the URL of a migrated database that is as new, and this test's alone."""
    lent: list[str] = []

    def lend(service: str) -> str:
        lent.append(lender.lend(databases.template(service), service))
        return servers.postgres.dsn(lent[-1], service)

    yield lend
    for name in lent:
        lender.give_back(name)
