"""One PostgreSQL and one Kafka for a whole test run, shared by its pytest-xdist workers.

The controlling pytest process owns them: it starts them when the first test asks, and stops them at the end; when it is
killed, their keepers do. Workers find them through a folder named in the environment.

    # tests/conftest.py
    def pytest_configure(config):   start_sharing()
    def pytest_unconfigure(config): stop_sharing()
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from tirek_local.servers import KafkaAccess, KafkaServer, PostgresServer, ServiceDatabases, Trouble, ensure_topics
from tirek_local.servers.apart import run_apart
from tirek_local.servers.databases import at_database
from tirek_local.servers.temporary import TemporaryHome
from tirek_local.supervisor.services import SERVICES

HOME = "TIREK_TEST_HOME"
WAIT = 240.0


@dataclass(frozen=True)
class SharedPostgres:
    """The run's PostgreSQL: `admin_url` is a superuser's (or that of DATABASE_URL)."""

    admin_url: str
    urls: dict[str, str]

    def dsn(self, database: str, service: str | None = None) -> str:
        """The URL of a database, as the service's role, or as the administrator."""
        return at_database(self.urls[service] if service else self.admin_url, database)


@dataclass(frozen=True)
class SharedKafka:
    """The run's broker."""

    access: KafkaAccess

    @property
    def bootstrap_servers(self) -> str:
        """`host:port`, as clients want it."""
        return self.access.bootstrap_servers


@dataclass(frozen=True)
class Servers:
    """What all tests of a run share. A test that stops or kills a server starts one of its own."""

    postgres: SharedPostgres
    kafka: SharedKafka
    home: Path

    @property
    def are_ours(self) -> bool:
        """Whether the databases go with the run; on a server of your own they have to be dropped."""
        return (self.home / "postgres").exists()

    def as_json(self) -> str:
        """For the file by which workers learn of them."""
        return json.dumps([self.postgres.admin_url, self.postgres.urls, vars(self.kafka.access), str(self.home)])

    @classmethod
    def from_json(cls, words: str) -> "Servers":
        """The opposite."""
        admin_url, urls, access, home = json.loads(words)
        return cls(SharedPostgres(admin_url, urls), SharedKafka(KafkaAccess(**access)), Path(home))


@dataclass
class _Sharing:
    """The controller's part: starts the servers when a file asks for it."""

    home: Path
    end: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> None:
        """Wait until somebody wants the servers; run them until the end."""
        while not (self.home / "wanted").exists():
            if self.end.wait(0.03):
                return
        try:
            with contextlib.ExitStack() as running:
                ready = _start(self.home, running)
                _put(self.home / "ready.json", ready.as_json())
                self.end.wait()
                _drop_templates(ready)
        except Trouble as trouble:
            _put(self.home / "trouble", str(trouble))


_sharing: list[tuple[_Sharing, threading.Thread, TemporaryHome]] = []


def start_sharing() -> None:
    """Begin a test run; does nothing in an xdist worker, which finds the controller's servers."""
    if HOME in os.environ:
        return
    temporary = TemporaryHome("tirek-test-")
    sharing = _Sharing(temporary.__enter__())
    os.environ[HOME] = str(sharing.home)
    thread = threading.Thread(target=sharing.serve, name="servers of the test run", daemon=True)
    thread.start()
    _sharing.append((sharing, thread, temporary))


def stop_sharing() -> None:
    """End a test run: stop the servers, drop their data."""
    while _sharing:
        sharing, thread, temporary = _sharing.pop()
        sharing.end.set()
        thread.join()
        temporary.__exit__()
        os.environ.pop(HOME, None)


def shared_servers() -> Servers:
    """The run's servers; the first call starts them. Raises `Trouble` where they cannot be started."""
    home = Path(os.environ[HOME])
    (home / "wanted").touch()
    deadline = time.monotonic() + WAIT
    while not (home / "ready.json").exists():
        if (home / "trouble").exists():
            raise Trouble((home / "trouble").read_text(encoding="utf-8"), "")
        if time.monotonic() > deadline:
            raise Trouble(f"The servers were not ready after {WAIT} s.", f"Look into {home}.")
        time.sleep(0.03)
    return Servers.from_json((home / "ready.json").read_text(encoding="utf-8"))


def _start(home: Path, running: contextlib.ExitStack) -> Servers:
    names = [service.package for service in SERVICES]

    def postgres() -> SharedPostgres:
        if admin := os.environ.get("DATABASE_URL"):
            return SharedPostgres(admin, ServiceDatabases(admin, home / "passwords.json").ensure(names))
        server = PostgresServer(home / "postgres")
        running.enter_context(server)
        return SharedPostgres(server.dsn(), ServiceDatabases(server.dsn(), server.passwords).ensure(names))

    def kafka() -> SharedKafka:
        access = KafkaAccess.from_environment()
        if access is None:
            access = KafkaAccess(running.enter_context(KafkaServer(home / "kafka")).bootstrap_servers)
        ensure_topics(access)
        return SharedKafka(access)

    with ThreadPoolExecutor(2) as threads:
        database, broker = threads.submit(postgres), threads.submit(kafka)
        return Servers(database.result(), broker.result(), home)


def template_name(service: str, home: Path) -> str:
    """The name of a service's template in this run."""
    return f"template_{service}_{home.name.rpartition('-')[2]}"


def _drop_templates(servers: Servers) -> None:
    """Leave a server of your own as it was; ours goes with all that is in it."""
    if not servers.are_ours:
        for service in SERVICES:
            name = template_name(service.package, servers.home)
            run_apart(_execute(servers.postgres.admin_url, f'drop database if exists "{name}" with (force)'))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _fetch(url: str, statement: str, *arguments: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement, *arguments)
    finally:
        await connection.close()


def _put(path: Path, words: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(words, encoding="utf-8")
    new.replace(path)


class Databases:
    """Fresh databases for tests: copied from a template per service, which the first to ask makes and migrates."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._made: list[str] = []

    def create(self, service: str) -> str:
        """A fresh, migrated database owned by the service's role; answers its `postgresql://` URL."""
        template = self.template(service)
        name = f"{service}_{uuid.uuid4().hex[:12]}"
        self._execute(f'create database "{name}" template "{template}" owner "{service}"')
        self._made.append(name)
        return self._servers.postgres.dsn(name, service)

    def template(self, service: str) -> str:
        """The name of the service's migrated database from which all others are copied."""
        template = template_name(service, self._servers.home)
        with self._alone(service):
            if not self._has(template):
                self._make_template(service, template)
        return template

    def create_empty(self, service: str) -> str:
        """A fresh database without any table, owned by the service's role."""
        name = f"{service}_{uuid.uuid4().hex[:12]}"
        self._execute(f'create database "{name}" owner "{service}"')
        self._made.append(name)
        return self._servers.postgres.dsn(name, service)

    def drop_all(self) -> None:
        """Drop what was created here; connections are cut."""
        while self._made:
            self._execute(f'drop database if exists "{self._made.pop()}" with (force)')

    def _make_template(self, service: str, template: str) -> None:
        half_made = f"{template}_new"
        self._execute(f'drop database if exists "{half_made}" with (force)')
        self._execute(f'create database "{half_made}" owner "{service}"')
        migrate(service, self._servers.postgres.dsn(half_made, service))
        self._execute(f'alter database "{half_made}" rename to "{template}"')

    @contextlib.contextmanager
    def _alone(self, service: str) -> Iterator[None]:
        with (self._servers.home / f"template-{service}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _has(self, database: str) -> bool:
        question = "select 1 from pg_database where datname = $1"
        return run_apart(_fetch(self._servers.postgres.admin_url, question, database)) is not None

    def _execute(self, statement: str) -> None:
        run_apart(_execute(self._servers.postgres.admin_url, statement))


def migrate(service: str, url: str) -> None:
    """Migrate a service's database with `tirek database migrate`. Raises `Trouble` with its words."""
    tirek = Path(sys.executable).with_name("tirek")
    command = [str(tirek), "database", "migrate", service.replace("_", "-")]
    done = subprocess.run(  # noqa: S603
        command, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Trouble(f"The database of {service} could not be migrated:\n{done.stdout}{done.stderr}", "")
