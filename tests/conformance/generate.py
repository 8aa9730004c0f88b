"""Writes `cases.json`: worked examples, cases by hand, refusals, ties, and cases for every value and pair of values.

`python -m tests.conformance.generate`. What is expected comes from the publications and from the oracle.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from tests.conformance import oracle
from tests.conformance.cases import SMOOTH_PERCENTS, Seeded, a_tie
from tests.conformance.coverage import PARAMETERS, ROUNDINGS, UNDEFINED_PAIRS, Value
from tests.conformance.definitions import DEFAULTS, ROUNDING_DEFAULTS, Answer
from tests.conformance.derivation import exactly, told
from tests.conformance.written import DAYS, PRINCIPAL, RATES_PICKED
from tests.conformance.written_course import COMPOUNDED, PAID, REFUSED, SUSPENDED, WHOLE

HERE = Path(__file__).parent
CASES = HERE / "cases.json"
VECTORS = HERE / "vectors" / "interest.json"
SEED = 20260101
TRIES = 150
TYING_PERCENTS = {
    "actual/365": ("36.50", "7.30", "109.50"),
    "actual/actual": ("36.50", "36.60", "7.30"),
    "actual/360": ("36.00", "7.20", "108.00"),
    "30E/360": ("36.00", "7.20", "108.00"),
}
TURNS = 2
DEFAULT = {**DEFAULTS, **ROUNDING_DEFAULTS}
FIELDS = {slug: field for slug, field, _ in REFUSED}
Question = dict[str, Any]
Entry = dict[str, Any]


def entry(name: str, shows: str, question: Question, source: str = "oracle") -> Entry:
    """A case of the file: the question, what is expected, and how it comes about."""
    said, words = told(question)
    found: Entry = {"id": name, "shows": shows, "source": source, "question": question}
    if "refused" in said:
        return {**found, "expect": {**said, "field": FIELDS[said["refused"]]}, "derivation": words}
    segments = [{**line, "percent": exactly(line["percent"])} for line in said.pop("segments")]
    ties = said.pop("ties")
    return {**found, "expect": {**said, "segments": segments}, "ties": ties, "derivation": words}


def everything() -> list[Entry]:
    """All cases; the same in every run."""
    return [*published(), *by_hand(), *refused(), *ties(), *values(), *pairs()]


def published() -> Iterator[Entry]:
    for vector in json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]:
        rates = [{"effective_from": on, "percent": percent} for on, percent in vector["rates"]]
        question = {k: v for k, v in vector.items() if k not in {"id", "source", "expect"}} | {"rates": rates}
        found = entry(vector["id"], "a worked example", question, vector["source"])
        for name in vector["expect"].keys() - {"segments"}:
            if found["expect"][name] != vector["expect"][name]:
                raise AssertionError(f"{vector['id']}: the oracle disagrees with the publication on {name}")
        yield found


def by_hand() -> Iterator[Entry]:
    written = (*PRINCIPAL, *DAYS, *RATES_PICKED, *COMPOUNDED, *SUSPENDED, *PAID, *WHOLE)
    for number, (shows, question) in enumerate(written, start=1):
        yield entry(f"written-{number:03}", shows, question)


def refused() -> Iterator[Entry]:
    for number, (slug, field, question) in enumerate(REFUSED, start=1):
        found = entry(f"refused-{number:02}", slug, question)
        if found["expect"] != {"refused": slug, "field": FIELDS[slug]}:
            raise AssertionError(f"{slug} ({field}) is not refused by that name: {found['expect']}")
        found["expect"]["field"] = field
        yield found


def ties() -> Iterator[Entry]:
    """For each rounding two ties above an even and two above an odd number of units."""
    draw = Seeded(SEED)
    wanted = {(*rounding, odd): TURNS for rounding in ROUNDINGS for odd in (False, True)}
    while any(wanted.values()):
        question = a_tie(draw)
        rounding = question["rules"]["rounding"]
        down = {**question, "rules": {**question["rules"], "rounding": {**rounding, "mode": "down"}}}
        below = oracle.answer(down)["interest"].replace(".", "")
        odd = int(below) // (1 if rounding["unit"] == "0.01" else 100) % 2 == 1
        kind = (rounding["mode"], rounding["scope"], rounding["unit"], odd)
        if wanted[kind]:
            wanted[kind] -= 1
            above = f"half way above an {'odd' if odd else 'even'} number of units"
            yield entry(
                "-".join(("tie", *kind[:3], "odd" if odd else "even", str(TURNS - wanted[kind]))), above, question
            )


def values() -> Iterator[Entry]:
    """Each value beside the defaults, and all defaults, with rich facts that it bears upon."""
    draw = Seeded(SEED + 1)
    for value in (None, *_other_values()):
        chosen = [value] if value else []
        for turn in range(1, 2 * TURNS + 1):
            name = "-".join(value) if value else "defaults"
            yield entry(f"{name}-{turn}", _spoken(chosen), biting(draw, chosen, mixed=turn % 2 == 0))


def pairs() -> Iterator[Entry]:
    """Each two values that are not the defaults: once beside the defaults, once in a mixed rule set."""
    draw = Seeded(SEED + 2)
    for first, second in combinations(_other_values(), 2):
        if first[0] == second[0]:
            continue
        undefined = (first, second) in UNDEFINED_PAIRS
        for turn in range(1, (1 if undefined else TURNS) + 1):
            question = biting(draw, [first, second], mixed=turn == TURNS)
            yield entry(f"{'-'.join(first)}-{'-'.join(second)}-{turn}", _spoken([first, second]), question)


def biting(draw: Seeded, chosen: list[Value], *, mixed: bool) -> Question:
    """A question on which each of the chosen values makes a difference, where one is found soon."""
    question: Question = {}
    for _ in range(TRIES):
        question = facts(draw, chosen, mixed=mixed)
        said = oracle.answer(question)
        if "refused" in said and _undefined(chosen):
            return question
        if "refused" not in said and all(_differs(said, question, name) for name, _ in chosen):
            return question
    return question


def facts(draw: Seeded, chosen: list[Value], *, mixed: bool) -> Question:
    """One to three tranches, two to four rates, payments and suspensions, over half a year to two years."""
    first = date(draw.pick((2019, 2020, 2022, 2023, 2024)), 1, 1) + timedelta(days=draw.integer(0, 365))
    length = draw.integer(180, 760)

    def some_day(low: int = 0, high: int = length) -> str:
        return (first + timedelta(days=draw.integer(low, high))).isoformat()

    flat = {**DEFAULT, **({name: draw.pick(v) for name, v in PARAMETERS.items()} if mixed else {}), **dict(chosen)}
    if mixed and not _undefined(chosen):
        _define(flat, {name for name, _ in chosen})
    if flat["accrual_from"] == "a day":
        flat["accrual_from"] = some_day(1, length // 2)
    named = {"period_end": "period_end", "demand": "demanded_on"}.get(flat["accrual_from"])
    days = {named: some_day(1, length // 2)} if named else {}
    tying = ("mode", "half_even") in chosen
    percents = TYING_PERCENTS[flat["day_count"]] if tying else SMOOTH_PERCENTS
    rates = {some_day(-400, -301): draw.pick(percents)}
    rates |= {some_day(-300): draw.pick(percents) for _ in range(draw.integer(0 if tying else 1, 3))}
    five = 0 if not tying else 5 if flat["unit"] == "0.01" else 500
    return {
        "fulfilment": ("0.5" if flat["interest_base"] == "tranche" else "0")
        if tying
        else draw.pick(("0", "0.70", "0.333333", "0.875")),
        "tranches": [{"amount": _sum(draw, five), "on": on} for on in (first.isoformat(), *_more(draw, some_day, 2))],
        "repayments": []
        if flat["compounding"] == "annual"
        else [{"amount": _sum(draw, five, most=20_000), "on": on} for on in _more(draw, some_day, 2)],
        "suspensions": [
            {"from": min(two), "to": max(two)}
            for two in zip(_more(draw, some_day, 1), _more(draw, some_day, 1), strict=False)
        ],
        "as_of": (first + timedelta(days=length)).isoformat(),
        "rules": {
            **{name: flat[name] for name in DEFAULTS if flat[name] != DEFAULTS[name]},
            "rounding": {name: flat[name] for name in ROUNDING_DEFAULTS},
        },
        "rates": [{"effective_from": on, "percent": percent} for on, percent in rates.items()],
        **days,
    }


def _more(draw: Seeded, some_day: Any, most: int) -> list[str]:
    return [some_day() for _ in range(draw.integer(0, most))]


def _sum(draw: Seeded, five: int, most: int = 90_000_000) -> str:
    """An amount; where ties are wanted, an odd multiple of five or five hundred tenge."""
    if five:
        return f"{(2 * draw.integer(0, 200) + 1) * five}.00"
    return f"{draw.integer(1, draw.pick((90, most // 1000, most)))}.{draw.integer(1, 99):02}"


def _define(flat: dict[str, str], fixed: set[str]) -> None:
    """Let the values that were not chosen give way until the rules are defined together."""
    for (one, value), (other, with_value) in sorted(UNDEFINED_PAIRS):
        if one in flat and other in flat and (flat[one], flat[other]) == (value, with_value):
            name = other if other not in fixed else one
            flat[name] = DEFAULT[name]


def _undefined(chosen: list[Value]) -> bool:
    return tuple(chosen) in UNDEFINED_PAIRS


def _differs(said: Answer, question: Question, name: str) -> bool:
    rules = {k: v for k, v in question["rules"].items() if k != name}
    rules["rounding"] = {k: v for k, v in rules["rounding"].items() if k != name}
    plain = oracle.answer({**question, "rules": rules})
    return {**plain, "ties": 0} != {**said, "ties": 0}


def _other_values() -> list[Value]:
    return [(name, value) for name, values in PARAMETERS.items() for value in values if value != DEFAULT[name]]


def _spoken(chosen: list[Value]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in chosen) or "all defaults"


def as_text(entries: list[Entry]) -> str:
    """The file: one member of a case a line, so that a change can be read."""
    blocks = []
    for found in entries:
        lines = [f'  "{name}": {json.dumps(part, ensure_ascii=False)}' for name, part in found.items()]
        blocks.append(" {\n" + ",\n".join(lines) + "\n }")
    return "[\n" + ",\n".join(blocks) + "\n]\n"


if __name__ == "__main__":
    CASES.write_text(as_text(everything()), encoding="utf-8")
