"""Chapter: the same application a year later, when the fourth condition is in force; and a clock that runs out."""

from tirek_local.stories.acts import applications, funds
from tirek_local.stories.grant_to_repayment.application import FORM, PLAN, show_conditions
from tirek_local.stories.grant_to_repayment.cast import (
    APPLICANT,
    GRANT,
    OFFICER,
    OWN_MONEY,
    PROJECT_COST,
    Case,
)
from tirek_local.stories.stage import Stage


def a_year_later(stage: Stage, case: Case) -> None:  # noqa: ARG001 - every chapter takes the case
    """The twin of November 2025 is judged by four conditions; it is returned, not corrected, and annulled by a job."""
    tell = stage.teller
    tell.chapter("Its twin of November 2025: the register of producers is in force")
    stage.on("2025-11-10")
    call = funds.open_call(stage, OFFICER, "Industrial grants 2025", "200000000.00", "2025-11-03", "2025-11-28")
    written = applications.content(grant=GRANT, cost=PROJECT_COST, own=OWN_MONEY, documents=[FORM, PLAN])
    twin = applications.draft(stage, APPLICANT, call["id"], written)
    applications.submit(stage, APPLICANT, twin["id"])
    tell.does(APPLICANT, "hands in the same application again")
    judged = applications.conditions(stage, OFFICER, twin["id"])
    show_conditions(stage, "The conditions in force on 10 November 2025", judged)
    for key, each in judged.items():
        stage.figures.equal(f"condition {key} of the twin", each["answer"], "met")
    applications.send_back(stage, OFFICER, twin["id"], [("/description", "Say which machines are meant.")])
    tell.does(OFFICER, "returns it with a remark; nobody answers")
    stage.on("2025-11-21")
    path = f"/v1/applications/{twin['id']}"
    stage.seen("the twin after its term", lambda: stage.grants.get(OFFICER, path)["status"], "annulled")
    tell.notes("The 7 working days are over: a scheduled job annuls the application.")
