"""The declared topics, and how they come to be on a broker, ours or your own."""

import asyncio
import os
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, for_code

from shared.events.broker import Broker
from tirek_local.servers.apart import run_apart
from tirek_local.servers.trouble import Trouble

DECLARED = Path(__file__).parents[4] / "topics.toml"


@dataclass(frozen=True)
class KafkaAccess:
    """How to reach a broker: the address, and what TLS and SASL need where the broker wants them."""

    bootstrap_servers: str
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = None
    ssl_cafile: str | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "KafkaAccess | None":
        """The broker that `KAFKA_BOOTSTRAP_SERVERS` and its companions name; None where it is not set."""
        if not environment.get("KAFKA_BOOTSTRAP_SERVERS"):
            return None
        names = {name: f"KAFKA_{name.upper()}" for name in cls.__dataclass_fields__}
        return cls(**{name: environment[key] for name, key in names.items() if environment.get(key)})

    def as_environment(self) -> dict[str, str]:
        """The same as environment variables of a service."""
        return {f"KAFKA_{name.upper()}": value for name, value in vars(self).items() if value is not None}

    def as_client_arguments(self) -> dict[str, Any]:
        """The same as arguments of an aiokafka client."""
        return Broker(**vars(self)).connection()


@dataclass(frozen=True)
class Topic:
    """A declared topic."""

    name: str
    partitions: int
    replication_factor: int
    config: dict[str, str]


def declared_topics(
    declared: Path = DECLARED, *, prefix: str = "", replication_factor: int | None = None
) -> list[Topic]:
    """The topics of deploy/topics.toml; what a topic does not say, the defaults say."""
    document = tomllib.loads(declared.read_text(encoding="utf-8"))
    defaults = document["defaults"]
    return [
        Topic(
            prefix + name,
            int(own.get("partitions", defaults["partitions"])),
            replication_factor or int(own.get("replication-factor", defaults["replication-factor"])),
            {**defaults["config"], **own.get("config", {})},
        )
        for name, own in document["topics"].items()
    ]


def ensure_topics(access: KafkaAccess, topics: list[Topic] | None = None, *, patience: float = 30.0) -> list[str]:
    """Make the topics that are missing; returns their names. Raises `Trouble` after `patience` seconds.

    A topic that is there is left as it is, except that a wrong number of partitions is refused: events about one
    agreement would change their partition.
    """
    return run_apart(_ensure(access, topics or declared_topics(), patience))


async def _ensure(access: KafkaAccess, topics: list[Topic], patience: float) -> list[str]:
    deadline = time.monotonic() + patience
    while True:
        client = AIOKafkaAdminClient(**access.as_client_arguments())
        try:
            await client.start()
            return await _make_missing(client, topics)
        except KafkaError as error:
            if time.monotonic() > deadline:
                raise Trouble(
                    f"The topics could not be made at {access.bootstrap_servers}: {error!r}.",
                    "Is the broker there, and may this user create topics?",
                ) from error
            await asyncio.sleep(0.2)
        finally:
            await client.close()


async def _make_missing(client: AIOKafkaAdminClient, topics: list[Topic]) -> list[str]:
    present = set(await client.list_topics())
    missing = [topic for topic in topics if topic.name not in present]
    for topic in await client.describe_topics([topic.name for topic in topics if topic.name in present]):
        declared = next(t for t in topics if t.name == topic["topic"])
        if len(topic["partitions"]) != declared.partitions:
            raise Trouble(
                f"Topic {declared.name} has {len(topic['partitions'])} partitions, not {declared.partitions}.",
                "Say so in deploy/topics.toml before the first event, or make the topic again.",
            )
    if not missing:
        return []
    answer = await client.create_topics(
        [
            NewTopic(topic.name, topic.partitions, topic.replication_factor, topic_configs=topic.config)
            for topic in missing
        ]
    )
    for name, code, *words in answer.topic_errors:
        if code != 0:  # also where somebody has just made it: then it is looked at again
            raise for_code(code)(f"{name}: {words}")
    return [topic.name for topic in missing]
