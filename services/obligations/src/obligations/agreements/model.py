"""What is known of an agreement: the facts as received, and what they come to."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, Identity, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from obligations.agreements.refusals import RuleSetNotFrozen
from obligations.record import Entry, Record
from obligations.rule_sets.content import FrozenRuleSet
from shared.contracts.support import Measure
from shared.database.columns import Instant, Tenge, TextEnum


class AgreementStatus(StrEnum):
    """Whether anything more is paid under the agreement; its obligations stand either way."""

    IN_FORCE = "in-force"
    COMPLETED = "completed"
    TERMINATED = "terminated"


class TrancheStatus(StrEnum):
    """Where a tranche stands, as the funding service said last."""

    PLANNED = "planned"
    DISBURSED = "disbursed"
    REVERSED = "reversed"
    CANCELLED = "cancelled"


class Agreement(Record, table=True):
    """An agreement of a funding service, with the rule set that was frozen for it.

    Publishes nothing itself, so its `version` stays 0. `reporting_years` are those that the money is allotted to;
    `year_weights` (year and weight, as in the event) absent means equal weights. `terms_fact_id` is the fact that set
    the terms in force; the rule set is that of `frozen_on`: of signature, or of the addendum that named another.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint("status in ('in-force', 'completed', 'terminated')", name="status_known"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint(
            "num_nulls(rule_set_content, rule_set_hash, rule_set_id) in (0, 3)",
            name="rule_set_whole",
        ),
    )

    number: str = Field(sa_type=Text)
    measure: Measure = Field(sa_type=TextEnum(Measure))
    recipient_id: UUID = Field(sa_type=Uuid, index=True)
    amount: Decimal = Field(sa_type=Tenge)
    signed_on: date = Field(sa_type=Date)
    status: AgreementStatus = Field(default=AgreementStatus.IN_FORCE, sa_type=TextEnum(AgreementStatus))
    region: str | None = Field(default=None, sa_type=Text)
    reporting_years: list[int] = Field(default_factory=list, sa_type=JSONB)
    year_weights: list[dict[str, Any]] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    terms_fact_id: UUID = Field(sa_type=Uuid)
    rule_set: str = Field(sa_type=Text)
    frozen_on: date = Field(sa_type=Date)
    rule_set_id: UUID | None = Field(default=None, sa_type=Uuid)
    rule_set_hash: str | None = Field(default=None, sa_type=Text)
    rule_set_content: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))

    @property
    def frozen(self) -> FrozenRuleSet:
        """The rule set as frozen at signature or by the last addendum; raises `RuleSetNotFrozen`."""
        if self.rule_set_content is None or self.rule_set_id is None or self.rule_set_hash is None:
            raise RuleSetNotFrozen(agreement_id=self.id, rule_set=self.rule_set)
        return FrozenRuleSet(self.rule_set, self.rule_set_id, self.rule_set_hash, self.rule_set_content)

    def require_rule_set(self) -> None:
        """Raise `RuleSetNotFrozen` where the rule set that the agreement names is not known."""
        if self.rule_set_content is None:
            raise RuleSetNotFrozen(agreement_id=self.id, rule_set=self.rule_set)

    def freeze(self, found: FrozenRuleSet | None, name: str) -> None:
        """Keep a copy of the rule set; where none of that name is approved yet, only the name."""
        self.rule_set = name
        self.rule_set_id = found.rule_set_id if found else None
        self.rule_set_hash = found.content_hash if found else None
        self.rule_set_content = dict(found.stored) if found else None


class Tranche(Entry, table=True):
    """A part of the agreement's money: planned, paid on a day, returned by the bank, or given up.

    Amounts in tenge. `disbursed_fact_id` and `reversed_fact_id` name the facts (`AgreementFact.id`) that say so. A
    payment may be heard of before the agreement: then `planned_on` is not known yet.
    """

    __tablename__ = "tranche"
    __table_args__ = (
        CheckConstraint("status in ('planned', 'disbursed', 'reversed', 'cancelled')", name="status_known"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint(
            "status not in ('disbursed', 'reversed') or (disbursed_on is not null and disbursed_fact_id is not null)",
            name="disbursement_known",
        ),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    agreement_id: UUID = Field(sa_type=Uuid, index=True)
    institute: str = Field(sa_type=Text, index=True)
    number: int
    amount: Decimal = Field(sa_type=Tenge)
    status: TrancheStatus = Field(sa_type=TextEnum(TrancheStatus))
    planned_on: date | None = Field(default=None, sa_type=Date)
    disbursed_on: date | None = Field(default=None, sa_type=Date)
    disbursed_fact_id: UUID | None = Field(default=None, sa_type=Uuid)
    reversed_on: date | None = Field(default=None, sa_type=Date)
    reversed_fact_id: UUID | None = Field(default=None, sa_type=Uuid)
    bank_reference: str | None = Field(default=None, sa_type=Text)


class AgreementFact(Entry, table=True):
    """An event about an agreement as it was received: append-only, named by the event's id.

    `occurred_at` is when it happened, `recorded_at` since when this service knows it; `position` counts the facts in
    the order in which they became known. `data` is the event's.
    """

    __tablename__ = "agreement_fact"
    __table_args__ = (
        Index("ix_agreement_fact_agreement_id_position", "agreement_id", "position"),
        Index("ix_agreement_fact_bank_reference", text("payment_key(data ->> 'bank_reference')")),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid)
    position: int | None = Field(
        default=None, sa_type=BigInteger, nullable=False, unique=True, sa_column_args=(Identity(always=True),)
    )
    agreement_id: UUID = Field(sa_type=Uuid)
    institute: str = Field(sa_type=Text)
    type: str = Field(sa_type=Text)
    subject: UUID = Field(sa_type=Uuid)
    sequence: int = Field(sa_type=BigInteger)
    occurred_at: datetime = Field(sa_type=Instant)
    recorded_at: datetime = Field(sa_type=Instant)
    data: dict[str, Any] = Field(sa_type=JSONB)
