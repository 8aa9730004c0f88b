"""Chapter: the held tranche is cancelled, the agreement closes; and how far rates are known."""

from tirek_local.stories.acts import agreements, funds
from tirek_local.stories.grant_to_repayment.cast import APPLICANT, FIRST_TRANCHE, OFFICER, SECOND_TRANCHE, Case
from tirek_local.stories.stage import Stage
from tirek_local.stories.telling import tenge

QUESTION = {"fulfilment": "0.70", "tranches": [{"amount": FIRST_TRANCHE, "on": "2025-02-03"}]}


def what_is_left(stage: Stage, case: Case) -> None:
    """The second tranche is given up, its commitment is free again, the agreement is completed."""
    tell = stage.teller
    tell.chapter("The agreement closes; and a calculation that is refused rather than guessed")
    stage.on("2026-08-11")
    agreements.cancel(stage, OFFICER, case.tranche_ids[1], "the recipient will not use it")
    tell.does(OFFICER, f"cancels the second tranche; its commitment of {tenge(SECOND_TRANCHE)} tenge is released")
    closing = agreements.owed_report(stage, APPLICANT, case.agreement_id, "closing")
    agreements.report_on_plan(stage, APPLICANT, closing["id"], "The line runs; nothing more is to be built or bought.")
    agreements.accept_report(stage, OFFICER, closing["id"])
    tell.does(APPLICANT, f"hands in the closing report, asked for until {closing['due_on']}; the officer accepts it")
    completed = agreements.complete(stage, OFFICER, case.agreement_id)
    stage.figures.equal("the agreement", completed["status"], "completed")
    tell.does(OFFICER, "closes the agreement: all is paid or cancelled, evaluated, settled and reported")
    figures = funds.standing(stage, OFFICER, case.account_id)
    wanted = {"allocated": "500000000.00", "free": "431454403.05", "committed": "0.00", "disbursed": FIRST_TRANCHE}
    stage.figures.all_equal("the account at the end", figures, wanted | {"returned": "31454403.05"})
    names = ("allocated", "free", "committed", "disbursed", "returned")
    tell.table(
        "The funding account at the end, in tenge", names, [tuple(tenge(figures[n]) for n in names)], right=range(5)
    )
    _coverage(stage)


def _coverage(stage: Stage) -> None:
    tell = stage.teller
    stage.on("2026-10-28")
    path = "/v1/repayment-calculations"
    answer = stage.obligations.post(APPLICANT, path, QUESTION | {"as_of": "2026-10-27"})
    stage.figures.equal("the interest as of 2026-10-27", answer["interest"], "8842397.27")
    tell.does(
        APPLICANT, f"asks the calculator as of 2026-10-27: interest {tenge(answer['interest'])}, up to 26 October"
    )
    problem = stage.obligations.refused(APPLICANT, path, QUESTION | {"as_of": "2026-10-28"}, problem="rate-unknown")
    tell.does(APPLICANT, "asks as of 2026-10-28")
    tell.refused(APPLICANT, problem)
