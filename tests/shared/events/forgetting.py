"""A broker that loses the end of its logs, as a disk does that lied about its cache."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tirek_local.servers import KafkaServer

HEAD = struct.Struct(">qi11xi")
"""A batch of Kafka's: its first offset, its length after these two, and how far its last record is from its first."""

BEFORE_LENGTH = 12

NOTED = "select topic, partition, kafka_offset from relay_position"
"""What the relay has written down as acknowledged."""


@dataclass(frozen=True)
class Cut:
    """What a partition still holds: up to `last` (-1: nothing), where it held up to `before`."""

    before: int
    last: int


def forget_the_end(kafka: KafkaServer, *topics: str) -> dict[tuple[str, int], Cut]:
    """Lose the last third of each partition of these topics, one batch at least; only while the broker is stopped."""
    assert kafka.pid is None
    cuts = {}
    for topic in topics:
        for folder in kafka.data.glob(f"{topic}-*"):
            if (cut := _cut(folder)) is not None:
                cuts[topic, int(folder.name.rpartition("-")[2])] = cut
    for checkpoint in kafka.data.glob("*checkpoint*"):
        checkpoint.unlink()
    (kafka.data / ".kafka_cleanshutdown").unlink(missing_ok=True)
    return cuts


def acknowledged_and_lost(cuts: Mapping[tuple[str, int], Cut], noted: Iterable[tuple[str, int, int]]) -> int:
    """How many records are gone of those up to the offset that the relay has noted for a topic's partition."""
    held = [(offset, cuts[topic, partition]) for topic, partition, offset in noted if (topic, partition) in cuts]
    return sum(max(0, min(offset, cut.before) - cut.last) for offset, cut in held)


def _cut(folder: Path) -> Cut | None:
    log = max(folder.glob("*.log"))
    batches = _batches(log.read_bytes())
    if not batches:
        return None
    kept = [each for each in batches[:-1] if each[0] <= log.stat().st_size * 2 // 3]
    with log.open("r+b") as file:
        file.truncate(kept[-1][0] if kept else 0)
    for index in [*folder.glob("*.index"), *folder.glob("*.timeindex"), *folder.glob("*.snapshot")]:
        index.unlink()
    return Cut(batches[-1][1], kept[-1][1] if kept else int(log.stem) - 1)


def _batches(data: bytes) -> list[tuple[int, int]]:
    """Of each whole batch, where it ends in the file and the offset of its last record."""
    found, at = [], 0
    while at + HEAD.size <= len(data):
        first, length, delta = HEAD.unpack_from(data, at)
        if length <= 0 or (at := at + BEFORE_LENGTH + length) > len(data):
            break
        found.append((at, first + delta))
    return found
