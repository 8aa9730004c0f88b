"""The API process: the rooms' routes on the platform's edge."""

from pathlib import Path

from fastapi import FastAPI

from obligations.agreements import api as agreements
from obligations.calculator import api as calculator
from obligations.cancellations import api as cancellations
from obligations.claims import api as claims
from obligations.claims.refusals import YearsOutOfStep
from obligations.demands import api as demands
from obligations.disputes import api as disputes
from obligations.excuses import api as excuses
from obligations.freshness.funding import asking_funding_services
from obligations.indicators import api as indicators
from obligations.obligations import api as obligations
from obligations.quotes import api as quotes
from obligations.rates import api as rates
from obligations.refunds import api as refunds
from obligations.repayments import api as repayments
from obligations.reports import api as reports
from obligations.rule_sets import api as rule_sets
from obligations.service import service
from obligations.settings import Settings
from obligations.standing import api as standing
from obligations.suspensions import api as suspensions
from shared.http.app import create_app, serve
from shared.reference.api import reference_router
from shared.refusals import Refusal

ROOMS = (
    agreements,
    obligations,
    reports,
    excuses,
    cancellations,
    standing,
    claims,
    demands,
    disputes,
    repayments,
    refunds,
    suspensions,
    quotes,
    calculator,
    rates,
    rule_sets,
    indicators,
)

ROUTERS = (*(room.router for room in ROOMS), reference_router(service.lists))
"""The rooms' routes, and those of the lists and parameters that the service keeps."""

CONSTRAINTS: dict[str, type[Refusal]] = {"recovery_principals_within_paid": YearsOutOfStep}
"""Names of database constraints whose violation means that somebody else was faster; the rules refuse the rest."""


def make(settings: Settings | None = None) -> FastAPI:
    """The application, by these settings or those of the environment."""
    return create_app(
        service=service,
        settings=settings or Settings.load(),
        title="Tirek: obligations",
        version="1",
        description=(
            "Counter-obligations (Law 86-VII, Art. 27): monitoring, recovery at the base rate, and the base rates."
        ),
        routers=ROUTERS,
        constraints=CONSTRAINTS,
        locales=Path(__file__).parent / "locales",
        lifespan=asking_funding_services,
    )


def run() -> None:
    """Serve until told to stop."""
    serve("obligations.main:make", Settings.load())


if __name__ == "__main__":
    run()
