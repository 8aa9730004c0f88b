"""What must hold of a content before it is submitted, and of remarks: pure rules."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from grants.applications.refusals import (
    ApplicationIncomplete,
    BudgetLineOverdrawn,
    BudgetNotEven,
    CeilingExceeded,
    DocumentKindUnknown,
    DocumentTwice,
    ItemNotEligible,
    OutsideThisLaw,
    RemarkPointsNowhere,
    RemarksMissing,
    RemarkTooLate,
    ShareTooHigh,
)
from grants.applications.rules import REQUIRED, Limits, Remark, require_remarks, require_submittable
from shared.refusals import Refusal
from tests.grants.builders import a_content, content, declarations

LIMITS = Limits(
    day=date(2024, 11, 11),
    items=frozenset({"equipment", "training"}),
    kinds=frozenset({"application-form", "business-plan"}),
    share_percent=Decimal(50),
    share_source="order 403",
    ceiling=None,
    ceiling_source="order 403",
)


def a_line(**facts: Any) -> dict[str, Any]:
    return {"item": "equipment", "description": "Lathe", "amount": "100.00", "from_grant": "50.00", **facts}


def small(line: dict[str, Any], requested: str = "50.00", cost: str = "100.00") -> dict[str, Any]:
    return {"budget": [line], "requested_amount": requested, "project_cost": cost}


def test_a_complete_and_even_application_may_be_submitted() -> None:
    require_submittable(content(), LIMITS)


@pytest.mark.parametrize("member", [*REQUIRED, "budget", "documents"])
def test_a_missing_member_is_named(member: str) -> None:
    left_out = {name: value for name, value in a_content().items() if name != member}
    with pytest.raises(ApplicationIncomplete) as refusal:
        require_submittable(type(content()).model_validate(left_out), LIMITS)
    assert refusal.value.field == f"/content/{member}"


def document(**facts: Any) -> dict[str, Any]:
    return {"kind": "business-plan", "name": "plan.pdf", "sha256": "c" * 64, "size": 1, **facts}


@pytest.mark.parametrize(
    ("facts", "expected", "field"),
    [
        ({"declarations": declarations(agro_industrial=True)}, OutsideThisLaw, "/content/declarations/agro_industrial"),
        (small(a_line(from_grant="100.01")), BudgetLineOverdrawn, "/content/budget/0/from_grant"),
        (small(a_line(item="land")), ItemNotEligible, "/content/budget/0/item"),
        (small(a_line(), cost="100.01"), BudgetNotEven, "/content/project_cost"),
        (small(a_line(), requested="49.99"), BudgetNotEven, "/content/requested_amount"),
        ({"documents": [document(kind="poem")]}, DocumentKindUnknown, "/content/documents/0/kind"),
        ({"documents": [document(), document(name="other.pdf")]}, DocumentTwice, "/content/documents/1/sha256"),
        (small(a_line(from_grant="50.01"), requested="50.01"), ShareTooHigh, "/content/requested_amount"),
    ],
)
def test_what_stands_in_the_way_is_named_with_its_field(
    facts: dict[str, Any], expected: type[Refusal], field: str
) -> None:
    with pytest.raises(expected) as refusal:
        require_submittable(content(**facts), LIMITS)
    assert refusal.value.field == field


def test_a_cost_that_the_grant_does_not_bear_may_be_any() -> None:
    land = a_line(item="land", from_grant="0.00", amount="100.00")
    require_submittable(content(budget=[a_line(), land], requested_amount="50.00", project_cost="200.00"), LIMITS)


def test_half_of_the_cost_is_within_the_share_and_where_no_share_is_set_all_is() -> None:
    require_submittable(content(**small(a_line())), LIMITS)
    whole = small(a_line(from_grant="100.00"), requested="100.00")
    require_submittable(content(**whole), replace(LIMITS, share_percent=None))


def test_a_ceiling_is_kept_where_there_is_one() -> None:
    limits = replace(LIMITS, ceiling=Decimal("49.99"))
    with pytest.raises(CeilingExceeded):
        require_submittable(content(**small(a_line())), limits)
    require_submittable(content(**small(a_line())), replace(LIMITS, ceiling=Decimal("50.00")))


def test_a_return_has_remarks_and_each_points_at_a_field() -> None:
    stored = content().stored()
    with pytest.raises(RemarksMissing):
        require_remarks([], stored, None, [])
    for nowhere in ("/colour", "/budget/2", "/budget/0/colour", "/budget/00", "/budget/-1", "/title/0"):
        with pytest.raises(RemarkPointsNowhere):
            require_remarks([Remark(nowhere, "What?")], stored, None, [])
    somewhere = ("/title", "/budget", "/budget/1/amount", "/declarations/debt", "/documents/-")
    require_remarks([Remark(pointer, "Unclear.") for pointer in somewhere], stored, None, [])


def test_a_later_list_keeps_to_what_was_remarked_on_or_changed() -> None:
    before, after = content().stored(), content(title="Another").stored()
    require_remarks([Remark("/title", "Still unclear.")], after, before, ["/region"])
    require_remarks([Remark("/region", "Still unclear.")], after, before, ["/region"])
    require_remarks([Remark("/budget/0/amount", "Still too much.")], after, before, ["/budget"])
    for late in ("/description", "/documents/-", "/budget/0"):
        with pytest.raises(RemarkTooLate):
            require_remarks([Remark(late, "Unclear.")], after, before, ["/region"])
    more = content(documents=[*a_content()["documents"], document()]).stored()
    require_remarks([Remark("/documents/-", "The contract is missing.")], more, before, ["/region"])
