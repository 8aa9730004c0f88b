"""Chapter: one trace, from the company's report to the hold and the claim."""

from tirek_local.stories.grant_to_repayment.cast import Case
from tirek_local.stories.stage import Stage

BREACHED = "obligations.obligation-breached.v1"


def one_trace(stage: Stage, case: Case) -> None:  # noqa: ARG001 - every chapter takes the case
    """The request that reported the shortfall, and everything that it set in motion."""
    if stage.traces is None:
        return
    stage.teller.chapter("The trace of the breach")
    stage.traces.settle(seconds=2, quiet_seconds=0.5)
    found = stage.traces.find("tirek.event.type", BREACHED)
    stage.figures.equal("a trace of the breach", bool(found), True)
    stage.teller.show(stage.traces.tree(found[0].trace_id))
