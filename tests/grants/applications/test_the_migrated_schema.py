"""The migrated schema is the one that the models describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from grants.record import Record
from shared.database.platform import platform_metadata
from tests.grants.desk import Desk

OURS = {"call", "application", "application_history", "application_remark", "expert_conclusion", "commission_motion"}


def _differences(connection: Connection) -> list[str]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found = compare_metadata(context, [platform_metadata, Record.metadata])  # type: ignore[arg-type]
    return [str(difference) for difference in found if any(f"'{table}'" in str(difference) for table in OURS)]


async def test_models_and_migrations_agree(desk: Desk) -> None:
    async with desk.app.state.database.engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
