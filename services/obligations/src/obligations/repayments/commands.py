"""Recording a repayment: allocated by the rule, and the claim derived anew in the same transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.claims.commands import ClaimInHand
from obligations.claims.facts import ClaimFacts, RepaymentFact
from obligations.claims.model import Cause, Claim, Received
from obligations.claims.rules import as_of_of, derive
from obligations.payments.commands import account_of, record_payment, repayments_of
from obligations.payments.model import PaymentKind, Repayment
from obligations.repayment.result import RepaymentAllocated
from obligations.repayments.refusals import ReceivedBeforeDisbursement, RepaymentNotAllocated
from shared.calendar.local_days import local_day
from shared.events.publishing import publish
from shared.identity import new_id

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A repayment as the bank shows it: tenge above zero, on a local day."""

    amount: Decimal
    received_on: date
    bank_reference: str


async def record_repayment(
    session: AsyncSession, hand: ClaimInHand, incoming: Incoming, *, by: str, at: datetime
) -> Repayment:
    """Record money that came back, in whatever state the claim is; what exceeds the claim is kept as overpaid.

    Settles the claim when nothing is left of it as of the day of the payment. Raises `PaymentAlreadyRecorded`,
    `PaymentInFuture`, `ReceivedBeforeDisbursement`, `RepaymentNotAllocated`.
    """
    claim, repayment_id = hand.claim, new_id()
    await record_payment(
        session,
        account=account_of(claim.institute, claim.measure),
        bank_reference=incoming.bank_reference,
        kind=PaymentKind.REPAYMENT,
        payment_id=repayment_id,
        day=incoming.received_on,
        today=local_day(at),
    )
    allocated = _allocated(hand, incoming, repayment_id)
    received = Received(
        repayment_id,
        incoming.amount,
        allocated.principal,
        allocated.interest,
        allocated.overpaid,
        incoming.received_on,
        incoming.bank_reference,
    )
    repayment = await _stored(session, claim, received, by, at)
    await publish(session, claim, claim.receive(received, at))
    await hand.recalculate(session, Cause("repayment-received", at))
    return repayment


def _allocated(hand: ClaimInHand, incoming: Incoming, repayment_id: UUID) -> RepaymentAllocated:
    """What the repayment covers as of its day, beside those recorded before; the last of its day."""
    day = incoming.received_on
    first = min((tranche.on for tranche in hand.facts.tranches), default=None)
    if first is not None and day < first and not hand.facts.reversed_tranches:
        raise ReceivedBeforeDisbursement(day=day, first=first)
    derivation = derive(as_of_of(_with(hand.facts, incoming, repayment_id), day), day, hand.known.timeline)
    if derivation.calculation is None:
        raise RepaymentNotAllocated(reason=derivation.refusal)
    return [each for each in derivation.calculation.repayments if each.on == day][-1]


def _with(facts: ClaimFacts, incoming: Incoming, repayment_id: UUID) -> ClaimFacts:
    fact = RepaymentFact(repayment_id=repayment_id, amount=incoming.amount, refunded=NOTHING, on=incoming.received_on)
    return facts.model_copy(update={"repayments": (*facts.repayments, fact)})


async def _stored(session: AsyncSession, claim: Claim, received: Received, by: str, at: datetime) -> Repayment:
    repayment = Repayment(
        id=received.repayment_id,
        claim_id=claim.id,
        ordinal=len(await repayments_of(session, claim.id)) + 1,
        amount=received.amount,
        refunded=NOTHING,
        to_principal=received.to_principal,
        to_interest=received.to_interest,
        overpaid=received.overpaid,
        received_on=received.received_on,
        bank_reference=received.bank_reference,
        recorded_by=by,
        recorded_at=at,
    )
    session.add(repayment)
    await session.flush()
    return repayment
