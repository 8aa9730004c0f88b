"""The engine asked in the oracle's language: the JSON of the calculator in, plain dictionaries out."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from obligations.repayment import (
    Calculation,
    RateRow,
    RateTimeline,
    Repayment,
    RepaymentCase,
    RepaymentRules,
    Suspension,
    Tranche,
    calculate,
)
from shared.refusals import RuleBroken

COMPARED = ("principal", "interest", "total", "paid", "outstanding", "overpaid")


def timeline(case: dict[str, Any]) -> RateTimeline:
    rows = [RateRow(date.fromisoformat(r["effective_from"]), Decimal(r["percent"])) for r in case["rates"]]
    return RateTimeline.of(rows, date.fromisoformat(case["known_to"]) if case.get("known_to") else None)


def case_of(case: dict[str, Any]) -> RepaymentCase:
    return RepaymentCase(
        fulfilment=Decimal(case["fulfilment"]),
        tranches=tuple(Tranche(Decimal(t["amount"]), date.fromisoformat(t["on"])) for t in case["tranches"]),
        as_of=date.fromisoformat(case["as_of"]),
        rates=timeline(case),
        repayments=tuple(
            Repayment(Decimal(r["amount"]), date.fromisoformat(r["on"])) for r in case.get("repayments", [])
        ),
        suspensions=tuple(
            Suspension(date.fromisoformat(s["from"]), date.fromisoformat(s["to"])) for s in case.get("suspensions", [])
        ),
        rules=RepaymentRules.model_validate(case.get("rules", {})),
        period_end=date.fromisoformat(case["period_end"]) if case.get("period_end") else None,
        demanded_on=date.fromisoformat(case["demanded_on"]) if case.get("demanded_on") else None,
    )


def calculation(case: dict[str, Any]) -> Calculation:
    return calculate(case_of(case))


def answer(case: dict[str, Any]) -> dict[str, Any]:
    """What the engine says, in the members that the oracle has; percentages as fractions."""
    try:
        said = calculation(case).as_json()
    except RuleBroken as refusal:
        return {"refused": refusal.slug()}
    segments = said["segments"]
    assert isinstance(segments, list)
    lines = [{k: v for k, v in line.items() if k != "rate_from"} for line in segments]
    for line in lines:
        line["percent"] = Fraction(line["percent"])
    return {**{name: said[name] for name in COMPARED}, "segments": lines}
