"""Fixtures of the money side of grants, taken over by the conftest of each folder."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

import grants
from grants.handlers import CONSUMERS
from grants.record import Record
from shared.database.engine import Database
from shared.database.migrations.run import migrate
from shared.events.work import Work, begin_work
from shared.reference.sampling import seed_reference
from shared.service import Service
from tests.grants.funding import START, Funding
from tests.lending import Lender
from tirek_local.testing import Databases, Servers

SERVICE = Service("grants", Record.metadata, Path(grants.__path__[0]) / "migrations", CONSUMERS)

_templates: dict[str, str] = {}


async def _template(servers: Servers) -> str:
    """A migrated database with the dated lists and parameters of an installation, made once in a process."""
    key = servers.postgres.admin_url
    if key not in _templates:
        url = Databases(servers).create_empty("grants")
        await migrate(url, SERVICE)
        database = Database(url, application_name="tests", pool_size=1)
        async with database.sessions() as session, session.begin():
            begin_work(session, Work("grants", "grants.v1", "installation", "seed", START))
            await seed_reference(session)
        await database.close()
        _templates[key] = url.rpartition("/")[2].partition("?")[0]
    return _templates[key]


@pytest.fixture
async def grants_database(servers: Servers, lender: Lender) -> AsyncIterator[Database]:
    """The migrated database, as new."""
    name = lender.lend(await _template(servers), "grants")
    database = Database(servers.postgres.dsn(name, "grants"), application_name="tests", pool_size=5)
    yield database
    await database.close()
    lender.give_back(name)


@pytest.fixture
async def empty_funding(grants_database: Database) -> Funding:
    """An institute whose account has no money yet."""
    funding = Funding(grants_database)
    await funding.open(allocated=Decimal(0))
    return funding


@pytest.fixture
async def funding(empty_funding: Funding) -> Funding:
    """An institute with 1,000.00 tenge in its account."""
    await empty_funding.allocate(Decimal("1000.00"))
    return empty_funding
