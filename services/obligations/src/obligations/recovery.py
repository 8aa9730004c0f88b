"""Recovery as the service declares it: its consumer, its routes, its seeds."""

from typing import Final

from fastapi import APIRouter

from obligations.calculator import api as calculator
from obligations.claims import api as claims
from obligations.claims.reactions import TRIGGERS
from obligations.claims.terms import seed_recovery_terms
from obligations.demands import api as demands
from obligations.disputes import api as disputes
from obligations.freshness.own_facts import RECOVERY
from obligations.quotes import api as quotes
from obligations.refunds import api as refunds
from obligations.repayments import api as repayments
from obligations.suspensions import api as suspensions
from shared.service import Consumer

TOPICS: Final = ("grants.v1", "clusters.v1", "export-support.v1", "obligations.v1")

CONSUMER: Final = Consumer(RECOVERY, topics=TOPICS, handlers=TRIGGERS)
"""Each trigger of a recalculation, one table: `obligations.claims.reactions.TRIGGERS`."""

ROUTERS: Final[tuple[APIRouter, ...]] = (
    claims.router,
    suspensions.router,
    demands.router,
    disputes.router,
    repayments.router,
    refunds.router,
    quotes.router,
    calculator.router,
)

SEEDS: Final = (seed_recovery_terms,)
