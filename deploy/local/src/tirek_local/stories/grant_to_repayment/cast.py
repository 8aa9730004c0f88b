"""Who is who in the story, and what it is about: all made up but the Law, the days and the base rates."""

from dataclasses import dataclass
from typing import Any

from tirek_local.stories.people import approver, company, expert, officer

APPLICANT = company(1, "160140000014")
"""A made-up company of the samples; its BIN has a right control digit, and no company bears it."""

OFFICER, SECOND_OFFICER = officer(1), officer(2)
EXPERTS = (expert(1), expert(2))
COMMISSION = (approver(1), approver(2), approver(3))
APPROVER = COMMISSION[0]

BUDGET = "500000000.00"
GRANT = "150000000.00"
FIRST_TRANCHE, SECOND_TRANCHE = "100000000.00", "50000000.00"
PROJECT_COST, OWN_MONEY = "320000000.00", "170000000.00"

YEAR = 2025
ACCEPTED = ("rule-set/default",)


@dataclass
class Case:
    """What the chapters hand on to each other."""

    account_id: str = ""
    application_id: str = ""
    agreement_id: str = ""
    tranche_ids: tuple[str, ...] = ()
    productivity_id: str = ""
    export_id: str = ""
    report_id: str = ""
    claim_id: str = ""
    breach_since: str = ""
    sheet: Any = None
