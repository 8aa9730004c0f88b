"""Facts of a claim for tests of the pure rules: each builder takes only what matters."""

import csv
from datetime import date
from decimal import Decimal
from importlib.resources import files
from uuid import UUID, uuid5

from obligations.claims.facts import (
    ClaimFacts,
    RepaymentFact,
    RuleSetFact,
    SuspensionFact,
    TrancheFact,
)
from obligations.repayment import RateRow, RateTimeline, RepaymentRules

NAMES = UUID("00000000-0000-5000-8000-000000000000")


def named(name: str) -> UUID:
    return uuid5(NAMES, name)


def day(text: str) -> date:
    return date.fromisoformat(text)


def the_rates(known_to: str = "2026-10-26", **corrected: str) -> RateTimeline:
    """The register's rates; `corrected` gives other percentages by day, `d2025_03_11="16.00"`."""
    content = files("obligations.rates").joinpath("base-rates.csv").read_text(encoding="utf-8")
    rows = [
        RateRow(
            day(row["effective_from"]),
            Decimal(corrected.get("d" + row["effective_from"].replace("-", "_"), row["value"])),
            False,
            row["source"],
        )
        for row in csv.DictReader(content.splitlines())
    ]
    return RateTimeline.of(rows, known_to=day(known_to))


def a_tranche(
    amount: str = "100000000.00", on: str = "2025-02-03", part: str | None = None, number: int = 1
) -> TrancheFact:
    return TrancheFact(
        tranche_id=named(f"tranche {number}"),
        number=number,
        amount=Decimal(amount),
        part=Decimal(part or amount),
        on=day(on),
    )


def a_repayment(amount: str, on: str, refunded: str = "0.00", number: int = 1) -> RepaymentFact:
    return RepaymentFact(
        repayment_id=named(f"repayment {number}"), amount=Decimal(amount), refunded=Decimal(refunded), on=day(on)
    )


def a_suspension(first: str, last: str) -> SuspensionFact:
    return SuspensionFact(suspension_id=named(f"{first}/{last}"), first=day(first), last=day(last))


def facts(
    fulfilment: str = "0.70",
    *,
    tranches: tuple[TrancheFact, ...] | None = None,
    repayments: tuple[RepaymentFact, ...] = (),
    suspensions: tuple[SuspensionFact, ...] = (),
    rules: RepaymentRules | None = None,
    confirmed: tuple[str, ...] = (),
) -> ClaimFacts:
    return ClaimFacts(
        fulfilment=Decimal(fulfilment),
        evaluations=(),
        tranches=(a_tranche(),) if tranches is None else tranches,
        reversed_tranches=(),
        repayments=repayments,
        suspensions=suspensions,
        rule_set=RuleSetFact(
            name="default",
            content_hash="hash",
            rules=rules or RepaymentRules(),
            materiality=Decimal("0.00"),
            confirmed=confirmed,
        ),
    )
