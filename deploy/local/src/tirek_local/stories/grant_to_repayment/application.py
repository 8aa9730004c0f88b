"""Chapter: the call of November 2024, and an application that is returned once."""

from typing import Any

from tirek_local.stories.acts import applications, funds
from tirek_local.stories.grant_to_repayment.cast import (
    APPLICANT,
    BUDGET,
    GRANT,
    OFFICER,
    OWN_MONEY,
    PROJECT_COST,
    Case,
)
from tirek_local.stories.stage import Stage
from tirek_local.stories.telling import tenge

FORM = applications.document("application-form", "Application form")
PLAN = applications.document("business-plan", "Business plan")

WORDS = {
    "met": "[green]met[/green]",
    "not-met": "[red]not met[/red]",
    "unknown": "[yellow]unknown[/yellow]",
    "not-yet-in-force": "[dim]not yet in force[/dim]",
}


def call_and_application(stage: Stage, case: Case) -> None:
    """The institute calls; the company applies, is told what is missing, and corrects it."""
    tell = stage.teller
    tell.chapter("A call, and an application that is returned once")
    stage.on("2024-11-04")
    account = funds.open_account(stage, OFFICER, BUDGET, reference="KKMF-2024-0117")
    case.account_id = account["id"]
    stage.figures.equal("the free money of the account", account["standing"]["free"], BUDGET)
    tell.does(OFFICER, f"enters {tenge(BUDGET)} tenge of budget money in the funding account", "Law 86-VII, Art. 42(5)")
    call = funds.open_call(stage, OFFICER, "Industrial grants 2024", BUDGET, "2024-11-04", "2024-11-29")
    tell.does(OFFICER, "opens the call, from 4 to 29 November 2024", "Art. 42(1)")
    stage.on("2024-11-11")
    written = applications.content(grant=GRANT, cost=PROJECT_COST, own=OWN_MONEY, documents=[FORM])
    case.application_id = applications.draft(stage, APPLICANT, call["id"], written)["id"]
    submitted = applications.submit(stage, APPLICANT, case.application_id)
    tell.does(
        APPLICANT,
        f"asks for {tenge(GRANT)} of {tenge(PROJECT_COST)} tenge for a line of centrifugal pumps, FEA CN 8413702100 "
        f"({submitted['number']})",
    )
    first = applications.conditions(stage, OFFICER, case.application_id)
    stage.figures.equal(
        "compliance with the rules without the business plan", first["compliance-with-the-rules"]["answer"], "not-met"
    )
    _returned_and_corrected(stage, case)
    judged = applications.conditions(stage, OFFICER, case.application_id)
    show_conditions(stage, "The conditions in force on 11 November 2024", judged)
    wanted = {
        "priority-goods": "met",
        "counter-obligations": "met",
        "compliance-with-the-rules": "unknown",
        "register-of-producers": "not-yet-in-force",
    }
    stage.figures.equal("the four conditions", {key: each["answer"] for key, each in judged.items()}, wanted)


def _returned_and_corrected(stage: Stage, case: Case) -> None:
    tell = stage.teller
    stage.on("2024-11-13")
    remark = "The business plan is missing."
    returned = applications.send_back(stage, OFFICER, case.application_id, [("/documents/-", remark)])
    until = returned["next"]["due_on"]
    stage.figures.equal("the last day of the correction, 7 working days on", until, "2024-11-22")
    tell.does(OFFICER, f"returns it with one list of remarks, to be cured by {until}: “{remark}”")
    stage.on("2024-11-18")
    written = applications.content(grant=GRANT, cost=PROJECT_COST, own=OWN_MONEY, documents=[FORM, PLAN])
    applications.correct(stage, APPLICANT, case.application_id, written, ["The business plan is enclosed."])
    tell.does(APPLICANT, "encloses the business plan and hands the application in again")
    stage.on("2024-11-19")
    complete = applications.complete(stage, OFFICER, case.application_id)
    stage.figures.equal("the application", complete["status"], "examination")
    tell.does(OFFICER, "finds it complete")


def show_conditions(stage: Stage, title: str, judged: dict[str, Any]) -> None:
    """The four answers as a table."""
    rows = [
        (
            each["article"].removeprefix("Law 86-VII, "),
            WORDS[each["answer"]],
            each["reason"] + (" (assumed)" if each["assumed"] else ""),
        )
        for each in judged.values()
    ]
    stage.teller.table(title, ("condition", "answer", "reason"), rows)
