"""A seeded sweep over all parameters, engine against oracle, and the report of what it has covered.

`python -m tests.conformance.sweep [cases]` prints the report.
"""

import sys
from collections import Counter
from itertools import combinations
from typing import Any

from tests.conformance import engine, oracle
from tests.conformance.cases import Seeded, a_case, a_tie
from tests.conformance.coverage import (
    DEFECTS,
    REFUSALS,
    ROUNDINGS,
    UNDEFINED_PAIRS,
    Pair,
    Value,
    all_pairs,
    all_values,
    values_of,
)
from tests.conformance.definitions import rules_of

SEED = 862704
CASES = 2400


class Report:
    """How many cases there were of each kind."""

    def __init__(self) -> None:
        self.calculated = 0
        self.values: Counter[Value] = Counter()
        self.pairs: Counter[Pair] = Counter()
        self.undefined_pairs: Counter[Pair] = Counter()
        self.refusals: Counter[str] = Counter()
        self.ties: Counter[tuple[str, ...]] = Counter()
        self.differing: list[dict[str, Any]] = []

    def count(self, case: dict[str, Any], expected: dict[str, Any]) -> None:
        values = values_of(case)
        pairs = list(combinations(values, 2))
        if "refused" in expected:
            self.refusals[expected["refused"]] += 1
            self.undefined_pairs.update(pair for pair in pairs if pair in UNDEFINED_PAIRS)
            return
        self.calculated += 1
        self.values.update(values)
        self.pairs.update(pairs)
        if expected["ties"]:
            rounding = rules_of(case)["rounding"]
            self.ties[rounding["mode"], rounding["scope"], rounding["unit"]] += 1

    def zeros(self) -> list[str]:
        """What no case has covered."""
        missing = [f"value {value}" for value in all_values() if not self.values[value]]
        missing += [f"pair {p}" for p in all_pairs() if p not in UNDEFINED_PAIRS and not self.pairs[p]]
        missing += [f"undefined pair {pair}" for pair in UNDEFINED_PAIRS if not self.undefined_pairs[pair]]
        missing += [f"refusal {name}" for name in REFUSALS if not self.refusals[name]]
        return missing + [f"exact tie under {rounding}" for rounding in ROUNDINGS if not self.ties[rounding]]

    def text(self) -> str:
        lines = [f"{self.calculated} calculated, {self.refusals.total()} refused, {len(self.differing)} differing", ""]
        lines += [f"{self.values[value]:6}  {value[0]} = {value[1]}" for value in all_values()]
        lines += ["", "refusals"] + [f"{self.refusals[name]:6}  {name}" for name in REFUSALS]
        lines += ["", "cases with an exact half tie"] + [
            f"{self.ties[rounding]:6}  {', '.join(rounding)}" for rounding in ROUNDINGS
        ]
        lines += ["", "pairs"]
        for first, second in all_pairs():
            counted = self.undefined_pairs if (first, second) in UNDEFINED_PAIRS else self.pairs
            note = " (refused)" if counted is self.undefined_pairs else ""
            lines.append(f"{counted[first, second]:6}  {first[0]} = {first[1]}, {second[0]} = {second[1]}{note}")
        return "\n".join(lines)


def sweep(cases: int = CASES, seed: int = SEED) -> Report:
    """Ask the engine and the oracle the same seeded cases: one in ten with something wrong, one with an exact tie."""
    draw, report = Seeded(seed), Report()
    for number in range(cases):
        defect = DEFECTS[number // 10 % len(DEFECTS)] if number % 10 == 0 else None
        case = a_tie(draw) if number % 10 == 1 else a_case(draw, defect)
        expected = oracle.answer(case)
        report.count(case, expected)
        if engine.answer(case) != {name: value for name, value in expected.items() if name != "ties"}:
            report.differing.append(case)
    return report


if __name__ == "__main__":
    found = sweep(int(sys.argv[1]) if len(sys.argv) > 1 else CASES)
    sys.stdout.write(found.text() + "\n")
    if found.differing:
        sys.stdout.write(f"first differing: {found.differing[0]}\n")
    sys.exit(1 if found.differing or found.zeros() else 0)
