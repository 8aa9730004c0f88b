"""Rule sets over HTTP: read by anybody who is known, decided by two officers."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from sqlmodel import col, select

from obligations.repayment.refusals import CombinationUndefined
from obligations.rule_sets import commands
from obligations.rule_sets.model import RuleSet, RuleSetStatus
from obligations.rule_sets.refusals import (
    CompoundingOfClaims,
    ProposalOtherThanRead,
    RuleSetKnownAlready,
    RuleSetNotApproved,
    RuleSetNotFound,
    RuleSetNotProposed,
)
from obligations.rule_sets.views import NewRejection, NewRuleSet, ReadContent, RuleSetName, RuleSetView
from shared.access.callers import Caller, CurrentCaller, Role, RoleNotAllowed, allowed
from shared.database.columns import columns
from shared.http.etag import IfMatch, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.transactions import Now, Reading, Transaction
from shared.two_people import AlreadyVerified, SecondPersonWanted

router = Router(prefix="/v1", tags=["rule sets"])

Officer = Annotated[Caller, Depends(allowed(Role.OFFICER, Role.APPROVER))]


@router.get("/rule-sets")
async def list_rule_sets(
    session: Reading,
    _: CurrentCaller,
    wanted: WantedPage,
    name: Annotated[RuleSetName | None, Query(description="Only sets of this name.")] = None,
    status: Annotated[RuleSetStatus | None, Query(description="Only sets in this state.")] = None,
) -> Page[RuleSetView]:
    """List the rule sets by name and day."""
    statement = select(RuleSet)
    if name is not None:
        statement = statement.where(col(RuleSet.name) == name)
    if status is not None:
        statement = statement.where(col(RuleSet.status) == status)
    keys = columns(RuleSet)
    rows = (await session.exec(wanted.of(statement, keys.name, keys.effective_from, keys.id))).all()
    return wanted.page(rows, lambda one: (one.name, one.effective_from, one.id), RuleSetView.of)


@router.get("/rule-sets/{rule_set_id}", responses=refusals(RuleSetNotFound))
async def read_rule_set(rule_set_id: UUID, session: Reading, _: CurrentCaller, response: Response) -> RuleSetView:
    """Read a rule set with all its parameters."""
    rule_set = await session.get(RuleSet, rule_set_id)
    if rule_set is None:
        raise RuleSetNotFound(id=rule_set_id)
    tag(response, rule_set.revision)
    return RuleSetView.of(rule_set)


@router.post(
    "/rule-sets",
    status_code=201,
    responses=refusals(RoleNotAllowed, RuleSetKnownAlready, CombinationUndefined, CompoundingOfClaims),
)
async def propose_rule_set(asked: NewRuleSet, transaction: Transaction, caller: Officer, now: Now) -> RuleSetView:
    """Propose a rule set. Another officer approves it; then agreements may name it."""
    proposal = commands.Proposal(asked.name, asked.effective_from, asked.content, asked.source)
    return RuleSetView.of(await commands.propose_rule_set(transaction, proposal, by=caller.subject, at=now))


_decided = refusals(RoleNotAllowed, RuleSetNotFound, RuleSetNotProposed, SecondPersonWanted, ProposalOtherThanRead)


@router.post("/rule-sets/{rule_set_id}/approval", responses=_decided)
async def approve_rule_set(
    rule_set_id: UUID, asked: ReadContent, transaction: Transaction, caller: Officer, now: Now, revision: IfMatch
) -> RuleSetView:
    """Approve what another officer proposed. Agreements that wait for a set of that name get it soon after."""
    return RuleSetView.of(
        await commands.approve_rule_set(
            transaction, rule_set_id, asked.content_hash, by=caller.subject, at=now, revision=revision
        )
    )


@router.post("/rule-sets/{rule_set_id}/rejection", responses=_decided)
async def reject_rule_set(
    rule_set_id: UUID, asked: NewRejection, transaction: Transaction, caller: Officer, now: Now, revision: IfMatch
) -> RuleSetView:
    """Turn down what another officer proposed."""
    return RuleSetView.of(
        await commands.reject_rule_set(
            transaction, rule_set_id, asked.content_hash, asked.reason, by=caller.subject, at=now, revision=revision
        )
    )


@router.post(
    "/rule-sets/{rule_set_id}/confirmation",
    responses=refusals(
        RoleNotAllowed, RuleSetNotFound, RuleSetNotApproved, SecondPersonWanted, AlreadyVerified, ProposalOtherThanRead
    ),
)
async def confirm_rule_set(
    rule_set_id: UUID, asked: ReadContent, transaction: Transaction, caller: Officer, now: Now, revision: IfMatch
) -> RuleSetView:
    """Confirm an approved set against the act it follows. Two different officers make it verified."""
    return RuleSetView.of(
        await commands.confirm_rule_set(
            transaction, rule_set_id, asked.content_hash, by=caller.subject, at=now, revision=revision
        )
    )
