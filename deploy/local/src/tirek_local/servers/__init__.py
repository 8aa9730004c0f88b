"""PostgreSQL and Apache Kafka as processes of our own, kept in a directory that the caller names."""

from tirek_local.servers.databases import ServiceDatabases
from tirek_local.servers.kafka import KafkaServer
from tirek_local.servers.postgres import PostgresServer
from tirek_local.servers.topics import KafkaAccess, declared_topics, ensure_topics
from tirek_local.servers.trouble import Trouble

__all__ = [
    "KafkaAccess",
    "KafkaServer",
    "PostgresServer",
    "ServiceDatabases",
    "Trouble",
    "declared_topics",
    "ensure_topics",
]
