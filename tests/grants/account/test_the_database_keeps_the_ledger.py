"""What the database itself refuses, whoever writes: each attempt goes around the service with plain SQL."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.identity import new_id
from tests.grants.funding import Funding
from tests.shared.references import ANOTHER, OTHERWISE_TYPED, TYPED

ENTRY = """
insert into ledger_entry (id, account_id, number, kind, amount, effective_on, fiscal_year, agreement_id, tranche_id,
                          bank_reference, rests_on, rests_on_id, rests_on_sequence, recorded_at, recorded_by)
values (:id, :account, :number, :kind, :amount, '2025-02-03', 2025, :agreement, :tranche, :reference, 'by hand',
        :account, 1, now(), 'somebody')
"""
POSTING = """
insert into ledger_posting (entry_id, line, kind, side, fiscal_year, amount)
values (:id, :line, :kind, :side, 2025, :amount)
"""


async def by_hand(
    funding: Funding,
    kind: str,
    amount: str,
    lines: list[tuple[str, str]],
    agreement: UUID | None = None,
    tranche: UUID | None = None,
    reference: str | None = None,
    number: int = 900,
) -> None:
    """Write an entry with its lines directly."""
    id_ = new_id()
    entry = {"id": id_, "account": funding.account_id, "kind": kind, "amount": amount, "agreement": agreement,
             "tranche": tranche, "reference": reference, "number": number}  # fmt: skip
    sql = ENTRY.replace(":amount", f"{amount}::numeric")
    async with funding.database.engine.begin() as connection:
        await connection.execute(text(sql), entry)
        for line, (side, value) in enumerate(lines, start=1):
            sql = POSTING.replace(":amount", f"{value}::numeric")
            await connection.execute(text(sql), {"id": id_, "line": line, "kind": kind, "side": side})


async def test_an_entry_that_does_not_balance_is_refused(funding: Funding) -> None:
    with pytest.raises(DBAPIError, match="is not balanced"):
        await by_hand(funding, "allocation", "10.00", [("budget", "-10.00"), ("free", "9.99")], reference="X")


async def test_an_entry_without_lines_is_refused(funding: Funding) -> None:
    with pytest.raises(DBAPIError, match="is not balanced"):
        await by_hand(funding, "allocation", "10.00", [], reference="X")


async def test_an_entry_whose_amount_is_not_what_moves_is_refused(funding: Funding) -> None:
    with pytest.raises(DBAPIError, match="is not balanced"):
        await by_hand(funding, "allocation", "10.00", [("budget", "-9.00"), ("free", "9.00")], reference="X")


async def test_free_money_never_goes_below_zero(funding: Funding) -> None:
    agreement = await funding.signed()
    with pytest.raises(DBAPIError, match="ck_ledger_balance_not_negative"):
        await by_hand(
            funding, "commitment", "900.01", [("free", "-900.01"), ("committed", "900.01")], agreement=agreement.id
        )


async def test_more_than_was_agreed_cannot_be_committed(funding: Funding) -> None:
    agreement = await funding.signed()
    with pytest.raises(DBAPIError, match=r"200\.00 committed and paid, 100\.00 agreed"):
        await by_hand(
            funding, "commitment", "100.00", [("free", "-100.00"), ("committed", "100.00")], agreement=agreement.id
        )


async def test_more_than_is_committed_cannot_be_paid(funding: Funding) -> None:
    agreement = await funding.signed()
    tranche = (await funding.tranches(agreement))[0]
    with pytest.raises(DBAPIError, match="ck_ledger_balance_not_negative"):
        await by_hand(
            funding, "disbursement", "100.01", [("committed", "-100.01"), ("disbursed", "100.01")],
            agreement=agreement.id, tranche=tranche.id, reference="X",
        )  # fmt: skip


async def test_money_is_paid_out_of_a_commitment_only(funding: Funding) -> None:
    agreement = await funding.signed()
    tranche = (await funding.tranches(agreement))[0]
    with pytest.raises(DBAPIError, match="ck_ledger_posting_shape_of_kind"):
        await by_hand(
            funding, "disbursement", "100.00", [("free", "-100.00"), ("disbursed", "100.00")],
            agreement=agreement.id, tranche=tranche.id, reference="X",
        )  # fmt: skip


async def test_a_payment_in_the_ledger_alone_is_refused(funding: Funding) -> None:
    agreement = await funding.signed()
    tranche = (await funding.tranches(agreement))[0]
    with pytest.raises(DBAPIError, match="the ledger says otherwise"):
        await funding.sql(
            """update tranche set status = 'disbursed', disbursed_on = '2025-02-03', bank_reference = 'X',
               proposed_by = 'a', approved_by = 'b' where id = :id""",
            id=tranche.id,
        )


async def test_a_paid_tranche_cannot_be_made_unpaid(funding: Funding) -> None:
    agreement = await funding.signed()
    tranche = await funding.disbursed((await funding.tranches(agreement))[0].id)
    with pytest.raises(DBAPIError, match="the ledger says otherwise"):
        await funding.sql(
            "update tranche set status = 'approved', disbursed_on = null, bank_reference = null,"
            " due_on = disbursed_on, due_calendar = '{}', due_term = '{}' where id = :id",
            id=tranche.id,
        )


async def test_who_proposed_cannot_be_written_as_the_approver(funding: Funding) -> None:
    agreement = await funding.signed()
    with pytest.raises(DBAPIError, match="ck_tranche_approved_by_another"):
        await funding.sql(
            "update tranche set proposed_by = 'a', approved_by = 'a' where agreement_id = :id", id=agreement.id
        )


async def test_a_bank_reference_is_unique_in_the_account(funding: Funding) -> None:
    with pytest.raises(DBAPIError, match="uq_ledger_entry_account_id_bank_reference"):
        await by_hand(funding, "allocation", "10.00", [("budget", "-10.00"), ("free", "10.00")], reference="BANK-1")


@pytest.mark.parametrize("same", OTHERWISE_TYPED)
async def test_a_bank_reference_typed_otherwise_is_the_same(funding: Funding, same: str) -> None:
    lines = [("budget", "-10.00"), ("free", "10.00")]
    await by_hand(funding, "allocation", "10.00", lines, reference=TYPED)
    with pytest.raises(DBAPIError, match="uq_ledger_entry_account_id_bank_reference"):
        await by_hand(funding, "allocation", "10.00", lines, reference=same, number=901)


async def test_dashes_that_stand_elsewhere_make_another_reference(funding: Funding) -> None:
    keys = await funding.sql(
        "select payment_key(each) from unnest(cast(:typed as text[])) each", typed=[TYPED, *ANOTHER]
    )
    assert len({key for (key,) in keys}) == 1 + len(ANOTHER)


async def test_a_payment_bears_a_reference(funding: Funding) -> None:
    with pytest.raises(DBAPIError, match="ck_ledger_entry_payment_has_reference"):
        await by_hand(funding, "allocation", "10.00", [("budget", "-10.00"), ("free", "10.00")])


async def test_a_tranche_is_paid_once(funding: Funding) -> None:
    agreement = await funding.signed()
    tranche = await funding.disbursed((await funding.tranches(agreement))[0].id)
    with pytest.raises(DBAPIError, match="uq_ledger_entry_one_disbursement"):
        await by_hand(
            funding, "disbursement", "100.00", [("committed", "-100.00"), ("disbursed", "100.00")],
            agreement=agreement.id, tranche=tranche.id, reference="X",
        )  # fmt: skip


async def test_a_closed_entry_takes_no_more_postings(funding: Funding) -> None:
    with pytest.raises(DBAPIError, match="is closed"):
        await funding.sql(
            """insert into ledger_posting (entry_id, line, kind, side, fiscal_year, amount)
               select id, 7, kind, 'free', 2025, 1 from ledger_entry"""
        )


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entry set amount = 1",
        "delete from ledger_posting",
        "update ledger_posting set amount = amount * 2",
        "truncate ledger_posting",
        "truncate ledger_entry cascade",
        "update ledger_balance set amount = amount + 1 where side = 'free'",
        "delete from ledger_balance",
        "truncate ledger_balance",
        "insert into ledger_balance select account_id, side, gen_random_uuid(), 5 from ledger_balance",
    ],
)
async def test_what_is_written_stays_written(funding: Funding, statement: str) -> None:
    before = await funding.standing()
    with pytest.raises(DBAPIError, match=r"kept as they are|follow from postings"):
        await funding.sql(statement)
    assert await funding.standing() == before
