"""What a caller reads of a claim and its versions."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from obligations.claims.facts import ClaimFacts
from obligations.claims.model import Claim
from obligations.claims.status import ClaimStatus
from obligations.claims.suspensions import Suspension
from obligations.claims.version import ClaimVersion
from shared.contracts.support import Measure
from shared.values.dates import Day, Moment
from shared.values.money import Money
from shared.values.shares import Fulfilment


class ClaimView(BaseModel):
    """A claim at its current version, in tenge; without figures where `refusal` says what is missing.

    `as_of` is the day to which interest was counted: a payoff quote answers for any other day. `overpaid` is owed back.
    `without_year` was paid under the agreement after its last reporting year: no claim stands for it.
    """

    id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int
    status: ClaimStatus
    version: int
    as_of: Day
    fulfilment: Fulfilment
    principal: Money | None
    interest: Money | None
    total: Money | None
    outstanding: Money | None
    overpaid: Money | None
    without_year: Money
    refusal: str | None
    hearing_until: Day | None
    served_on: Day | None

    @classmethod
    def of(cls, claim: Claim) -> "ClaimView":
        """The view of a claim."""
        return cls(
            id=claim.id,
            agreement_id=claim.agreement_id,
            measure=claim.measure,
            recipient_id=claim.recipient_id,
            reporting_year=claim.reporting_year,
            status=claim.status,
            version=claim.number,
            as_of=claim.as_of,
            fulfilment=claim.fulfilment,
            principal=claim.principal,
            interest=claim.interest,
            total=claim.total,
            outstanding=claim.outstanding,
            overpaid=claim.overpaid,
            without_year=claim.without_year,
            refusal=claim.refusal,
            hearing_until=claim.hearing_until,
            served_on=claim.served_on,
        )


class VersionView(BaseModel):
    """A version of a claim: the figures as of a day by what was known from a moment on, and every fact used."""

    claim_id: UUID
    number: int
    known_from: Moment
    as_of: Day
    fulfilment: Fulfilment
    principal: Money | None
    interest: Money | None
    total: Money | None
    outstanding: Money | None
    overpaid: Money | None
    refusal: str | None
    trigger: str
    trigger_event_id: UUID | None
    facts: dict[str, Any]
    rates_used: list[dict[str, Any]]
    sheet: dict[str, Any] | None

    @classmethod
    def of(cls, version: ClaimVersion) -> "VersionView":
        """The view of a version."""
        return cls.model_validate(version, from_attributes=True)


class SuspensionView(BaseModel):
    """Days without interest, both ends included, and who decided so."""

    id: UUID
    first_on: Day
    last_on: Day
    reason: str
    decided_by: str
    decided_at: Moment

    @classmethod
    def of(cls, suspension: Suspension) -> "SuspensionView":
        """The view of a suspension."""
        return cls.model_validate(suspension, from_attributes=True)


def header_of(claim: Claim, version: ClaimVersion) -> dict[str, str]:
    """The head of a sheet: whose it is, what was known, and the agreement's money that no claim stands for."""
    beyond = ClaimFacts.model_validate(version.facts).amount_without_year
    return {
        "claim": str(claim.id),
        "agreement": str(claim.agreement_id),
        "reporting_year": str(claim.reporting_year),
        "version": str(version.number),
        "known_from": version.known_from.isoformat().replace("+00:00", "Z"),
        **({"without_year": str(beyond)} if beyond else {}),
    }


def file_name(claim: Claim, version: ClaimVersion, as_of: date) -> str:
    """The name of a sheet as a file."""
    return f"claim-{claim.reporting_year}-{version.number}-{as_of.isoformat()}"
