"""The report: cases, passed and failed for each value, pair, refusal and tie; the laws; the first case that differs."""

import json
from collections import Counter
from collections.abc import Hashable, Iterable
from itertools import combinations
from typing import Any

from tests.conformance.coverage import (
    MALFORMED,
    REFUSALS,
    ROUNDINGS,
    UNDEFINED_PAIRS,
    all_pairs,
    all_values,
    values_of,
)
from tests.conformance.definitions import rules_of
from tests.conformance.kit import Asked, Findings


class Score:
    """How many cases there were of each kind, and how many passed."""

    def __init__(self) -> None:
        self.cases: Counter[Hashable] = Counter()
        self.passed: Counter[Hashable] = Counter()

    def count(self, asked: Asked) -> None:
        """Count a case for all that it covers; a refusal covers its name, and the pair where a pair is refused."""
        kinds = list(kinds_of(asked.case))
        self.cases.update(kinds)
        if asked.passed:
            self.passed.update(kinds)

    def row(self, kind: Hashable, words: str) -> str:
        """One line of the report."""
        cases, passed = self.cases[kind], self.passed[kind]
        return f"{cases:7}{passed:8}{cases - passed:8}   {words}"

    def uncovered(self) -> list[Hashable]:
        """What no case covers."""
        return [kind for kind in every_kind() if not self.cases[kind]]


def kinds_of(case: dict[str, Any]) -> Iterable[Hashable]:
    """What a case covers."""
    if "refused" in case["expect"]:
        yield "refused", case["expect"]["refused"]
        if case["question"]["tranches"]:
            yield from (pair for pair in combinations(values_of(case["question"]), 2) if pair in UNDEFINED_PAIRS)
        return
    values = values_of(case["question"])
    yield from values
    yield from combinations(values, 2)
    if case["ties"]:
        rounding = rules_of(case["question"])["rounding"]
        yield "tie", rounding["mode"], rounding["scope"], rounding["unit"]


def every_kind() -> Iterable[Hashable]:
    """All there is to cover."""
    yield from all_values()
    yield from all_pairs()
    yield from (("refused", name) for name in (*REFUSALS, *MALFORMED))
    yield from (("tie", *rounding) for rounding in ROUNDINGS)


def score_of(asked: Iterable[Asked]) -> Score:
    """The score of all cases."""
    score = Score()
    for each in asked:
        score.count(each)
    return score


def as_text(name: str, found: Findings) -> str:
    """The report in plain text."""
    score = score_of(found.asked)
    head = "  cases  passed  failed   {}"
    lines = [
        f"{name}: {'conforms' if found.conforms else 'does not conform'}",
        f"{len(found.asked)} cases, {len(found.asked) - len(found.failed)} passed, {len(found.failed)} failed",
        *("", head.format("value")),
        *(score.row(value, f"{value[0]} = {value[1]}") for value in all_values()),
        *("", head.format("refusal")),
        *(score.row(("refused", slug), slug) for slug in (*REFUSALS, *MALFORMED)),
        *("", head.format("exact tie under")),
        *(score.row(("tie", *rounding), ", ".join(rounding)) for rounding in ROUNDINGS),
        *("", head.format("pair of values")),
        *(score.row(pair, _pair(pair)) for pair in all_pairs()),
        *("", "  tried  broken   law"),
        *(f"{law.tried:7}{len(law.broken):8}   {law.name}" for law in found.laws),
        *(f"first broken: {law.name}: {law.broken[0]}" for law in found.laws if law.broken),
    ]
    if found.failed:
        lines += ["", *first_differing(found.failed[0])]
        lines += ["", "failed: " + ", ".join(each.case["id"] for each in found.failed)]
    return "\n".join(lines) + "\n"


def first_differing(asked: Asked) -> list[str]:
    """The case that differs first, with its question and how its figures come about."""
    case = asked.case
    return [
        f"first differing: {case['id']} ({case['shows']})",
        f"  {asked.differs}",
        f"  question: {json.dumps(case['question'], ensure_ascii=False)}",
        *(f"  {step}" for step in case["derivation"]),
    ]


def _pair(pair: Any) -> str:
    (one, first), (other, second) = pair
    return f"{one} = {first}, {other} = {second}" + (" (refused)" if pair in UNDEFINED_PAIRS else "")
