"""What is done to tranches: load, decide, publish. Locks: the agreement, then the tranche, the account last."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.account.ledger import EntryKind
from grants.account.posting import Cause, Movement, enter, lock_account, require_unrecorded, standing_of
from grants.agreements.eligibility import require_still_eligible
from grants.agreements.model import Agreement
from grants.agreements.refusals import AgreementNotFound
from grants.clearance.answer import Clearance
from grants.holds.queries import require_not_held
from grants.terms import Term, due
from grants.tranches.model import Document, Tranche
from grants.tranches.refusals import TrancheNotFound
from grants.visibility import Sight
from shared.calendar.local_days import local_day
from shared.contracts.event import Event
from shared.database.loading import load
from shared.events.positions import positions
from shared.events.publishing import publish
from shared.http.etag import require_version


async def lock_tranche(session: AsyncSession, sight: Sight, tranche_id: UUID) -> tuple[Agreement, Tranche]:
    """The agreement and its tranche, locked in this order."""
    seen = await sight.read(session, Tranche, tranche_id, TrancheNotFound)
    agreement = await load(session, Agreement, seen.agreement_id, AgreementNotFound)
    return agreement, await load(session, Tranche, tranche_id, TrancheNotFound)


async def request_tranche(
    session: AsyncSession, sight: Sight, tranche_id: UUID, documents: Sequence[Document], *, version: int, at: datetime
) -> Tranche:
    """The recipient asks for the tranche, or sends other documents."""
    agreement, tranche = await lock_tranche(session, sight, tranche_id)
    require_version(version, tranche.revision)
    agreement.require_signed()
    await publish(session, tranche, tranche.request(documents, at, await due(session, Term.TRANCHE_REVIEW, at)))
    return tranche


async def propose_tranche(
    session: AsyncSession, sight: Sight, tranche_id: UUID, *, version: int, at: datetime, by: str
) -> Tranche:
    """An officer proposes the payment."""
    agreement, tranche = await lock_tranche(session, sight, tranche_id)
    require_version(version, tranche.revision)
    agreement.require_signed()
    tranche.propose(at, by)
    await publish(session, tranche)
    return tranche


async def approve_tranche(
    session: AsyncSession, sight: Sight, tranche_id: UUID, content: str, *, version: int, at: datetime, by: str
) -> Tranche:
    """A second person approves exactly what was proposed, while no cause of a hold is open."""
    agreement, tranche = await lock_tranche(session, sight, tranche_id)
    require_version(version, tranche.revision)
    agreement.require_signed()
    await require_not_held(session, agreement.id)
    event = tranche.approve(content, at, by, await due(session, Term.DISBURSEMENT, at))
    await require_still_eligible(session, agreement.application_id, at)
    await publish(session, tranche, event)
    return tranche


async def disburse_tranche(
    session: AsyncSession,
    sight: Sight,
    tranche_id: UUID,
    clearance: Clearance,
    *,
    version: int,
    on: date,
    bank_reference: str,
    at: datetime,
) -> Tranche:
    """Record the payment, on an answer of obligations given before; what has changed since makes the answer void."""
    agreement, tranche = await lock_tranche(session, sight, tranche_id)
    account = await lock_account(session, agreement.account_id)
    await require_unrecorded(session, account, bank_reference)
    require_version(version, tranche.revision)
    agreement.require_signed()
    signed_on = agreement.signed_on or local_day(at)
    event = tranche.disburse(on, bank_reference, at, signed_on=signed_on)
    await require_not_held(session, agreement.id)
    await require_still_eligible(session, agreement.application_id, at)
    clearance.require(agreement.id, await positions(session, str(agreement.id)))
    await publish(session, tranche, event)
    await enter(session, account, _movement(EntryKind.DISBURSEMENT, tranche, event, on, bank_reference))
    return tranche


async def reverse_tranche(
    session: AsyncSession,
    sight: Sight,
    tranche_id: UUID,
    *,
    version: int,
    on: date,
    bank_reference: str,
    reason: str,
    at: datetime,
) -> Tranche:
    """Record that the bank returned the payment, whatever has become of the agreement; the money is free again."""
    agreement, tranche = await lock_tranche(session, sight, tranche_id)
    account = await lock_account(session, agreement.account_id)
    await require_unrecorded(session, account, bank_reference)
    require_version(version, tranche.revision)
    event = tranche.reverse(on, bank_reference, reason, at)
    await publish(session, tranche, event)
    await enter(session, account, _movement(EntryKind.REVERSAL, tranche, event, on, bank_reference))
    return tranche


async def cancel_tranche(
    session: AsyncSession, sight: Sight, tranche_id: UUID, *, version: int, reason: str, at: datetime
) -> Tranche:
    """Give up a tranche that is not paid, and release its commitment."""
    agreement, tranche = await lock_tranche(session, sight, tranche_id)
    require_version(version, tranche.revision)
    agreement.require_signed()
    await give_up(session, agreement, [tranche], reason, at)
    return tranche


async def give_up(
    session: AsyncSession, agreement: Agreement, tranches: Sequence[Tranche], reason: str, at: datetime
) -> None:
    """Cancel locked tranches that are not paid, each with its event and its release."""
    account = await lock_account(session, agreement.account_id)
    for tranche in tranches:
        event = tranche.cancel(reason, at)
        await publish(session, tranche, event)
        await enter(session, account, _movement(EntryKind.RELEASE, tranche, event, local_day(at)))


async def replace_tranche(
    session: AsyncSession, sight: Sight, tranche_id: UUID, *, version: int, planned_on: date, at: datetime
) -> Tranche:
    """Plan a reversed tranche anew, as one more of the same amount; free money is committed for it again."""
    agreement, tranche = await lock_tranche(session, sight, tranche_id)
    require_version(version, tranche.revision)
    agreement.require_signed()
    last = (await session.exec(select(func.max(col(Tranche.number))).where(of_agreement(agreement.id)))).one()
    replaced_by = (await session.exec(select(Tranche.number).where(col(Tranche.replaces) == tranche.id))).first()
    new = tranche.replacement(int(last or 0) + 1, planned_on, replaced_by, local_day(at))
    account = await lock_account(session, agreement.account_id)
    account.require_free(new.amount, await standing_of(session, account.id))
    await publish(session, new)
    cause = Cause("support.tranche-reversed.v1", tranche.id, tranche.version)
    movement = Movement(
        EntryKind.COMMITMENT, new.amount, local_day(at), cause, agreement_id=agreement.id, tranche_id=new.id
    )
    await enter(session, account, movement)
    return new


async def plan_tranches(session: AsyncSession, agreement: Agreement) -> list[Tranche]:
    """Make the tranches of a signed agreement as they were planned; their events begin with the first request."""
    planned = [
        Tranche(
            id=part.tranche_id, institute=agreement.institute, agreement_id=agreement.id,
            recipient_id=agreement.recipient_id, number=part.number, amount=part.amount, planned_on=part.planned_on,
        )
        for part in agreement.terms.tranches
    ]  # fmt: skip
    for tranche in planned:
        await publish(session, tranche)
    return planned


async def lock_tranches(session: AsyncSession, agreement: Agreement) -> list[Tranche]:
    """All tranches of the locked agreement, locked in the order of their numbers."""
    statement = select(Tranche).where(of_agreement(agreement.id)).order_by(col(Tranche.number))
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return list((await session.exec(locked)).all())


def of_agreement(agreement_id: UUID) -> ColumnElement[bool]:
    """The condition that a tranche is of this agreement."""
    return col(Tranche.agreement_id) == agreement_id


def _movement(kind: EntryKind, tranche: Tranche, event: Event, on: date, bank_reference: str | None = None) -> Movement:
    return Movement(
        kind, tranche.amount, on, Cause.published(event, tranche), agreement_id=tranche.agreement_id,
        tranche_id=tranche.id, bank_reference=bank_reference,
    )  # fmt: skip
