"""Fixtures of the money side of grants, taken over by the conftest of each folder."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import asyncpg
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
async def grants_database(servers: Servers) -> AsyncIterator[Database]:
    """A fresh copy of the migrated database."""
    name = f"grants_{uuid.uuid4().hex[:12]}"
    template = await _template(servers)
    admin = await asyncpg.connect(servers.postgres.admin_url)
    await admin.execute(f'create database "{name}" template "{template}" owner "grants"')
    database = Database(servers.postgres.dsn(name, "grants"), application_name="tests", pool_size=5)
    yield database
    await database.close()
    await asyncio.sleep(0)
    await admin.execute(f'drop database "{name}" with (force)')
    await admin.close()


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
