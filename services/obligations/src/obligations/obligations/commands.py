"""Opening and evaluating obligations."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.agreements.commands import freeze_late, waiting_for_rule_set
from obligations.agreements.model import Agreement
from obligations.agreements.queries import agreement_of
from obligations.obligations.deadlines import report_deadline
from obligations.obligations.model import Obligation, ObligationStatus
from obligations.obligations.queries import UNDECIDED, obligations_of
from obligations.obligations.refusals import ObligationNotFound
from obligations.obligations.terms import Deadline, Terms
from shared.calendar.local_days import local_day
from shared.contracts.support import ObligationTerm
from shared.database.loading import load
from shared.events.publishing import publish
from shared.identity import derived_id
from shared.worker.due import next_due


def obligation_id(agreement_id: UUID, term_id: UUID, reporting_year: int) -> UUID:
    """The one id of a term's obligation of a year."""
    return derived_id("obligation", agreement_id, term_id, reporting_year)


async def open_obligation(
    session: AsyncSession, agreement: Agreement, term: ObligationTerm, year: int, at: datetime
) -> Obligation:
    """Open the obligation of a term and year."""
    obligation = Obligation(
        id=obligation_id(agreement.id, term.term_id, year),
        institute=agreement.institute,
        agreement_id=agreement.id,
        measure=agreement.measure,
        recipient_id=agreement.recipient_id,
        term_id=term.term_id,
        reporting_year=year,
        opened_at=at,
        **Terms.of(term, agreement.terms_fact_id).columns,
        **(await deadline_of(session, agreement, year)).columns,
    )
    await publish(session, obligation, obligation.open())
    return obligation


async def deadline_of(session: AsyncSession, agreement: Agreement, year: int) -> Deadline:
    """The due day of a year's report, with the grace of the agreement's rule set where that is known."""
    grace_days = None if agreement.rule_set_content is None else agreement.frozen.content.grace_days
    return await report_deadline(session, year, grace_days)


async def evaluate(session: AsyncSession, obligation: Obligation, agreement: Agreement, at: datetime) -> None:
    """Evaluate a locked obligation by the agreement's rule set; without one it waits, and the due day with it."""
    if agreement.rule_set_content is None:
        await publish(session, obligation)
        return
    if obligation.grace_until is None:
        obligation.change(None, await deadline_of(session, agreement, obligation.reporting_year))
    tolerance = agreement.frozen.content.tolerance
    await publish(session, obligation, *obligation.evaluate(tolerance, local_day(at), at))


async def amend(
    session: AsyncSession, obligation: Obligation, agreement: Agreement, terms: Terms | None, reason: str, at: datetime
) -> None:
    """Hold a locked obligation to the terms of an addendum, or to a rule set frozen late, and evaluate it by them."""
    deadline = await deadline_of(session, agreement, obligation.reporting_year)
    await publish(session, obligation, obligation.amend(terms, deadline, reason, at))
    await evaluate(session, obligation, agreement, at)


async def freeze_rule_sets(session: AsyncSession, at: datetime) -> bool:
    """Freeze one rule set that was approved late, and hold the obligations to it; False where none waits."""
    waiting = await waiting_for_rule_set(session)
    if waiting is None:
        return False
    agreement = await freeze_late(session, waiting)
    if agreement is None:
        return True
    for each in await obligations_of(session, agreement.id):
        obligation = await load(session, Obligation, each.id, ObligationNotFound)
        if obligation.status is not ObligationStatus.CANCELLED:
            await amend(session, obligation, agreement, None, f"rule set {agreement.rule_set} frozen", at)
    return True


async def evaluate_due(session: AsyncSession, at: datetime) -> bool:
    """Evaluate one obligation whose day has come, or whose report waits; False where there is none."""
    return await _evaluate_next(session, at, true())


async def evaluate_period(
    session: AsyncSession, institute: str, reporting_year: int, at: datetime, *, at_most: int
) -> tuple[int, bool]:
    """Evaluate what is due of a whole reporting year, at most so many; how many, and whether some are left."""
    within = and_(col(Obligation.institute) == institute, col(Obligation.reporting_year) == reporting_year)
    for done in range(at_most):
        if not await _evaluate_next(session, at, within):
            return done, False
    left = select(Obligation.id).where(within, _waiting(local_day(at))).limit(1)
    return at_most, (await session.exec(left)).first() is not None


async def _evaluate_next(session: AsyncSession, at: datetime, within: ColumnElement[bool]) -> bool:
    obligation = await next_due(session, Obligation, within, _waiting(local_day(at)), by=col(Obligation.due_on))
    if obligation is None:
        return False
    await evaluate(session, obligation, await agreement_of(session, obligation.agreement_id), at)
    return True


def _waiting(today: date) -> ColumnElement[bool]:
    """What an evaluation would move: overdue without a report, a report not evaluated, a due day not yet known."""
    status = col(Obligation.status)
    return and_(
        exists().where(col(Agreement.id) == col(Obligation.agreement_id), col(Agreement.rule_set_content).is_not(None)),
        or_(
            and_(status == ObligationStatus.ACTIVE, col(Obligation.grace_until) < today),
            and_(status == ObligationStatus.REPORTED, col(Obligation.evaluation_refusal).is_(None)),
            and_(status.in_(UNDECIDED), col(Obligation.grace_until).is_(None)),
        ),
    )
