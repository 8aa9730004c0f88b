"""An institute with money and its agreements: each step a transaction of its own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from grants.account import commands as accounts
from grants.account.ledger import Standing
from grants.account.model import FundingAccount
from grants.account.posting import standing_of
from grants.agreements import commands as agreements
from grants.agreements.model import Agreement
from grants.applications.content import Content
from grants.applications.model import Application
from grants.applications.status import ApplicationStatus
from grants.calls.model import Call, CallStatus
from grants.changes import commands as changes
from grants.changes.content import Ending
from grants.changes.model import Change
from grants.changes.refusals import ChangeNotFound
from grants.clearance.answer import Clearance
from grants.course import commands as course
from grants.reports import commands as reports
from grants.reports.commands import ask_for_closing_report, reports_of
from grants.reports.content import ReportContent
from grants.reports.model import Report
from grants.tranches import commands as tranches
from grants.tranches.model import Tranche
from grants.tranches.refusals import TrancheNotFound
from grants.visibility import Sight
from shared.access.roles import Role
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.database.engine import Database
from shared.events.delivery import Delivery
from shared.events.positions import positions
from shared.events.work import Work, begin_work
from shared.identity import new_id, recipient_id
from tests.grants.builders import a_content
from tests.grants.facts import BIN, KEY, WHOLE, document, sight, terms

START = datetime(2025, 1, 6, 5, 0, tzinfo=UTC)
SIGNED = START + timedelta(days=2)
PAID_ON = date(2025, 2, 3)
REPORTED = datetime(2026, 1, 20, 5, 0, tzinfo=UTC)
"""After the end of the reporting year."""
PAID = datetime(2025, 2, 3, 8, 0, tzinfo=UTC)


@dataclass
class Funding:
    """The institute of industry and its account; each method is a transaction of its own, committed."""

    database: Database
    institute: str = "industry"
    account_id: UUID = field(default_factory=new_id)
    _references: int = 0
    _sequences: dict[UUID, int] = field(default_factory=dict)

    @asynccontextmanager
    async def work(
        self, at: datetime = START, by: str = "officer-1", cause: UUID | None = None
    ) -> AsyncIterator[AsyncSession]:
        """A transaction on somebody's behalf, committed at its end."""
        async with self.database.sessions() as session, session.begin():
            begin_work(
                session,
                Work("grants", "grants.v1", by, "test", at, cause=None if cause is None else ("test", cause)),
            )
            yield session

    async def open(self, allocated: Decimal = Decimal("1000.00"), at: datetime = START) -> None:
        """Open the account and allocate money to it."""
        async with self.work(at) as session:
            account = await accounts.open_account(
                session, self.institute, bank="Bank", iban="KZ86125KZT5004100100", at=at
            )
            self.account_id = account.id
        if allocated:
            await self.allocate(allocated, at)

    async def allocate(self, amount: Decimal, at: datetime = START, reference: str | None = None) -> None:
        """Budget money comes in."""
        async with self.work(at) as session:
            await accounts.allocate_funds(
                session, sight(Role.OFFICER, institute=self.institute), self.account_id, amount=amount, on=at.date(),
                bank_reference=reference or self.reference(), act="order 1", at=at,
            )  # fmt: skip

    def reference(self) -> str:
        """A new reference of the bank."""
        self._references += 1
        return f"BANK-{self._references}"

    async def approved_application(self, amount: Decimal = WHOLE, at: datetime = START) -> UUID:
        """An application that the commission approved."""
        call = Call(
            institute=self.institute, title="Call", description="Call", budget=Decimal("100000.00"),
            opens_on=date(2024, 11, 1), closes_on=date(2024, 11, 30), status=CallStatus.OPEN, created_by="o",
            created_at=at, opened_by="o", opened_at=at, awarded=amount,
        )  # fmt: skip
        application = Application(
            institute=self.institute, call_id=call.id, number=f"A-{new_id()}", applicant_name="Taraz Machines",
            applicant_number=BIN, recipient_id=recipient_id(BIN, KEY), created_by="applicant-1", created_at=at,
            status=ApplicationStatus.APPROVED, content=Content.model_validate(a_content()).stored(),
            requested_amount=amount, approved_amount=amount, submitted_at=at, submitted_on=at.date(),
            decided_at=at, region="75",
        )  # fmt: skip
        async with self.work(at) as session:
            session.add(call)
            await session.flush()
            session.add(application)
        return application.id

    async def offer(self, amounts: Sequence[Decimal] = (WHOLE,), at: datetime = START, **facts: Any) -> Agreement:
        """An offered agreement with tranches of these amounts."""
        application_id = await self.approved_application(sum(amounts, Decimal(0)), at)
        async with self.work(at) as session:
            return await agreements.offer_agreement(
                session, sight(Role.OFFICER, institute=self.institute), application_id, terms(amounts, **facts),
                at=at, by="officer-1",
            )  # fmt: skip

    async def signed(self, amounts: Sequence[Decimal] = (WHOLE,), **facts: Any) -> Agreement:
        """A signed agreement."""
        agreement = await self.offer(amounts, **facts)
        async with self.work(SIGNED, "applicant-1") as session:
            return await course.sign_agreement(
                session, sight(Role.APPLICANT), agreement.id, version=agreement.revision, at=SIGNED, by="applicant-1"
            )

    async def tranches(self, agreement: Agreement) -> list[Tranche]:
        """The tranches of the agreement, as they are now."""
        async with self.database.sessions() as session:
            statement = select(Tranche).where(col(Tranche.agreement_id) == agreement.id).order_by(col(Tranche.number))
            return list((await session.exec(statement)).all())

    async def requested(self, tranche_id: UUID, at: datetime = SIGNED) -> Tranche:
        """The tranche, requested."""
        async with self.work(at, "applicant-1") as session:
            seen = await sight(Role.APPLICANT).read(session, Tranche, tranche_id, TrancheNotFound)
            return await tranches.request_tranche(
                session, sight(Role.APPLICANT), tranche_id, [document()], version=seen.revision, at=at
            )

    async def proposed(self, tranche_id: UUID, at: datetime = SIGNED) -> Tranche:
        """The tranche, requested and proposed."""
        requested = await self.requested(tranche_id, at)
        async with self.work(at) as session:
            return await tranches.propose_tranche(
                session, self.officer, tranche_id, version=requested.revision, at=at, by="officer-1"
            )

    async def approved(self, tranche_id: UUID, at: datetime = SIGNED) -> Tranche:
        """The tranche, requested, proposed and approved."""
        proposed = await self.proposed(tranche_id, at)
        async with self.work(at, "approver-1") as session:
            return await tranches.approve_tranche(
                session, self.officer, tranche_id, proposed.content, version=proposed.revision, at=at, by="approver-1"
            )

    @property
    def officer(self) -> Sight:
        """What an officer of the institute sees."""
        return sight(Role.OFFICER, institute=self.institute)

    async def clearance(self, agreement_id: UUID) -> Clearance:
        """A yes of obligations to the agreement as it is now."""
        async with self.database.sessions() as session:
            return Clearance(agreement_id, tuple(await positions(session, str(agreement_id))), ())

    async def disburse(
        self, tranche: Tranche, on: date = PAID_ON, reference: str | None = None, at: datetime = PAID,
        clearance: Clearance | None = None,
    ) -> Tranche:  # fmt: skip
        """Pay an approved tranche."""
        answer = clearance or await self.clearance(tranche.agreement_id)
        async with self.work(at) as session:
            return await tranches.disburse_tranche(
                session, self.officer, tranche.id, answer, version=tranche.revision, on=on,
                bank_reference=reference or self.reference(), at=at,
            )  # fmt: skip

    async def disbursed(self, tranche_id: UUID) -> Tranche:
        """The tranche, paid."""
        return await self.disburse(await self.approved(tranche_id))

    async def reported(self, agreement: Agreement, at: datetime = REPORTED) -> None:
        """Every plan report of the agreement accepted; and the closing report, where it is asked for by then."""
        for _ in range(2):
            for report in await self.reports(agreement):
                if report.is_unfinished:
                    await self.accepted(report, at)
            async with self.work(at, "grants/jobs") as session:
                await ask_for_closing_report(session, at)

    async def reports(self, agreement: Agreement) -> list[Report]:
        """The reports on the project's plan, as they are now."""
        async with self.database.sessions() as session:
            return await reports_of(session, agreement.id)

    async def submitted(self, report: Report, at: datetime = REPORTED, summary: str = "Built.") -> Report:
        """The report, submitted."""
        async with self.work(at, "applicant-1") as session:
            return await reports.submit_report(
                session,
                sight(Role.APPLICANT),
                report.id,
                ReportContent(summary=summary),
                {},
                version=report.revision,
                at=at,
            )

    async def accepted(self, report: Report, at: datetime = REPORTED) -> Report:
        """The report, submitted and accepted."""
        submitted = await self.submitted(report, at)
        async with self.work(at) as session:
            return await reports.accept_report(session, self.officer, report.id, version=submitted.revision, at=at)

    async def terminated(self, agreement: Agreement, reason: str = "by consent", at: datetime = PAID) -> None:
        """The agreement, whose termination one proposed and another approved."""
        async with self.work(at) as session:
            proposed = await changes.propose_change(
                session, self.officer, agreement.id, Ending(), reason,
                version=(await self.read(agreement)).revision, at=at,
            )  # fmt: skip
        await self.approve_change(proposed.id, at)

    async def approve_change(self, change_id: UUID, at: datetime = PAID, by: str = "approver-1") -> Change:
        """A proposed change, approved by a second person."""
        who = sight(Role.APPROVER, by, self.institute)
        async with self.work(at, by) as session:
            revision = (await who.read(session, Change, change_id, ChangeNotFound)).revision
            return await changes.approve_change(session, who, change_id, version=revision, at=at)

    async def standing(self, agreement: Agreement | None = None) -> Standing:
        """What the account, or an agreement in it, stands at."""
        async with self.database.sessions() as session:
            return await standing_of(session, self.account_id, None if agreement is None else agreement.id)

    async def account(self) -> FundingAccount:
        """The account as it is now."""
        async with self.database.sessions() as session:
            return (await session.exec(select(FundingAccount).where(col(FundingAccount.id) == self.account_id))).one()

    async def read(self, agreement: Agreement) -> Agreement:
        """The agreement as it is now."""
        async with self.database.sessions() as session:
            return (await session.exec(select(Agreement).where(col(Agreement.id) == agreement.id))).one()

    async def tell(self, handler: Any, event: Event, subject: UUID, at: datetime | None = None) -> None:
        """Deliver an event of another service to a handler, in a transaction of its own."""
        sequence = self._sequences[subject] = self._sequences.get(subject, 0) + 1
        event_id = new_id()
        envelope = Envelope(
            id=event_id, source="/services/obligations", type=event.type, subject=subject, time=event.occurred_at,
            sequence=sequence, partition_key=str(event.agreement_id), institute=self.institute, epoch=1,  # type: ignore[attr-defined]
        )  # fmt: skip
        handled_at = at or event.occurred_at
        async with self.work(handled_at, "grants/test", event_id) as session:
            await handler(session, event, Delivery(envelope, handled_at))

    async def sql(self, statement: str, **values: Any) -> list[Any]:
        """Run SQL directly, as somebody would who goes around the service; committed."""
        async with self.database.engine.begin() as connection:
            result = await connection.execute(text(statement), values)
            return list(result.all()) if result.returns_rows else []

    async def events(self, agreement: Agreement | None = None) -> list[str]:
        """The types of the published events, in order; of one agreement or of all."""
        where = "" if agreement is None else "where partition_key = :key"
        values = {} if agreement is None else {"key": str(agreement.id)}
        return [row[0] for row in await self.sql(f"select type from event {where} order by outbox_id", **values)]
