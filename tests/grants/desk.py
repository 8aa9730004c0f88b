"""A desk with the whole service behind it: people act through HTTP, on days that the test sets."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from grants.applications.commands import annul_one_overdue
from shared.access.callers import Role
from shared.access.issuer import DevelopmentIssuer
from shared.events.work import Work, begin_work
from tests.grants.builders import a_bin, a_content


@dataclass(frozen=True)
class Person:
    """Somebody with an access token."""

    subject: str
    roles: tuple[Role, ...]
    institute: str | None = "industry"
    bin: str | None = None


OFFICER = Person("officer-1", (Role.OFFICER,))
EXPERTS = (Person("expert-1", (Role.EXPERT,)), Person("expert-2", (Role.EXPERT,)))
MEMBERS = tuple(Person(f"member-{number}", (Role.APPROVER,)) for number in (1, 2, 3))
AUDITOR = Person("auditor-1", (Role.AUDITOR,))
ELSEWHERE = Person("officer-9", (Role.OFFICER, Role.APPROVER, Role.AUDITOR, Role.EXPERT), institute="export")

CRITERIA = ("innovativeness", "competitiveness", "scale", "export-orientation", "labour-productivity")


def an_applicant(number: str | None = None) -> Person:
    """Somebody who acts for a company of its own."""
    return Person(f"applicant-{uuid.uuid4().hex[:8]}", (Role.APPLICANT,), None, number or a_bin())


@dataclass
class Desk:
    """The service, its clock, and whoever acts; `applicant` is another company with each desk."""

    app: FastAPI
    client: httpx.AsyncClient
    issuer: DevelopmentIssuer
    clock_file: Path
    applicant: Person = field(default_factory=an_applicant)
    call_id: str = ""

    def on(self, at: datetime) -> None:
        """Set the clock."""
        self.clock_file.write_text(at.astimezone(UTC).isoformat(), encoding="ascii")

    def headers(self, who: Person, **more: str) -> dict[str, str]:
        """A token of this person and a new key."""
        token = self.issuer.mint(subject=who.subject, roles=who.roles, institute=who.institute, bin=who.bin)
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4()), **more}

    async def get(self, path: str, who: Person, **query: Any) -> httpx.Response:
        """Read."""
        return await self.client.get(f"/v1{path}", headers=self.headers(who), params=query)

    async def post(self, path: str, who: Person, body: Any = None, *, etag: str | None = None) -> httpx.Response:
        """Command; `etag` absent: the current one of the application or call that the path names."""
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

    async def etag(self, path: str, who: Person = OFFICER) -> str:
        """The version of the application, conclusion or call that a path names; of nothing where it names none."""
        parts = path.strip("/").split("/")
        if len(parts) < 2 or parts[0] not in {"applications", "calls", "conclusions"}:
            return '"0"'
        if parts[-1] in {"conflict-declaration", "conclusion"}:
            return await self._own_conclusion(parts[1], who)
        for reader in (OFFICER, self.applicant, replace(OFFICER, institute="export")):
            found = await self.get(f"/{parts[0]}/{parts[1]}", reader)
            if found.status_code == 200:
                return found.headers["etag"]
        return '"0"'

    async def _own_conclusion(self, application_id: str, expert: Person) -> str:
        found = await self.get(f"/applications/{application_id}/conclusions", OFFICER)
        parts = found.json()["items"] if found.status_code == 200 else []
        return next((f'"{each["revision"]}"' for each in parts if each["expert"] == expert.subject), '"0"')

    async def open_call(self, **facts: Any) -> str:
        """A call from 1 November 2024 to 31 December 2025, open."""
        body = {
            "title": "Pumps",
            "description": "For makers of pumps.",
            "budget": "500000000.00",
            "opens_on": "2024-11-01",
            "closes_on": "2025-12-31",
            **facts,
        }
        planned = must(await self.post("/calls", OFFICER, body))
        must(await self.post(f"/calls/{planned['id']}/opening", OFFICER))
        self.call_id = planned["id"]
        return str(planned["id"])

    async def drafted(self, **facts: Any) -> str:
        """The id of a draft of the desk's applicant."""
        body = {
            "call_id": self.call_id or await self.open_call(),
            "applicant": {"name": "Sample", "number": self.applicant.bin},
            "content": a_content(**facts),
        }
        return str(must(await self.post("/applications", self.applicant, body))["id"])

    async def submitted(self, **facts: Any) -> str:
        """The id of an application that waits for the completeness check."""
        id_ = await self.drafted(**facts)
        must(await self.post(f"/applications/{id_}/submission", self.applicant))
        return id_

    async def returned(self, field: str = "/title", **facts: Any) -> str:
        """The id of an application that went back with one remark."""
        id_ = await self.submitted(**facts)
        remarks = {"remarks": [{"field": field, "remark": "Say it more clearly."}]}
        must(await self.post(f"/applications/{id_}/return", OFFICER, remarks))
        return id_

    async def in_examination(self, **facts: Any) -> str:
        """The id of an application that both experts were asked to examine."""
        id_ = await self.submitted(**facts)
        must(await self.post(f"/applications/{id_}/completeness", OFFICER))
        for expert in EXPERTS:
            must(await self.post(f"/applications/{id_}/experts", OFFICER, {"expert": expert.subject}))
        return id_

    async def concluded(self, id_: str, expert: Person, score: int = 7) -> None:
        """The expert has no conflict and concludes with this score for each criterion."""
        must(await self.post(f"/applications/{id_}/conflict-declaration", expert, {"conflict": False}))
        must(await self.post(f"/applications/{id_}/conclusion", expert, a_conclusion(score)))

    async def before_commission(self, score: int = 7, **facts: Any) -> str:
        """The id of an application that both experts scored."""
        id_ = await self.in_examination(**facts)
        for expert in EXPERTS:
            await self.concluded(id_, expert, score)
        must(await self.post(f"/applications/{id_}/examination", OFFICER))
        return id_

    async def voted(self, id_: str, motion: dict[str, Any], choices: Sequence[str] = ("for",) * 3) -> httpx.Response:
        """The motion is put, the members vote, and the officer closes the vote."""
        must(await self.post(f"/applications/{id_}/motion", OFFICER, {"motion": motion}))
        for member, choice in zip(MEMBERS, choices, strict=True):
            vote = {"choice": choice} if choice == "for" else {"choice": choice, "reason": "Not convinced"}
            must(await self.post(f"/applications/{id_}/votes", member, vote))
        return await self.post(f"/applications/{id_}/decision", OFFICER, {"minutes": "Minutes of the sitting."})

    async def in_hearing(self, **facts: Any) -> str:
        """The id of an application that the commission means to refuse."""
        id_ = await self.before_commission(**facts)
        must(await self.voted(id_, a_refusal()))
        return id_

    async def approved(self, amount: str = "90000000.00", **facts: Any) -> str:
        """The id of an approved application."""
        id_ = await self.before_commission(**facts)
        must(await self.voted(id_, {"outcome": "approve", "amount": amount}))
        return id_

    async def application(self, id_: str, who: Person = OFFICER) -> dict[str, Any]:
        """The application as this person sees it."""
        found: dict[str, Any] = must(await self.get(f"/applications/{id_}", who))
        return found

    async def annul_overdue(self, at: datetime) -> int:
        """Run the scheduled job until nothing is due; how much was."""
        done = 0
        while await self._one(at):
            done += 1
        return done

    async def _one(self, at: datetime) -> bool:
        async with self.app.state.database.sessions() as session, session.begin():
            begin_work(session, Work("grants", "grants.v1", "grants/jobs", "job", at))
            return await annul_one_overdue(session, at)


def a_conclusion(score: int = 7, **facts: Any) -> dict[str, Any]:
    """A conclusion with this score for each criterion."""
    scores = [{"criterion": criterion, "score": score, "reason": "As the plan shows."} for criterion in CRITERIA]
    return {"scores": scores, "recommendation": "approve", "summary": "A sound project.", **facts}


def a_refusal(**facts: Any) -> dict[str, Any]:
    """A motion to refuse for non-compliance with the rules."""
    return {
        "outcome": "refuse",
        "ground": "compliance-with-the-rules",
        "reason": "The plan does not show how the line is paid for.",
        "requirement": "Rules of grants, item 12",
        **facts,
    }


def must(response: httpx.Response) -> Any:
    """The answer to a request that succeeds."""
    assert response.is_success, response.text
    return response.json()


def refused(response: httpx.Response, slug: str, field: str | None = None) -> dict[str, Any]:
    """The problem of a request that is refused under this name, about this field."""
    problem: dict[str, Any] = response.json()
    assert problem["type"] == f"/problems/{slug}", problem
    if field is not None:
        assert field in {error["pointer"] for error in problem["errors"]}, problem
    return problem
