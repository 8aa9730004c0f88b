"""Not one year, not one tranche: all years' claims together never come to more than what was paid."""

from decimal import Decimal

import asyncpg
import pytest

from tests.journeys.agreed import Agreed, Institute, account_of, agreed
from tests.journeys.invariants import nothing_is_left_undone, principals_exceeding_what_was_paid, query
from tirek_local.stories.acts import agreements, monitoring, recovery
from tirek_local.stories.stage import Stage

pytestmark = pytest.mark.timeout(300)

HALF, SIX_TENTHS, EIGHT_TENTHS, NOTHING = "200000000", "240000000", "320000000", "0"


class Course:
    """The agreement in its course: reports, claims, payments, and the bound looked at after each step."""

    def __init__(self, stage: Stage, agreement: Agreed) -> None:
        self.stage, self.agreement, self.officer = stage, agreement, agreement.institute.officer
        self.reports: dict[int, str] = {}

    def report(self, year: int, achieved: str) -> None:
        """Report a year, or correct its report."""
        applicant = self.agreement.applicant
        if year in self.reports:
            monitoring.correct(self.stage, applicant, self.reports[year], achieved, f"{year}: {achieved}")
        else:
            obligation = self.agreement.obligations[year]
            told = monitoring.report(self.stage, applicant, obligation, achieved, f"report of {year}")
            self.reports[year] = told["report_id"]

    def claim(self, year: int, fulfilment: str, principal: str) -> str:
        """Wait for the claim of a year to come to this; answers its id."""
        wanted = {"fulfilment": fulfilment, "principal": principal}
        found = recovery.claim_where(self.stage, self.officer, self.agreement.agreement_id, year, **wanted)
        self.within_what_was_paid()
        return str(found["id"])

    def settle(self, claim_id: str, reference: str) -> Decimal:
        """Pay today what is left of a claim; answers how much that was."""
        left = recovery.quote(self.stage, self.officer, claim_id, self.stage.today.isoformat())["outstanding"]["total"]
        recovery.repay(self.stage, self.officer, claim_id, left, reference)
        claim = self.stage.obligations.get(self.officer, f"/v1/claims/{claim_id}")
        assert (claim["status"], claim["outstanding"], claim["overpaid"]) == ("settled", "0.00", "0.00")
        return Decimal(left)

    def free_of_holds(self) -> None:
        """Wait until grants has lifted every hold."""
        self.stage.seen("the hold", lambda: self.dossier()["on_hold"], wanted=False)

    def dossier(self) -> dict[str, object]:
        """The agreement as grants shows it."""
        found: dict[str, object] = agreements.dossier(self.stage, self.officer, self.agreement.agreement_id)
        return found

    def principals(self) -> Decimal:
        """The principals of all years' claims together."""
        claims = recovery.claims(self.stage, self.officer, self.agreement.agreement_id)
        return sum((Decimal(claim["principal"]) for claim in claims), Decimal(0))

    def paid(self) -> Decimal:
        """What was paid and not reversed, as grants has it."""
        tranches = self.stage.grants.items(self.officer, "/v1/tranches", agreement_id=self.agreement.agreement_id)
        return sum((Decimal(each["amount"]) for each in tranches if each["status"] == "disbursed"), Decimal(0))

    def within_what_was_paid(self) -> None:
        """The bound."""
        assert self.principals() <= self.paid()
        assert principals_exceeding_what_was_paid(self.stage) == []


@pytest.fixture(scope="module")
def course(stage: Stage) -> Course:
    """30 million each on three days, three reporting years of equal weight."""
    stage.on("2022-11-07")
    account = account_of(stage, Institute(), "200000000.00")
    stage.on("2022-12-01")
    days = [("30000000.00", "2023-02-01"), ("30000000.00", "2024-04-15"), ("30000000.00", "2024-09-02")]
    agreement = agreed(stage, account, "170240000029", days, [2023, 2024, 2025], amount="90000000.00")
    return Course(stage, agreement)


def test_the_claims_of_three_years_never_exceed_what_was_paid(stage: Stage, course: Course) -> None:
    _the_first_year_is_claimed_and_paid(stage, course)
    _the_second_tranche_is_paid_after_the_first_claim(stage, course)
    _the_paid_claim_shrinks_and_is_refunded(stage, course)
    _the_third_tranche_is_reversed_after_its_claim(stage, course)
    _nothing_of_all_three_years_brings_back_exactly_what_was_paid(stage, course)
    _the_database_itself_keeps_the_bound(stage, course)
    nothing_is_left_undone(stage)


def _the_first_year_is_claimed_and_paid(stage: Stage, course: Course) -> None:
    stage.on("2023-02-01")
    course.agreement.pay(stage, 1, "OUT-1")
    stage.on("2024-02-05")
    course.report(2023, HALF)
    claim = course.claim(2023, "0.50", "5000000.00")  # a third of the first tranche, half of it
    stage.on("2024-02-20")
    course.settle(claim, "IN-1")
    course.free_of_holds()


def _the_second_tranche_is_paid_after_the_first_claim(stage: Stage, course: Course) -> None:
    stage.on("2024-04-15")
    course.agreement.pay(stage, 2, "OUT-2")
    stage.on("2024-04-16")
    course.claim(2023, "0.50", "5000000.00")  # a year that had ended before stands for nothing of it
    stage.on("2024-09-02")
    course.agreement.pay(stage, 3, "OUT-3")
    assert course.paid() == Decimal("90000000.00")


def _the_paid_claim_shrinks_and_is_refunded(stage: Stage, course: Course) -> None:
    stage.on("2024-10-01")
    course.report(2023, EIGHT_TENTHS)
    claim_id = course.claim(2023, "0.80", "2000000.00")
    path = f"/v1/claims/{claim_id}"
    before = stage.obligations.get(course.officer, path)
    assert before["status"] == "settled"
    paid = sum(Decimal(each["amount"]) for each in stage.obligations.items(course.officer, f"{path}/repayments"))
    assert Decimal(before["overpaid"]) == paid - Decimal(before["total"]) > Decimal("3000000.00")
    refund = recovery.refund(stage, course.officer, course.agreement.institute.approver, claim_id, "OUT-R1")
    assert (refund["status"], refund["amount"]) == ("paid", before["overpaid"])
    after = stage.obligations.get(course.officer, path)
    assert (after["status"], after["overpaid"], after["outstanding"]) == ("settled", "0.00", "0.00")
    returned = paid - Decimal(refund["amount"])
    stage.seen("what the account got back", lambda: Decimal(course.dossier()["money"]["returned"]), returned)  # type: ignore[index]


def _the_third_tranche_is_reversed_after_its_claim(stage: Stage, course: Course) -> None:
    stage.on("2025-02-05")
    course.report(2024, SIX_TENTHS)
    course.claim(2024, "0.60", "16000000.00")  # of 10 + 15 + 15 million, four tenths
    stage.on("2025-03-03")
    agreements.reverse(stage, course.officer, course.agreement.tranche_ids[2], "BACK-3")
    claim_id = course.claim(2024, "0.60", "10000000.00")
    assert course.paid() == Decimal("60000000.00")
    stage.on("2025-03-10")
    course.settle(claim_id, "IN-2")
    course.free_of_holds()


def _nothing_of_all_three_years_brings_back_exactly_what_was_paid(stage: Stage, course: Course) -> None:
    stage.on("2026-02-17")
    course.claim(2025, "0.00", "25000000.00")  # no report by its day: a scheduled job counts nothing
    stage.on("2026-03-02")
    course.report(2024, NOTHING)
    course.claim(2024, "0.00", "25000000.00")
    course.report(2023, NOTHING)
    course.claim(2023, "0.00", "10000000.00")
    assert course.principals() == course.paid() == Decimal("60000000.00")


GROW = """
with next as (
    update claim set number = number + 1, principal = principal + 0.01, total = total + 0.01
    where agreement_id = $1 and reporting_year = 2025 returning id, number)
insert into claim_version
select v.claim_id, v.number + 1, v.known_from, v.as_of, v.fulfilment, v.principal + 0.01, v.interest, v.total + 0.01,
       v.outstanding, v.overpaid, v.facts, v.facts_digest, v.rates_used, v.rates_under, v.sheet, v.refusal,
       v.refusal_slug, v.trigger, v.trigger_event_id
from claim_version v join next on next.id = v.claim_id and next.number = v.number + 1
"""
SHRINK = "update disbursement set amount = amount - 0.01 where agreement_id = $1 and number = 1"
UNPAY = "delete from disbursement where agreement_id = $1 and number = 1"


def _the_database_itself_keeps_the_bound(stage: Stage, course: Course) -> None:
    for statement in (GROW, SHRINK, UNPAY):
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            query(stage, "obligations", statement, course.agreement.agreement_id)
        assert refused.value.constraint_name == "recovery_principals_within_paid"
    course.within_what_was_paid()
