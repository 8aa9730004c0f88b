"""The table of causes: one row for each cause that anything was heard of, open or closed."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text, Uuid, text

from grants.record import Record
from shared.database.columns import Instant

hold_cause = Table(
    "hold_cause",
    Record.metadata,
    Column("agreement_id", Uuid, ForeignKey("agreement.id"), primary_key=True),
    Column("cause_id", Uuid, primary_key=True),
    Column("cause", Text, nullable=False),
    Column("reporting_year", Integer),
    Column("is_open", Boolean, nullable=False),
    Column("since", Instant, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("decided_by", Uuid, nullable=False),
    Column("decided_by_type", Text, nullable=False),
    Column("breached", Boolean, nullable=False),
    Column("awaited", Boolean, nullable=False),
    Column("held_at", Instant),
    Column("released_at", Instant),
    Index("ix_hold_cause_open", "agreement_id", postgresql_where=text("is_open")),
)
"""`since` is when the deciding fact happened; `held_at`, `released_at` are when this service held and released."""
