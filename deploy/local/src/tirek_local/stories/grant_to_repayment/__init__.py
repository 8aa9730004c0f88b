"""From an application for an industrial grant to a repayment at the base rate: the story, chapter by chapter."""

from rich.console import Console

from tirek_local.stories.clock import StoryClock
from tirek_local.stories.grant_to_repayment import (
    agreement,
    application,
    breach,
    closing,
    decision,
    demand,
    sheet,
    trace,
    twin,
    versions,
)
from tirek_local.stories.grant_to_repayment.cast import Case
from tirek_local.stories.stage import Stage
from tirek_local.supervisor import System
from tirek_local.traces import TraceCollector

CHAPTERS = (
    application.call_and_application,
    decision.examination_and_decision,
    agreement.agreement_and_first_payment,
    twin.a_year_later,
    breach.the_year_2025_and_its_reports,
    sheet.the_claim_and_its_sheet,
    versions.what_became_known_later,
    demand.hearing_demand_and_payment,
    closing.what_is_left,
    trace.one_trace,
)


def grant_to_repayment(system: System, clock: StoryClock, out: Console, traces: TraceCollector) -> None:
    """Play the story. Raises `Trouble` that names the figure that differs, or what was refused or waited for."""
    stage = Stage.of(system, clock, out, traces)
    try:
        play(stage)
    finally:
        stage.close()
    commands = stage.grants.requests + stage.obligations.requests
    out.print(
        f"[bold green]The story came out as it should:[/bold green] {stage.figures.right} figures checked, "
        f"{commands} requests."
    )


def play(stage: Stage) -> Case:
    """All chapters, in the order of time."""
    case = Case()
    for chapter in CHAPTERS:
        chapter(stage, case)
    return case
