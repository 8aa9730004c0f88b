"""Laws of the ledger: for every standing the lines balance, and for every sequence of steps the figures agree."""

import random
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grants.account.ledger import SHAPES, EntryKind, Side, Standing
from grants.account.rules import carry_over_lines, lines_of
from grants.agreements.model import Agreement
from grants.recoveries.reactions import on_refund_paid, on_repayment_received
from grants.tranches import commands as tranches
from grants.tranches.model import Tranche
from grants.tranches.refusals import TrancheNotFound
from shared.contracts.obligations import RefundPaid, RepaymentReceived
from shared.contracts.support import Measure
from shared.identity import new_id
from shared.refusals import Refusal
from tests.grants.funding import PAID, PAID_ON, Funding

money = st.integers(min_value=0, max_value=10**17).map(lambda tiyn: Decimal(tiyn) / 100)
amounts = st.integers(min_value=1, max_value=10**17).map(lambda tiyn: Decimal(tiyn) / 100)
standings = st.builds(Standing, free=money, uncovered=money)
entries = st.sampled_from([kind for kind in EntryKind if kind is not EntryKind.CARRY_OVER])


@given(entries, amounts, standings)
def test_the_lines_of_every_entry_sum_to_zero_and_move_its_amount(
    kind: EntryKind, amount: Decimal, standing: Standing
) -> None:
    lines = lines_of(kind, amount, standing, 2025)
    assert sum(line.amount for line in lines) == 0
    assert sum(line.amount for line in lines if line.amount > 0) == amount
    up, down = SHAPES[kind]
    assert all(line.side in (up if line.amount > 0 else down) for line in lines)


@given(entries, amounts, standings)
def test_money_that_becomes_free_covers_first_what_is_uncovered(
    kind: EntryKind, amount: Decimal, standing: Standing
) -> None:
    lines = {line.side: line.amount for line in lines_of(kind, amount, standing, 2025)}
    uncovered_after = standing.uncovered - lines.get(Side.UNCOVERED, Decimal(0))
    assert uncovered_after >= 0
    if lines.get(Side.FREE, Decimal(0)) > 0:
        assert uncovered_after == 0


@given(st.integers(min_value=-(10**17), max_value=10**17).map(lambda tiyn: Decimal(tiyn) / 100))
def test_a_carry_over_moves_a_balance_from_year_to_year(balance: Decimal) -> None:
    lines = carry_over_lines(balance, 2025)
    assert sum(line.amount for line in lines) == 0
    assert {line.year: line.amount for line in lines} == ({2025: -balance, 2026: balance} if balance else {})


class Random:
    """Takes random steps with the account; a step that a rule refuses changes nothing."""

    def __init__(self, funding: Funding, seed: int) -> None:
        self.funding, self.choice = funding, random.Random(seed)
        self.agreements: list[Agreement] = []
        self.refused = self.done = 0

    async def step(self) -> None:
        steps: list[Callable[[], Awaitable[object]]] = [
            self.allocate, self.sign, self.pay, self.pay, self.cancel, self.reverse, self.replace, self.repay,
            self.refund,
        ]  # fmt: skip
        before = await self.funding.standing()
        try:
            await self.choice.choice(steps)()
            self.done += 1
        except Refusal:
            self.refused += 1
            assert await self.funding.standing() == before

    def amount(self, most: int) -> Decimal:
        return Decimal(self.choice.randint(1, most)) / 100

    async def allocate(self) -> None:
        await self.funding.allocate(self.amount(20_000))

    async def sign(self) -> None:
        amounts = [self.amount(10_000) for _ in range(self.choice.randint(1, 3))]
        self.agreements.append(await self.funding.signed(amounts))

    async def any_tranche(self) -> Tranche:
        if not self.agreements:
            raise TrancheNotFound(id="none")
        return self.choice.choice(await self.funding.tranches(self.choice.choice(self.agreements)))

    async def pay(self) -> None:
        tranche = await self.any_tranche()
        await self.funding.disburse(tranche if tranche.approved_by else await self.funding.approved(tranche.id))

    async def cancel(self) -> None:
        tranche = await self.any_tranche()
        async with self.funding.work(PAID) as session:
            await tranches.cancel_tranche(
                session, self.funding.officer, tranche.id, version=tranche.revision, reason="random", at=PAID
            )

    async def reverse(self) -> None:
        tranche = await self.any_tranche()
        async with self.funding.work(PAID) as session:
            await tranches.reverse_tranche(
                session, self.funding.officer, tranche.id, version=tranche.revision, on=PAID_ON,
                bank_reference=self.funding.reference(), reason="random", at=PAID,
            )  # fmt: skip

    async def replace(self) -> None:
        tranche = await self.any_tranche()
        async with self.funding.work(PAID) as session:
            await tranches.replace_tranche(
                session,
                self.funding.officer,
                tranche.id,
                version=tranche.revision,
                planned_on=date(2025, 6, 1),
                at=PAID,
            )

    async def repay(self) -> None:
        tranche, amount = await self.any_tranche(), self.amount(5_000)
        event = RepaymentReceived(
            occurred_at=PAID, claim_id=new_id(), agreement_id=tranche.agreement_id, measure=Measure.INDUSTRIAL_GRANT,
            recipient_id=tranche.recipient_id, repayment_id=new_id(), amount=amount, to_principal=amount,
            to_interest=Decimal(0), overpaid=Decimal(0), received_on=PAID_ON, bank_reference=self.funding.reference(),
        )  # fmt: skip
        await self.funding.tell(on_repayment_received, event, event.claim_id)

    async def refund(self) -> None:
        tranche = await self.any_tranche()
        event = RefundPaid(
            occurred_at=PAID, claim_id=new_id(), agreement_id=tranche.agreement_id, measure=Measure.INDUSTRIAL_GRANT,
            recipient_id=tranche.recipient_id, refund_id=new_id(), amount=self.amount(30_000), paid_on=PAID_ON,
            bank_reference=self.funding.reference(), proposed_by="a", approved_by="b",
        )  # fmt: skip
        await self.funding.tell(on_refund_paid, event, event.claim_id)


@pytest.mark.parametrize("seed", range(8))
async def test_random_steps_keep_the_figures_in_agreement(empty_funding: Funding, seed: int) -> None:
    steps = Random(empty_funding, seed)
    await empty_funding.allocate(Decimal("400.00"))
    await steps.sign()
    for _ in range(40):
        await steps.step()
        standing = await empty_funding.standing()
        gained = standing.allocated + standing.returned + standing.uncovered
        assert gained == standing.free + standing.committed + standing.disbursed
        assert min(standing.free, standing.committed, standing.disbursed, standing.uncovered) >= 0
    assert steps.done >= 10
    assert await empty_funding.sql("select entry_id from ledger_posting group by 1 having sum(amount) <> 0") == []
    numbers = [row[0] for row in await empty_funding.sql("select number from ledger_entry order by number")]
    assert numbers == list(range(1, len(numbers) + 1))
    by_side = "select side, sum(amount) from {} group by 1 having sum(amount) <> 0 order by 1"
    kept = await empty_funding.sql(by_side.format("ledger_balance"))
    assert kept == await empty_funding.sql(by_side.format("ledger_posting"))
    await every_agreement_is_within_its_amount(empty_funding)


async def every_agreement_is_within_its_amount(funding: Funding) -> None:
    broken = await funding.sql(
        """select a.id from agreement a
           left join ledger_balance b on b.holder_id = a.id and b.side in ('committed', 'disbursed')
           group by a.id, a.amount having coalesce(sum(b.amount), 0) > a.amount"""
    )
    assert broken == []
