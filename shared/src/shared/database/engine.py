"""The engine of one service: a pool whose server-side time limits are set, and its sessions."""

import ssl
from collections.abc import Mapping
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

SERVER_SETTINGS = {
    "lock_timeout": "2s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
    "timezone": "UTC",
}
"""What no transaction may exceed; a longer one is ended by the server, never by a cancelled task."""


def async_url(url: str) -> str:
    """The same URL with the asyncpg driver: `postgresql://…` as others write it becomes `postgresql+asyncpg://…`."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+asyncpg://{rest}" if scheme in {"postgres", "postgresql"} else url


def plain_url(url: str) -> str:
    """The same URL as asyncpg itself and other tools read it, without SQLAlchemy's driver name."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


class Database:
    """The connections of one process to its service's database."""

    def __init__(
        self,
        url: str,
        *,
        application_name: str,
        pool_size: int = 10,
        max_overflow: int = 5,
        server_settings: Mapping[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        connect: dict[str, Any] = {
            "server_settings": {**SERVER_SETTINGS, **(server_settings or {}), "application_name": application_name},
            "timeout": 5,
            "command_timeout": 15,
        }
        if tls is not None:
            connect["ssl"] = tls
        self._tls = tls
        self.engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=pool_size,
            max_overflow=max_overflow,
            pool_timeout=3,
            pool_recycle=1800,
            isolation_level="READ COMMITTED",
            hide_parameters=True,
            connect_args=connect,
        )
        self.sessions = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False, autoflush=False)

    async def direct(self) -> asyncpg.Connection:
        """A connection of its own beside the pool, for what lives as long as a connection: a lock, notifications."""
        url = plain_url(self.engine.url.render_as_string(hide_password=False))
        return await asyncpg.connect(url, timeout=5, command_timeout=10, ssl=self._tls)

    async def close(self) -> None:
        """Close every connection; waits for none that is in use."""
        await self.engine.dispose()
