"""How the aggregates of obligations come to their states: the ways that several tables share."""

from collections.abc import Awaitable, Callable

from tests.grants.desk import OFFICER
from tests.states.house import Attempt, House
from tests.states.obligations.attempts import ACCEPTED, APPLICANT, IDS

OBLIGATION, CLAIM, REPORT = "/obligations/{obligation_id}", "/claims/{claim_id}", "/reports/{report_id}"
REFUND, RULE_SET = f"{CLAIM}/refunds/{{refund_id}}", "/rule-sets/{rule_set_id}"


def on(day: str) -> Callable[[House], Awaitable[None]]:
    """The clock goes on to a day."""

    async def move(house: House) -> None:
        house.clock.on(day)

    return move


async def named(house: House) -> None:
    """The funding service's names of things, on the day of the signature."""
    house.clock.on("2025-01-15")
    house.ids.update({name: str(id_) for name, id_ in IDS.items()})


async def under_an_unknown_rule_set(house: House) -> None:
    """The agreement names a rule set that nobody has approved."""
    house.facts["terms"] = {"rule_set": "trial"}


async def rates_to_confirm(house: House) -> None:
    """Learn which rates nobody has confirmed."""
    found = await house.read("/base-rates", OFFICER, verified="false", limit=200)
    house.facts["rate_ids"] = [rate["rate_id"] for rate in found["items"]]


async def one_rate(house: House) -> None:
    """The rate of a day in 2025."""
    found = await house.read("/base-rates", OFFICER, effective_from="2025-03-11", effective_to="2025-03-11")
    house.ids["rate_id"] = found["items"][0]["rate_id"]
    house.facts["rate_ids"] = [house.ids["rate_id"]]


async def read_rule_set(house: House) -> None:
    """The officer reads what is proposed."""
    house.facts["content_hash"] = house.ids["content_hash"]


def heard(event: str) -> tuple[str, str]:
    """Both consumers hear it."""
    return (f"monitoring hears support.{event}", f"recovery hears support.{event}")


SIGNED = (named, *heard("agreement-signed"))
PAID = heard("tranche-disbursed")
CONFIRMED = (rates_to_confirm, "POST /base-rates/confirmations, by one", "POST /base-rates/confirmations, by another")
ACTIVE = (*CONFIRMED, *SIGNED, *PAID, on("2026-01-20"), one_rate)
BREACHED = (*ACTIVE, f"POST {OBLIGATION}/reports, short")
CALCULATED = (*BREACHED, on("2026-03-02"), f"POST {CLAIM}/calculation")
NOTIFIED = (on("2026-03-03"), f"POST {CLAIM}/notification")
PROPOSED = (on("2026-03-16"), f"POST {CLAIM}/demand-proposal")
SHRUNK = f"POST {REPORT}/corrections, less short"

PROPOSED_ANEW = Attempt(f"POST {CLAIM}/demand-proposal", OFFICER, ACCEPTED)
REFUND_PROPOSED_ANEW = Attempt(f"POST {CLAIM}/refunds", OFFICER, {})
OWED_A_LITTLE_MORE = Attempt(f"POST {REPORT}/corrections", APPLICANT, {"achieved": "690"})
VOIDED = (f"POST {OBLIGATION}/cancellation-proposal", f"POST {OBLIGATION}/cancellation-approval")
VOIDED_ANEW = Attempt(VOIDED[0], OFFICER, {"reason": "Still an error."})
RATE_CORRECTED = "POST /base-rates/{rate_id}/corrections"
