"""An indicator may have another target in another year: agreed so, or changed so once a year is over."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from grants.holds.known import on_obligation_evaluated, on_obligation_opened
from shared.contracts.obligations import ObligationFulfilled, ObligationOpened
from shared.contracts.support import Direction, Measure
from tests.grants.agreements.test_from_offer_to_completion import an_offer
from tests.grants.desk import must, refused
from tests.grants.served import APPLICANT, APPROVER, OFFICER, Served, served

__all__ = ["served"]

JANUARY_2026 = datetime(2026, 1, 20, 5, 0, tzinfo=UTC)
GOAL = {
    "indicator": "export-revenue", "direction": "export-oriented-output", "mode": "level", "unit": "thousand USD",
    "weight": "1",
}  # fmt: skip


def goal(target: str, *years: int) -> dict[str, Any]:
    return GOAL | {"target": target, "reporting_years": list(years)}


async def signed(served: Served, *goals: dict[str, Any]) -> str:
    application_id = await served.funding.approved_application(Decimal("10.00"))
    offer = an_offer(application_id, "10.00", obligations=list(goals), reporting_years=[2025, 2026])
    path = f"/agreements/{must(await served.post('/agreements', OFFICER, offer))['id']}"
    must(await served.post(f"{path}/signature", APPLICANT))
    return path


async def amended(served: Served, agreement: str, *goals: dict[str, Any]) -> dict[str, Any]:
    body = {"obligations": list(goals), "rule_set": "default", "reason": "The market fell."}
    change = must(await served.post(f"{agreement}/addenda", OFFICER, body))
    must(await served.post(f"/changes/{change['id']}/approval", APPROVER))
    told = await served.funding.sql(
        "select data from event where type = 'support.agreement-amended.v1' order by outbox_id desc limit 1"
    )
    return dict(told[0][0])


async def test_an_addendum_changes_the_target_of_the_next_year_and_keeps_the_one_that_is_over(served: Served) -> None:
    agreement = await signed(served, goal("1000", 2025, 2026))
    served.on(JANUARY_2026)
    change = {"obligations": [goal("700", 2025, 2026)], "rule_set": "default", "reason": "The market fell."}
    refused(await served.post(f"{agreement}/addenda", OFFICER, change), "year-closed-for-addendum")
    told = await amended(served, agreement, goal("1000", 2025), goal("700", 2026))
    assert [(each["target"], each["reporting_years"]) for each in told["obligations"]] == [
        ("1000", [2025]),
        ("700", [2026]),
    ]
    again = await amended(served, agreement, goal("1000", 2025), goal("800", 2026))
    agreed = must(await served.get(agreement, OFFICER))["terms"]["obligations"]
    terms = {each["term_id"] for told_of in (told["obligations"], again["obligations"], agreed) for each in told_of}
    assert len(terms) == 1


async def test_targets_that_differ_by_year_are_agreed_from_the_beginning_under_one_term(served: Served) -> None:
    agreement = await signed(served, goal("1000", 2025), goal("1200", 2026))
    agreed = must(await served.get(agreement, OFFICER))["terms"]["obligations"]
    assert len({each["term_id"] for each in agreed}) == 1
    served.on(JANUARY_2026)
    told = await amended(served, agreement, goal("1000", 2025), goal("1100", 2026))
    assert {each["term_id"] for each in told["obligations"]} == {agreed[0]["term_id"]}


async def test_one_year_has_one_target(served: Served) -> None:
    application_id = await served.funding.approved_application(Decimal("10.00"))
    twice = [goal("1000", 2025, 2026), goal("700", 2026)]
    offer = an_offer(application_id, "10.00", obligations=twice, reporting_years=[2025, 2026])
    problem = refused(await served.post("/agreements", OFFICER, offer), "indicator-twice")
    assert problem["detail"] == "The indicator export-revenue stands twice in 2026."


async def test_completion_awaits_the_evaluation_of_each_year_by_its_own_target(served: Served) -> None:
    agreement = await signed(served, goal("1000", 2025), goal("1200", 2026))
    state = must(await served.get(agreement, OFFICER))
    for id_, year in ((UUID(int=1), 2025), (UUID(int=2), 2026)):
        named: dict[str, Any] = {
            "occurred_at": JANUARY_2026, "obligation_id": id_, "agreement_id": state["id"],
            "measure": Measure.INDUSTRIAL_GRANT, "recipient_id": state["recipient_id"], "reporting_year": year,
        }  # fmt: skip
        due = {"indicator": "export-revenue", "direction": Direction.EXPORT, "due_on": JANUARY_2026.date()}
        await served.funding.tell(on_obligation_opened, ObligationOpened(**due, **named), id_)
        await served.funding.tell(on_obligation_evaluated, ObligationFulfilled(fulfilment=Decimal(1), **named), id_)
        problem = refused(await served.post(f"{agreement}/completion", OFFICER), "agreement-unsettled")
        assert f"{2026 - year} obligations" in problem["detail"]


async def test_an_addendum_whose_weights_of_a_year_do_not_make_up_one_is_refused(served: Served) -> None:
    agreement = await signed(served, goal("1000", 2025, 2026))
    half = goal("1000", 2026) | {"weight": "0.5"}
    body = {"obligations": [goal("1000", 2025), half], "rule_set": "default", "reason": "The market fell."}
    problem = refused(await served.post(f"{agreement}/addenda", OFFICER, body), "weights-not-one")
    assert problem["detail"] == "The weights of the indicators of 2026 come to 0.5, not to 1."
