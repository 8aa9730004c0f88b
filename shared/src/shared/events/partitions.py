"""Which partition a key goes to: murmur2 as every Kafka client computes it."""

from aiokafka.partitioner import murmur2

PARTITIONS = 4
"""Partitions of every topic, as declared in deploy/; fixed, because another number would tear keys apart."""


def partition_of(key: str) -> int:
    """The partition of a key, the same as Java's default partitioner chooses."""
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % PARTITIONS)
