"""What obligations says holds an agreement and releases it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from grants.agreements.model import Agreement
from grants.holds.known import known_obligations, on_obligation_evaluated, on_obligation_lifted, on_obligation_opened
from grants.holds.queries import causes_of
from grants.holds.reactions import (
    on_claim_closed,
    on_claim_reopened,
    on_obligation_breached,
    on_obligation_closed,
)
from grants.holds.refusals import AgreementOnHold
from shared.contracts import obligations as told
from shared.contracts.event import Event
from shared.contracts.support import Direction, Measure
from shared.identity import new_id
from tests.grants.funding import Funding

APRIL = datetime(2026, 4, 1, tzinfo=UTC)
CLAIM = new_id()


def facts(agreement: Agreement, **more: Any) -> dict[str, Any]:
    return {"agreement_id": agreement.id, "measure": Measure.INDUSTRIAL_GRANT, "recipient_id": agreement.recipient_id,
            "reporting_year": 2025, "occurred_at": APRIL} | more  # fmt: skip


def breach(agreement: Agreement, obligation: UUID, **more: Any) -> told.ObligationBreached:
    stated = facts(agreement, fulfilment=Decimal("0.70"), reason=told.BreachReason.SHORTFALL, provisional=False) | more
    return told.ObligationBreached(obligation_id=obligation, **stated)


def closings(agreement: Agreement, obligation: UUID) -> list[tuple[Any, Event, UUID]]:
    of_obligation = facts(agreement, occurred_at=APRIL + timedelta(days=1), obligation_id=obligation)
    of_claim = facts(agreement, occurred_at=APRIL + timedelta(days=1), claim_id=CLAIM, obligation_ids=(obligation,))
    return [
        (on_obligation_closed, told.ObligationFulfilled(fulfilment=Decimal(1), **of_obligation), obligation),
        (on_obligation_closed, told.ObligationAwaited(**of_obligation), obligation),
        (on_obligation_closed, told.ObligationExcused(reason="flood", **of_obligation), obligation),
        (on_obligation_closed, told.ObligationCancelled(reason="error", **of_obligation), obligation),
        (on_claim_closed, told.ClaimSettled(**of_claim), CLAIM),
        (on_claim_closed, told.ClaimCancelled(reason="error", **of_claim), CLAIM),
    ]


async def open_causes(funding: Funding, agreement: Agreement) -> list[UUID]:
    async with funding.database.sessions() as session:
        return [cause.cause_id for cause in await causes_of(session, agreement.id, only_open=True)]


async def test_a_breach_holds_the_agreement_and_says_so_once(funding: Funding) -> None:
    agreement, obligation = await funding.signed(), new_id()
    await funding.tell(on_obligation_breached, breach(agreement, obligation), obligation)
    await funding.tell(on_obligation_breached, breach(agreement, obligation), obligation)
    assert await open_causes(funding, agreement) == [obligation]
    assert (await funding.events(agreement)).count("support.agreement-held.v1") == 1


@pytest.mark.parametrize("which", range(6))
async def test_each_kind_of_closing_releases_the_agreement(funding: Funding, which: int) -> None:
    agreement, obligation = await funding.signed(), new_id()
    await funding.tell(on_obligation_breached, breach(agreement, obligation), obligation)
    handler, event, subject = closings(agreement, obligation)[which]
    await funding.tell(handler, event, subject)
    assert await open_causes(funding, agreement) == []
    assert (await funding.events(agreement))[-1] == "support.agreement-released.v1"


@pytest.mark.parametrize("which", [4, 5])
async def test_a_claim_closed_before_its_breach_arrived_lets_the_breach_open_nothing(
    funding: Funding, which: int
) -> None:
    agreement, obligation = await funding.signed(), new_id()
    handler, event, subject = closings(agreement, obligation)[which]
    await funding.tell(handler, event, subject)
    await funding.tell(on_obligation_breached, breach(agreement, obligation), obligation)
    assert await open_causes(funding, agreement) == []
    assert "support.agreement-held.v1" not in await funding.events(agreement)


async def test_a_reopened_claim_holds_the_agreement_again(funding: Funding) -> None:
    agreement, obligation = await funding.signed(), new_id()
    await funding.tell(on_obligation_breached, breach(agreement, obligation), obligation)
    handler, event, subject = closings(agreement, obligation)[3]
    await funding.tell(handler, event, subject)
    later = facts(agreement, occurred_at=APRIL + timedelta(days=2))
    grown = told.ClaimReopened(claim_id=CLAIM, outstanding=Decimal("5.00"), obligation_ids=(obligation,), **later)
    await funding.tell(on_claim_reopened, grown, CLAIM)
    assert await open_causes(funding, agreement) == [obligation]


async def test_one_of_two_causes_closed_leaves_the_agreement_held(funding: Funding) -> None:
    agreement, first, second = await funding.signed(), new_id(), new_id()
    for obligation in (first, second):
        await funding.tell(on_obligation_breached, breach(agreement, obligation), obligation)
    handler, event, subject = closings(agreement, first)[0]
    await funding.tell(handler, event, subject)
    assert await open_causes(funding, agreement) == [second]
    left = await funding.sql("select data ->> 'open_causes' from event where type = 'support.agreement-released.v1'")
    assert left[0][0] == "1"


async def test_a_tranche_is_not_approved_while_the_agreement_is_held(funding: Funding) -> None:
    agreement, obligation = await funding.signed(), new_id()
    await funding.tell(on_obligation_breached, breach(agreement, obligation), obligation)
    with pytest.raises(AgreementOnHold) as refused:
        await funding.approved((await funding.tranches(agreement))[0].id)
    assert str(obligation) in str(refused.value)
    assert "excuse" in refused.value.remedy


async def test_an_approved_tranche_is_not_paid_while_the_agreement_is_held(funding: Funding) -> None:
    agreement, obligation = await funding.signed(), new_id()
    approved = await funding.approved((await funding.tranches(agreement))[0].id)
    await funding.tell(on_obligation_breached, breach(agreement, obligation), obligation)
    with pytest.raises(AgreementOnHold):
        await funding.disburse(approved)
    assert (await funding.standing(agreement)).disbursed == 0


async def test_what_concerns_another_measure_is_not_ours(funding: Funding) -> None:
    agreement, obligation = await funding.signed(), new_id()
    other = breach(agreement, obligation, measure=Measure.CLUSTER_SUPPORT)
    await funding.tell(on_obligation_breached, other, obligation)
    assert await open_causes(funding, agreement) == []


async def test_a_breach_after_the_end_is_recorded_too(funding: Funding) -> None:
    agreement, obligation = await funding.offer(), new_id()
    await funding.tell(on_obligation_breached, breach(agreement, obligation), obligation)
    assert await open_causes(funding, agreement) == [obligation]


async def test_the_agreement_knows_its_obligations(funding: Funding) -> None:
    agreement, first, second = await funding.signed(), new_id(), new_id()
    stated = facts(agreement, indicator="export-revenue", direction=Direction.EXPORT, due_on=APRIL.date())
    for obligation in (first, second):
        await funding.tell(on_obligation_opened, told.ObligationOpened(obligation_id=obligation, **stated), obligation)
    await funding.tell(on_obligation_evaluated, breach(agreement, first), first)
    excused = told.ObligationExcused(obligation_id=second, reason="flood", **facts(agreement))
    await funding.tell(on_obligation_lifted, excused, second)
    async with funding.database.sessions() as session:
        known = await known_obligations(session, agreement.id)
    assert {each.obligation_id: (each.status, each.fulfilment) for each in known} == {
        first: ("breached", Decimal("0.70")), second: ("excused", None),
    }  # fmt: skip
