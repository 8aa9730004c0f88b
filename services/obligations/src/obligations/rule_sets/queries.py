"""Which rule set an agreement of a day gets."""

from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.rule_sets.model import RuleSet, RuleSetStatus


async def approved_rule_set(session: AsyncSession, name: str, on: date) -> RuleSet | None:
    """The approved set of that name in force on the day; none where there is none, never another day's."""
    statement = (
        select(RuleSet)
        .where(col(RuleSet.name) == name, col(RuleSet.status) == RuleSetStatus.APPROVED)
        .where(col(RuleSet.effective_from) <= on)
        .order_by(col(RuleSet.effective_from).desc())
        .limit(1)
    )
    return (await session.exec(statement)).one_or_none()
