"""What a change wants, judged when it is asked for and when it is approved, and put into effect then."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.agreements.model import Agreement
from grants.agreements.refusals import NothingAmended, TranchesOutOfOrder
from grants.applications.content import BudgetLine
from grants.applications.model import Application
from grants.applications.queries import limits_on
from grants.applications.rules import require_items, require_share
from grants.changes.content import OtherBudget, OtherObligations, OtherSchedule, Wanted
from grants.changes.model import Change
from grants.changes.refusals import BudgetLinesOffGrant, TrancheOfAnother
from grants.reports.commands import drop_reports
from grants.tranches.commands import give_up, lock_tranches
from grants.tranches.model import Tranche
from shared.calendar.local_days import local_day
from shared.events.publishing import publish


async def require_possible(session: AsyncSession, agreement: Agreement, wanted: Wanted, at: datetime) -> None:
    """Raise unless the change could take effect at the instant; the agreement is locked, and nothing is changed."""
    agreement.require_signed()
    match wanted:
        case OtherObligations():
            agreement.require_amendable(wanted.obligations, wanted.rule_set, at)
        case OtherSchedule():
            replan(await lock_tranches(session, agreement), wanted, local_day(at))
        case OtherBudget():
            await _require_budget(session, agreement, wanted.lines)


async def take_effect(session: AsyncSession, agreement: Agreement, change: Change, at: datetime) -> None:
    """Put an approved change into effect."""
    match wanted := change.content:
        case OtherObligations():
            event = agreement.amend(wanted.obligations, wanted.rule_set, change.reason, at)
            await publish(session, agreement, event)
        case OtherSchedule():
            await _reschedule(session, agreement, wanted, local_day(at))
        case OtherBudget():
            await _require_budget(session, agreement, wanted.lines)
            agreement.rebudget(wanted.lines)
            await publish(session, agreement)
        case _:
            await _terminate(session, agreement, change.reason, at)


def replan(tranches: Sequence[Tranche], wanted: OtherSchedule, today: date) -> dict[UUID, date]:
    """The new days by tranche, where the tranches may be planned so: those to be paid one after the other.

    One planned anew after a reversal has the last number, and stands in the order of nobody.
    """
    known, days = {tranche.id: tranche for tranche in tranches}, wanted.days
    for each in wanted.tranches:
        if each.tranche_id not in known or len(days) < len(wanted.tranches):
            raise TrancheOfAnother(tranche_id=each.tranche_id)
        known[each.tranche_id].require_replannable(each.planned_on, today)
    if all(known[id_].planned_on == day for id_, day in days.items()):
        raise NothingAmended
    earliest = date.min
    for tranche in (each for each in tranches if each.is_open and each.replaces is None):
        planned_on = days.get(tranche.id, tranche.planned_on)
        if planned_on < earliest:
            raise TranchesOutOfOrder(
                number=tranche.number, planned_on=planned_on.isoformat(), earliest=earliest.isoformat(),
                field="/change/tranches",
            )  # fmt: skip
        earliest = planned_on
    return days


async def _reschedule(session: AsyncSession, agreement: Agreement, wanted: OtherSchedule, today: date) -> None:
    tranches = await lock_tranches(session, agreement)
    days = replan(tranches, wanted, today)
    for tranche in (each for each in tranches if each.id in days):
        tranche.reschedule(days[tranche.id], today)
        await publish(session, tranche)
    agreement.reschedule(days)
    await publish(session, agreement)


async def _require_budget(session: AsyncSession, agreement: Agreement, lines: Sequence[BudgetLine]) -> None:
    """The limits are those of the day of submission, as known then: so for everything that judges the application."""
    if [line.model_dump(mode="json") for line in lines] == agreement.budget:
        raise NothingAmended
    statement = select(Application).where(col(Application.id) == agreement.application_id)
    application = (await session.exec(statement)).one()
    day = application.submitted_on or local_day(agreement.offered_at)
    limits = await limits_on(session, day, application.submitted_at)
    require_items(lines, limits, "/change/lines")
    borne = sum((line.from_grant for line in lines), Decimal(0))
    if borne != agreement.amount:
        raise BudgetLinesOffGrant(lines=f"{borne:.2f}", amount=f"{agreement.amount:.2f}")
    require_share(borne, sum((line.amount for line in lines), Decimal(0)), limits)


async def _terminate(session: AsyncSession, agreement: Agreement, reason: str, at: datetime) -> None:
    """End the agreement before its time: tranches that are not paid are cancelled, their money is free again."""
    tranches = [tranche for tranche in await lock_tranches(session, agreement) if tranche.is_open]
    await publish(session, agreement, agreement.terminate(at, reason))
    await drop_reports(session, agreement)
    await give_up(session, agreement, tranches, reason, at)
