"""Taking in what a funding service says of an agreement: the fact as it came, then what it comes to."""

from datetime import date
from uuid import UUID

from sqlalchemy import exists
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.locks import lock_agreement
from obligations.agreements.model import Agreement, AgreementFact, AgreementStatus, Tranche, TrancheStatus
from obligations.agreements.queries import agreement_of
from obligations.agreements.refusals import AgreementSignedAlready, TranchePaidAlready, TrancheUnknown
from obligations.record import table_of
from obligations.rule_sets.model import RuleSet, RuleSetStatus
from obligations.rule_sets.queries import approved_rule_set
from shared.contracts.event import Event
from shared.contracts.support import (
    AgreementAmended,
    AgreementCompleted,
    AgreementSigned,
    AgreementTerminated,
    TrancheCancelled,
    TrancheDisbursed,
    TrancheReversed,
)
from shared.events.delivery import Delivery
from shared.events.publishing import publish
from shared.worker.due import next_due

AgreementEvent = (
    AgreementSigned
    | AgreementAmended
    | AgreementCompleted
    | AgreementTerminated
    | TrancheDisbursed
    | TrancheReversed
    | TrancheCancelled
)
"""What a funding service says of an agreement and its money."""


async def receive(session: AsyncSession, event: AgreementEvent, delivery: Delivery) -> bool:
    """Keep the fact and bring agreement and tranches up to it; False where it had been received before.

    Whichever consumer comes first takes the fact in; for the others it is there. Everything about one agreement goes
    one after the other, under the agreement's lock.
    """
    await lock_agreement(session, event.agreement_id)
    if not await _keep(session, event, delivery):
        return False
    match event:
        case AgreementSigned():
            await _signed(session, event, delivery)
        case AgreementAmended():
            await _amended(session, event, delivery)
        case AgreementCompleted():
            await _ended(session, event, AgreementStatus.COMPLETED)
        case AgreementTerminated():
            await _ended(session, event, AgreementStatus.TERMINATED)
        case TrancheDisbursed():
            await _disbursed(session, event, delivery)
        case TrancheReversed():
            await _reversed(session, event, delivery)
        case TrancheCancelled():
            await _cancelled(session, event)
    await session.flush()
    return True


async def _keep(session: AsyncSession, event: AgreementEvent, delivery: Delivery) -> bool:
    envelope = delivery.envelope
    row = {
        "id": envelope.id,
        "agreement_id": event.agreement_id,
        "institute": envelope.institute,
        "type": envelope.type,
        "subject": envelope.subject,
        "sequence": envelope.sequence,
        "occurred_at": envelope.time,
        "recorded_at": delivery.at,
        "data": event.data(),
    }
    table = table_of(AgreementFact)
    connection = await session.connection()
    kept = await connection.execute(insert(table).values(row).on_conflict_do_nothing().returning(table.c.id))
    return kept.first() is not None


async def _signed(session: AsyncSession, event: AgreementSigned, delivery: Delivery) -> None:
    there = await session.get(Agreement, event.agreement_id)
    if there is not None:
        raise AgreementSignedAlready(agreement_id=there.id, signed_on=there.signed_on, second_on=event.signed_on)
    agreement = Agreement(
        id=event.agreement_id,
        institute=delivery.institute,
        number=event.number,
        measure=event.measure,
        recipient_id=event.recipient_id,
        amount=event.amount,
        signed_on=event.signed_on,
        region=event.region,
        reporting_years=sorted({year for term in event.obligations for year in term.reporting_years}),
        year_weights=[weight.model_dump(mode="json") for weight in event.year_weights] if event.year_weights else None,
        terms_fact_id=delivery.envelope.id,
        rule_set=event.rule_set,
        frozen_on=event.signed_on,
    )
    await _freeze(session, agreement, event.rule_set, event.signed_on)
    for planned in event.tranches:
        tranche = await session.get(Tranche, planned.tranche_id)
        if tranche is None:
            tranche = Tranche(
                id=planned.tranche_id,
                agreement_id=event.agreement_id,
                institute=delivery.institute,
                number=planned.number,
                amount=planned.amount,
                status=TrancheStatus.PLANNED,
            )
        tranche.planned_on = planned.planned_on
        session.add(tranche)
    await publish(session, agreement)


async def _amended(session: AsyncSession, event: AgreementAmended, delivery: Delivery) -> None:
    agreement = await agreement_of(session, event.agreement_id)
    agreement.terms_fact_id = delivery.envelope.id
    if event.rule_set != agreement.rule_set:
        agreement.frozen_on = event.amended_on
        await _freeze(session, agreement, event.rule_set, event.amended_on)
    await publish(session, agreement)


async def _freeze(session: AsyncSession, agreement: Agreement, name: str, on: date) -> None:
    found = await approved_rule_set(session, name, on)
    agreement.freeze(found.frozen() if found is not None else None, name)


async def waiting_for_rule_set(session: AsyncSession) -> UUID | None:
    """One agreement that named its rule set before that was approved in time; None where none waits."""
    in_time = exists().where(
        col(RuleSet.name) == col(Agreement.rule_set),
        col(RuleSet.status) == RuleSetStatus.APPROVED,
        col(RuleSet.effective_from) <= col(Agreement.frozen_on),
    )
    waits = col(Agreement.rule_set_content).is_(None)
    found = await next_due(session, Agreement, waits, in_time, by=col(Agreement.frozen_on), lock=False)
    return None if found is None else found.id


async def freeze_late(session: AsyncSession, agreement_id: UUID) -> Agreement | None:
    """Freeze the rule set of a waiting agreement; None where, under its lock, it turns out to wait no longer."""
    await lock_agreement(session, agreement_id)
    agreement = await agreement_of(session, agreement_id)
    if agreement.rule_set_content is not None:
        return None
    await _freeze(session, agreement, agreement.rule_set, agreement.frozen_on)
    await publish(session, agreement)
    return None if agreement.rule_set_hash is None else agreement


async def _ended(session: AsyncSession, event: Event, status: AgreementStatus) -> None:
    agreement = await agreement_of(session, event.agreement_id)  # type: ignore[attr-defined]
    agreement.status = status
    await publish(session, agreement)


async def _disbursed(session: AsyncSession, event: TrancheDisbursed, delivery: Delivery) -> None:
    tranche = await session.get(Tranche, event.tranche_id) or Tranche(
        id=event.tranche_id,
        agreement_id=event.agreement_id,
        institute=delivery.institute,
        number=event.number,
        amount=event.amount,
        status=TrancheStatus.PLANNED,
    )
    tranche.status, tranche.amount, tranche.number = TrancheStatus.DISBURSED, event.amount, event.number
    tranche.disbursed_on, tranche.disbursed_fact_id = event.disbursed_on, delivery.envelope.id
    tranche.reversed_on = tranche.reversed_fact_id = None
    tranche.bank_reference = event.bank_reference
    session.add(tranche)


async def _reversed(session: AsyncSession, event: TrancheReversed, delivery: Delivery) -> None:
    tranche = await session.get(Tranche, event.tranche_id)
    if tranche is None or tranche.disbursed_on is None:
        raise TrancheUnknown(tranche_id=event.tranche_id, agreement_id=event.agreement_id)
    tranche.status = TrancheStatus.REVERSED
    tranche.reversed_on, tranche.reversed_fact_id = event.reversed_on, delivery.envelope.id
    session.add(tranche)


async def _cancelled(session: AsyncSession, event: TrancheCancelled) -> None:
    tranche = await session.get(Tranche, event.tranche_id)
    if tranche is not None and tranche.disbursed_on is not None:
        raise TranchePaidAlready(tranche_id=tranche.id, disbursed_on=tranche.disbursed_on)
    if tranche is not None:
        tranche.status = TrancheStatus.CANCELLED
        session.add(tranche)
