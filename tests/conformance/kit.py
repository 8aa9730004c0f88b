"""Asks an implementation every case and every law, and keeps what came of it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.conformance.asking import Ask, Said
from tests.conformance.laws import LAWS, Broken, applies

CASES = Path(__file__).parent / "cases.json"
FIGURES = ("principal", "interest", "total", "paid", "outstanding", "overpaid")
LINE = ("tranche", "from", "to", "days", "base", "percent", "basis", "interest")
NUMBERS = {"percent", "days", "basis"}
ASKED_OF_A_LAW = 40

Case = dict[str, Any]


@dataclass
class Asked:
    """A case, what was answered, and where it differs: empty where it passed."""

    case: Case
    said: Said
    differs: str

    @property
    def passed(self) -> bool:
        return not self.differs


@dataclass
class Held:
    """A law, how often it was tried, and how it was broken first."""

    name: str
    tried: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass
class Findings:
    """What an implementation made of the kit."""

    asked: list[Asked]
    laws: list[Held]

    @property
    def failed(self) -> list[Asked]:
        return [each for each in self.asked if not each.passed]

    @property
    def conforms(self) -> bool:
        return not self.failed and not any(law.broken for law in self.laws)


def load() -> list[Case]:
    """All cases of the data file."""
    cases: list[Case] = json.loads(CASES.read_text(encoding="utf-8"))
    return cases


def examine(
    ask: Ask, cases: Iterable[Case] | None = None, *, lines: bool = True, tries: int = ASKED_OF_A_LAW
) -> Findings:
    """Ask every case, and try every law on so many; `lines`: compare the segments too, not the sums alone."""
    cases = load() if cases is None else list(cases)
    asked = [ask_one(ask, case, lines=lines) for case in cases]
    return Findings(asked, [hold(ask, name, cases, tries) for name in LAWS])


def ask_one(ask: Ask, case: Case, *, lines: bool = True) -> Asked:
    """Ask one case."""
    try:
        said = ask(case["question"])
    except Exception as failure:  # noqa: BLE001 - whatever an implementation raises is its answer
        return Asked(case, {}, f"no answer: {failure!r}")
    return Asked(case, said, difference(case["expect"], said, lines=lines))


def difference(expected: Said, said: Said, *, lines: bool = True) -> str:
    """Where an answer differs from what is expected, in words; empty where it does not."""
    if "refused" in expected:
        return _unlike_refusal(expected, said)
    if "refused" in said:
        return f"refused as {said['refused']!r}, has an answer: {expected['total']}"
    for name in FIGURES:
        if said.get(name) != expected[name]:
            return f"{name}: {said.get(name)}, expected {expected[name]}"
    if lines:
        return _unlike_lines(expected["segments"], said.get("segments", []))
    return ""


def _unlike_refusal(expected: Said, said: Said) -> str:
    if "refused" not in said:
        return f"answered {said.get('total')}, is refused: {expected['refused']}"
    names_the_field = any(pointer.startswith(expected["field"]) for pointer in said.get("fields", []))
    if said["refused"] == expected["refused"] or names_the_field:
        return ""
    return f"refused as {said['refused']!r}, expected {expected['refused']!r} or a field below {expected['field']}"


def _unlike_lines(expected: list[Said], said: list[Said]) -> str:
    if len(said) != len(expected):
        return f"{len(said)} segments, expected {len(expected)}"
    for number, (line, wanted) in enumerate(zip(said, expected, strict=True), start=1):
        for name in LINE:
            if _read(name, line.get(name)) != _read(name, wanted[name]):
                return f"segment {number}, {name}: {line.get(name)}, expected {wanted[name]}"
    return ""


def _read(name: str, value: Any) -> Any:
    return Fraction(value) if name in NUMBERS and value is not None else value


def hold(ask: Ask, name: str, cases: list[Case], tries: int = ASKED_OF_A_LAW) -> Held:
    """Try a law on the first cases that it applies to."""
    held = Held(name)
    for case in cases:
        if held.tried == tries:
            break
        if "refused" in case["expect"] or not applies(name, case["question"]):
            continue
        held.tried += 1
        try:
            LAWS[name](ask, case["question"])
        except Broken as broken:
            held.broken.append(f"{case['id']}: {broken}")
        except Exception as failure:  # noqa: BLE001 - whatever an implementation raises is its answer
            held.broken.append(f"{case['id']}: no answer: {failure!r}")
    return held
