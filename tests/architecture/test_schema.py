"""The migrated schema is the declared one, and a second migration changes nothing."""

from collections.abc import Callable

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from shared.cli.services import installed_service, installed_services
from shared.database.engine import async_url
from shared.database.migrations import migrate
from shared.database.platform import platform_metadata

SERVICES = sorted(installed_services())


@pytest.mark.parametrize("name", SERVICES)
async def test_the_migrated_schema_is_the_declared_one(name: str, database: Callable[[str], str]) -> None:
    service = installed_service(name)
    url = database(service.package)
    await migrate(url, service)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, [platform_metadata, service.metadata]))  # type: ignore[arg-type]

    engine = create_async_engine(async_url(url))
    try:
        async with engine.connect() as connection:
            found = await connection.run_sync(differences)
    finally:
        await engine.dispose()
    assert found == []
