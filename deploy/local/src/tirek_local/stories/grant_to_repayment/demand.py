"""Chapter: the rates confirmed, the hearing, the demand of two people, the payment."""

from tirek_local.stories.acts import agreements, funds, recovery
from tirek_local.stories.grant_to_repayment.cast import (
    ACCEPTED,
    APPLICANT,
    APPROVER,
    FIRST_TRANCHE,
    OFFICER,
    SECOND_OFFICER,
    SECOND_TRANCHE,
    YEAR,
    Case,
)
from tirek_local.stories.grant_to_repayment.sheet import show_sheet
from tirek_local.stories.stage import Stage
from tirek_local.stories.telling import tenge

REST = "21454403.05"
RETURNED = "31454403.05"


def hearing_demand_and_payment(stage: Stage, case: Case) -> None:
    """Two officers confirm the rates; the recipient is heard; one proposes, another approves; the rest is paid."""
    tell = stage.teller
    tell.chapter("Hearing, demand, payment")
    stage.on("2026-07-21")
    confirmed = recovery.confirm_rates(stage, (OFFICER, SECOND_OFFICER))
    stage.figures.equal("rates confirmed by two", all(rate["verified"] for rate in confirmed), True)
    tell.does(
        f"{OFFICER.subject}, {SECOND_OFFICER.subject}", f"confirm all {len(confirmed)} base rates against their sources"
    )
    stage.on("2026-07-22")
    notified = recovery.notify(stage, OFFICER, case.claim_id)
    stage.figures.equal("the last day of the hearing", notified["hearing_until"], "2026-07-27")
    tell.does(OFFICER, "tells the company, which is heard until 2026-07-27", "Administrative Code, Art. 73 (assumed)")
    stage.on("2026-07-28")
    _demand(stage, case)
    stage.on("2026-08-10")
    _payment(stage, case)


def _demand(stage: Stage, case: Case) -> None:
    tell, path = stage.teller, f"/v1/claims/{case.claim_id}"
    problem = stage.obligations.refused(
        OFFICER, f"{path}/demand-proposal", {}, problem="rests-on-unverified", resting_on=path
    )
    tell.refused(OFFICER, problem)
    proposed = recovery.propose(stage, OFFICER, case.claim_id, ACCEPTED)
    stage.figures.equal("what the proposer accepts by name", proposed["accepted"], list(ACCEPTED))
    tell.does(OFFICER, "accepts the rule set “default” by name and proposes the demand")
    demanded = recovery.approve(stage, APPROVER, case.claim_id, ACCEPTED)
    stage.figures.all_equal("the demand", demanded, {"status": "approved", "approved_by": APPROVER.subject})
    tell.does(
        APPROVER,
        "accepts it likewise and approves; grants was asked before: nothing new is on its way; the demand is served",
        "Art. 27(4)",
    )


def _payment(stage: Stage, case: Case) -> None:
    tell = stage.teller
    tell.does(APPLICANT, "asks what is due today")
    due = recovery.quote(stage, APPLICANT, case.claim_id, "2026-08-10")
    stage.figures.equal("what is left on 2026-08-10", due["outstanding"]["total"], REST)
    show_sheet(stage, "What is due on the day of payment, 10 August 2026", due)
    recovery.repay(stage, OFFICER, case.claim_id, REST, "KKMF-2026-0810-01")
    tell.does(APPLICANT, f"pays {tenge(REST)} tenge (KKMF-2026-0810-01)")
    claim = recovery.claim_where(stage, OFFICER, case.agreement_id, YEAR, status="settled")
    stage.figures.equal("what is left after the payment", claim["outstanding"], "0.00")
    tell.notes("The claim is settled: grants credits its account and lifts the hold.")
    stage.seen(
        "the returned money in the account",
        lambda: funds.standing(stage, OFFICER, case.account_id)["returned"],
        RETURNED,
    )
    figures = funds.standing(stage, OFFICER, case.account_id)
    wanted = {"free": "381454403.05", "committed": SECOND_TRANCHE, "disbursed": FIRST_TRANCHE}
    stage.figures.all_equal("the account after the repayment", figures, wanted)
    stage.seen(
        "the hold after the settlement",
        lambda: agreements.dossier(stage, OFFICER, case.agreement_id)["on_hold"],
        False,
    )
