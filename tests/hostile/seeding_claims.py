"""Chapters: the claim, its hearing, demand and dispute; repayments, a refund; what is terminated and completed."""

from tests.hostile.cast import APPROVER, COMPANIES, OFFICER, SECOND_APPROVER, Seeded
from tests.hostile.seeding_grants import FUND_REFERENCE
from tirek_local.stories.acts import agreements, monitoring, recovery
from tirek_local.stories.stage import Stage

ACCEPTED = ("rule-set/default",)


def the_claim_and_its_demand(stage: Stage, seeded: Seeded) -> None:
    """Calculated, suspended for a while, heard, demanded by two, disputed in vain."""
    claim = recovery.claim_where(stage, OFFICER, seeded.agreement, 2025, fulfilment="0.70")
    seeded.claim = claim["id"]
    path = f"/v1/claims/{seeded.claim}"
    stage.on("2026-03-02")
    recovery.calculate(stage, OFFICER, seeded.claim, "2026-03-01")
    suspension = {"from": "2025-06-01", "to": "2025-06-10", "reason": "Court order"}
    stage.obligations.post(OFFICER, f"{path}/suspensions", suspension, resting_on=path)
    stage.on("2026-03-03")
    recovery.notify(stage, OFFICER, seeded.claim)
    stage.on("2026-03-16")
    recovery.propose(stage, OFFICER, seeded.claim, ACCEPTED)
    recovery.approve(stage, APPROVER, seeded.claim, ACCEPTED)
    stage.on("2026-03-18")
    stage.obligations.post(COMPANIES[0], f"{path}/dispute", {"reason": "The report was misread."}, resting_on=path)
    stage.on("2026-03-20")
    decision = {"upheld": False, "reason": "As the file shows."}
    stage.obligations.post(SECOND_APPROVER, f"{path}/dispute-decision", decision, resting_on=path)


def repayments_and_refunds(stage: Stage, seeded: Seeded) -> None:
    """A payment under a reference that is taken, the rest, and a refund after a corrected report."""
    stage.on("2026-04-01")
    recovery.repay(stage, OFFICER, seeded.claim, "1000000.00", FUND_REFERENCE)
    due = recovery.quote(stage, OFFICER, seeded.claim, "2026-04-01")["outstanding"]["total"]
    recovery.repay(stage, OFFICER, seeded.claim, due, "BACK-3")
    recovery.claim_where(stage, OFFICER, seeded.agreement, 2025, status="settled")
    stage.until("a payment stands apart", lambda: _conflicts(stage, seeded))
    (seeded.payment_conflict,) = _conflicts(stage, seeded)
    body = {"bank_reference": "BACK-1", "reason": "The bank's statement says so."}
    path = f"/v1/accounts/{seeded.account}/payment-conflicts/{seeded.payment_conflict}"
    for answer in ("rejection", "approval"):
        stage.grants.post(OFFICER, f"{path}/resolution-proposal", body, resting_on=path)
        stage.grants.post(APPROVER, f"{path}/resolution-{answer}", resting_on=path)
    stage.on("2026-05-04")
    monitoring.correct(stage, COMPANIES[0], seeded.report, "340000000")
    recovery.claim_where(stage, OFFICER, seeded.agreement, 2025, fulfilment="0.725")
    recovery.refund(stage, OFFICER, APPROVER, seeded.claim, "REFUND-1")
    question = {
        "fulfilment": "0.70", "tranches": [{"amount": "100000000.00", "on": "2025-02-03"}], "as_of": "2026-06-30"
    }  # fmt: skip
    stage.obligations.post(COMPANIES[0], "/v1/repayment-calculations", question)


def _conflicts(stage: Stage, seeded: Seeded) -> list[str]:
    found = stage.grants.items(OFFICER, f"/v1/accounts/{seeded.account}/payment-conflicts", resolved="false")
    return [each["id"] for each in found]


def what_ends(stage: Stage, seeded: Seeded) -> None:
    """One agreement is terminated, the other is completed."""
    proposed = agreements.propose_change(stage, OFFICER, seeded.other_agreement, "termination", {"reason": "Agreed."})
    agreements.approve_change(stage, APPROVER, proposed["id"])
    stage.until(
        "the hold is lifted",
        lambda: not agreements.dossier(stage, OFFICER, seeded.agreement)["on_hold"],
    )
    _the_project_is_reported(stage, seeded)
    agreements.complete(stage, OFFICER, seeded.agreement)


def _the_project_is_reported(stage: Stage, seeded: Seeded) -> None:
    """The plan report is returned once and accepted; then the closing report."""
    report = agreements.owed_report(stage, OFFICER, seeded.agreement, "plan")["id"]
    path = f"/v1/reports/{report}"
    act = {"type": "acceptance-act", "name": "Act 1", "sha256": "c" * 64, "size": 1000}
    spent = [{"item": "equipment", "amount": "60000000.00"}]
    content = {"summary": "The line is mounted.", "spent": spent, "documents": [act]}
    stage.grants.post(COMPANIES[0], f"{path}/submission", {"content": content}, resting_on=path)
    remarks = {"remarks": [{"field": "/summary", "remark": "Say in how many shifts it runs."}]}
    stage.grants.post(OFFICER, f"{path}/return", remarks, resting_on=path)
    answered = {"content": content | {"summary": "In two shifts."}, "answers": [{"number": 1, "answer": "Two."}]}
    stage.grants.post(COMPANIES[0], f"{path}/submission", answered, resting_on=path)
    agreements.accept_report(stage, OFFICER, report)
    closing = agreements.owed_report(stage, OFFICER, seeded.agreement, "closing")["id"]
    agreements.report_on_plan(stage, COMPANIES[0], closing, "Done.")
    agreements.accept_report(stage, OFFICER, closing)
    seeded.project_report = report
