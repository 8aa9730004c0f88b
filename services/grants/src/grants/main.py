"""The API process: the rooms' routers on the platform's edge."""

from pathlib import Path

from fastapi import FastAPI

from grants.account import api as account
from grants.agreements import api as agreements
from grants.applications import api as applications
from grants.applications.refusals import ApplicationOpenAlready, ExpertAskedAlready
from grants.calls import api as calls
from grants.changes import api as changes
from grants.clearance.question import asking_obligations
from grants.commission import api as commission
from grants.commission.refusals import MotionOpenAlready, MoverMayNotVote, VoteCastAlready
from grants.course import api as course
from grants.examination import api as examination
from grants.recoveries import api as recoveries
from grants.reports import api as reports
from grants.service import service
from grants.settings import Settings
from grants.tranches import api as tranches
from shared.http.app import create_app
from shared.http.server import serve
from shared.reference.api import reference_router

CONSTRAINTS = {
    "uq_application_open_of_a_company": ApplicationOpenAlready,
    "uq_expert_conclusion_application_id_expert": ExpertAskedAlready,
    "uq_commission_motion_open": MotionOpenAlready,
    "pk_commission_vote": VoteCastAlready,
    "ck_commission_vote_mover_does_not_vote": MoverMayNotVote,
}
"""By the name of a database constraint, the refusal that its violation stands for, where two commands race."""


def make(settings: Settings | None = None) -> FastAPI:
    """The application, by these settings or those of the environment."""
    return create_app(
        service=service,
        settings=settings or Settings.load(),
        title="Tirek: industrial grants",
        version="1",
        description="Calls, applications, agreements, tranches and the funding account (Law 86-VII, Art. 42).",
        routers=[
            calls.router,
            applications.router,
            examination.router,
            commission.router,
            agreements.router,
            course.router,
            tranches.router,
            reports.router,
            changes.router,
            account.router,
            recoveries.router,
            reference_router(service.lists),
        ],
        constraints=CONSTRAINTS,
        locales=Path(__file__).parent / "locales",
        lifespan=asking_obligations,
    )


def run() -> None:
    """Serve until told to stop."""
    serve("grants.main:make", Settings.load())


if __name__ == "__main__":
    run()
