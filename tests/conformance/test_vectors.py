"""The worked examples, asked of the engine and of the oracle."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import engine, oracle

VECTORS = json.loads((Path(__file__).parent / "vectors" / "interest.json").read_text(encoding="utf-8"))["vectors"]


def as_case(vector: dict[str, Any]) -> dict[str, Any]:
    rates = [{"effective_from": on, "percent": percent} for on, percent in vector["rates"]]
    return {**{k: v for k, v in vector.items() if k not in {"id", "source", "expect"}}, "rates": rates}


@pytest.mark.parametrize("ask", [engine.answer, oracle.answer], ids=["engine", "oracle"])
@pytest.mark.parametrize("vector", VECTORS, ids=[v["id"] for v in VECTORS])
def test_a_worked_example_comes_out_to_the_tiyn(vector: dict[str, Any], ask: Any) -> None:
    said = ask(as_case(vector))
    expected = vector["expect"]
    for name in expected.keys() - {"segments"}:
        assert said[name] == expected[name]
    if "segments" in expected:
        lines = [[line["days"], line["percent"], line["interest"]] for line in said["segments"]]
        assert lines == [[days, Fraction(percent), interest] for days, percent, interest in expected["segments"]]
