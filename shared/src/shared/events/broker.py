"""The connection to Kafka with the settings that money needs; aiokafka's defaults are wrong for it."""

import ssl
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import KafkaError
from aiokafka.helpers import create_ssl_context


@dataclass(frozen=True)
class Broker:
    """Where the broker is and how to reach it; `topic_prefix` keeps several installations on one broker apart."""

    bootstrap_servers: str
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = None
    ssl_cafile: str | None = None
    topic_prefix: str = ""

    def topic(self, name: str) -> str:
        """The topic's name on this broker."""
        return f"{self.topic_prefix}{name}"

    def connection(self) -> dict[str, Any]:
        """What every client of this broker is told: the address, TLS, SASL and how long to wait."""
        options: dict[str, Any] = {
            "bootstrap_servers": self.bootstrap_servers,
            "security_protocol": self.security_protocol,
            "request_timeout_ms": 10_000,
            "metadata_max_age_ms": 30_000,
        }
        if "SSL" in self.security_protocol:
            context: ssl.SSLContext = create_ssl_context(cafile=self.ssl_cafile)
            options["ssl_context"] = context
        if self.security_protocol.startswith("SASL"):
            options |= {
                "sasl_mechanism": self.sasl_mechanism or "PLAIN",
                "sasl_plain_username": self.sasl_username,
                "sasl_plain_password": self.sasl_password,
            }
        return options

    async def knock(self) -> str:
        """Connect and log in once, at each server in turn, and answer which one let us in.

        Raises what the last one said. Clients only log that reason and say of all failures that they cannot bootstrap.
        """
        refused: Exception = OSError("no server is named")
        options = self.connection() | {"client_id": "knock"}
        for host, port, _ in collect_hosts(options.pop("bootstrap_servers")):
            try:
                found = await create_conn(
                    host, port, **{k: v for k, v in options.items() if k != "metadata_max_age_ms"}
                )
            except (KafkaError, OSError) as failure:
                refused = failure
                continue
            found.close()
            return f"{host}:{port}"
        raise refused

    def producer(self, client_id: str) -> AIOKafkaProducer:
        """A producer that waits for all replicas; idempotent, though correctness does not rest on that."""
        return AIOKafkaProducer(
            **self.connection(),
            client_id=client_id,
            acks="all",
            enable_idempotence=True,
            linger_ms=2,
            max_batch_size=256 * 1024,
            max_request_size=1024 * 1024,
        )

    def admin(self) -> AIOKafkaAdminClient:
        """A client that looks at topics."""
        return AIOKafkaAdminClient(**self.connection())

    def consumer(self, *topics: str, group: str | None, client_id: str) -> AIOKafkaConsumer:
        """A consumer that commits by hand and starts at the beginning where it has no position."""
        return AIOKafkaConsumer(
            *topics,
            **self.connection(),
            client_id=client_id,
            group_id=group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            fetch_max_wait_ms=500,
            session_timeout_ms=6_000,
            heartbeat_interval_ms=1_500,
            max_poll_interval_ms=60_000,
        )
