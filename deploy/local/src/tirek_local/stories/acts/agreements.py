"""Acts about an agreement and its tranches: offer, signature, payment, cancellation, completion."""

from collections.abc import Sequence
from typing import Any

from tirek_local.stories.acts.applications import document
from tirek_local.stories.people import Person
from tirek_local.stories.stage import Stage

Json = Any


def productivity(*, target: str = "12500", baseline: str = "10000", weight: str = "0.5") -> Json:
    """A counter-obligation: labour productivity grows from the baseline to the target."""
    return {
        "indicator": "labour-productivity",
        "direction": "labour-productivity",
        "mode": "growth",
        "target": target,
        "baseline": baseline,
        "unit": "thousand tenge per employee",
        "weight": weight,
    }


def export_revenue(*, target: str = "400000000", weight: str = "0.5") -> Json:
    """A counter-obligation: export revenue reaches the target."""
    return {
        "indicator": "export-revenue",
        "direction": "export-oriented-output",
        "mode": "level",
        "target": target,
        "unit": "tenge",
        "weight": weight,
    }


def offer(
    stage: Stage,
    officer: Person,
    application_id: str,
    obligations: Sequence[Json],
    tranches: Sequence[tuple[str, str]],
    years: Sequence[int],
) -> Json:
    """Offer the agreement; `tranches` are amounts with the days for which they are planned."""
    terms = {
        "application_id": application_id,
        "obligations": list(obligations),
        "tranches": [{"amount": amount, "planned_on": day} for amount, day in tranches],
        "reporting_years": list(years),
        "rule_set": "default",
    }
    return stage.grants.post(officer, "/v1/agreements", terms)


def sign(stage: Stage, applicant: Person, agreement_id: str) -> Json:
    """Sign the agreement."""
    path = f"/v1/agreements/{agreement_id}"
    return stage.grants.post(applicant, f"{path}/signature", resting_on=path)


def dossier(stage: Stage, who: Person, agreement_id: str) -> Json:
    """The one view of the agreement in grants."""
    return stage.grants.get(who, f"/v1/agreements/{agreement_id}")


def request(stage: Stage, applicant: Person, tranche_id: str, name: str) -> Json:
    """Ask for a tranche, with an invoice."""
    paper = document("invoice", name)
    body = {"documents": [{"type": paper.pop("kind"), **paper}]}
    path = f"/v1/tranches/{tranche_id}"
    return stage.grants.post(applicant, f"{path}/request", body, resting_on=path)


def propose(stage: Stage, officer: Person, tranche_id: str) -> Json:
    """Propose the payment of a tranche."""
    path = f"/v1/tranches/{tranche_id}"
    return stage.grants.post(officer, f"{path}/proposal", resting_on=path)


def approve(stage: Stage, approver: Person, tranche_id: str) -> Json:
    """Approve what was proposed, exactly that."""
    path = f"/v1/tranches/{tranche_id}"
    seen = stage.grants.get(approver, path)
    return stage.grants.post(approver, f"{path}/approval", {"content": seen["content"]}, resting_on=path)


def disburse(stage: Stage, officer: Person, tranche_id: str, reference: str, patience: float = 20) -> Json:
    """Record the bank's payment of today; tried again while obligations is still behind."""
    path = f"/v1/tranches/{tranche_id}"
    body = {"disbursed_on": stage.today.isoformat(), "bank_reference": reference}
    return stage.grants.post(officer, f"{path}/disbursement", body, resting_on=path, patience=patience)


def reverse(stage: Stage, officer: Person, tranche_id: str, reference: str) -> Json:
    """Record that the bank returned the payment today."""
    body = {
        "reversed_on": stage.today.isoformat(),
        "bank_reference": reference,
        "reason": "the bank returned the payment",
    }
    path = f"/v1/tranches/{tranche_id}"
    return stage.grants.post(officer, f"{path}/reversal", body, resting_on=path)


def pay(stage: Stage, applicant: Person, officer: Person, approver: Person, tranche_id: str, reference: str) -> Json:
    """Request, propose, approve and disburse a tranche on one day."""
    request(stage, applicant, tranche_id, f"invoice for {reference}")
    propose(stage, officer, tranche_id)
    approve(stage, approver, tranche_id)
    return disburse(stage, officer, tranche_id, reference)


def cancel(stage: Stage, officer: Person, tranche_id: str, reason: str) -> Json:
    """Give a tranche up; its commitment is released."""
    path = f"/v1/tranches/{tranche_id}"
    return stage.grants.post(officer, f"{path}/cancellation", {"reason": reason}, resting_on=path)


def propose_change(stage: Stage, officer: Person, agreement_id: str, what: str, body: Json) -> Json:
    """Propose an addendum (`addenda`) or the end of the agreement (`termination`): the first of two people."""
    path = f"/v1/agreements/{agreement_id}"
    return stage.grants.post(officer, f"{path}/{what}", body, resting_on=path)


def approve_change(stage: Stage, approver: Person, change_id: str) -> Json:
    """Approve a change that another person proposed; it takes effect."""
    path = f"/v1/changes/{change_id}"
    return stage.grants.post(approver, f"{path}/approval", resting_on=path)


def owed_report(stage: Stage, who: Person, agreement_id: str, kind: str) -> Json:
    """The report on the project's plan that is awaited; waits until a scheduled job has asked for it."""
    query = {"agreement_id": agreement_id, "kind": kind, "status": "awaited"}
    found = stage.until(f"a {kind} report is asked for", lambda: stage.grants.items(who, "/v1/reports", **query))
    return found[0]


def report_on_plan(stage: Stage, applicant: Person, report_id: str, summary: str) -> Json:
    """Hand a report on the project's plan in."""
    body = {"content": {"summary": summary}}
    path = f"/v1/reports/{report_id}"
    return stage.grants.post(applicant, f"{path}/submission", body, resting_on=path)


def accept_report(stage: Stage, officer: Person, report_id: str) -> Json:
    """Accept a report on the project's plan."""
    path = f"/v1/reports/{report_id}"
    return stage.grants.post(officer, f"{path}/acceptance", resting_on=path)


def complete(stage: Stage, officer: Person, agreement_id: str) -> Json:
    """Close an agreement of which everything is done."""
    path = f"/v1/agreements/{agreement_id}"
    return stage.grants.post(officer, f"{path}/completion", resting_on=path)
