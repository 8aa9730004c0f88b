"""The money side of grants behind its HTTP edge: callers with tokens, a clock, obligations standing on loopback."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from grants.main import make
from grants.settings import Settings
from shared.access.callers import Role
from shared.access.issuer import DevelopmentIssuer
from shared.settings import Environment
from tests.grants.clearance import loopback
from tests.grants.desk import Desk, Person
from tests.grants.facts import BIN, KEY
from tests.grants.funding import SIGNED, Funding

APPLICANT = Person("applicant-1", (Role.APPLICANT,), None, BIN)
OFFICER = Person("officer-1", (Role.OFFICER,))
APPROVER = Person("approver-1", (Role.APPROVER,))
AUDITOR = Person("auditor-1", (Role.AUDITOR,))
SERVICE = Person("service:obligations", (Role.SERVICE,), None)
STRANGER = Person("stranger", (Role.OFFICER, Role.APPROVER, Role.AUDITOR), "export")
ANOTHER = Person("applicant-2", (Role.APPLICANT,), None, "180840379820")


@dataclass
class Served(Desk):
    """The desk of these tests; `says` is what obligations answers about any agreement, beside what is well."""

    funding: Funding = field(default_factory=lambda: Funding(None))  # type: ignore[arg-type]
    says: dict[str, Any] = field(default_factory=dict)
    asked: int = 0

    async def reply(self, line: str) -> bytes:
        """What the loopback server answers."""
        self.asked += 1
        agreement_id = UUID(line.split("/")[3])
        return loopback.http(200, json.dumps(loopback.standing(agreement_id, **self.says)).encode())

    async def etag(self, path: str, who: Person = OFFICER) -> str:
        """The version of the agreement, tranche or account that a path names, whoever asks."""
        parts = path.strip("/").split("/")
        if len(parts) < 2 or parts[0] not in {"agreements", "tranches", "changes", "reports", "accounts"}:
            return '"0"'
        found = await self.get(f"/{parts[0]}/{parts[1]}", OFFICER)
        return str(found.headers.get("etag", '"0"'))

    async def pay(self, tranche_id: UUID | str, reference: str = "P-1", key: str | None = None) -> httpx.Response:
        """Ask to record a payment."""
        headers = self.headers(OFFICER) | ({} if key is None else {"Idempotency-Key": key})
        headers["If-Match"] = await self.etag(f"/tranches/{tranche_id}")
        body = {"disbursed_on": "2025-02-03", "bank_reference": reference}
        return await self.client.post(f"/v1/tranches/{tranche_id}/disbursement", headers=headers, json=body)


@pytest.fixture
async def served(funding: Funding, tmp_path: Path) -> AsyncIterator[Served]:
    """The service on the funding's database, on the day of the signatures."""
    settings = Settings(
        database_url=funding.database.engine.url.render_as_string(hide_password=False),
        environment=Environment.TEST,
        issuer_directory=tmp_path / "issuer",
        clock_file=tmp_path / "clock",
        recipient_key=KEY.decode("ascii"),
    )
    (tmp_path / "clock").write_text(SIGNED.isoformat(), encoding="ascii")
    app = make(settings)
    issuer = DevelopmentIssuer(tmp_path / "issuer", Environment.TEST)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://grants") as client:
        desk = Served(app, client, issuer, tmp_path / "clock", APPLICANT, funding=funding)
        desk.on(SIGNED)
        async with loopback.obligations(desk.reply) as (line, _):
            app.state.obligations = line
            yield desk
    await app.state.database.close()


__all__ = ["Served", "served"]
