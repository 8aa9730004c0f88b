"""Requests to the running service on the world of the claims, and a funding service that answers what it is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import SecretStr

from obligations import main
from obligations.freshness.funding import FundingServices
from obligations.service import service
from obligations.settings import Settings
from shared.access.issuer import DevelopmentIssuer
from shared.access.roles import Role
from shared.contracts.support import Measure
from shared.http.app import create_app
from shared.identity import new_id, recipient_id
from shared.settings import Environment
from tests.obligations.claims.world import World

KEY = b"recipient key of the tests"
BIN = "211240038069"
OTHER_BIN = "230440573944"


@dataclass
class FundingService:
    """What a funding service answers to the question of freshness, over HTTP."""

    positions: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    app: FastAPI = field(default_factory=FastAPI)

    def __post_init__(self) -> None:
        @self.app.get("/v1/agreements/{agreement_id}/positions")
        async def positions(agreement_id: str) -> JSONResponse:
            return JSONResponse({"agreement_id": agreement_id, "positions": self.positions}, self.status)


@dataclass
class Api:
    """Sends requests as somebody, on the world's database and clock."""

    world: World
    app: FastAPI
    issuer: DevelopmentIssuer
    funding: FundingService

    def funding_knows(self) -> None:
        self.funding.positions = [
            {"aggregate_id": str(each.aggregate_id), "sequence": each.sequence} for each in self.world.positions()
        ]

    async def send(
        self,
        method: str,
        path: str,
        role: Role = Role.OFFICER,
        *,
        subject: str | None = None,
        institute: str = "industry",
        bin_: str = BIN,
        key: str | None = None,
        if_match: int | None = None,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> httpx.Response:
        own: dict[str, Any] = {"bin": bin_} if role is Role.APPLICANT else {"institute": institute}
        token = self.issuer.mint(subject=subject or f"{role.value}-1", roles=[role], **own)
        sent = {"Authorization": f"Bearer {token}", **(headers or {})}
        if method == "POST":
            sent["Idempotency-Key"] = key or str(new_id())
        if if_match is not None:
            sent["If-Match"] = f'"{if_match}"'
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://obligations") as client:
            return await client.request(method, path, headers=sent, **more)

    async def get(self, path: str, role: Role = Role.OFFICER, **more: Any) -> httpx.Response:
        return await self.send("GET", path, role, **more)

    async def post(self, path: str, json: Any = None, role: Role = Role.OFFICER, **more: Any) -> httpx.Response:
        return await self.send("POST", path, role, json=json, **more)

    async def claim_path(self, year: int = 2025) -> str:
        return f"/v1/claims/{(await self.world.claim(year)).id}"

    async def etag(self, year: int = 2025) -> int:
        return (await self.world.claim(year)).version


@asynccontextmanager
async def running(world: World, folder: Path) -> AsyncIterator[Api]:
    settings = Settings(
        environment=Environment.TEST,
        database_url=SecretStr(world.database.engine.url.render_as_string(hide_password=False)),
        issuer_directory=folder,
        recipient_key=SecretStr(KEY.decode()),
    )
    app = create_app(
        service=service,
        settings=settings,
        title="Tests",
        version="1",
        description="Tests",
        routers=[room.router for room in main.ROOMS],
        constraints=main.CONSTRAINTS,
        locales=Path(main.__file__).parent / "locales",
        database=world.database,
        clock=world.clock,
    )
    funding = FundingService()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(funding.app)) as client:
        app.state.funding_services = FundingServices(client, dict.fromkeys(Measure, "http://funding"))
        yield Api(world, app, DevelopmentIssuer(folder, Environment.TEST), funding)


def company(bin_: str = BIN) -> Any:
    """The identifier of a company in the tests."""
    return recipient_id(bin_, KEY)
