"""Proposing, deciding and confirming rule sets."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.record import NATIONAL
from obligations.repayment.admission import admit_rules
from obligations.repayment.rules import Compounding
from obligations.rule_sets.content import RuleSetContent
from obligations.rule_sets.model import RuleSet, RuleSetStatus
from obligations.rule_sets.refusals import (
    CompoundingOfClaims,
    ProposalOtherThanRead,
    RuleSetKnownAlready,
    RuleSetNotFound,
)
from shared.database.loading import load
from shared.events.publishing import publish
from shared.http.etag import require_version


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule set as proposed, for agreements signed from a day on."""

    name: str
    effective_from: date
    content: RuleSetContent
    source: str


async def propose_rule_set(session: AsyncSession, proposal: Proposal, *, by: str, at: datetime) -> RuleSet:
    """Propose a rule set. Rules that are not defined together, or not for a claim, are refused at once.

    Raises `CombinationUndefined`, `CompoundingOfClaims`, `RuleSetKnownAlready`.
    """
    admit_rules(proposal.content.rules)
    if proposal.content.rules.compounding is not Compounding.NONE:
        raise CompoundingOfClaims(compounding=proposal.content.rules.compounding.value)
    await _one_proposal_at_a_time(session)
    taken = select(RuleSet.id).where(
        col(RuleSet.name) == proposal.name,
        col(RuleSet.effective_from) == proposal.effective_from,
        col(RuleSet.status) != RuleSetStatus.REJECTED,
    )
    if (await session.exec(taken)).first() is not None:
        raise RuleSetKnownAlready(name=proposal.name, effective_from=proposal.effective_from)
    rule_set = RuleSet(
        institute=NATIONAL,
        name=proposal.name,
        effective_from=proposal.effective_from,
        content=proposal.content.stored(),
        content_hash=proposal.content.hash,
        source=proposal.source,
        proposed_by=by,
        proposed_at=at,
    )
    await publish(session, rule_set)
    return rule_set


async def _one_proposal_at_a_time(session: AsyncSession) -> None:
    """Of two proposals of a name and day at once the second sees the first."""
    connection = await session.connection()
    await connection.execute(text("select pg_advisory_xact_lock(hashtextextended('tirek.rule-sets', 0))"))


async def approve_rule_set(
    session: AsyncSession, rule_set_id: UUID, content_hash: str, *, by: str, at: datetime, revision: int
) -> RuleSet:
    """Take a proposal into use; `content_hash` is what the second officer has read."""
    rule_set = await _read_by_officer(session, rule_set_id, content_hash, revision)
    rule_set.approve(by, at)
    await publish(session, rule_set)
    return rule_set


async def reject_rule_set(
    session: AsyncSession, rule_set_id: UUID, content_hash: str, reason: str, *, by: str, at: datetime, revision: int
) -> RuleSet:
    """Turn a proposal down."""
    rule_set = await _read_by_officer(session, rule_set_id, content_hash, revision)
    rule_set.reject(by, reason, at)
    await publish(session, rule_set)
    return rule_set


async def confirm_rule_set(
    session: AsyncSession, rule_set_id: UUID, content_hash: str, *, by: str, at: datetime, revision: int
) -> RuleSet:
    """Confirm an approved set against its source; the second, different officer makes it verified."""
    rule_set = await _read_by_officer(session, rule_set_id, content_hash, revision)
    rule_set.confirm(by, at)
    await publish(session, rule_set)
    return rule_set


async def _read_by_officer(session: AsyncSession, rule_set_id: UUID, content_hash: str, revision: int) -> RuleSet:
    rule_set = await load(session, RuleSet, rule_set_id, RuleSetNotFound)
    require_version(revision, rule_set.revision)
    if rule_set.content_hash != content_hash:
        raise ProposalOtherThanRead(name=rule_set.name)
    return rule_set
