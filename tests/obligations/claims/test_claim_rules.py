from decimal import Decimal
from typing import Any

import pytest

from obligations.claims.facts import ClaimFacts
from obligations.claims.rules import Derivation, Told, derive, grown, left_over_of, status_after
from obligations.claims.status import ClaimStatus
from tests.obligations.claims.facts import a_repayment, a_suspension, a_tranche, day, facts, named, the_rates

TODAY = day("2026-06-30")


def derived(*, as_of: str = "2026-06-30", **known: Any) -> Derivation:
    return derive(facts(**known), day(as_of), the_rates())


def test_thirty_million_return_with_interest_to_the_tiyn_in_four_segments() -> None:
    calculation = derived().calculation
    assert calculation is not None
    assert calculation.principal == Decimal("30000000.00")
    assert calculation.interest == Decimal("7209041.10")
    assert [(s.days, s.rate.percent) for s in calculation.segments] == [
        (36, Decimal("15.25")),
        (216, Decimal("16.50")),
        (238, Decimal("18.00")),
        (22, Decimal("17.00")),
    ]


def test_the_last_day_that_can_be_calculated_is_the_day_after_the_coverage() -> None:
    assert derived(as_of="2026-10-27").calculation is not None
    beyond = derived(as_of="2026-10-28")
    assert beyond.calculation is None
    assert beyond.refusal is not None
    assert beyond.refusal.slug() == "rate-unknown"


def test_the_same_facts_give_the_same_digest_and_survive_their_json() -> None:
    known = facts(
        repayments=(a_repayment("1.00", "2026-01-01"),), suspensions=(a_suspension("2025-03-01", "2025-03-02"),)
    )
    again = ClaimFacts.model_validate(known.as_json())
    assert again == known
    assert again.digest == known.digest


def test_that_officers_confirmed_the_rules_is_no_other_fact() -> None:
    assert facts(confirmed=("day_count",)).digest == facts().digest


@pytest.mark.parametrize(
    "other",
    [
        facts("0.80"),
        facts(tranches=(a_tranche("90000000.00"),)),
        facts(repayments=(a_repayment("1.00", "2026-01-01"),)),
        facts(suspensions=(a_suspension("2025-03-01", "2025-03-02"),)),
    ],
)
def test_every_fact_counts_in_the_digest(other: ClaimFacts) -> None:
    assert other.digest != facts().digest


def test_a_year_without_money_owes_nothing() -> None:
    assert derived(tranches=()).nothing_due


def test_what_came_back_before_a_tranche_that_still_counts_is_overpaid() -> None:
    late = a_tranche(on="2025-11-03")
    calculation = derived(tranches=(late,), repayments=(a_repayment("500.00", "2025-05-05"),)).calculation
    assert calculation is not None
    assert calculation.overpaid == Decimal("500.00")
    assert calculation.principal == Decimal("30000000.00")


def test_all_tranches_reversed_leave_the_whole_repayment_overpaid() -> None:
    derivation = derived(tranches=(), repayments=(a_repayment("500.00", "2025-05-05"),))
    assert derivation.nothing_due
    assert derivation.calculation is not None
    assert derivation.calculation.overpaid == Decimal("500.00")


def test_a_refunded_part_counts_as_never_received() -> None:
    with_refund = derived(repayments=(a_repayment("2000000.00", "2026-01-15", refunded="500000.00"),)).calculation
    without = derived(repayments=(a_repayment("1500000.00", "2026-01-15"),)).calculation
    assert with_refund is not None
    assert without is not None
    assert with_refund.as_json() == without.as_json()


def test_what_each_repayment_left_over_is_told_in_the_order_of_days() -> None:
    derivation = derived(
        fulfilment="1.000000",
        repayments=(a_repayment("3.00", "2026-02-02", number=1), a_repayment("5.00", "2026-01-01", number=2)),
    )
    assert list(left_over_of(derivation).items()) == [
        (named("repayment 2"), Decimal("5.00")),
        (named("repayment 1"), Decimal("3.00")),
    ]


PAID = (a_repayment("37209041.10", "2026-06-30"),)

FULL = derived()
PAID_UP = derived(repayments=PAID)
NOTHING = derived(fulfilment="1.000000")
UNKNOWN = derived(as_of="2026-10-28")

STATES_AND_VERSIONS = [
    # status, version, has grown, status after
    ("calculated", FULL, False, "calculated"),
    ("calculated", FULL, True, "calculated"),
    ("calculated", PAID_UP, False, "settled"),
    ("calculated", NOTHING, False, "cancelled"),
    ("calculated", UNKNOWN, False, "calculated"),
    ("notified", FULL, False, "notified"),
    ("notified", FULL, True, "calculated"),
    ("notified", PAID_UP, False, "settled"),
    ("notified", NOTHING, False, "cancelled"),
    ("notified", UNKNOWN, False, "notified"),
    ("demanded", FULL, False, "demanded"),
    ("demanded", FULL, True, "calculated"),
    ("demanded", PAID_UP, False, "settled"),
    ("demanded", NOTHING, False, "cancelled"),
    ("demanded", UNKNOWN, False, "demanded"),
    ("disputed", FULL, False, "disputed"),
    ("disputed", FULL, True, "disputed"),
    ("disputed", PAID_UP, False, "settled"),
    ("disputed", NOTHING, False, "cancelled"),
    ("disputed", UNKNOWN, False, "disputed"),
    ("settled", FULL, False, "calculated"),
    ("settled", FULL, True, "calculated"),
    ("settled", PAID_UP, False, "settled"),
    ("settled", NOTHING, False, "cancelled"),
    ("settled", UNKNOWN, False, "settled"),
    ("cancelled", FULL, False, "calculated"),
    ("cancelled", FULL, True, "calculated"),
    ("cancelled", PAID_UP, False, "settled"),
    ("cancelled", NOTHING, False, "cancelled"),
    ("cancelled", UNKNOWN, False, "cancelled"),
]


@pytest.mark.parametrize(("status", "version", "has_grown", "after"), STATES_AND_VERSIONS)
def test_where_a_claim_stands_after_a_new_version(
    status: str, version: Derivation, has_grown: bool, after: str
) -> None:
    assert status_after(ClaimStatus(status), version, has_grown=has_grown) is ClaimStatus(after)


def test_interest_that_only_ran_on_is_no_growth() -> None:
    then = derived(as_of="2026-03-31").calculation
    assert then is not None
    told = Told(day("2026-03-31"), then.principal, then.interest)
    assert not grown(derived(), told, the_rates())


def test_a_lower_fulfilment_and_a_higher_rate_are_growth() -> None:
    told = Told(TODAY, Decimal("30000000.00"), Decimal("7209041.10"))
    assert grown(derived(fulfilment="0.60"), told, the_rates())
    higher = the_rates(d2025_03_11="17.50")
    assert grown(derive(facts(), TODAY, higher), told, higher)
    assert not grown(derived(fulfilment="0.80"), told, the_rates())
