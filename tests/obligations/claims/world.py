"""An installation of obligations on real PostgreSQL, whose consumers are fed as the broker would feed them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.claims.commands import ClaimInHand, take_in_hand
from obligations.claims.identity import claim_id_of
from obligations.claims.model import Claim
from obligations.claims.version import ClaimVersion
from obligations.obligations.model import Obligation
from obligations.rates.commands import cover
from obligations.rates.model import BaseRate
from obligations.rates.queries import rates_known_at
from obligations.reports.commands import Stated, correct_report, record_report
from obligations.service import service
from obligations.visibility import Sight
from shared.access.callers import Caller, Role
from shared.contracts.envelope import Envelope, encode_data, to_headers
from shared.contracts.event import Event
from shared.contracts.support import (
    AgreementAmended,
    AgreementSigned,
    Direction,
    Measure,
    ObligationTerm,
    PlannedTranche,
    TargetMode,
    TrancheDisbursed,
    TrancheReversed,
)
from shared.database.engine import Database
from shared.events.message import Message
from shared.events.positions import Position
from shared.events.sending import envelope_of
from shared.events.settling import Settler
from shared.events.work import Work, begin_work
from shared.identity import new_id
from shared.service import Consumer
from tests.obligations.clock import StandingClock

SIGHT = Sight(Caller("officer-1", frozenset({Role.OFFICER}), institute="industry"), b"recipient key of the tests")
RECOVERY = next(consumer for consumer in service.consumers if consumer.name == "recovery")
APPROVER = Sight(Caller("approver-1", frozenset({Role.APPROVER}), institute="industry"), b"recipient key of the tests")


@dataclass
class World:
    """One agreement and what happens to it; each step is what production does."""

    database: Database
    clock: StandingClock = field(default_factory=StandingClock)
    agreement_id: UUID = field(default_factory=new_id)
    recipient_id: UUID = field(default_factory=new_id)
    arrived: list[Message] = field(default_factory=list)
    sequences: dict[UUID, int] = field(default_factory=dict)
    tranche_ids: dict[int, UUID] = field(default_factory=dict)
    terms: tuple[ObligationTerm, ...] = ()

    # -- what the funding service says -----------------------------------------------------------------------------
    async def say(self, event: Event, subject: UUID, *, settle: bool = True) -> None:
        sequence = self.sequences[subject] = self.sequences.get(subject, 0) + 1
        envelope = Envelope(
            id=new_id(),
            source="/services/grants",
            type=event.type,
            subject=subject,
            time=event.occurred_at,
            sequence=sequence,
            partition_key=str(self.agreement_id),
            institute="industry",
            epoch=1,
        )
        data = encode_data(event.data())
        key = str(self.agreement_id).encode()
        self.arrived.append(Message("grants.v1", 0, len(self.arrived), key, tuple(to_headers(envelope)), data))
        if settle:
            await self.settle()

    async def sign(
        self, years: Sequence[int] = (2025,), terms: int = 1, rule_set: str = "default", *, settle: bool = True
    ) -> None:
        obligations = tuple(
            ObligationTerm(
                term_id=new_id(),
                indicator="export-revenue",
                direction=Direction.EXPORT,
                mode=TargetMode.LEVEL,
                target=Decimal(100),
                unit="KZT",
                weight=Decimal(1) / terms,
                reporting_years=tuple(years),
            )
            for _ in range(terms)
        )
        self.terms = obligations
        signed = AgreementSigned(
            occurred_at=self.clock.at,
            agreement_id=self.agreement_id,
            number="IG-2025-1",
            measure=Measure.INDUSTRIAL_GRANT,
            recipient_id=self.recipient_id,
            amount=Decimal("300000000.00"),
            signed_on=date(2025, 1, 15),
            rule_set=rule_set,
            obligations=obligations,
            tranches=(
                PlannedTranche(
                    tranche_id=self.tranche(1), number=1, amount=Decimal("100000000.00"), planned_on=date(2025, 2, 3)
                ),
            ),
        )
        await self.say(signed, self.agreement_id, settle=settle)

    async def amend(self, *terms: ObligationTerm, rule_set: str = "default", settle: bool = True) -> None:
        """An addendum of the clock's day."""
        amended = AgreementAmended(
            occurred_at=self.clock.at,
            agreement_id=self.agreement_id,
            measure=Measure.INDUSTRIAL_GRANT,
            recipient_id=self.recipient_id,
            amended_on=self.clock.at.date(),
            rule_set=rule_set,
            obligations=terms or self.terms,
            reason="addendum 1",
        )
        await self.say(amended, self.agreement_id, settle=settle)

    def tranche(self, number: int) -> UUID:
        return self.tranche_ids.setdefault(number, new_id())

    async def disburse(
        self, on: str = "2025-02-03", amount: str = "100000000.00", number: int = 1, *, settle: bool = True
    ) -> None:
        paid = TrancheDisbursed(
            occurred_at=self.clock.at,
            agreement_id=self.agreement_id,
            tranche_id=self.tranche(number),
            number=number,
            measure=Measure.INDUSTRIAL_GRANT,
            recipient_id=self.recipient_id,
            amount=Decimal(amount),
            disbursed_on=date.fromisoformat(on),
            bank_reference=f"out-{number}",
        )
        await self.say(paid, self.tranche(number), settle=settle)

    async def reverse(self, number: int, on: str) -> None:
        returned = TrancheReversed(
            occurred_at=self.clock.at,
            agreement_id=self.agreement_id,
            tranche_id=self.tranche(number),
            measure=Measure.INDUSTRIAL_GRANT,
            recipient_id=self.recipient_id,
            amount=Decimal("100000000.00"),
            reversed_on=date.fromisoformat(on),
            bank_reference=f"back-{number}",
            reason="account closed",
        )
        await self.say(returned, self.tranche(number))

    # -- what the consumers do -------------------------------------------------------------------------------------
    async def settle(self, *consumers: Consumer) -> None:
        """Give every consumer every message until nothing new is said."""
        before = -1
        while before != (before := len(own := await self.own_messages())):
            for consumer in consumers or service.consumers:
                settler = Settler(self.database, service, consumer, self.clock)
                messages = [*self.arrived, *own] if "obligations.v1" in consumer.topics else self.arrived
                await settler.settle(messages)
            if not consumers:
                await self.follow_up()
        parked = await self.query("select consumer, type, reason from parked")
        assert parked == [], parked

    async def follow_up(self) -> None:
        """Do what the consumers' commits have left to the prompt jobs."""
        for name in service.prompt:
            again = True
            while again:
                async with self.session("jobs") as session:
                    again = await service.jobs[name](session, self.clock.at)

    async def jobs(self) -> None:
        """Do what the scheduled jobs find due, each unit in a transaction of its own, and settle what they say."""
        for job in service.jobs.values():
            again = True
            while again:
                async with self.session("jobs") as session:
                    again = await job(session, self.clock.at)
        await self.settle()

    async def own_messages(self) -> list[Message]:
        rows = await self.query("select * from event order by outbox_id")
        messages = []
        for row in rows:
            envelope = envelope_of(row._mapping, service.source, epoch=1)
            data = encode_data(row.data)
            key = row.partition_key.encode()
            messages.append(
                Message("obligations.v1", row.partition, row.outbox_id, key, tuple(to_headers(envelope)), data)
            )
        return messages

    async def published(self, *, of: str = "Claim") -> list[str]:
        rows = await self.query(
            "select split_part(type, '.', 2) from event where aggregate_type = :of order by outbox_id", of=of
        )
        return [row[0] for row in rows]

    # -- what people do --------------------------------------------------------------------------------------------
    @asynccontextmanager
    async def session(self, actor: str = "officer-1") -> AsyncIterator[AsyncSession]:
        async with self.database.sessions() as session, session.begin():
            work = Work("obligations", "obligations.v1", actor, "test", self.clock.at, clock=self.clock)
            begin_work(session, work)
            yield session

    @asynccontextmanager
    async def hand(self, year: int = 2025) -> AsyncIterator[tuple[AsyncSession, ClaimInHand]]:
        async with self.session() as session:
            yield session, await take_in_hand(session, claim_id_of(self.agreement_id, year), SIGHT.of(Claim))

    async def report(self, achieved: str, year: int = 2025, *, settle: bool = True) -> None:
        """Report all obligations of a year, or correct the reports that stand."""
        async with self.session() as session:
            wanted = select(Obligation.id, Obligation.report_id, Obligation.report_revision).where(
                col(Obligation.agreement_id) == self.agreement_id, col(Obligation.reporting_year) == year
            )
            for obligation_id, report_id, revision in (await session.exec(wanted)).all():
                stated = Stated(Decimal(achieved))
                if report_id is None:
                    await record_report(session, obligation_id, stated, sight=SIGHT, at=self.clock.at)
                else:
                    await correct_report(session, report_id, stated, sight=SIGHT, expected=revision, at=self.clock.at)
        if settle:
            await self.settle()

    async def confirm_rates(self) -> None:
        async with self.session() as session:
            for rate in (await rates_known_at(session)).rates:
                rate.confirm("officer-1", self.clock.at)
                rate.confirm("officer-2", self.clock.at)
                session.add(rate)

    async def know_rates_until(self, day: str) -> None:
        async with self.session() as session:
            await cover(session, date.fromisoformat(day), "the same rate held", by="officer-1", at=self.clock.at)
        await self.settle()

    async def rate_of(self, session: AsyncSession, on: str) -> BaseRate:
        rates = (await rates_known_at(session)).rates
        return next(rate for rate in rates if rate.effective_from == date.fromisoformat(on))

    # -- what there is ---------------------------------------------------------------------------------------------
    async def claim(self, year: int = 2025) -> Claim:
        async with self.database.sessions() as session:
            return await session.get_one(Claim, claim_id_of(self.agreement_id, year))

    async def has_claim(self, year: int = 2025) -> bool:
        async with self.database.sessions() as session:
            return await session.get(Claim, claim_id_of(self.agreement_id, year)) is not None

    async def versions(self, year: int = 2025) -> list[ClaimVersion]:
        async with self.database.sessions() as session:
            statement = select(ClaimVersion).where(col(ClaimVersion.claim_id) == claim_id_of(self.agreement_id, year))
            return list((await session.exec(statement.order_by(col(ClaimVersion.number)))).all())

    def positions(self) -> list[Position]:
        """What the funding service answers: how far it has come itself."""
        return [Position(subject, sequence) for subject, sequence in self.sequences.items()]

    async def query(self, sql: str, **values: Any) -> list[Any]:
        async with self.database.engine.connect() as connection:
            return list((await connection.execute(text(sql), values)).all())

    async def execute(self, *statements: str, **values: Any) -> None:
        async with self.database.engine.begin() as connection:
            for statement in statements:
                await connection.execute(text(statement), values)


async def seed(database: Database, clock: StandingClock) -> None:
    """What an installation brings with it."""
    for bring in service.seeds:
        async with database.sessions() as session, session.begin():
            begin_work(
                session,
                Work(service="obligations", topic="obligations.v1", actor="installation", action="seed", at=clock.at),
            )
            await bring(session)
