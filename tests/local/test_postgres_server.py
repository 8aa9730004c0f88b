from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tirek_local.servers import PostgresServer, ServiceDatabases, Trouble
from tirek_local.servers.databases import at_database
from tirek_local.servers.ports import free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with PostgresServer(tmp_path_factory.mktemp("postgres")) as running:
        yield running


@pytest.fixture(scope="module")
def urls(server: PostgresServer) -> dict[str, str]:
    return ServiceDatabases(server.dsn(), server.passwords).ensure(["grants", "obligations"])


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@pytest.mark.parametrize("setting", ["fsync", "synchronous_commit", "full_page_writes", "data_checksums"])
async def test_what_is_committed_is_on_the_disk(server: PostgresServer, setting: str) -> None:
    assert await ask(server.dsn(), f"show {setting}") == "on"


async def test_it_is_postgresql_18_with_its_own_uuids(server: PostgresServer) -> None:
    assert await ask(server.dsn(), "select uuid_extract_version(uuidv7())") == 7


@pytest.mark.kill
async def test_a_committed_row_is_there_after_kill_9(server: PostgresServer) -> None:
    await ask(server.dsn(), "create table fact as select 42 as answer")
    first, port = server.pid, server.port
    server.kill()
    assert server.pid is None
    server.start()
    assert server.pid != first
    assert server.port == port
    assert await ask(server.dsn(), "select answer from fact") == 42


async def test_a_restart_keeps_data_and_passwords(server: PostgresServer, urls: dict[str, str]) -> None:
    await ask(urls["grants"], "create table kept as select 7 as answer")
    server.restart()
    assert ServiceDatabases(server.dsn(), server.passwords).ensure(["grants", "obligations"]) == urls
    assert await ask(urls["grants"], "select answer from kept") == 7


async def test_a_service_cannot_open_another_services_database(urls: dict[str, str]) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(at_database(urls["grants"], "obligations"), "select 1")


async def test_a_wrong_password_is_refused(server: PostgresServer, urls: dict[str, str]) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(server.dsn("grants", "grants", password="guess"), "select 1")


def test_passwords_are_readable_by_their_owner_alone(server: PostgresServer, urls: dict[str, str]) -> None:
    assert server.passwords.stat().st_mode & 0o777 == 0o600


def test_a_taken_port_is_named(server: PostgresServer, tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=str(server.port)):
        PostgresServer(tmp_path, server.port).start()


def test_a_half_made_database_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "data.new" / "base").mkdir(parents=True)
    with PostgresServer(tmp_path, free_port()) as server:
        assert server.pid is not None
    assert not (tmp_path / "data.new").exists()
