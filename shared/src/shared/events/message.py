"""A record as it came from Kafka, in a form that can also be parked in the database and read back."""

from dataclasses import dataclass
from typing import Any

from aiokafka import ConsumerRecord


@dataclass(frozen=True, slots=True)
class Message:
    """Where the record stands and what it holds, byte for byte."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None

    @classmethod
    def of(cls, record: ConsumerRecord) -> "Message":
        """The message in a record that the client delivered."""
        return cls(record.topic, record.partition, record.offset, record.key, tuple(record.headers), record.value)

    @classmethod
    def parked(cls, row: Any) -> "Message":
        """The message in a row of the table `parked`."""
        headers = tuple((name, value.encode("latin-1")) for name, value in row.headers)
        return cls(row.topic, row.partition, row.kafka_offset, row.key, headers, row.value)

    def headers_as_json(self) -> list[list[str]]:
        """The headers for a JSON column; latin-1 keeps every byte."""
        return [[name, value.decode("latin-1")] for name, value in self.headers]
