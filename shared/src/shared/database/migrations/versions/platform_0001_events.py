"""The platform's tables: events and outbox, relay, inbox and gate, parked events, audit, idempotency."""

from alembic import op

from shared.payments import PAYMENT_KEY

revision = "platform_0001"
down_revision = None
branch_labels = ("platform",)
depends_on = None

TABLES = """
CREATE SEQUENCE outbox_order CACHE 1;
CREATE TABLE event (
    id UUID NOT NULL,
    outbox_id BIGINT DEFAULT nextval('outbox_order') NOT NULL,
    aggregate_type TEXT NOT NULL,
    aggregate_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    type TEXT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    topic TEXT NOT NULL,
    partition SMALLINT NOT NULL,
    partition_key TEXT NOT NULL,
    institute TEXT NOT NULL,
    causation_id TEXT,
    traceparent TEXT,
    data JSONB NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (id),
    CONSTRAINT uq_event_aggregate_id_sequence UNIQUE (aggregate_id, sequence),
    CONSTRAINT ck_event_sequence_positive CHECK (sequence > 0),
    CONSTRAINT uq_event_outbox_id UNIQUE (outbox_id)
);
CREATE INDEX ix_event_partition_outbox_id ON event (partition, outbox_id);
CREATE INDEX ix_event_partition_key_outbox_id ON event (partition_key, outbox_id);
CREATE TABLE relay_lease (
    one SMALLINT DEFAULT 1 NOT NULL,
    token BIGINT DEFAULT 0 NOT NULL,
    epoch INTEGER DEFAULT 1 NOT NULL,
    CONSTRAINT pk_relay_lease PRIMARY KEY (one),
    CONSTRAINT ck_relay_lease_one_row CHECK (one = 1)
);
CREATE TABLE relay_position (
    topic TEXT NOT NULL,
    partition SMALLINT NOT NULL,
    kafka_offset BIGINT NOT NULL,
    event_id UUID,
    acknowledged_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_relay_position PRIMARY KEY (topic, partition)
);
CREATE TABLE inbox (
    consumer TEXT NOT NULL,
    event_id UUID NOT NULL,
    outcome TEXT NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_inbox PRIMARY KEY (consumer, event_id),
    CONSTRAINT ck_inbox_outcome_known CHECK (outcome in ('handled', 'ignored', 'dropped'))
);
CREATE TABLE gate (
    consumer TEXT NOT NULL,
    aggregate_id UUID NOT NULL,
    settled_sequence BIGINT DEFAULT 0 NOT NULL,
    partition_key TEXT NOT NULL,
    CONSTRAINT pk_gate PRIMARY KEY (consumer, aggregate_id)
);
CREATE TABLE parked (
    consumer TEXT NOT NULL,
    event_id UUID NOT NULL,
    aggregate_id UUID NOT NULL,
    sequence BIGINT NOT NULL,
    type TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    attempts INTEGER DEFAULT 1 NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    kafka_offset BIGINT NOT NULL,
    key BYTEA,
    headers JSONB NOT NULL,
    value BYTEA,
    parked_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_parked PRIMARY KEY (consumer, event_id),
    CONSTRAINT ck_parked_kind_known CHECK (kind in ('poisoned', 'waiting', 'forked', 'undecodable'))
);
CREATE INDEX ix_parked_consumer_aggregate_id_sequence ON parked (consumer, aggregate_id, sequence);
CREATE TABLE job_failure (
    job TEXT NOT NULL,
    unit UUID NOT NULL,
    reason TEXT NOT NULL,
    attempts INTEGER DEFAULT 1 NOT NULL,
    failed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    last_failed_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_job_failure PRIMARY KEY (job, unit)
);
CREATE TABLE consumed_epoch (
    consumer TEXT NOT NULL,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    next_offset BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_consumed_epoch PRIMARY KEY (consumer, topic, partition)
);
CREATE TABLE audit (
    id BIGSERIAL NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor TEXT NOT NULL,
    institute TEXT,
    roles JSONB NOT NULL,
    action TEXT NOT NULL,
    idempotency_key TEXT,
    cause TEXT,
    aggregates JSONB NOT NULL,
    fingerprint TEXT,
    trace_id TEXT,
    CONSTRAINT pk_audit PRIMARY KEY (id)
);
CREATE INDEX ix_audit_cause ON audit (cause) WHERE cause is not null;
CREATE INDEX ix_audit_idempotency_key ON audit (idempotency_key) WHERE idempotency_key is not null;
CREATE TABLE idempotency (
    scope BYTEA NOT NULL,
    subject TEXT NOT NULL,
    institute TEXT,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BYTEA NOT NULL,
    status SMALLINT,
    headers JSONB,
    body BYTEA,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT pk_idempotency PRIMARY KEY (scope)
);
CREATE INDEX ix_idempotency_recorded_at ON idempotency (recorded_at);
CREATE TABLE outbox (
    id BIGINT NOT NULL,
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT fk_outbox_id_event FOREIGN KEY(id) REFERENCES event (outbox_id)
);
"""

REFUSE_CHANGE = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are kept as they are', tg_table_name using errcode = 'restrict_violation';
end $$;
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    op.execute(REFUSE_CHANGE)
    op.execute(PAYMENT_KEY)
    for table in ("event", "audit"):
        op.execute(
            f"create trigger append_only before update or delete on {table}"
            " for each row execute function refuse_change()"
        )
    for table in ("event", "audit"):
        op.execute(
            f"create trigger not_emptied before truncate on {table} for each statement execute function refuse_change()"
        )
    op.execute("insert into relay_lease (one) values (1)")


def downgrade() -> None:
    raise NotImplementedError("The record is never dropped: restore a backup instead.")
