"""The examples of `docs/how-a-figure-is-made.md` come out as printed."""

import doctest
import json
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from obligations.repayment import calculate
from tests.obligations.repayment.builders import STORY, a_case, rates, the_story

DOCUMENT = (Path(__file__).parents[3] / "docs" / "how-a-figure-is-made.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in DOCUMENT.splitlines() if line.startswith("|")]
LINES = [row for row in ROWS if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", row[0])]
CHOICES = [(json.loads(row[0].strip("`")), row[1]) for row in ROWS if row[0].startswith("`{")]


def test_the_python_examples_answer_as_printed() -> None:
    blocks = "\n".join(re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(blocks, {}, "how-a-figure-is-made", None, 0)
    assert len(examples.examples) > 10
    result = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(examples)
    assert result.failed == 0


def test_the_lines_worked_by_hand_are_those_of_the_sheet() -> None:
    assert len(LINES) == 4
    for printed, line in zip(LINES, calculate(the_story()).segments, strict=True):
        said = line.as_json()
        assert printed[:6] == [str(said[name]) for name in ("from", "to", "days", "base", "percent", "basis")]
        assert printed[7] == said["interest"]


def test_each_line_worked_by_hand_is_base_times_percent_times_days() -> None:
    for _, _, days, base, percent, basis, worked, interest in LINES:
        exact = Fraction(base) * Fraction(percent) / 100 * Fraction(days) / Fraction(basis)
        assert abs(exact - Fraction(worked)) <= Fraction(1, 20_000)
        assert abs(exact - Fraction(interest)) <= Fraction(1, 200)
    assert sum(Decimal(line[7]) for line in LINES) == Decimal("7209041.10")


@pytest.mark.parametrize(("rules", "interest"), CHOICES)
def test_other_choices_make_of_the_claim_what_is_printed(rules: dict[str, Any], interest: str) -> None:
    answer = calculate(a_case(("100000000.00", "2025-02-03"), k="0.70", known=rates(*STORY), **rules))
    assert str(answer.interest) == interest
