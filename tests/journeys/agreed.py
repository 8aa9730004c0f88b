"""What journeys begin with: an institute at work, and an agreement that has been signed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tirek_local.stories.acts import agreements, applications, funds, monitoring
from tirek_local.stories.people import EXPORT, INDUSTRY, Person, approver, company, expert, officer
from tirek_local.stories.stage import LOCAL, Stage

BEGINNING = datetime(2022, 11, 1, 9, tzinfo=LOCAL)
FORM = applications.document("application-form", "Application form")
PLAN = applications.document("business-plan", "Business plan")
IBANS = {INDUSTRY: "KZ86125KZT5004100100", EXPORT: "KZ05125KZT5004100200"}

Tranches = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Institute:
    """The people of an institute."""

    name: str = INDUSTRY

    @property
    def officer(self) -> Person:
        """Prepares and records."""
        return officer(1, self.name)

    @property
    def second_officer(self) -> Person:
        """Confirms what another has entered."""
        return officer(2, self.name)

    @property
    def approver(self) -> Person:
        """Approves what an officer proposes."""
        return approver(1, self.name)

    @property
    def experts(self) -> tuple[Person, ...]:
        """Examine."""
        return expert(1, self.name), expert(2, self.name)

    @property
    def commission(self) -> tuple[Person, ...]:
        """Decides."""
        return approver(1, self.name), approver(2, self.name), approver(3, self.name)


@dataclass
class Agreed:
    """A signed agreement: its ids, and who acts under it."""

    institute: Institute
    applicant: Person
    account_id: str
    call_id: str
    application_id: str
    agreement_id: str
    tranche_ids: tuple[str, ...]
    obligations: dict[int, str] = field(default_factory=dict)

    def pay(self, stage: Stage, number: int, reference: str) -> None:
        """Request, propose, approve and pay the tranche of this number, all today."""
        officer_, approver_ = self.institute.officer, self.institute.approver
        agreements.pay(stage, self.applicant, officer_, approver_, self.tranche_ids[number - 1], reference)

    def ready_to_pay(self, stage: Stage, number: int) -> str:
        """The same up to the approval; answers the tranche's id."""
        tranche_id = self.tranche_ids[number - 1]
        agreements.request(stage, self.applicant, tranche_id, f"invoice for tranche {number} of {self.agreement_id}")
        agreements.propose(stage, self.institute.officer, tranche_id)
        agreements.approve(stage, self.institute.approver, tranche_id)
        return tranche_id


def account_of(stage: Stage, institute: Institute, amount: str) -> str:
    """The institute's account with so much budget money."""
    opened = {"bank": funds.BANK, "iban": IBANS[institute.name]}
    account_id: str = stage.grants.post(institute.officer, "/v1/accounts", opened)["id"]
    allocation = {
        "amount": amount,
        "allocated_on": stage.today.isoformat(),
        "bank_reference": f"ALLOCATION-{institute.name}",
        "act": "made-up order",
    }
    stage.grants.post(institute.officer, f"/v1/accounts/{account_id}/allocations", allocation)
    return account_id


def agreed(
    stage: Stage,
    account_id: str,
    bin_: str,
    tranches: Tranches,
    years: Sequence[int],
    *,
    amount: str,
    institute: Institute | None = None,
) -> Agreed:
    """An agreement that is signed today, on one obligation: 400,000,000 tenge of export revenue in each year."""
    at = institute or Institute()
    applicant, today = company(int(bin_[:6]), bin_), stage.today.isoformat()
    call_id = funds.open_call(stage, at.officer, "A call", amount, today, f"{stage.today.year}-12-31")["id"]
    cost, own = f"{int(amount[:-3]) * 2}.00", amount
    written = applications.content(grant=amount, cost=cost, own=own, documents=[FORM, PLAN])
    application_id = applications.draft(stage, applicant, call_id, written)["id"]
    applications.submit(stage, applicant, application_id)
    applications.complete(stage, at.officer, application_id)
    applications.examine(stage, at.officer, at.experts, application_id, [9, 9])
    applications.decide(stage, at.officer, at.commission, application_id, amount)
    terms = [agreements.export_revenue(weight="1")]
    offered = agreements.offer(stage, at.officer, application_id, terms, tranches, years)
    agreements.sign(stage, applicant, offered["id"])
    opened = monitoring.opened(stage, at.officer, offered["id"], len(years))
    return Agreed(
        at,
        applicant,
        account_id,
        call_id,
        application_id,
        offered["id"],
        tuple(part["tranche_id"] for part in offered["terms"]["planned"]),
        {year: each["obligation_id"] for (_, year), each in opened.items()},
    )
