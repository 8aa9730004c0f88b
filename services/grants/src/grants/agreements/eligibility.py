"""Whether the recipient still meets the conditions: judged again before the signature and before each tranche."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.applications.model import Application
from grants.applications.queries import eligibility_of
from shared.refusals import RuleBroken


class NoLongerEligible(RuleBroken):
    """A condition is certainly not met, by the conditions of the day of submission on the evidence of today."""

    title = "A condition of support is not met"
    detail = "Not met any more (Law 86-VII, Art. 25(5)): {conditions}."
    remedy = "Read the findings of the application; cure the condition, or end the agreement."


async def require_still_eligible(session: AsyncSession, application_id: UUID, at: datetime) -> None:
    """Raise `NoLongerEligible` where a condition is certainly not met; unknown stands in nobody's way."""
    statement = select(Application).where(col(Application.id) == application_id)
    application = (await session.exec(statement)).one()
    eligibility = await eligibility_of(session, application, at=at)
    if eligibility.not_met:
        raise NoLongerEligible(conditions=", ".join(eligibility.not_met))
