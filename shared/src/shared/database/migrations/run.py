"""Brings a service's database to the newest schema: the platform's tables first, then the service's."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.database.engine import async_url
from shared.service import Service

HERE = Path(__file__).parent


def alembic_config(service: Service) -> Config:
    """The configuration that alembic's own commands would read from a file."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{HERE / 'versions'}\n{service.migrations}")
    config.attributes["service"] = service
    return config


async def migrate(url: str, service: Service) -> None:
    """Apply what is missing, in one transaction; safe to run twice and from two processes at once."""
    engine = create_async_engine(
        async_url(url),
        poolclass=NullPool,
        connect_args={"server_settings": {"lock_timeout": "5s", "application_name": f"{service.name}-migrate"}},
    )
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(hashtext('tirek.migrate'))"))
            await connection.run_sync(_upgrade, alembic_config(service))
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, config: Config) -> None:
    config.attributes["connection"] = connection
    command.upgrade(config, "heads")
