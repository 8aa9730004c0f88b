"""The service as the platform knows it: its name, tables, handlers, jobs and seeds."""

from pathlib import Path

from obligations.cancellations.model import Cancellation
from obligations.claims.pending import recalculate_pending
from obligations.claims.terms import seed_recovery_terms
from obligations.demands.model import Demand
from obligations.disputes.model import Dispute
from obligations.excuses.model import Excuse
from obligations.handlers import CONSUMERS
from obligations.indicators.catalogue import INDICATORS
from obligations.indicators.seed import seed_indicators
from obligations.obligations.commands import evaluate_due, freeze_rule_sets
from obligations.rates.seed import seed_rates
from obligations.record import Record
from obligations.refunds.model import Refund
from obligations.reports.model import ReportEntry
from obligations.rule_sets.seed import seed_rule_sets
from obligations.seed import seed_parameters
from shared.reference.lists import HOLIDAY_OVERRIDES, HOLIDAYS
from shared.service import Service

MODELS = (Cancellation, Demand, Dispute, Excuse, Refund, ReportEntry)
"""Imported so that the metadata is complete; the other rooms come with the handlers, the jobs and the seeds."""

service = Service(
    name="obligations",
    metadata=Record.metadata,
    migrations=Path(__file__).parent / "migrations",
    consumers=CONSUMERS,
    jobs={
        "recalculate-pending": recalculate_pending,
        "freeze-rule-sets": freeze_rule_sets,
        "evaluate-due": evaluate_due,
    },
    prompt=frozenset({"recalculate-pending"}),
    seeds=(seed_parameters, seed_recovery_terms, seed_rates, seed_rule_sets, seed_indicators),
    lists={definition.name: definition for definition in (HOLIDAYS, HOLIDAY_OVERRIDES, INDICATORS)},
)
