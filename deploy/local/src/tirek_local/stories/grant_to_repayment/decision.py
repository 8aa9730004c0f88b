"""Chapter: two experts examine, a commission decides."""

from tirek_local.stories.acts import applications
from tirek_local.stories.grant_to_repayment.cast import COMMISSION, EXPERTS, GRANT, OFFICER, Case
from tirek_local.stories.stage import Stage
from tirek_local.stories.telling import tenge


def examination_and_decision(stage: Stage, case: Case) -> None:
    """Each expert scores every criterion with a reason; the commission votes; the minutes close it."""
    tell = stage.teller
    tell.chapter("Two experts and a commission")
    stage.on("2024-11-25")
    examined = applications.examine(stage, OFFICER, EXPERTS, case.application_id, [8, 7])
    stage.figures.equal("the mean of the experts' scores in percent", examined["score"], "75.00")
    for expert, percent in zip(EXPERTS, ("80.00", "70.00"), strict=True):
        tell.does(
            expert, f"declares no conflict of interest, scores the five criteria: {percent} %", "Art. 25(4), 42(3)"
        )
    stage.on("2024-12-02")
    decided = applications.decide(stage, OFFICER, COMMISSION, case.application_id, GRANT)
    stage.figures.equal("the decision", decided["status"], "approved")
    stage.figures.equal("the amount approved", decided["approved_amount"], GRANT)
    stage.figures.equal("the votes for it", decided["motion"]["tally"]["for"], 3)
    members = ", ".join(member.subject for member in COMMISSION)
    tell.does(members, f"vote for {tenge(GRANT)} tenge: 3 of 3, quorum 3 (assumed)")
    tell.does(OFFICER, "closes the vote with its minutes: approved")
