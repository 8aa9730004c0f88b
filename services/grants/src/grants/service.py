"""The service, declared once: its tables, what it listens to, its scheduled jobs, what an installation brings."""

from pathlib import Path

from grants.account.commands import close_years
from grants.agreements.commands import lapse_offers
from grants.applications import records
from grants.applications.commands import annul_one_overdue
from grants.changes.model import Change
from grants.commission.model import Motion
from grants.eligibility.documents import DOCUMENTS, seed_lists
from grants.examination.model import Conclusion
from grants.handlers import CONSUMERS
from grants.record import Record
from grants.reports.commands import ask_for_closing_report, note_overdue_report
from shared.reference.lists import LISTS
from shared.service import Service

MODELS = (Change, Motion, Conclusion, records.history_table)
"""Imported so that the metadata is complete; the other rooms come with the handlers and the jobs."""

service = Service(
    name="grants",
    metadata=Record.metadata,
    migrations=Path(__file__).parent / "migrations",
    consumers=CONSUMERS,
    jobs={
        "annul applications not corrected in time": annul_one_overdue,
        "lapse offers not signed in time": lapse_offers,
        "close years that are over": close_years,
        "note reports that are overdue": note_overdue_report,
        "ask for closing reports": ask_for_closing_report,
    },
    seeds=(seed_lists,),
    lists={**LISTS, DOCUMENTS.name: DOCUMENTS},
)
