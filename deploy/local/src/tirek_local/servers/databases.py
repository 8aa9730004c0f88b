"""A database and a login role per service: a role owns its own database and cannot connect to another's."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from tirek_local.servers.apart import run_apart
from tirek_local.servers.passwords import known_passwords, password_for
from tirek_local.servers.trouble import Trouble


class ServiceDatabases:
    """The services' databases on one server, reached by an administrator's URL.

    `passwords` is the file in which the services' passwords are kept (mode 0600).
    """

    def __init__(self, admin_url: str, passwords: Path) -> None:
        self._admin_url = admin_url
        self._passwords = passwords

    def ensure(self, names: list[str]) -> dict[str, str]:
        """Make what is missing; name to the `postgresql://` URL of its service. Raises `Trouble`."""
        try:
            return run_apart(self._ensure(names))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Trouble(
                f"The databases could not be made at {without_password(self._admin_url)}: {error}.",
                "DATABASE_URL must be that of a role that may create databases and roles (see docs/running.md).",
            ) from error

    async def _ensure(self, names: list[str]) -> dict[str, str]:
        connection = await asyncpg.connect(self._admin_url, timeout=10)
        try:
            return {name: await self._ensure_one(connection, name) for name in names}
        finally:
            await connection.close()

    async def _ensure_one(self, connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> str:
        present = await connection.fetchval("select 1 from pg_database where datname = $1", name)
        if present and name not in known_passwords(self._passwords):
            return at_database(self._admin_url, name)  # made by somebody else: as the administrator, or by its own URL
        password = password_for(name, self._passwords)
        if not await connection.fetchval("select 1 from pg_roles where rolname = $1", name):
            await connection.execute(f"create role \"{name}\" login password '{password}'")
        if not present:
            await connection.execute(f'grant "{name}" to current_user')
            await connection.execute(f'create database "{name}" owner "{name}"')
        await connection.execute(f'revoke all on database "{name}" from public')
        return at_database(self._admin_url, name, name, password)


def at_database(url: str, database: str, user: str | None = None, password: str | None = None) -> str:
    """The same server's URL for another database, and for another role where one is given."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    who = parts.netloc.rpartition("@")[0] if user is None else f"{quote(user)}:{quote(password or '')}"
    return urlunsplit((parts.scheme, f"{who}@{place}" if who else place, f"/{database}", parts.query, ""))


def without_password(url: str) -> str:
    """A URL that may be shown."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or 5432}{parts.path}"


def own_urls(environment: Mapping[str, str], names: list[str]) -> dict[str, str]:
    """The URLs that stand in the environment per service (`GRANTS_DATABASE_URL`, `OBLIGATIONS_DATABASE_URL` …)."""
    keys = {name: f"{name.upper()}_DATABASE_URL" for name in names}
    return {name: environment[key] for name, key in keys.items() if environment.get(key)}
