"""Chapter: the year 2025 closes, the reports come, and the next tranche is held."""

from tirek_local.stories.acts import agreements, monitoring, recovery
from tirek_local.stories.grant_to_repayment.cast import APPLICANT, APPROVER, OFFICER, SECOND_TRANCHE, YEAR, Case
from tirek_local.stories.stage import Stage
from tirek_local.stories.telling import tenge

FIGURES = ("fulfilment", "principal", "interest", "total")


def the_year_2025_and_its_reports(stage: Stage, case: Case) -> None:
    """One report in time, one late: after both the fulfilment is 0.70."""
    tell = stage.teller
    tell.chapter("The year 2025 closes; the reports come; the next tranche is held")
    stage.on("2026-02-05")
    monitoring.report(stage, APPLICANT, case.export_id, "320000000", "form 1-P: export revenue of 2025")
    breach = "the achieved level K is 0.80, a breach"
    tell.does(APPLICANT, f"reports 320,000,000.00 tenge of export revenue, of 400,000,000.00: {breach}", "Art. 27(4)")
    _claim(stage, case, "0.90", "10000000.00", "1693972.61")
    _held(stage, case, 1)
    stage.on("2026-02-17")
    _claim(stage, case, "0.40", "60000000.00", "10518904.11")
    tell.notes(
        "No report on labour productivity by its due day, 2026-02-16: a scheduled job counts K = 0, provisionally."
    )
    stage.on("2026-03-02")
    report = monitoring.report(stage, APPLICANT, case.productivity_id, "11500", "form 1-T: labour productivity of 2025")
    case.report_id = report["report_id"]
    tell.does(APPLICANT, "reports late: 11,500 thousand tenge per employee, from 10,000 towards 12,500: K = 0.60")
    claim = _claim(stage, case, "0.70", "30000000.00", "5451780.83")
    _plan_report(stage, case)
    case.claim_id = claim["id"]
    _levels(stage, case)
    _held(stage, case, 2)
    _next_tranche(stage, case)


def _plan_report(stage: Stage, case: Case) -> None:
    """The report on the project's plan is another one: grants asks for it, not obligations."""
    report = agreements.owed_report(stage, APPLICANT, case.agreement_id, "plan")
    stage.figures.equal("the due day of the plan report", report["due_on"], "2026-02-02")
    agreements.report_on_plan(stage, APPLICANT, report["id"], "The line is mounted and runs in one shift.")
    accepted = agreements.accept_report(stage, OFFICER, report["id"])
    stage.figures.equal("the plan report", accepted["status"], "accepted")
    stage.teller.does(APPLICANT, f"reports on the project's plan for {YEAR} too, late: it was due on 2026-02-02")
    stage.teller.does(OFFICER, "accepts it")


def _claim(stage: Stage, case: Case, fulfilment: str, principal: str, interest: str) -> dict[str, str]:
    found: dict[str, str] = recovery.claim_where(stage, OFFICER, case.agreement_id, YEAR, fulfilment=fulfilment)
    stage.figures.all_equal(f"the claim at K = {fulfilment}", found, {"principal": principal, "interest": interest})
    return found


def _levels(stage: Stage, case: Case) -> None:
    rows = []
    for id_, level in ((case.productivity_id, "0.60"), (case.export_id, "0.80")):
        each = monitoring.status_of(stage, OFFICER, id_)
        stage.figures.all_equal(each["indicator"], each, {"status": "breached", "fulfilment": level})
        rows.append(
            (each["indicator"], tenge(each["target"]), tenge(each["achieved"]), each["weight"], each["fulfilment"])
        )
    rows.append(("[bold]the year 2025[/bold]", "", "", "", "[bold]0.70[/bold]"))
    stage.teller.table("Fulfilment", ("indicator", "target", "achieved", "weight", "K"), rows, right=(1, 2, 3, 4))


def _held(stage: Stage, case: Case, causes: int) -> None:
    def open_causes() -> int:
        holds = agreements.dossier(stage, OFFICER, case.agreement_id)["holds"]
        return sum(hold["is_open"] for hold in holds)

    stage.seen("the open causes of the hold", open_causes, causes)
    stage.teller.notes(f"grants holds all further tranches: {causes} open cause{'s' * (causes > 1)}.")


def _next_tranche(stage: Stage, case: Case) -> None:
    tell, tranche = stage.teller, case.tranche_ids[1]
    stage.on("2026-04-06")
    agreements.request(stage, APPLICANT, tranche, "Invoice 2 of the supplier")
    tell.does(APPLICANT, f"asks for the second tranche, {tenge(SECOND_TRANCHE)} tenge")
    agreements.propose(stage, OFFICER, tranche)
    path = f"/v1/tranches/{tranche}"
    seen = stage.grants.get(APPROVER, path)
    problem = stage.grants.refused(
        APPROVER, f"{path}/approval", {"content": seen["content"]}, problem="agreement-on-hold", resting_on=path
    )
    tell.refused(APPROVER, problem)
