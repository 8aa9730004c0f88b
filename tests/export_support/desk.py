"""A desk with the whole service behind it: people act through HTTP, on days that the test sets."""

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from shared.access.callers import Role
from shared.access.issuer import DevelopmentIssuer
from tests.grants.builders import a_bin
from tests.grants.desk import Person, must, refused

__all__ = ["Person", "must", "refused"]

MONDAY = datetime(2025, 3, 10, 5, 0, tzinfo=UTC)
"""10 March 2025, 10:00 in Almaty."""


OFFICER = Person("officer-1", (Role.OFFICER,), "export")
APPROVER = Person("approver-1", (Role.APPROVER,), "export")
AUDITOR = Person("auditor-1", (Role.AUDITOR,), "export")
ELSEWHERE = Person("officer-9", (Role.OFFICER, Role.APPROVER, Role.AUDITOR), institute="industry")


def an_applicant(number: str | None = None) -> Person:
    """Somebody who acts for a company of its own."""
    return Person(f"applicant-{uuid.uuid4().hex[:8]}", (Role.APPLICANT,), None, number or a_bin())


PLAN = {
    "title": "Export costs 2025", "description": "For makers of goods of high processing.",
    "budget": "500000000.00", "opens_on": "2025-03-01", "closes_on": "2025-12-31",
}  # fmt: skip


@dataclass
class Desk:
    """The service, its clock, and whoever acts."""

    app: FastAPI
    client: httpx.AsyncClient
    issuer: DevelopmentIssuer
    clock_file: Path

    def on(self, at: datetime) -> None:
        """Set the clock."""
        self.clock_file.write_text(at.astimezone(UTC).isoformat(), encoding="ascii")

    def headers(self, who: Person, **more: str) -> dict[str, str]:
        """A token of this person and a new key."""
        token = self.issuer.mint(subject=who.subject, roles=who.roles, institute=who.institute, bin=who.bin)
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4()), **more}

    async def get(self, path: str, who: Person = OFFICER, *, language: str = "en", **query: Any) -> httpx.Response:
        """Read."""
        headers = self.headers(who) | {"Accept-Language": language}
        return await self.client.get(f"/v1{path}", headers=headers, params=query)

    async def post(self, path: str, who: Person, body: Any = None, *, etag: str | None = None) -> httpx.Response:
        """Command; `etag` absent: the current one of the call or request that the path names."""
        return await self.send("POST", path, who, body, etag=etag)

    async def put(self, path: str, who: Person, body: Any, *, etag: str | None = None) -> httpx.Response:
        """Write anew."""
        return await self.send("PUT", path, who, body, etag=etag)

    async def send(
        self, method: str, path: str, who: Person, body: Any = None, *, etag: str | None = None
    ) -> httpx.Response:
        """Send a command with the version that the thing has now, unless another is given."""
        more = {"If-Match": etag or await self.etag(path, who)}
        if body is not None:
            more["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body).encode("ascii")
        return await self.client.request(method, f"/v1{path}", headers=self.headers(who, **more), content=content)

    async def etag(self, path: str, who: Person) -> str:
        """The version of the call or request that a path names; of nothing where it names none."""
        parts = path.strip("/").split("/")
        if len(parts) >= 2 and parts[0] in {"calls", "requests"}:
            for reader in (who, OFFICER):
                found = await self.get(f"/{parts[0]}/{parts[1]}", reader)
                if found.status_code == 200:
                    return found.headers["etag"]
        return '"0"'

    async def open_call(self, **facts: Any) -> str:
        """The id of a call from 1 March to 31 December 2025, open."""
        planned = must(await self.post("/calls", OFFICER, PLAN | facts))
        must(await self.post(f"/calls/{planned['id']}/opening", OFFICER))
        return str(planned["id"])
