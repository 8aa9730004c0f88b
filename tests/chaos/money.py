"""What must always hold of the money: the ledger, the claims, who signed, what holds, and both services' view of it."""

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.model import Agreement
from obligations.claims.facts import ClaimFacts
from obligations.claims.gathering import gather
from obligations.rates.queries import KnownRates, rates_known_at
from tests.chaos.evidence import Evidence, Rows
from tests.chaos.invariants import Invariant
from tests.conformance import oracle


async def i1_every_entry_balances(evidence: Evidence) -> Rows:
    """The postings of an entry sum to zero and move its amount; all postings together sum to zero."""
    entries = await evidence.of(
        "grants",
        "select e.id, sum(p.amount), e.amount from ledger_entry e left join ledger_posting p on p.entry_id = e.id"
        " group by e.id, e.amount having coalesce(sum(p.amount), 1) <> 0"
        " or sum(p.amount) filter (where p.amount > 0) <> e.amount",
    )
    homeless = await evidence.of(
        "grants",
        "select entry_id, 'no entry' from ledger_posting p"
        " where not exists (select from ledger_entry e where e.id = p.entry_id)",
    )
    return (
        entries
        + homeless
        + await evidence.of("grants", "select 'all', sum(amount) from ledger_posting having sum(amount) <> 0")
    )


async def i2_balances_are_the_sums_of_postings(evidence: Evidence) -> Rows:
    """The running balances are the sums of the postings, and no side is on the wrong side of zero."""
    return await evidence.of(
        "grants",
        "with summed as (select e.account_id, p.side, case when p.side in ('committed', 'disbursed', 'returned')"
        " then e.agreement_id else e.account_id end holder_id, sum(p.amount) amount"
        " from ledger_posting p join ledger_entry e on e.id = p.entry_id group by 1, 2, 3)"
        " select account_id, side, holder_id, b.amount, s.amount from ledger_balance b"
        " full join summed s using (account_id, side, holder_id)"
        " where b.amount is distinct from s.amount"
        " or (side in ('free', 'committed', 'disbursed') and b.amount < 0)"
        " or (side in ('budget', 'uncovered', 'returned') and b.amount > 0)",
    )


async def i2_an_agreement_has_what_its_tranches_say(evidence: Evidence) -> Rows:
    """Committed is what may still be paid, disbursed what was; both together at most what was agreed."""
    return await evidence.of(
        "grants",
        "with held as (select holder_id, coalesce(sum(amount) filter (where side = 'committed'), 0) committed,"
        " coalesce(sum(amount) filter (where side = 'disbursed'), 0) disbursed from ledger_balance group by 1),"
        " told as (select agreement_id, coalesce(sum(amount) filter"
        " (where status in ('planned', 'requested', 'approved')), 0) committed,"
        " coalesce(sum(amount) filter (where status = 'disbursed'), 0) disbursed from tranche group by 1)"
        " select a.id, a.amount, h.committed, t.committed, h.disbursed, t.disbursed from agreement a"
        " join told t on t.agreement_id = a.id left join held h on h.holder_id = a.id"
        " where a.status = 'signed' and ((coalesce(h.committed, 0), coalesce(h.disbursed, 0))"
        " <> (t.committed, t.disbursed) or t.committed + t.disbursed > a.amount)",
    )


async def i2_what_came_back_is_in_the_account(evidence: Evidence) -> Rows:
    """What obligations was paid on a claim, less refunds, is in the ledger of grants, or kept apart there."""
    entered = await evidence.of(
        "grants",
        "select claim_id, kind, bank_reference, amount, effective_on from ledger_entry"
        " where kind in ('return', 'refund') union all"
        " select claim_id, kind, bank_reference, amount, effective_on from payment_conflict where resolved_at is null",
    )
    told = await evidence.of(
        "obligations",
        "select claim_id, 'return', bank_reference, amount, received_on from repayment union all"
        " select claim_id, 'refund', bank_reference, amount, paid_on from refund where status = 'paid'",
    )
    return differences(entered, told, "only in the ledger", "only in the claims")


async def i3_both_services_know_the_same_payments(evidence: Evidence) -> Rows:
    """The payments under the claims are the tranches that grants has paid and reversed."""
    columns = "agreement_id, amount, disbursed_on, reversed_on"
    paid = await evidence.of("grants", f"select id, {columns} from tranche where status in ('disbursed', 'reversed')")
    known = await evidence.of("obligations", f"select tranche_id, {columns} from disbursement")
    return differences(paid, known, "only in grants", "only in obligations")


async def i3_a_claim_balances(evidence: Evidence) -> Rows:
    """Principal and interest less what was repaid is what is outstanding; the claim stands at its last version."""
    balance = await evidence.of(
        "obligations",
        "select c.id, c.total, c.outstanding, c.overpaid, coalesce(r.kept, 0) from claim c left join"
        " (select claim_id, sum(amount - refunded) kept from repayment group by 1) r on r.claim_id = c.id"
        " where c.total is not null and (c.total <> c.principal + c.interest"
        " or c.outstanding - c.overpaid <> c.total - coalesce(r.kept, 0))",
    )
    refunds = await evidence.of(
        "obligations",
        "select claim_id, r.refunded, f.paid from (select claim_id, sum(refunded) refunded from repayment group by 1) r"
        " full join (select claim_id, sum(amount) paid from refund where status = 'paid' group by 1) f using (claim_id)"
        " where coalesce(r.refunded, 0) <> coalesce(f.paid, 0)",
    )
    versions = await evidence.of(
        "obligations",
        "select c.id, c.number, count(*), max(v.number) from claim c join claim_version v on v.claim_id = c.id"
        " group by c.id, c.number having count(*) <> c.number or max(v.number) <> c.number",
    )
    figures = ("fulfilment", "principal", "interest", "total", "outstanding", "overpaid", "as_of")
    current = await evidence.of(
        "obligations",
        "select c.id from claim c join claim_version v on v.claim_id = c.id and v.number = c.number"
        f" where ({', '.join(f'c.{name}' for name in figures)})"
        f" is distinct from ({', '.join(f'v.{name}' for name in figures)})",
    )
    return balance + refunds + versions + current


async def i3_the_principals_stay_within_what_was_paid(evidence: Evidence) -> Rows:
    """All years' principals of an agreement together are at most what was paid and not reversed."""
    return await evidence.of(
        "obligations",
        "select c.agreement_id, sum(c.principal) from claim c group by 1 having sum(c.principal) >"
        " (select coalesce(sum(d.amount), 0) from disbursement d"
        " where d.agreement_id = c.agreement_id and d.reversed_on is null)",
    )


async def i3_a_claim_follows_from_the_facts(evidence: Evidence) -> Rows:
    """The facts as recorded now are those of the current version, and the oracle comes to its figures, to the tiyn."""
    broken: Rows = []
    async with AsyncSession(bind=evidence.databases["obligations"]) as session:
        rates = await rates_known_at(session)
        for row in await evidence.of(
            "obligations",
            "select c.agreement_id, c.reporting_year, v.as_of, v.facts, v.facts_digest, v.principal, v.interest,"
            " v.outstanding, v.overpaid from claim c join claim_version v on v.claim_id = c.id and v.number = c.number",
        ):
            agreement_id, year, as_of, facts, digest, *figures = row
            agreement = await session.get_one(Agreement, agreement_id, populate_existing=True)
            now = await gather(session, agreement, year)
            if now is None or now.digest != digest:
                broken.append((agreement_id, year, "other facts", facts, None if now is None else now.as_json()))
            elif figures[0] is not None:
                said = oracle.answer(question(ClaimFacts.model_validate(facts), as_of.isoformat(), rates))
                wanted = [said.get(name) for name in ("principal", "interest")]
                wanted += [said.get("outstanding", {}).get("total"), said.get("overpaid")]
                if wanted != [f"{figure:.2f}" for figure in figures]:
                    broken.append((agreement_id, year, figures, said))
    return broken


def question(facts: ClaimFacts, as_of: str, rates: KnownRates) -> dict[str, Any]:
    """The case that a claim's facts are, in the oracle's language."""
    tranches = [{"amount": f"{fact.part:.2f}", "on": fact.on.isoformat()} for fact in facts.tranches]
    repayments = [{"amount": f"{fact.kept:.2f}", "on": fact.on.isoformat()} for fact in facts.repayments if fact.kept]
    needed = min((each["on"] for each in repayments), default=as_of)
    if not tranches or needed < min(each["on"] for each in tranches):
        tranches.append({"amount": "0.00", "on": needed})
    return {
        "fulfilment": str(facts.fulfilment),
        "tranches": tranches,
        "repayments": repayments,
        "suspensions": [{"from": s.first.isoformat(), "to": s.last.isoformat()} for s in facts.suspensions],
        "as_of": as_of,
        "rules": facts.rule_set.rules.model_dump(mode="json"),
        "rates": [
            {"effective_from": row.effective_from.isoformat(), "percent": str(row.percent)} for row in rates.rows
        ],
        "known_to": rates.coverage.isoformat(),
    }


async def i8_two_people_stand_behind_a_payment(evidence: Evidence) -> Rows:
    """A payment has one entry of the ledger and two people, who are those of the audit."""
    signed = await evidence.of(
        "grants",
        "select id, proposed_by, approved_by from tranche where status in ('disbursed', 'reversed', 'approved') and"
        " (proposed_by is null or approved_by is null or proposed_by = approved_by"
        " or not exists (select from audit where action = 'POST /v1/tranches/' || tranche.id || '/proposal'"
        " and actor = proposed_by)"
        " or not exists (select from audit where action = 'POST /v1/tranches/' || tranche.id || '/approval'"
        " and actor = approved_by))",
    )
    entered = await evidence.of(
        "grants",
        "select t.id, t.status, e.kind, count(e.id) from tranche t left join ledger_entry e on e.tranche_id = t.id"
        " and e.kind in ('disbursement', 'reversal') and e.amount = t.amount and e.bank_reference = case e.kind"
        " when 'disbursement' then t.bank_reference else t.reversal_reference end group by t.id, t.status, e.kind"
        " having (t.status = 'disbursed' and (e.kind is distinct from 'disbursement' or count(e.id) <> 1))"
        " or (t.status = 'reversed' and count(e.id) <> 1) or (t.status not in ('disbursed', 'reversed')"
        " and count(e.id) > 0)",
    )
    decided = [
        row
        for table, states in (("demand", "'approved'"), ("refund", "'approved', 'paid'"))
        for row in await evidence.of(
            "obligations",
            f"select '{table}', id, proposed_by, approved_by from {table}"
            f" where status in ({states}) and (approved_by is null or approved_by = proposed_by)",
        )
    ]
    return signed + entered + decided


async def i8_a_bank_reference_stands_for_one_payment(evidence: Evidence) -> Rows:
    """No two payments in or out of an account under one reference of the bank."""
    entries = await evidence.of(
        "grants",
        "select account_id, payment_key(bank_reference), count(*) from ledger_entry where bank_reference is not null"
        " group by 1, 2 having count(*) > 1",
    )
    told = await evidence.of("obligations", "select bank_reference, payment_id from bank_payment")
    kept = await evidence.of(
        "obligations",
        "select bank_reference, id from repayment union all"
        " select bank_reference, id from refund where status = 'paid'",
    )
    return entries + differences(told, kept, "no payment", "not in the list")


async def holds_are_the_open_causes(evidence: Evidence) -> Rows:
    """Grants holds what obligations holds open: breaches whose year's claim is neither settled nor cancelled."""
    held = await evidence.of("grants", "select agreement_id, cause_id, reporting_year from hold_cause where is_open")
    open_ = await evidence.of(
        "obligations",
        "select o.agreement_id, o.id, o.reporting_year from obligation o where o.status = 'breached' and not exists"
        " (select from claim c where c.agreement_id = o.agreement_id and c.reporting_year = o.reporting_year"
        " and c.status in ('settled', 'cancelled'))",
    )
    return differences(held, open_, "held without a cause", "open without a hold")


async def known_obligations_are_the_obligations(evidence: Evidence) -> Rows:
    """What grants knows of how an obligation was decided is how it was decided."""
    decided = "status in ('fulfilled', 'breached', 'excused', 'cancelled')"
    known = await evidence.of("grants", "select obligation_id, agreement_id, status from known_obligation")
    told = await evidence.of("obligations", f"select id, agreement_id, status from obligation where {decided}")
    return differences([row for row in told if row not in known], [], "not known as decided", "")


def differences(left: Rows, right: Rows, only_left: str, only_right: str) -> Rows:
    """Rows that stand on one side only, or more often there."""
    rest: list[Any] = list(right)
    broken: Rows = []
    for row in left:
        if row in rest:
            rest.remove(row)
        else:
            broken.append((only_left, *row))
    return broken + [(only_right, *row) for row in rest]


OF_MONEY: tuple[Invariant, ...] = (
    i1_every_entry_balances,
    i2_balances_are_the_sums_of_postings,
    i2_an_agreement_has_what_its_tranches_say,
    i2_what_came_back_is_in_the_account,
    i3_both_services_know_the_same_payments,
    i3_a_claim_balances,
    i3_the_principals_stay_within_what_was_paid,
    i3_a_claim_follows_from_the_facts,
    i8_two_people_stand_behind_a_payment,
    i8_a_bank_reference_stands_for_one_payment,
    holds_are_the_open_causes,
    known_obligations_are_the_obligations,
)
