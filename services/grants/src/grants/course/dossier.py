"""One view of an agreement: everything under it, what is due next and what happened."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.account.posting import standing_of
from grants.account.queries import payments_apart_of
from grants.account.views import ConflictView
from grants.agreements.model import Agreement
from grants.agreements.views import AgreementState
from grants.changes.commands import newest_changes
from grants.changes.views import ChangeView
from grants.course.due import DueNext, due_next
from grants.holds.known import known_obligations
from grants.holds.queries import causes_of
from grants.reports.commands import reports_of
from grants.reports.views import ReportView
from grants.tranches.model import Tranche
from grants.tranches.views import TrancheView
from shared.contracts.amounts import Amount
from shared.http.history import Happened, newest, under
from shared.values.money import Money

NEWEST = 50


class CauseView(BaseModel):
    """A cause of a hold: open, or closed and by what."""

    cause_id: UUID
    cause: str
    reporting_year: int | None
    is_open: bool
    since: datetime
    decided_by_type: str
    held_at: datetime | None
    released_at: datetime | None


class ObligationKnown(BaseModel):
    """An obligation as far as this service has heard of it; the obligations service knows more."""

    obligation_id: UUID
    indicator: str | None
    reporting_year: int
    due_on: date | None
    status: str
    fulfilment: Decimal | None


class MoneyView(BaseModel):
    """What the agreement stands at in the funding account, in tenge."""

    committed: Money
    disbursed: Money
    returned: Amount


class DueView(BaseModel):
    """Something to be done, by whom, until the end of which local day, and whether it is late."""

    what: str
    who: str
    about: str
    until: date | None
    overdue: bool

    @classmethod
    def of(cls, due: DueNext, today: date) -> Self:
        """The view as of a local day."""
        overdue = due.until is not None and today > due.until
        return cls(what=due.what, who=due.who, about=due.about, until=due.until, overdue=overdue)


class Dossier(AgreementState):
    """An agreement and everything under it; `changes` and `history` show the newest, the rest has pages.

    `payments_apart`, the newest too, were reported under a reference that the account knew: two decide about them.
    """

    on_hold: bool
    tranches: list[TrancheView]
    holds: list[CauseView]
    obligations_known: list[ObligationKnown]
    reports: list[ReportView]
    changes: Annotated[list[ChangeView], Field(max_length=NEWEST)]
    money: MoneyView
    payments_apart: Annotated[list[ConflictView], Field(max_length=NEWEST)]
    due_next: list[DueView]
    history: Annotated[list[Happened], Field(max_length=NEWEST)]


async def dossier(session: AsyncSession, agreement: Agreement, today: date) -> Dossier:
    """The one view of the agreement, as of a local day."""
    statement = select(Tranche).where(col(Tranche.agreement_id) == agreement.id).order_by(col(Tranche.number))
    tranches = (await session.exec(statement)).all()
    causes = await causes_of(session, agreement.id)
    known = await known_obligations(session, agreement.id)
    standing = await standing_of(session, agreement.account_id, agreement.id)
    open_causes = [cause for cause in causes if cause.is_open]
    reports = await reports_of(session, agreement.id)
    changes = await newest_changes(session, agreement.id, NEWEST)
    apart = [ConflictView.of(row) for row in await payments_apart_of(session, agreement.id, NEWEST)]
    due = due_next(agreement, tranches, open_causes, known, reports, changes, apart)
    return Dossier(
        **dict(AgreementState.of(agreement)),
        on_hold=bool(open_causes),
        tranches=[TrancheView.of(tranche, today) for tranche in tranches],
        holds=[CauseView.model_validate(cause, from_attributes=True) for cause in causes],
        obligations_known=[ObligationKnown.model_validate(each, from_attributes=True) for each in known],
        reports=[ReportView.of(report) for report in reports],
        changes=[ChangeView.of(change) for change in changes],
        money=MoneyView(committed=standing.committed, disbursed=standing.disbursed, returned=standing.returned),
        payments_apart=apart,
        due_next=[DueView.of(each, today) for each in due],
        history=await newest(session, under(agreement.id), NEWEST),
    )
