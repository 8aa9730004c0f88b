"""The tables that every service's database has: events and their outbox, inbox and gate, parked events, audit."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

platform_metadata = MetaData(naming_convention=naming_convention)
"""Core tables only: the same objects serve every service, each with an engine of its own."""

instant = TIMESTAMP(timezone=True)

outbox_order = Sequence("outbox_order", metadata=platform_metadata, cache=1)
"""Drawn after the event's aggregate is locked, one at a time: a cache would put events out of order."""

event = Table(
    "event",
    platform_metadata,
    Column("id", Uuid, primary_key=True),
    Column("outbox_id", BigInteger, nullable=False, unique=True, server_default=outbox_order.next_value()),
    Column("aggregate_type", Text, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("occurred_at", instant, nullable=False),
    Column("recorded_at", instant, nullable=False, server_default=func.clock_timestamp()),
    Column("topic", Text, nullable=False),
    Column("partition", SmallInteger, nullable=False),
    Column("partition_key", Text, nullable=False),
    Column("institute", Text, nullable=False),
    Column("causation_id", Text),
    Column("traceparent", Text),
    Column("data", JSONB, nullable=False),
    UniqueConstraint("aggregate_id", "sequence"),
    CheckConstraint("sequence > 0", name="sequence_positive"),
    Index(None, "partition_key", "outbox_id"),
    Index(None, "partition", "outbox_id"),
)
"""Append-only and kept for good: the record of which Kafka is the projection."""

outbox = Table(
    "outbox",
    platform_metadata,
    Column("id", BigInteger, ForeignKey("event.outbox_id"), primary_key=True, autoincrement=False),
)
"""Only what the broker has not acknowledged yet, by the `outbox_id` of its event."""

relay_lease = Table(
    "relay_lease",
    platform_metadata,
    Column("one", SmallInteger, primary_key=True, server_default=text("1")),
    Column("token", BigInteger, nullable=False, server_default=text("0")),
    Column("epoch", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("one = 1", name="one_row"),
)
"""One row: the fencing token of the relay that may delete from the outbox, and the epoch it sends."""

relay_position = Table(
    "relay_position",
    platform_metadata,
    Column("topic", Text, primary_key=True),
    Column("partition", SmallInteger, primary_key=True),
    Column("kafka_offset", BigInteger, nullable=False),
    Column("event_id", Uuid),
    Column("acknowledged_at", instant, nullable=False, server_default=func.clock_timestamp()),
)
"""The last record that the broker acknowledged, per partition: read back to find out whether the broker forgot.

`event_id` is null where an operator has accepted a record that is no event of ours.
"""

inbox = Table(
    "inbox",
    platform_metadata,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("settled_at", instant, nullable=False, server_default=func.clock_timestamp()),
    CheckConstraint("outcome in ('handled', 'ignored', 'dropped')", name="outcome_known"),
)
"""What each consumer has settled, kept for good: no time window after which a repeat would count as new."""

gate = Table(
    "gate",
    platform_metadata,
    Column("consumer", Text, primary_key=True),
    Column("aggregate_id", Uuid, primary_key=True),
    Column("settled_sequence", BigInteger, nullable=False, server_default=text("0")),
    Column("partition_key", Text, nullable=False),
)
"""Per consumer and aggregate, the last sequence settled: what guarantees order."""

parked = Table(
    "parked",
    platform_metadata,
    Column("consumer", Text, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("aggregate_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("1")),
    Column("topic", Text, nullable=False),
    Column("partition", Integer, nullable=False),
    Column("kafka_offset", BigInteger, nullable=False),
    Column("key", LargeBinary),
    Column("headers", JSONB, nullable=False),
    Column("value", LargeBinary),
    Column("parked_at", instant, nullable=False, server_default=func.clock_timestamp()),
    CheckConstraint("kind in ('poisoned', 'waiting', 'forked', 'undecodable')", name="kind_known"),
    Index(None, "consumer", "aggregate_id", "sequence"),
)
"""Events that could not be settled in their turn, whole, with the reason."""

job_failure = Table(
    "job_failure",
    platform_metadata,
    Column("job", Text, primary_key=True),
    Column("unit", Uuid, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("1")),
    Column("failed_at", instant, nullable=False, server_default=func.clock_timestamp()),
    Column("last_failed_at", instant, nullable=False, server_default=func.clock_timestamp()),
)
"""Units of scheduled jobs that could not be done in the last whole round, with the reason; gone once they are done."""

consumed_epoch = Table(
    "consumed_epoch",
    platform_metadata,
    Column("consumer", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("next_offset", BigInteger, nullable=False, server_default=text("0")),
)
"""The epoch in which a consumer has read a partition from its start, and up to where what it read is settled."""

audit = Table(
    "audit",
    platform_metadata,
    Column("id", BigInteger, primary_key=True),
    Column("at", instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("institute", Text),
    Column("roles", JSONB, nullable=False),
    Column("action", Text, nullable=False),
    Column("idempotency_key", Text),
    Column("cause", Text),
    Column("aggregates", JSONB, nullable=False),
    Column("fingerprint", Text),
    Column("trace_id", Text),
    Index(None, "cause", postgresql_where=text("cause is not null")),
    Index(None, "idempotency_key", postgresql_where=text("idempotency_key is not null")),
)
"""Who did what, in the transaction that did it; never changed, never deleted (a trigger says no)."""
