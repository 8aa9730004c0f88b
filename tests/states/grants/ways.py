"""How the aggregates of grants come to their states: the ways that several tables share."""

from typing import Any

from tests.grants.desk import EXPERTS, MEMBERS, OFFICER, a_conclusion
from tests.states.grants.attempts import LATE, seen_content
from tests.states.grants.facts import CLAIM, OBLIGATION, repaid
from tests.states.house import Attempt, House

APPLICATION, AGREEMENT, TRANCHE, ACCOUNT = (
    "/applications/{application_id}",
    "/agreements/{agreement_id}",
    "/tranches/{tranche_id}",
    "/accounts/{account_id}",
)
OPEN_CALL = ("POST /calls", "POST /calls/{call_id}/opening")
DRAFT = (*OPEN_CALL, "POST /applications")
SUBMITTED = (*DRAFT, f"POST {APPLICATION}/submission")
IN_EXAMINATION = (*SUBMITTED, f"POST {APPLICATION}/completeness")
SECOND_EXPERT: tuple[Any, ...] = (
    f"POST {APPLICATION}/experts, a second one",
    Attempt(
        f"POST {APPLICATION}/conflict-declaration", EXPERTS[1], {"conflict": False}, rests_on="/conclusions/{second_id}"
    ),
    Attempt(f"POST {APPLICATION}/conclusion", EXPERTS[1], a_conclusion(), rests_on="/conclusions/{second_id}"),
)
CONCLUDED = (f"POST {APPLICATION}/conflict-declaration, none", f"POST {APPLICATION}/conclusion")
EXAMINED: tuple[Any, ...] = (
    f"POST {APPLICATION}/experts",
    *CONCLUDED,
    *SECOND_EXPERT,
    f"POST {APPLICATION}/examination",
)
VOTED = tuple(Attempt(f"POST {APPLICATION}/votes", member, {"choice": "for"}) for member in MEMBERS)
VOTED_DOWN = tuple(
    Attempt(f"POST {APPLICATION}/votes", member, {"choice": "against", "reason": "No."}) for member in MEMBERS
)
DECIDED: tuple[Any, ...] = (*VOTED, f"POST {APPLICATION}/decision")
APPROVED = (*IN_EXAMINATION, *EXAMINED, f"POST {APPLICATION}/motion, to approve", *DECIDED)
FUNDED = ("POST /accounts", f"POST {ACCOUNT}/allocations")


async def planned_tranches(house: House) -> None:
    """Learn the ids of the tranches that the signature planned."""
    found = await house.read("/tranches", OFFICER, agreement_id=house.ids["agreement_id"])
    house.ids["tranche_id"], house.ids["other_tranche_id"] = (item["id"] for item in found["items"])


async def in_february(house: House) -> None:
    """The day of the first payment."""
    house.clock.on("2025-02-03")


async def after_the_window(house: House) -> None:
    """A day after the last one of the call."""
    house.clock.on(LATE)


OFFERED = (*FUNDED, *APPROVED, "POST /agreements")
SIGNED = (f"POST {AGREEMENT}/signature", planned_tranches)
PROPOSED = (f"POST {TRANCHE}/request", f"POST {TRANCHE}/proposal", seen_content)
PAID = (*PROPOSED, f"POST {TRANCHE}/approval", in_february, f"POST {TRANCHE}/disbursement")
HELD = ("holds hears obligations.obligation-breached",)
KNOWN = "known-obligations hears obligations."


async def give_up_the_second(house: House) -> None:
    """The second tranche is cancelled, the first one is the one looked at."""
    first, house.ids["tranche_id"] = house.ids["tranche_id"], house.ids["other_tranche_id"]
    answer = await house.attempt(Attempt(f"POST {TRANCHE}/cancellation", OFFICER, {"reason": "Agreed."}))
    assert answer.refusal is None, answer.refusal
    house.ids["tranche_id"] = first


async def facts_of_others(house: House) -> None:
    """The ids under which the other service speaks."""
    house.ids["obligation_id"], house.ids["claim_id"] = str(OBLIGATION), str(CLAIM)


async def a_payment_apart(house: House) -> None:
    """Money comes under a reference that the account knows."""
    event = Attempt(
        "recoveries hears obligations.repayment-received",
        event=lambda here: repaid(here, "IN-1", "two"),
        subject="claim_id",
    )
    await house.attempt(event)
    found = await house.read(f"{ACCOUNT}/payment-conflicts", OFFICER)
    house.ids["payment_id"] = found["items"][0]["id"]
