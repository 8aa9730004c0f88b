"""The four conditions of Law 86-VII, Art. 25(5): pure rules on dated rows."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grants.eligibility.conditions import Answer, Condition, Entry
from grants.eligibility.rules import CHECKS, DEBT, YEARS, Lists, Stated, judge
from tests.grants.builders import content

BEFORE, BETWEEN, AFTER = date(2024, 11, 11), date(2025, 6, 10), date(2025, 11, 11)


def a_row(key: str, since: date = date(2022, 1, 8), until: date | None = None, **values: str) -> Entry:
    return Entry("a list", f"row of {key}", key, since, until, "a source", "assumed", False, values)


def in_force(fourth: str = "in-force") -> dict[Condition, Entry]:
    statuses = dict.fromkeys(Condition, "in-force") | {Condition.REGISTER: fourth}
    return {condition: a_row(condition, status=status) for condition, status in statuses.items()}


def lists(**facts: Any) -> Lists:
    known: dict[str, Any] = {
        "in_force": in_force(),
        "goods": (a_row("8413"), a_row("841370")),
        "producers": (a_row("", date(2025, 9, 1)),),
        "criteria": tuple(a_row(key) for key in ("producer", *CHECKS)),
        "required_documents": (a_row("business-plan"),),
        "numbers": {YEARS: a_row(YEARS, value="3"), DEBT: a_row(DEBT, value="1.00")},
    }
    return Lists(**{**known, **facts})


def stated(**declared: Any) -> Stated:
    declarations = {**content().declared(), **declared}
    return Stated("8413702100", True, frozenset({"business-plan"}), declarations)


def answers(asked: Stated, known: Lists, on: date = AFTER) -> dict[Condition, Answer]:
    found = judge(asked, known, conditions_on=on, evidence_on=on)
    return {condition: found.of(condition).answer for condition in Condition}


def test_a_company_that_fulfils_everything_meets_all_four() -> None:
    assert set(answers(stated(), lists()).values()) == {Answer.MET}


def test_the_fourth_is_not_yet_in_force_then_unknown_then_judged_by_the_register() -> None:
    register = Condition.REGISTER
    assert answers(stated(), lists(in_force=in_force("not-in-force")), BEFORE)[register] is Answer.NOT_YET_IN_FORCE
    assert answers(stated(), lists(in_force=in_force("unknown")), BETWEEN)[register] is Answer.UNKNOWN
    assert answers(stated(), lists())[register] is Answer.MET
    assert answers(stated(), lists(producers=()))[register] is Answer.NOT_MET


def test_without_an_extract_of_the_register_nobody_can_say() -> None:
    assert answers(stated(), lists(producers=None))[Condition.REGISTER] is Answer.UNKNOWN


def test_an_entry_that_was_removed_counts_until_its_last_day_and_a_reinstated_one_again() -> None:
    removed = a_row("", date(2025, 9, 1), date(2025, 10, 31))
    again = a_row("", date(2025, 12, 1))
    known = lists(producers=(removed, again))
    found = [
        answers(stated(), known, day)[Condition.REGISTER]
        for day in (date(2025, 8, 31), date(2025, 10, 31), date(2025, 11, 1), date(2025, 12, 1))
    ]
    assert found == [Answer.NOT_MET, Answer.MET, Answer.NOT_MET, Answer.MET]


def test_conditions_are_those_of_submission_and_the_register_is_read_as_it_stands() -> None:
    removed = lists(producers=(a_row("", date(2025, 9, 1), date(2026, 3, 31)),))
    found = judge(stated(), removed, conditions_on=AFTER, evidence_on=date(2026, 4, 1))
    assert found.of(Condition.REGISTER).answer is Answer.NOT_MET
    assert found.of(Condition.REGISTER).data["until"] == date(2026, 3, 31)


def test_a_condition_of_which_no_row_is_known_is_unknown() -> None:
    assert set(answers(stated(), lists(in_force={})).values()) == {Answer.UNKNOWN}


def test_the_longest_heading_of_the_good_is_the_evidence() -> None:
    found = judge(stated(), lists(), conditions_on=AFTER, evidence_on=AFTER).of(Condition.PRIORITY_GOODS)
    assert found.evidence[-1].key == "841370"


@pytest.mark.parametrize(
    ("code", "answer"),
    [("8413702100", Answer.MET), ("8414", Answer.NOT_MET), ("84", Answer.UNKNOWN), (None, Answer.UNKNOWN)],
)
def test_a_good_is_on_the_list_by_a_heading_of_its_code(code: str | None, answer: Answer) -> None:
    asked = Stated(code, True, frozenset({"business-plan"}), content().declared())
    assert answers(asked, lists())[Condition.PRIORITY_GOODS] is answer


def test_a_day_without_a_list_of_goods_makes_no_good_ineligible() -> None:
    assert answers(stated(), lists(goods=None))[Condition.PRIORITY_GOODS] is Answer.UNKNOWN


@pytest.mark.parametrize(("accepted", "answer"), [(True, Answer.MET), (False, Answer.NOT_MET), (None, Answer.UNKNOWN)])
def test_counter_obligations_are_accepted_or_not(accepted: bool | None, answer: Answer) -> None:
    asked = Stated("8413702100", accepted, frozenset({"business-plan"}), content().declared())
    assert answers(asked, lists())[Condition.COUNTER_OBLIGATIONS] is answer


@pytest.mark.parametrize(
    ("declared", "answer"),
    [
        ({"small_or_medium": False}, Answer.NOT_MET),
        ({"only_priority_goods": False}, Answer.NOT_MET),
        ({"excluded_by_rules": True}, Answer.NOT_MET),
        ({"affiliated_with_supplier": True}, Answer.NOT_MET),
        ({"qualified_staff": False}, Answer.NOT_MET),
        ({"active_since": date(2022, 11, 12)}, Answer.NOT_MET),
        ({"active_since": date(2022, 11, 11)}, Answer.MET),
        ({"debt": Decimal("1.00")}, Answer.NOT_MET),
        ({"debt": Decimal("0.99")}, Answer.MET),
        ({"debt": Decimal("1.00"), "debt_deferred": True}, Answer.MET),
        ({"qualified_staff": None}, Answer.UNKNOWN),
    ],
)
def test_each_criterion_of_the_rules_is_judged_by_what_is_declared(declared: dict[str, Any], answer: Answer) -> None:
    assert answers(stated(**declared), lists())[Condition.COMPLIANCE] is answer


def test_a_missing_document_and_a_criterion_nobody_can_judge() -> None:
    asked = Stated("8413702100", True, frozenset(), content().declared())
    assert answers(asked, lists())[Condition.COMPLIANCE] is Answer.NOT_MET
    unheard_of = lists(criteria=(a_row("sings-well"),))
    assert answers(stated(), unheard_of)[Condition.COMPLIANCE] is Answer.UNKNOWN


def test_where_the_criteria_of_the_day_are_not_at_hand_the_answer_is_unknown() -> None:
    known = lists(criteria=(), in_force=in_force("not-in-force"))
    found = judge(stated(), known, conditions_on=BEFORE, evidence_on=BEFORE)
    assert found.of(Condition.COMPLIANCE).answer is Answer.UNKNOWN
    assert found.not_met == ()
    assert Condition.COMPLIANCE in found.unknown


def test_a_leap_day_has_its_anniversary_on_the_28th() -> None:
    since = {"active_since": date(2024, 2, 29)}
    known = lists(criteria=(a_row("activity-years"),))
    assert answers(stated(**since), known, date(2027, 2, 27))[Condition.COMPLIANCE] is Answer.NOT_MET
    assert answers(stated(**since), known, date(2027, 2, 28))[Condition.COMPLIANCE] is Answer.MET
