"""The agreement: guards, changes and returns the event."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from grants.agreements.refusals import (
    AgreementNotOffered,
    AgreementNotSigned,
    AgreementUnsettled,
    NothingAmended,
    OfferStillOpen,
    SignatureTooLate,
)
from grants.agreements.terms import Terms, require_defined, require_past_years_kept, require_weights, require_years
from grants.applications.content import BudgetLine
from grants.record import Record
from shared.calendar.local_days import local_day
from shared.contracts.grants import AgreementOffered, OfferLapsed
from shared.contracts.support import (
    AgreementAmended,
    AgreementCompleted,
    AgreementHeld,
    AgreementReleased,
    AgreementSigned,
    AgreementTerminated,
    Measure,
    ObligationTerm,
    PlannedTranche,
    RefundDebited,
    RepaymentCredited,
    YearWeight,
)
from shared.database.columns import Instant, Tenge, TextEnum


class AgreementStatus(StrEnum):
    """Where an agreement stands; lapsed, completed and terminated are final."""

    OFFERED = "offered"
    SIGNED = "signed"
    LAPSED = "lapsed"
    COMPLETED = "completed"
    TERMINATED = "terminated"


_statuses = ", ".join(f"'{status.value}'" for status in AgreementStatus)


class Agreement(Record, table=True):
    """A grant agreement between the state and a recipient (Law 86-VII, Art. 27(1), 42(1)). Amounts in tenge.

    `version` counts the events, `replanned` the changes of schedule and budget, of which no event tells.
    """

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint(f"status in ({_statuses})", name="status_known"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("(status in ('offered', 'lapsed')) = (signed_at is null)", name="signed_when_in_force"),
        CheckConstraint("(signed_at is null) = (signed_on is null)", name="signed_on_a_day"),
        Index("uq_agreement_institute_number", "institute", "number", unique=True),
        Index(
            "uq_agreement_application_id", "application_id", unique=True, postgresql_where=text("status <> 'lapsed'")
        ),
        Index("ix_agreement_recipient_id", "recipient_id"),
        Index("ix_agreement_offers", "expires_on", postgresql_where=text("status = 'offered'")),
    )

    measure: ClassVar[Measure] = Measure.INDUSTRIAL_GRANT

    number: str = Field(sa_type=Text)
    application_id: UUID = Field(sa_type=Uuid, foreign_key="application.id")
    account_id: UUID = Field(sa_type=Uuid, foreign_key="funding_account.id")
    recipient_id: UUID = Field(sa_type=Uuid)
    recipient_name: str = Field(sa_type=Text)
    region: str | None = Field(default=None, sa_type=Text)
    amount: Decimal = Field(sa_type=Tenge)
    status: AgreementStatus = Field(sa_type=TextEnum(AgreementStatus))
    rule_set: str = Field(sa_type=Text)
    obligations: list[dict[str, Any]] = Field(sa_type=JSONB)
    planned: list[dict[str, Any]] = Field(sa_type=JSONB)
    reporting_years: list[int] = Field(sa_type=JSONB)
    budget: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    year_weights: list[dict[str, Any]] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    offered_at: datetime = Field(sa_type=Instant)
    offered_by: str = Field(sa_type=Text)
    expires_on: date = Field(sa_type=Date)
    calendar: str = Field(sa_type=Text)
    replanned: int = Field(default=0, sa_type=Integer)
    signed_at: datetime | None = Field(default=None, sa_type=Instant)
    signed_on: date | None = Field(default=None, sa_type=Date)
    signed_by: str | None = Field(default=None, sa_type=Text)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_on: date | None = Field(default=None, sa_type=Date)
    reason: str | None = Field(default=None, sa_type=Text)

    @property
    def revision(self) -> int:
        """How often the agreement has changed, with an event or without: it stands in the ETag."""
        return self.version + self.replanned

    @property
    def terms(self) -> Terms:
        """What is agreed."""
        weights = self.year_weights
        return Terms(
            obligations=tuple(ObligationTerm.model_validate(term) for term in self.obligations),
            tranches=tuple(PlannedTranche.model_validate(tranche) for tranche in self.planned),
            reporting_years=tuple(self.reporting_years),
            rule_set=self.rule_set,
            year_weights=None if weights is None else tuple(YearWeight.model_validate(weight) for weight in weights),
        )

    def set_terms(self, terms: Terms) -> None:
        """Write the terms down."""
        self.rule_set = terms.rule_set
        self.obligations = [term.model_dump(mode="json") for term in terms.obligations]
        self.planned = [tranche.model_dump(mode="json") for tranche in terms.tranches]
        self.reporting_years = list(terms.reporting_years)
        weights = terms.year_weights
        self.year_weights = None if weights is None else [weight.model_dump(mode="json") for weight in weights]

    def offer(self, at: datetime) -> AgreementOffered:
        """Lay the agreement ready for signature until the end of `expires_on`."""
        return AgreementOffered(
            occurred_at=at, agreement_id=self.id, application_id=self.application_id, recipient_id=self.recipient_id,
            amount=self.amount, expires_on=self.expires_on,
        )  # fmt: skip

    def sign(self, at: datetime, by: str) -> AgreementSigned:
        """Accept the offer; it may be signed until the end of its last day. The rule set is frozen from now on."""
        self._require_offered()
        today, terms = local_day(at), self.terms
        if today > self.expires_on:
            raise SignatureTooLate(expires_on=self.expires_on.isoformat())
        self.status, self.signed_at, self.signed_on, self.signed_by = AgreementStatus.SIGNED, at, today, by
        return AgreementSigned(
            occurred_at=at, agreement_id=self.id, number=self.number, measure=self.measure,
            recipient_id=self.recipient_id, amount=self.amount, signed_on=today, rule_set=terms.rule_set,
            obligations=terms.obligations, tranches=terms.tranches, year_weights=terms.year_weights,
            region=self.region,
        )  # fmt: skip

    def lapse(self, at: datetime) -> OfferLapsed:
        """Let the offer go, once its last day is over."""
        self._require_offered()
        if local_day(at) <= self.expires_on:
            raise OfferStillOpen(expires_on=self.expires_on.isoformat())
        self._end(AgreementStatus.LAPSED, at)
        return OfferLapsed(occurred_at=at, agreement_id=self.id, recipient_id=self.recipient_id)

    def amend(
        self, obligations: Sequence[ObligationTerm], rule_set: str, reason: str, at: datetime
    ) -> AgreementAmended:
        """Replace the counter-obligations of reporting years not yet over, or the rule set, by an addendum."""
        self.require_amendable(obligations, rule_set, at)
        today, after = local_day(at), tuple(obligations)
        self.obligations, self.rule_set = [term.model_dump(mode="json") for term in after], rule_set
        return AgreementAmended(
            occurred_at=at, agreement_id=self.id, measure=self.measure, recipient_id=self.recipient_id,
            amended_on=today, rule_set=rule_set, obligations=after, reason=reason,
        )  # fmt: skip

    def require_amendable(self, obligations: Sequence[ObligationTerm], rule_set: str, at: datetime) -> None:
        """Raise unless an addendum of the instant may put these counter-obligations in place of the present ones."""
        self.require_signed()
        before, after = self.terms, tuple(obligations)
        if after == before.obligations and rule_set == before.rule_set:
            raise NothingAmended
        require_defined(after)
        require_years(after, before.reporting_years, before.year_weights)
        require_weights(after)
        require_past_years_kept(before.obligations, after, this_year=local_day(at).year)

    def reschedule(self, days: Mapping[UUID, date]) -> None:
        """Plan tranches for other days; the tranches themselves change with it."""
        self.require_signed()
        self.planned = [
            {**part, "planned_on": days[id_].isoformat()} if (id_ := UUID(part["tranche_id"])) in days else part
            for part in self.planned
        ]
        self.replanned += 1

    def rebudget(self, lines: Sequence[BudgetLine]) -> None:
        """Put these budget lines in place of the present ones."""
        self.require_signed()
        self.budget = [line.model_dump(mode="json") for line in lines]
        self.replanned += 1

    def complete(
        self, at: datetime, *, tranches: int, causes: int, obligations: int, reports: int
    ) -> AgreementCompleted:
        """Close the agreement; the counts are of what is still open, and all must be zero."""
        self.require_signed()
        if tranches or causes or obligations or reports:
            raise AgreementUnsettled(tranches=tranches, causes=causes, obligations=obligations, reports=reports)
        self._end(AgreementStatus.COMPLETED, at)
        return AgreementCompleted(
            occurred_at=at, agreement_id=self.id, measure=self.measure, recipient_id=self.recipient_id,
            completed_on=local_day(at),
        )  # fmt: skip

    def terminate(self, at: datetime, reason: str) -> AgreementTerminated:
        """End the agreement before its time; what has been paid stays under its obligations."""
        self.require_signed()
        self._end(AgreementStatus.TERMINATED, at)
        self.reason = reason
        return AgreementTerminated(
            occurred_at=at, agreement_id=self.id, measure=self.measure, recipient_id=self.recipient_id,
            terminated_on=local_day(at), reason=reason,
        )  # fmt: skip

    def held(self, cause_id: UUID, cause: str, at: datetime) -> AgreementHeld:
        """A cause of a hold opened: a fact, whatever the status."""
        return AgreementHeld(occurred_at=at, agreement_id=self.id, measure=self.measure, cause_id=cause_id, cause=cause)

    def released(self, cause_id: UUID, closed_by: str, open_causes: int, at: datetime) -> AgreementReleased:
        """A cause of a hold was closed: a fact, whatever the status."""
        return AgreementReleased(
            occurred_at=at, agreement_id=self.id, measure=self.measure, cause_id=cause_id, closed_by=closed_by,
            open_causes=open_causes,
        )  # fmt: skip

    def credited(self, claim_id: UUID, amount: Decimal, on: date, at: datetime) -> RepaymentCredited:
        """Returned money was entered in the account: a fact, whatever the status."""
        return RepaymentCredited(
            occurred_at=at, agreement_id=self.id, measure=self.measure, claim_id=claim_id, amount=amount, credited_on=on
        )

    def debited(self, claim_id: UUID, amount: Decimal, on: date, at: datetime) -> RefundDebited:
        """A refund left the account: a fact, whatever the status."""
        return RefundDebited(
            occurred_at=at, agreement_id=self.id, measure=self.measure, claim_id=claim_id, amount=amount, debited_on=on
        )

    def require_signed(self) -> None:
        """Raise `AgreementNotSigned` unless the agreement is in force."""
        if self.status is not AgreementStatus.SIGNED:
            raise AgreementNotSigned(status=self.status.value)

    def _require_offered(self) -> None:
        if self.status is not AgreementStatus.OFFERED:
            raise AgreementNotOffered(status=self.status.value)

    def _end(self, status: AgreementStatus, at: datetime) -> None:
        self.status, self.ended_at, self.ended_on = status, at, local_day(at)
