"""A version of a claim: the figures that followed from what was known, with everything that they rest on."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from obligations.claims.rules import Told
from obligations.record import Entry
from shared.database.columns import Instant, Tenge


class ClaimVersion(Entry, table=True):
    """What the claim came to by the facts known at `known_from`; never changed, never deleted.

    Amounts in tenge. `sheet` is the calculation to redo by hand; where it could not be made, the figures are absent and
    `refusal` says what is missing.
    """

    __tablename__ = "claim_version"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(sheet is null) = (refusal is not null)", name="figures_or_refusal"),
        CheckConstraint("(sheet is null) = (principal is null)", name="figures_with_sheet"),
    )

    claim_id: UUID = Field(sa_type=Uuid, primary_key=True, foreign_key="claim.id")
    number: int = Field(primary_key=True)
    known_from: datetime = Field(sa_type=Instant)
    as_of: date
    fulfilment: Decimal = Field(max_digits=7, decimal_places=6)
    principal: Decimal | None = Field(sa_type=Tenge, default=None)
    interest: Decimal | None = Field(sa_type=Tenge, default=None)
    total: Decimal | None = Field(sa_type=Tenge, default=None)
    outstanding: Decimal | None = Field(sa_type=Tenge, default=None)
    overpaid: Decimal | None = Field(sa_type=Tenge, default=None)
    facts: dict[str, Any] = Field(sa_type=JSONB)
    facts_digest: str = Field(sa_type=Text)
    rates_used: list[dict[str, Any]] = Field(sa_type=JSONB)
    rates_under: list[list[str]] = Field(sa_type=JSONB)
    sheet: dict[str, Any] | None = Field(sa_type=JSONB(none_as_null=True), default=None)
    refusal: str | None = Field(sa_type=Text, default=None)
    refusal_slug: str | None = Field(sa_type=Text, default=None)
    trigger: str = Field(sa_type=Text)
    trigger_event_id: UUID | None = Field(sa_type=Uuid, default=None)

    @property
    def told(self) -> Told | None:
        """What somebody who is shown this version is told; None where it has no figures."""
        if self.principal is None or self.interest is None:
            return None
        return Told(self.as_of, self.principal, self.interest)

    @property
    def unverified(self) -> tuple[str, ...]:
        """The parameters and rates under the figures that nobody has confirmed."""
        return tuple((self.sheet or {}).get("unverified", ()))
