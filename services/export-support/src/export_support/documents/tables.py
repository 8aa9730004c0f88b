"""The cost documents that signed requests rest on, and what each line takes of them; the database keeps the sums."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Numeric, Table, Text, Uuid, text

from export_support.record import Record
from shared.database.columns import Instant

cost_document = Table(
    "cost_document",
    Record.metadata,
    Column("key", Text, primary_key=True),
    Column("near", Text, nullable=False, index=True),
    Column("supplier", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("issued_on", Date, nullable=False),
    Column("currency", Text, nullable=False),
    Column("total", Numeric(20, 2), nullable=False),
    Column("taken", Numeric(20, 2), nullable=False),
    CheckConstraint("total > 0", name="total_positive"),
    CheckConstraint("taken >= 0 and taken <= total", name="taken_within_total"),
)
"""A document by its key: `total` in its currency as first stated, `taken` by what stands of signed requests."""

cost_document_use = Table(
    "cost_document_use",
    Record.metadata,
    Column("line_id", Uuid, ForeignKey("cost_line.id"), primary_key=True),
    Column("document_key", Text, ForeignKey("cost_document.key"), nullable=False),
    Column("request_id", Uuid, ForeignKey("reimbursement_request.id"), nullable=False, index=True),
    Column("amount", Numeric(20, 2), nullable=False),
    Column("freed_at", Instant),
    CheckConstraint("amount > 0", name="amount_positive"),
    Index("ix_cost_document_use_standing", "document_key", postgresql_where=text("freed_at is null")),
)
"""What a line of a signed request takes of a document; freed when the request ends unpaid, and never deleted."""
