"""The engine equals the oracle on Hypothesis' cases and on a seeded sweep that covers every value, pair and refusal."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conformance import engine, oracle
from tests.conformance.cases import cases, ties
from tests.conformance.coverage import DEFECTS
from tests.conformance.sweep import CASES, Report, sweep


def equal(case: dict[str, Any]) -> dict[str, Any]:
    """Ask both; returns what the oracle said."""
    expected = oracle.answer(case)
    assert engine.answer(case) == {name: value for name, value in expected.items() if name != "ties"}
    return expected


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_a_case_of_any_rules_comes_out_as_the_definitions_say(case: dict[str, Any]) -> None:
    equal(case)


@settings(max_examples=200, deadline=None)
@given(ties())
def test_an_exact_half_is_rounded_as_the_definitions_say(case: dict[str, Any]) -> None:
    assert equal(case)["ties"] == 1


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(DEFECTS).flatmap(lambda defect: st.tuples(st.just(defect), cases(defect))))
def test_what_is_undefined_is_refused_by_its_name(drawn: tuple[str, dict[str, Any]]) -> None:
    defect, case = drawn
    assert equal(case) == {"refused": defect}


@pytest.fixture(scope="module")
def report() -> Report:
    return sweep(CASES)


def test_no_case_of_the_sweep_differs(report: Report) -> None:
    assert report.differing == []


def test_the_sweep_leaves_no_value_no_pair_no_refusal_and_no_tie_uncounted(report: Report) -> None:
    assert report.zeros() == []
    assert report.calculated + report.refusals.total() == CASES
