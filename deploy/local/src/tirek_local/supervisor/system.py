"""Starts everything in order, restarts what crashes, stops everything in the opposite order."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tirek_local.servers import KafkaAccess, KafkaServer, PostgresServer, ServiceDatabases, Trouble, ensure_topics
from tirek_local.servers.child import Child
from tirek_local.servers.databases import own_urls
from tirek_local.servers.ports import free_port, is_free
from tirek_local.servers.trouble import end_of
from tirek_local.supervisor.environment import Wiring, process_environment
from tirek_local.supervisor.process import Process
from tirek_local.supervisor.services import Service, installed_services, port_from

READINESS = "/health/ready"
START_LIMIT = 60.0

Say = Callable[[str], None]


class System:
    """The services of one data directory with what they stand on.

    `environment` is the kind (development, demo, test). Where `given` (the caller's environment variables) names
    servers by DATABASE_URL or KAFKA_BOOTSTRAP_SERVERS, those are used, and none are started. `free_ports` puts the
    services on any free ports; else each has its own (see `services.SERVICES`). `only` names the services to run; None
    runs every one that is installed.
    """

    def __init__(
        self,
        data: Path,
        *,
        environment: str = "development",
        given: Mapping[str, str] = os.environ,
        free_ports: bool = False,
        clock_file: Path | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        self.data = data.resolve()
        self.logs = self.data / "logs"
        self.services = [service for service in installed_services() if only is None or service.name in only]
        self.ports = {s.name: free_port() if free_ports else s.port(given) for s in self.services}
        self.postgres: PostgresServer | None = None
        self.kafka: KafkaServer | None = None
        self.processes: list[Process] = []
        self._environment = environment
        self._given = given
        self._clock_file = clock_file

    def url(self, service: str) -> str:
        """Where a service's API is."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def start(self, say: Say = lambda _: None) -> None:
        """Start all and return once every API is ready; `say` hears each step. Raises `Trouble`, having stopped all."""
        try:
            self.refuse_taken_ports()
            with ThreadPoolExecutor(max_workers=4) as threads:
                broker = threads.submit(self._start_broker, say)
                urls = self._start_databases(say)
                say("migrating the databases")
                list(threads.map(lambda service: self._migrate(service, urls[service.package]), self.services))
                access = broker.result()
            wiring = Wiring(
                self._environment, urls, access, {s: self.url(s) for s in self.ports}, self.data, self._clock_file
            )
            say("starting the services")
            for service in self.services:
                self._start_service(service, wiring)
            self._await_readiness()
        except BaseException:
            self.stop()
            raise

    def refuse_taken_ports(self) -> None:
        """Raise `Trouble` where a port that is wanted is taken; nothing has been started or written yet."""
        for service in self.services:
            port = self.ports[service.name]
            if not is_free(port):
                raise Trouble(
                    f"Port {port}, where {service.name} should listen, is taken by another program.",
                    f"Stop that program, or choose another port: {service.port_setting}=…",
                )

    def watch(self) -> None:
        """Restart what has crashed; to be called a few times a second."""
        for process in self.processes:
            process.revive()
        for server in (self.postgres, self.kafka):
            if server is not None and server.pid is None:
                server.restart()

    def stop(self) -> None:
        """Stop the services, then the servers; each gets its grace period, all at once."""
        with ThreadPoolExecutor(max_workers=16) as threads:
            list(threads.map(lambda process: process.stop(), self.processes))
            list(threads.map(lambda server: server.stop(), [s for s in (self.kafka, self.postgres) if s is not None]))

    def _start_databases(self, say: Say) -> dict[str, str]:
        names = [service.package for service in self.services]
        own = own_urls(self._given, names)
        rest = [name for name in names if name not in own]
        if not rest:
            return own
        if admin := self._given.get("DATABASE_URL"):
            say("using the PostgreSQL that DATABASE_URL names")
            return own | ServiceDatabases(admin, self.data / "passwords.json").ensure(rest)
        say("starting PostgreSQL")
        self.postgres = PostgresServer(
            self.data / "postgres", port_from("TIREK_POSTGRES_PORT", self._given), log=self.logs / "postgres.log"
        )
        self.logs.mkdir(parents=True, exist_ok=True)
        self.postgres.start()
        return own | ServiceDatabases(self.postgres.dsn(), self.postgres.passwords).ensure(rest)

    def _start_broker(self, say: Say) -> KafkaAccess:
        access = KafkaAccess.from_environment(self._given)
        if access is not None:
            say("using the Kafka that KAFKA_BOOTSTRAP_SERVERS names")
        else:
            say("starting Apache Kafka")
            port = port_from("TIREK_KAFKA_PORT", self._given)
            self.logs.mkdir(parents=True, exist_ok=True)
            self.kafka = KafkaServer(
                self.data / "kafka",
                port,
                log=self.logs / "kafka.log",
                progress=lambda word, ready, total: say(f"{word}: {ready} of {total} files"),
            )
            self.kafka.start()
            access = KafkaAccess(self.kafka.bootstrap_servers)
        ensure_topics(access)
        return access

    def _migrate(self, service: Service, url: str) -> None:
        log = self.logs / f"{service.name}-migrate.log"
        log.unlink(missing_ok=True)
        tirek = str(Path(sys.executable).with_name("tirek"))
        child = Child(
            [tirek, "database", "migrate", service.name],
            log=log,
            pid_file=self.data / "run" / f"{service.name}-migrate.pid",
            environment=process_environment(self._given) | {"DATABASE_URL": url},
        )
        child.start()
        deadline = time.monotonic() + START_LIMIT
        while child.running and time.monotonic() < deadline:
            time.sleep(0.02)
        child.stop()
        if child.exit_code != 0:
            raise Trouble(f"The database of {service.name} could not be migrated:\n{end_of(log)}", f"See {log}.")

    def _start_service(self, service: Service, wiring: Wiring) -> None:
        for role, port in (("main", self.ports[service.name]), ("worker", free_port())):
            name = f"{service.name}-{role}"
            process = Process(
                name,
                [sys.executable, "-m", f"{service.package}.{role}"],
                log=self.logs / f"{name}.log",
                pid_file=self.data / "run" / f"{name}.pid",
                environment=process_environment(self._given) | wiring.of(service, role, port),
                port=port,
            )
            self.processes.append(process)
            process.start()

    def _await_readiness(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        waiting = [process for process in self.processes if process.name.endswith("-main")]
        while waiting:
            for process in self.processes:
                if not process.running or time.monotonic() > deadline:
                    raise Trouble(f"{process.name} did not start. The end of {process.log}:\n{end_of(process.log)}", "")
            waiting = [process for process in waiting if not answers(process.port)]
            time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether the API on the port says that it is ready."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}{READINESS}", timeout=2, trust_env=False).status_code < 500
    except httpx.TransportError:
        return False


def drop_data(data: Path) -> None:
    """Drop a data directory; nothing happens where there is none."""
    shutil.rmtree(data, ignore_errors=True)
