"""Signing an offer, and the job that lets offers go."""

from datetime import datetime

from grants.agreements.commands import lapse_offers
from grants.agreements.model import Agreement
from grants.course.commands import sign_agreement
from shared.access.roles import Role
from tests.grants.facts import sight
from tests.grants.funding import Funding


async def sign(funding: Funding, agreement: Agreement, at: datetime) -> Agreement:
    async with funding.work(at, "applicant-1") as session:
        return await sign_agreement(
            session, sight(Role.APPLICANT), agreement.id, version=agreement.version, at=at, by="applicant-1"
        )


async def lapse(funding: Funding, at: datetime) -> int:
    count = 0
    while True:
        async with funding.work(at, "grants/jobs") as session:
            if not await lapse_offers(session, at):
                return count
        count += 1
