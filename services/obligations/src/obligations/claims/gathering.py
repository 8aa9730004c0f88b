"""Gathering the facts under a claim, and the base rates as they are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.model import Agreement
from obligations.agreements.years import parts_by_year
from obligations.claims.disbursements import Disbursement, disbursements_of
from obligations.claims.facts import (
    ClaimFacts,
    EvaluationFact,
    PaidFact,
    RepaymentFact,
    RuleSetFact,
    SuspensionFact,
    TrancheFact,
)
from obligations.claims.identity import claim_id_of
from obligations.claims.model import Claim
from obligations.claims.rules import Derivation
from obligations.claims.suspensions import Suspension
from obligations.fulfilment import Aggregation, ObligationLevel, fulfilment_of_year
from obligations.obligations.model import Obligation, ObligationStatus
from obligations.payments.commands import repayments_of
from obligations.rates.locks import shared_rate_lock
from obligations.rates.model import BaseRate
from obligations.rates.queries import KnownRates, rates_known_at
from obligations.repayment import AccrualFrom, RateTimeline
from obligations.rule_sets.model import RuleSet

ALL = Decimal("1.000000")


@dataclass(frozen=True, slots=True)
class Known:
    """The base rates as known now: nobody changes them until the transaction ends."""

    rates: KnownRates
    timeline: RateTimeline

    def used(self, derivation: Derivation) -> list[BaseRate]:
        """The rows of the register that a derivation used."""
        days = {row.effective_from for row in derivation.calculation.rates_used} if derivation.calculation else set()
        return [rate for rate in self.rates.rates if rate.effective_from in days]

    def named(self, derivation: Derivation) -> list[dict[str, Any]]:
        """The rates that a derivation used, by the ids of their rows."""
        return [
            {"rate_id": str(rate.id), "effective_from": rate.effective_from.isoformat(), "percent": str(rate.percent)}
            for rate in self.used(derivation)
        ]


async def known_rates(session: AsyncSession) -> Known:
    """The rates as the register holds them, under the shared lock that keeps them so until the transaction ends."""
    await shared_rate_lock(session)
    rates = await rates_known_at(session)
    return Known(rates, rates.timeline)


async def gather(session: AsyncSession, agreement: Agreement, year: int) -> ClaimFacts | None:
    """The facts of an agreement's year as they stand; None while the agreement's rule set is not known."""
    if agreement.rule_set_content is None:
        return None
    obligations = await obligations_of_year(session, agreement.id, year)
    paid = await disbursements_of(session, agreement.id)
    parts = [
        (each, parts_by_year(agreement, each.amount, each.disbursed_on)) for each in paid if each.reversed_on is None
    ]
    claim_id = claim_id_of(agreement.id, year)
    return ClaimFacts(
        fulfilment=fulfilment_that_counts(obligations, Aggregation(agreement.frozen.content.aggregation)),
        evaluations=tuple(_evaluation(each) for each in obligations),
        tranches=tuple(TrancheFact(**_paid(each), part=of[year]) for each, of in parts if of and of.get(year)),
        reversed_tranches=tuple(each.tranche_id for each in paid if each.reversed_on is not None),
        without_year=tuple(PaidFact(**_paid(each)) for each, of in parts if of is None),
        repayments=tuple(await _repayments(session, claim_id)),
        suspensions=tuple(await _suspensions(session, claim_id)),
        rule_set=await _rule_set(session, agreement),
        **await _accrual_days(session, agreement, year),
    )


async def obligations_of_year(session: AsyncSession, agreement_id: UUID, year: int) -> Sequence[Obligation]:
    """The obligations of a year that stand, read afresh; those that were cancelled are void."""
    statement = (
        select(Obligation)
        .where(
            col(Obligation.agreement_id) == agreement_id,
            col(Obligation.reporting_year) == year,
            col(Obligation.status) != ObligationStatus.CANCELLED,
        )
        .order_by(col(Obligation.id))
    )
    return (await session.exec(statement.execution_options(populate_existing=True))).all()


def fulfilment_that_counts(obligations: Sequence[Obligation], aggregation: Aggregation) -> Decimal:
    """K of the year; without a breach (what is left open stays within the tolerance) nothing returns and K is 1."""
    if all(each.status is not ObligationStatus.BREACHED for each in obligations):
        return ALL
    return fulfilment_of_year(
        [ObligationLevel(each.direction, each.weight, each.exact_level) for each in obligations], aggregation
    )


def _evaluation(obligation: Obligation) -> EvaluationFact:
    return EvaluationFact(
        obligation_id=obligation.id,
        report_id=obligation.report_id,
        revision=obligation.report_revision,
        status=obligation.status.value,
        level=obligation.level,
    )


def _paid(each: Disbursement) -> dict[str, Any]:
    return {
        "tranche_id": each.tranche_id, "number": each.number, "amount": each.amount, "on": each.disbursed_on
    }  # fmt: skip


async def _repayments(session: AsyncSession, claim_id: UUID) -> list[RepaymentFact]:
    return [
        RepaymentFact(repayment_id=each.id, amount=each.amount, refunded=each.refunded, on=each.received_on)
        for each in await repayments_of(session, claim_id)
    ]


async def _suspensions(session: AsyncSession, claim_id: UUID) -> list[SuspensionFact]:
    statement = select(Suspension).where(col(Suspension.claim_id) == claim_id).order_by(col(Suspension.id))
    return [
        SuspensionFact(suspension_id=each.id, first=each.first_on, last=each.last_on)
        for each in (await session.exec(statement)).all()
    ]


async def _accrual_days(session: AsyncSession, agreement: Agreement, year: int) -> dict[str, date | None]:
    """The day from which interest runs, where the agreement's rules leave it to the claim."""
    accrual_from = agreement.frozen.content.rules.accrual_from
    if accrual_from is AccrualFrom.PERIOD_END:
        return {"period_end": date(year, 12, 31)}
    if accrual_from is AccrualFrom.DEMAND:
        statement = select(col(Claim.demanded_on)).where(col(Claim.id) == claim_id_of(agreement.id, year))
        return {"demanded_on": (await session.exec(statement)).one_or_none()}
    return {}


async def _rule_set(session: AsyncSession, agreement: Agreement) -> RuleSetFact:
    frozen = agreement.frozen
    found = await session.get(RuleSet, frozen.rule_set_id, populate_existing=True)
    return RuleSetFact(
        name=frozen.name,
        content_hash=frozen.content_hash,
        rules=frozen.content.rules,
        materiality=frozen.content.materiality,
        confirmed=() if found is None else found.confirmed_parameters,
    )
