"""State × verb on the database: every cell is a transition with its effect on the account, or a named refusal."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grants.agreements.refusals import AgreementNotSigned
from grants.tranches import commands
from grants.tranches.model import Tranche, TrancheStatus
from grants.tranches.refusals import (
    ProposedAlready,
    TrancheNotApproved,
    TrancheNotCancellable,
    TrancheNotDisbursed,
    TrancheNotPlanned,
    TrancheNotProposed,
    TrancheNotRequested,
    TrancheNotReversed,
)
from shared.access.roles import Role
from shared.refusals import Refusal
from tests.grants.funding import PAID, PAID_ON, SIGNED, Funding, document, sight

Verb = Callable[[Funding, Tranche], Awaitable[Tranche]]


async def request(funding: Funding, tranche: Tranche) -> Tranche:
    async with funding.work(PAID) as session:
        return await commands.request_tranche(
            session, sight(Role.APPLICANT), tranche.id, [document()], version=tranche.revision, at=PAID
        )


async def propose(funding: Funding, tranche: Tranche) -> Tranche:
    async with funding.work(PAID) as session:
        return await commands.propose_tranche(
            session, funding.officer, tranche.id, version=tranche.revision, at=PAID, by="officer-1"
        )


async def approve(funding: Funding, tranche: Tranche) -> Tranche:
    async with funding.work(PAID) as session:
        return await commands.approve_tranche(
            session, funding.officer, tranche.id, tranche.content, version=tranche.revision, at=PAID, by="approver-1"
        )


async def disburse(funding: Funding, tranche: Tranche) -> Tranche:
    return await funding.disburse(tranche)


async def reverse(funding: Funding, tranche: Tranche) -> Tranche:
    async with funding.work(PAID) as session:
        return await commands.reverse_tranche(
            session, funding.officer, tranche.id, version=tranche.revision, on=PAID_ON,
            bank_reference=funding.reference(), reason="wrong account", at=PAID,
        )  # fmt: skip


async def cancel(funding: Funding, tranche: Tranche) -> Tranche:
    async with funding.work(PAID) as session:
        return await commands.cancel_tranche(
            session, funding.officer, tranche.id, version=tranche.revision, reason="not needed", at=PAID
        )


async def replace(funding: Funding, tranche: Tranche) -> Tranche:
    async with funding.work(PAID) as session:
        return await commands.replace_tranche(
            session, funding.officer, tranche.id, version=tranche.revision, planned_on=date(2025, 6, 1), at=PAID
        )


VERBS: dict[str, Verb] = {
    "request": request, "propose": propose, "approve": approve, "disburse": disburse, "reverse": reverse,
    "cancel": cancel, "replace": replace,
}  # fmt: skip

PATHS: dict[str, tuple[Verb, ...]] = {
    "planned": (), "requested": (request,), "proposed": (request, propose), "approved": (request, propose, approve),
    "disbursed": (request, propose, approve, disburse), "cancelled": (cancel,),
    "reversed": (request, propose, approve, disburse, reverse),
}  # fmt: skip


@dataclass(frozen=True)
class To:
    """The status after the verb, and what the agreement and the account then stand at; 100.00 of 1,000.00 at first."""

    status: TrancheStatus
    free: str = "900.00"
    committed: str = "100.00"
    disbursed: str = "0.00"
    published: str | None = None


REQUESTED, APPROVED = TrancheStatus.REQUESTED, TrancheStatus.APPROVED
FREED = To(TrancheStatus.CANCELLED, "1000.00", "0.00", published="support.tranche-cancelled.v1")
ASKED = To(REQUESTED, published="grants.tranche-requested.v1")

TABLE: dict[str, dict[str, Any]] = {
    "planned": {"request": ASKED, "propose": TrancheNotRequested, "approve": TrancheNotRequested,
                "disburse": TrancheNotApproved, "reverse": TrancheNotDisbursed, "cancel": FREED,
                "replace": TrancheNotReversed},
    "requested": {"request": ASKED, "propose": To(REQUESTED), "approve": TrancheNotProposed,
                  "disburse": TrancheNotApproved, "reverse": TrancheNotDisbursed, "cancel": FREED,
                  "replace": TrancheNotReversed},
    "proposed": {"request": ASKED, "propose": ProposedAlready,
                 "approve": To(APPROVED, published="grants.tranche-approved.v1"), "disburse": TrancheNotApproved,
                 "reverse": TrancheNotDisbursed, "cancel": FREED, "replace": TrancheNotReversed},
    "approved": {"request": TrancheNotPlanned, "propose": TrancheNotRequested, "approve": TrancheNotRequested,
                 "disburse": To(TrancheStatus.DISBURSED, "900.00", "0.00", "100.00", "support.tranche-disbursed.v1"),
                 "reverse": TrancheNotDisbursed, "cancel": FREED, "replace": TrancheNotReversed},
    "disbursed": {"request": TrancheNotPlanned, "propose": TrancheNotRequested, "approve": TrancheNotRequested,
                  "disburse": TrancheNotApproved,
                  "reverse": To(TrancheStatus.REVERSED, "1000.00", "0.00", published="support.tranche-reversed.v1"),
                  "cancel": TrancheNotCancellable, "replace": TrancheNotReversed},
    "cancelled": {"request": TrancheNotPlanned, "propose": TrancheNotRequested, "approve": TrancheNotRequested,
                  "disburse": TrancheNotApproved, "reverse": TrancheNotDisbursed, "cancel": TrancheNotCancellable,
                  "replace": TrancheNotReversed},
    "reversed": {"request": TrancheNotPlanned, "propose": TrancheNotRequested, "approve": TrancheNotRequested,
                 "disburse": TrancheNotApproved, "reverse": TrancheNotDisbursed, "cancel": TrancheNotCancellable,
                 "replace": To(TrancheStatus.PLANNED)},
}  # fmt: skip

CELLS = [(state, verb) for state in PATHS for verb in VERBS]


@pytest.mark.parametrize(("state", "verb"), CELLS, ids=[f"{state}-{verb}" for state, verb in CELLS])
async def test_every_cell_is_a_transition_or_a_named_refusal(funding: Funding, state: str, verb: str) -> None:
    agreement = await funding.signed()
    tranche = (await funding.tranches(agreement))[0]
    for step in PATHS[state]:
        tranche = await step(funding, tranche)
    before = tranche.model_dump(), await funding.events(), await funding.standing()
    expected = TABLE[state][verb]
    if isinstance(expected, type) and issubclass(expected, Refusal):
        with pytest.raises(expected):
            await VERBS[verb](funding, tranche)
        now = (await funding.tranches(agreement))[0]
        assert (now.model_dump(), await funding.events(), await funding.standing()) == before
        return
    after = await VERBS[verb](funding, tranche)
    free, own = (await funding.standing()).free, await funding.standing(agreement)
    assert (after.status, free) == (expected.status, Decimal(expected.free))
    assert (own.committed, own.disbursed) == (Decimal(expected.committed), Decimal(expected.disbursed))
    assert (await funding.events())[len(before[1]) :] == ([expected.published] if expected.published else [])


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "reverse"])
async def test_nothing_but_a_reversal_is_done_under_an_agreement_that_has_ended(funding: Funding, verb: str) -> None:
    agreement = await funding.signed()
    tranche = (await funding.tranches(agreement))[0]
    await funding.terminated(agreement, at=SIGNED)
    tranche = (await funding.tranches(agreement))[0]
    with pytest.raises(AgreementNotSigned):
        await VERBS[verb](funding, tranche)
