"""Which rule set an agreement of a day gets, and who has accepted an unverified one."""

from datetime import date
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.rule_sets.content import FrozenRuleSet
from obligations.rule_sets.model import RuleSet, RuleSetAcceptance, RuleSetStatus


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


async def confirmed_parameters(session: AsyncSession, frozen: FrozenRuleSet) -> tuple[str, ...]:
    """The parameters of a frozen rule set that two officers have confirmed by now: all of them, or none."""
    rule_set = await session.get(RuleSet, frozen.rule_set_id)
    return rule_set.confirmed_parameters if rule_set is not None else ()


async def accepted_by(session: AsyncSession, claim_id: UUID, content_hash: str) -> frozenset[str]:
    """The officers (subjects) who have accepted that content for that claim."""
    statement = select(RuleSetAcceptance.officer).where(
        col(RuleSetAcceptance.claim_id) == claim_id, col(RuleSetAcceptance.content_hash) == content_hash
    )
    return frozenset((await session.exec(statement)).all())
