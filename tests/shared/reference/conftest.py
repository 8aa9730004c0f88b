from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.database.engine import Database
from shared.reference.importing import ImportReport, import_list
from shared.reference.tables import (
    reference_import,
    reference_list_entry,
    reference_parameter,
)
from tirek_local.testing import Databases

NOON = datetime(2026, 1, 15, 7, 0, tzinfo=UTC)
LATER = datetime(2026, 2, 15, 7, 0, tzinfo=UTC)
LAST = datetime(2026, 3, 15, 7, 0, tzinfo=UTC)


async def with_tables(url: str) -> Database:
    """The tables of lists and parameters, and nothing else, in an empty database."""
    database = Database(url, application_name="test-reference", pool_size=3)
    async with database.engine.begin() as connection:
        for table in (reference_import, reference_list_entry, reference_parameter):
            await connection.run_sync(table.create)
    return database


@pytest.fixture(scope="session")
async def shared_reference(databases: Databases) -> AsyncIterator[Database]:
    database = await with_tables(databases.create_empty("grants"))
    yield database
    await database.close()


@pytest.fixture
async def session(shared_reference: Database) -> AsyncIterator[AsyncSession]:
    """One transaction in which a test finds nothing but its own rows; rolled back at its end."""
    async with shared_reference.sessions() as opened:
        yield opened
        await opened.rollback()


@pytest.fixture
async def reference(databases: Databases) -> AsyncIterator[Database]:
    """A database of the test's own, for tests of two transactions."""
    database = await with_tables(databases.create_empty("grants"))
    yield database
    await database.close()


def goods(*lines: str, header: str = "fea_cn,effective_from,effective_to,name,processing,source") -> bytes:
    return "\n".join([header, *lines]).encode()


def parameters(*lines: str) -> bytes:
    return goods(*lines, header="name,effective_from,value,unit,source")


async def taken(session: AsyncSession, list_name: str, content: bytes, **more: Any) -> ImportReport:
    """Import a file that must be without errors."""
    report = await import_list(session, list_name, content, **{"at": NOON, **more})
    assert report.accepted, [str(error) for error in report.errors]
    return report
