"""A model of Kafka: the logs of topics, groups with their members and offsets, and what the servers may do to them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import IllegalGenerationError, RequestTimedOutError
from aiokafka.structs import RecordMetadata

from shared.events.partitions import PARTITIONS
from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Record:
    """A record as the consumer's client hands it out."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


@dataclass(eq=False)
class Group:
    """Who reads, who reads what, and how far they say they have come."""

    generation: int = 0
    members: list[Any] = field(default_factory=list)
    offsets: dict[TopicPartition, int] = field(default_factory=dict)
    assigned: dict[Any, list[TopicPartition]] = field(default_factory=dict)

    def balance(self, places: Iterable[TopicPartition]) -> None:
        """A new generation: the partitions are dealt out anew."""
        self.generation += 1
        self.assigned = {member: [] for member in self.members}
        for at, place in enumerate(places):
            if self.members:
                self.assigned[self.members[at % len(self.members)]].append(place)


class ModelKafka:
    """The broker's side."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.down = False
        self.blind_until = 0.0
        self.logs: dict[TopicPartition, list[Record]] = {}
        self.groups: dict[str, Group] = {}
        self.appended: list[Record] = []
        self.hand_over: list[Callable[[Any, list[tuple[Any, Any, Any]]], None]] = []
        self.watchers: list[Callable[[str, Record], None]] = []

    def places(self, *topics: str) -> list[TopicPartition]:
        """All partitions of these topics."""
        return [TopicPartition(topic, number) for topic in topics for number in range(PARTITIONS)]

    def log(self, place: TopicPartition) -> list[Record]:
        """The records of a partition; the first has the offset 0."""
        return self.logs.setdefault(place, [])

    def append(self, place: TopicPartition, records: list[tuple[Any, Any, Any]], writer: str = "") -> RecordMetadata:
        """Acknowledged by all replicas: the offset of the first."""
        if self.down:
            raise RequestTimedOutError
        log = self.log(place)
        first = len(log)
        for key, value, headers in records:
            record = Record(place.topic, place.partition, len(log), key, value, tuple(headers))
            log.append(record)
            self.appended.append(record)
            for watch in self.watchers:
                watch(writer, record)
        return RecordMetadata(place.topic, place.partition, place, first, -1, 0, 0)

    def group(self, name: str) -> Group:
        """A group, made when it is first asked for."""
        return self.groups.setdefault(name, Group())

    def join(self, name: str, member: Any, topics: Iterable[str]) -> None:
        """A member comes: a rebalance."""
        group = self.group(name)
        if member not in group.members:
            group.members.append(member)
        group.balance(self.places(*topics))

    def leave(self, name: str, member: Any, topics: Iterable[str]) -> None:
        """A member goes, or its session has ended."""
        group = self.group(name)
        if member in group.members:
            group.members.remove(member)
            group.balance(self.places(*topics))

    def commit(self, name: str, member: Any, generation: int, offsets: dict[TopicPartition, int]) -> None:
        """Offsets of a member of the present generation; of any other they are refused."""
        if self.down:
            raise RequestTimedOutError
        group = self.group(name)
        if member not in group.members or generation != group.generation:
            raise IllegalGenerationError
        group.offsets |= offsets

    def truncate(self, place: TopicPartition, count: int) -> int:
        """Forget the last records of a partition, acknowledged or not; answers how many there were."""
        log = self.log(place)
        gone = min(count, len(log))
        if gone:
            del log[len(log) - gone :]
        return gone

    def stray(self, place: TopicPartition) -> None:
        """A record that is no event of ours: somebody has written to the topic by hand."""
        self.append(place, [(None, b"stray", [("note", b"\xff")])])
