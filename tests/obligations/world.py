"""A running obligations service in one process: its API, its handlers and its jobs, on a database of its own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import select, text
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.obligations.commands import obligation_id
from obligations.service import service
from shared.access.issuer import DevelopmentIssuer
from shared.access.roles import Role
from shared.contracts.envelope import Envelope
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
from shared.database.tables import event as event_table
from shared.events.delivery import Delivery
from shared.events.work import Work, begin_work
from shared.identity import new_id, recipient_id
from tests.obligations.clock import StandingClock

KEY = b"recipient key of the tests"

BIN = "211240038069"
OTHER_BIN = "230440573944"
SIGNED_ON = date(2024, 12, 20)
SIGNED_AT = datetime(2024, 12, 20, 5, 0, tzinfo=UTC)
DUE_2025 = date(2026, 2, 16)
"""The thirtieth working day after 2025."""
AFTER_2025 = datetime(2026, 1, 20, 5, 0, tzinfo=UTC)
AFTER_DUE = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)


def productivity(years: Sequence[int] = (2025,), **facts: Any) -> ObligationTerm:
    """Labour productivity, by growth from 1000 to 1200."""
    stated: dict[str, Any] = {
        "term_id": new_id(),
        "indicator": "labour-productivity",
        "direction": Direction.LABOUR_PRODUCTIVITY,
        "mode": TargetMode.GROWTH,
        "target": Decimal("1200"),
        "baseline": Decimal("1000"),
        "unit": "thousand tenge per employee",
        "weight": Decimal("0.50"),
        "reporting_years": tuple(years),
    }
    return ObligationTerm(**{**stated, **facts})


def export(years: Sequence[int] = (2025,), **facts: Any) -> ObligationTerm:
    """Export revenue, by level, of 1000."""
    stated: dict[str, Any] = {
        "indicator": "export-revenue",
        "direction": Direction.EXPORT,
        "mode": TargetMode.LEVEL,
        "target": Decimal("1000"),
        "baseline": None,
        "unit": "thousand USD",
    }
    return productivity(years, **{**stated, **facts})


@dataclass
class World:
    """Everybody who deals with the service; each call is a transaction or a request of its own."""

    database: Database
    app: FastAPI
    issuer: DevelopmentIssuer
    clock: StandingClock
    _sequences: dict[UUID, int] = field(default_factory=dict)

    # -- requests -------------------------------------------------------------------------------------------------
    def token(
        self, role: Role, institute: str | None = "industry", company: str = BIN, subject: str | None = None
    ) -> str:
        own: dict[str, Any] = {"bin": company} if role is Role.APPLICANT else {}
        if role not in (Role.APPLICANT, Role.SERVICE):
            own["institute"] = institute
        return self.issuer.mint(subject=subject or f"{role.value}-1", roles=[role], **own)

    async def request(
        self,
        method: str,
        path: str,
        *,
        role: Role = Role.OFFICER,
        institute: str = "industry",
        company: str = BIN,
        subject: str | None = None,
        if_match: int | None = None,
        key: str | None = None,
        json: Any = None,
        params: Any = None,
        content: bytes | None = None,
        language: str | None = None,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(role, institute, company, subject)}"}
        if method == "POST":
            headers["Idempotency-Key"] = key or str(new_id())
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        if language is not None:
            headers["Accept-Language"] = language
        if content is not None:
            headers["Content-Type"] = "application/json"
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://obligations") as client:
            return await client.request(method, path, headers=headers, json=json, params=params, content=content)

    async def get(self, path: str, **facts: Any) -> httpx.Response:
        return await self.request("GET", path, **facts)

    async def post(self, path: str, json: Any = None, *, resting_on: str | None = None, **facts: Any) -> httpx.Response:
        if resting_on is not None:
            facts["if_match"] = await self.revision(resting_on)
        return await self.request("POST", path, json=json, **facts)

    async def revision(self, path: str) -> int:
        """The number in the ETag of what is read there."""
        return int((await self.get(path)).headers["ETag"].strip('"'))

    async def report(self, obligation: UUID | str, achieved: str, **facts: Any) -> httpx.Response:
        body = {"achieved": achieved, **facts.pop("body", {})}
        return await self.post(f"/v1/obligations/{obligation}/reports", body, role=Role.APPLICANT, **facts)

    async def correct(self, report_id: str, achieved: str) -> httpx.Response:
        """Correct a report as it stands now."""
        return await self._change(f"/v1/reports/{report_id}", "corrections", {"achieved": achieved})

    async def withdraw(self, report_id: str, reason: str) -> httpx.Response:
        """Take a report back as it stands now."""
        return await self._change(f"/v1/reports/{report_id}", "withdrawal", {"reason": reason})

    async def _change(self, path: str, verb: str, body: Any) -> httpx.Response:
        read = (await self.get(path, role=Role.APPLICANT)).headers.get("etag", '"1"')
        return await self.post(f"{path}/{verb}", body, role=Role.APPLICANT, if_match=int(read.strip('"')))

    # -- transactions ---------------------------------------------------------------------------------------------
    @asynccontextmanager
    async def work(self, by: str = "officer-1", cause: UUID | None = None) -> AsyncIterator[AsyncSession]:
        """A transaction on somebody's behalf, committed at its end."""
        async with self.database.sessions() as session, session.begin():
            caused = None if cause is None else ("test", cause)
            work = Work("obligations", "obligations.v1", by, "test", self.clock.at, cause=caused, clock=self.clock)
            begin_work(session, work)
            yield session

    async def receive(
        self, event: Event, *, institute: str = "industry", consumer: str = "monitoring", event_id: UUID | None = None
    ) -> UUID:
        """The event arrives with a consumer of this service, as the platform hands it over."""
        subject: UUID = getattr(event, "tranche_id", None) or event.agreement_id  # type: ignore[attr-defined]
        self._sequences[subject] = self._sequences.get(subject, 0) + 1
        envelope = Envelope(
            id=event_id or new_id(),
            source="/services/grants",
            type=event.type,
            subject=subject,
            time=event.occurred_at,
            sequence=self._sequences[subject],
            partition_key=str(event.agreement_id),  # type: ignore[attr-defined]
            institute=institute,
            epoch=1,
        )
        handlers = next(one.handlers for one in service.consumers if one.name == consumer)
        async with self.work("consumer", envelope.id) as session:
            await handlers[type(event)](session, event, Delivery(envelope, self.clock.at))
        return envelope.id

    async def jobs(self) -> int:
        """Do everything that the scheduled jobs find due; how many units that was."""
        done = 0
        for job in service.jobs.values():
            while await self._unit(job):
                done += 1
        return done

    async def _unit(self, job: Any) -> bool:
        async with self.work("jobs") as session:
            return bool(await job(session, self.clock.at))

    # -- facts ----------------------------------------------------------------------------------------------------
    async def signed(
        self, *terms: ObligationTerm, institute: str = "industry", company: str = BIN, **facts: Any
    ) -> AgreementSigned:
        """A signed agreement of which this service has heard."""
        stated: dict[str, Any] = {
            "occurred_at": SIGNED_AT,
            "agreement_id": new_id(),
            "number": f"IG-{new_id()}",
            "measure": Measure.INDUSTRIAL_GRANT if institute == "industry" else Measure.EXPORT_REIMBURSEMENT,
            "recipient_id": recipient_id(company, KEY),
            "amount": Decimal("100000000.00"),
            "signed_on": SIGNED_ON,
            "rule_set": "default",
            "obligations": terms or (export(),),
            "tranches": (
                PlannedTranche(
                    tranche_id=new_id(), number=1, amount=Decimal("100000000.00"), planned_on=date(2025, 2, 3)
                ),
            ),
        }
        event = AgreementSigned(**{**stated, **facts})
        await self.receive(event, institute=institute)
        return event

    async def amended(self, signed: AgreementSigned, *terms: ObligationTerm, on: date, **facts: Any) -> None:
        """An addendum of which this service has heard."""
        stated: dict[str, Any] = {
            "occurred_at": self.clock.at,
            "agreement_id": signed.agreement_id,
            "measure": signed.measure,
            "recipient_id": signed.recipient_id,
            "amended_on": on,
            "rule_set": signed.rule_set,
            "obligations": terms,
            "reason": "addendum 1",
        }
        await self.receive(AgreementAmended(**{**stated, **facts}))

    def disbursed(self, signed: AgreementSigned, on: date = date(2025, 2, 3)) -> TrancheDisbursed:
        """The first tranche was paid."""
        planned = signed.tranches[0]
        return TrancheDisbursed(
            occurred_at=self.clock.at,
            agreement_id=signed.agreement_id,
            tranche_id=planned.tranche_id,
            number=planned.number,
            measure=signed.measure,
            recipient_id=signed.recipient_id,
            amount=planned.amount,
            disbursed_on=on,
            bank_reference="BANK-1",
        )

    def reversed(self, signed: AgreementSigned, on: date = date(2025, 2, 5)) -> TrancheReversed:
        """The bank returned the first tranche."""
        planned = signed.tranches[0]
        return TrancheReversed(
            occurred_at=self.clock.at,
            agreement_id=signed.agreement_id,
            tranche_id=planned.tranche_id,
            measure=signed.measure,
            recipient_id=signed.recipient_id,
            amount=planned.amount,
            reversed_on=on,
            bank_reference="BANK-2",
            reason="the account is closed",
        )

    # -- what is there --------------------------------------------------------------------------------------------
    async def obligation(self, signed: AgreementSigned, term: int = 0, year: int = 2025) -> dict[str, Any]:
        """The obligation of a term and year as an officer reads it, with its ETag's version under `version`."""
        one = obligation_id(signed.agreement_id, signed.obligations[term].term_id, year)
        async with self.database.sessions() as session:
            row = (await (await session.connection()).execute(
                text("select institute from obligation where id = :id"), {"id": one}
            )).one()  # fmt: skip
        answer = await self.get(f"/v1/obligations/{one}", institute=row.institute)
        assert answer.status_code == 200, answer.text
        return {**answer.json(), "version": int(answer.headers["etag"].strip('"'))}

    async def events(self, kind: str = "") -> list[dict[str, Any]]:
        """What was published, in order, of one type or of all: the data, with the type under `type`."""
        async with self.database.sessions() as session:
            rows = await (await session.connection()).execute(
                select(event_table.c.type, event_table.c.data).order_by(event_table.c.outbox_id)
            )
            return [{**row.data, "type": row.type} for row in rows if kind in row.type]
