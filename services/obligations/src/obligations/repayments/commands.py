"""Recording a repayment: allocated by the rule where that can be, and the claim derived anew, in one transaction."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.claims.commands import ClaimInHand
from obligations.claims.facts import ClaimFacts, RepaymentFact
from obligations.claims.model import Cause, Claim, Received
from obligations.claims.rules import allocated_of, as_of_of, derive
from obligations.payments.commands import account_of, record_payment, repayments_of
from obligations.payments.model import PaymentKind, Repayment
from obligations.repayment.result import RepaymentAllocated
from obligations.repayments.refusals import ReceivedBeforeDisbursement
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

    Settles the claim when nothing is left of it as of the day of the payment. Where a base rate is missing it is
    recorded all the same, unallocated: the version that has figures again allocates it. Raises
    `PaymentAlreadyRecorded`, `PaymentInFuture`, `ReceivedBeforeDisbursement`.
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
    covered = _covered(hand, incoming, repayment_id)
    received = Received(repayment_id, incoming.amount, covered, incoming.received_on, incoming.bank_reference)
    repayment = await _stored(session, claim, received, by, at)
    await publish(session, claim, claim.receive(received, at))
    await hand.recalculate(session, Cause("repayment-received", at))
    return repayment


def _covered(hand: ClaimInHand, incoming: Incoming, repayment_id: UUID) -> RepaymentAllocated | None:
    """What the repayment covers as of its day, beside those recorded before; None where that cannot be calculated."""
    day = incoming.received_on
    first = min((tranche.on for tranche in hand.facts.tranches), default=None)
    if first is not None and day < first and not hand.facts.reversed_tranches:
        raise ReceivedBeforeDisbursement(day=day, first=first)
    derivation = derive(as_of_of(_with(hand.facts, incoming, repayment_id), day), day, hand.known.timeline)
    return allocated_of(derivation).get(repayment_id)


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
        to_principal=None,
        to_interest=None,
        overpaid=None,
        received_on=received.received_on,
        bank_reference=received.bank_reference,
        recorded_by=by,
        recorded_at=at,
    )
    if received.covered is not None:
        repayment.allocate(received.covered)
    session.add(repayment)
    await session.flush()
    return repayment
