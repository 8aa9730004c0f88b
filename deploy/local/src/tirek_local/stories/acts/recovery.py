"""Acts about what must come back: claims, rates, the hearing, the demand, repayments, refunds."""

from collections.abc import Sequence
from typing import Any

from tirek_local.stories.people import Person
from tirek_local.stories.stage import Stage

Json = Any


def claims(stage: Stage, who: Person, agreement_id: str) -> list[Json]:
    """The claims of an agreement, by reporting year."""
    found = stage.obligations.items(who, "/v1/claims", agreement_id=agreement_id)
    return sorted(found, key=lambda claim: int(claim["reporting_year"]))


def claim_of(stage: Stage, who: Person, agreement_id: str, year: int) -> Json | None:
    """The claim of a year, or none."""
    return next((each for each in claims(stage, who, agreement_id) if each["reporting_year"] == year), None)


def claim_where(stage: Stage, who: Person, agreement_id: str, year: int, **wanted: Any) -> Json:
    """Wait until the claim of a year is there with these members (`fulfilment="0.70"`, say), and answer it."""

    def there() -> Json | None:
        claim = claim_of(stage, who, agreement_id, year)
        return claim if claim and all(claim[name] == value for name, value in wanted.items()) else None

    words = ", ".join(f"{name} {value}" for name, value in wanted.items())
    return stage.until(f"the claim of {year} of agreement {agreement_id} with {words}", there)


def calculate(stage: Stage, officer: Person, claim_id: str, as_of: str) -> Json:
    """Calculate the claim as of a day."""
    path = f"/v1/claims/{claim_id}"
    return stage.obligations.post(officer, f"{path}/calculation", {"as_of": as_of}, resting_on=path)


def version(stage: Stage, who: Person, claim_id: str, number: int) -> Json:
    """One version with its sheet."""
    return stage.obligations.get(who, f"/v1/claims/{claim_id}/versions/{number}")


def known_on(stage: Stage, who: Person, claim_id: str, day: str) -> Json:
    """The version that was current at the end of a day."""
    return stage.obligations.get(who, f"/v1/claims/{claim_id}/versions", known_on=day)["items"][0]


def quote(stage: Stage, who: Person, claim_id: str, as_of: str, **query: str) -> Json:
    """What is due on a day; `known_on` asks as known then."""
    return stage.obligations.get(who, f"/v1/claims/{claim_id}/quote", as_of=as_of, **query)


def notify(stage: Stage, officer: Person, claim_id: str) -> Json:
    """Tell the recipient and open the hearing."""
    path = f"/v1/claims/{claim_id}"
    return stage.obligations.post(officer, f"{path}/notification", resting_on=path)


def propose(stage: Stage, officer: Person, claim_id: str, accepted: Sequence[str]) -> Json:
    """Propose the demand, accepting by name what nobody has verified."""
    path = f"/v1/claims/{claim_id}"
    body = {"accepted_unverified": list(accepted)}
    return stage.obligations.post(officer, f"{path}/demand-proposal", body, resting_on=path)


def approve(stage: Stage, approver: Person, claim_id: str, accepted: Sequence[str], patience: float = 20) -> Json:
    """Approve and serve the demand; tried again while facts are still on their way."""
    path = f"/v1/claims/{claim_id}"
    body = {"accepted_unverified": list(accepted), "served_by": "electronic delivery"}
    return stage.obligations.post(approver, f"{path}/demand-approval", body, resting_on=path, patience=patience)


def repay(stage: Stage, officer: Person, claim_id: str, amount: str, reference: str) -> Json:
    """Record money that came back today."""
    body = {"amount": amount, "received_on": stage.today.isoformat(), "bank_reference": reference}
    return stage.obligations.post(officer, f"/v1/claims/{claim_id}/repayments", body)


def refund(
    stage: Stage, officer: Person, approver: Person, claim_id: str, reference: str, patience: float = 20
) -> Json:
    """Refund all that is overpaid: proposed by one, approved by another once no fact is on its way, paid today."""
    path = f"/v1/claims/{claim_id}"
    proposed = stage.obligations.post(officer, f"{path}/refunds", {}, resting_on=path)
    refund_path = f"{path}/refunds/{proposed['id']}"
    stage.obligations.post(approver, f"{refund_path}/approval", resting_on=path, patience=patience)
    body = {"paid_on": stage.today.isoformat(), "bank_reference": reference}
    return stage.obligations.post(officer, f"{refund_path}/payment", body, resting_on=path)


def rates(stage: Stage, who: Person, **query: str) -> list[Json]:
    """The base rates of the register."""
    return stage.obligations.items(who, "/v1/base-rates", **query)


def correct_rate(stage: Stage, officer: Person, effective_from: str, percent: str, reason: str) -> Json:
    """Put another percentage in the place of a wrong one."""
    found = rates(stage, officer, effective_from=effective_from, effective_to=effective_from)
    body = {"percent": percent, "source": "made up for the demonstration", "reason": reason}
    path = f"/v1/base-rates/{found[0]['rate_id']}"
    return stage.obligations.post(officer, f"{path}/corrections", body, resting_on=path)


def confirm_rates(stage: Stage, officers: Sequence[Person]) -> list[Json]:
    """Let each of the officers confirm every rate that is not verified."""
    ids = [rate["rate_id"] for rate in rates(stage, officers[0], verified="false")]
    confirmed: list[Json] = []
    for officer in officers:
        path = "/v1/base-rates"
        confirmed = stage.obligations.post(officer, f"{path}/confirmations", {"rate_ids": ids}, resting_on=path)
    return confirmed
