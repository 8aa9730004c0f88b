"""A service in one process and one transaction: people act by REST, events are heard, jobs run, and all is undone."""

import json
import re
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid5

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.access.issuer import DevelopmentIssuer
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.database.engine import Database
from shared.events.auditing import record_audit
from shared.events.delivery import Delivery
from shared.events.gates import lock_gates, settle
from shared.events.work import Work, begin_work
from shared.refusals import Refusal
from shared.service import Consumer, Service
from tests.grants.desk import Person
from tests.states.verbs import Verb

NOBODY = UUID("00000000-0000-4000-8000-0000000000ff")
"""Stands in a path where the state has no such thing."""

MISTAKES = frozenset(
    {"fields-invalid", "role-not-allowed", "precondition-missing", "precondition-malformed", "not-found", "internal"}
)
"""Refusals that say that the attempt is wrong, not the state."""


class AttemptWrong(Exception):
    """An attempt is malformed, so that it says nothing about the state."""


@dataclass(frozen=True)
class Attempt:
    """How somebody tries a verb: well-formed, at a time, by a person of the right role; `when` tells variants apart.

    `body` (a file is its kind and its bytes), `event` and `by` may depend on the house. `keeps` are ids in the reply
    that later attempts name in paths.
    """

    verb: str
    by: Person | None = None
    body: Any = None
    event: Callable[["House"], Event] | None = None
    subject: str = ""
    on: str | None = None
    when: str = ""
    rests_on: str = ""
    keeps: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The verb, and under which circumstances."""
        return f"{self.verb}, {self.when}" if self.when else self.verb


@dataclass(frozen=True)
class Answer:
    """What came of an attempt: the reply, or the name of the refusal, for an event that is then parked."""

    refusal: str | None = None
    parked: str | None = None
    reply: Any = None
    idle: bool = False


class StandingClock:
    """A clock that stands where the state put it."""

    def __init__(self) -> None:
        self.at = datetime(2024, 11, 11, 5, tzinfo=UTC)

    def now(self) -> datetime:
        """The instant."""
        return self.at

    def on(self, day: str) -> None:
        """10:00 in Almaty of a day."""
        self.at = datetime.combine(date.fromisoformat(day), time(5), UTC)


@dataclass
class House:
    """The service and what is known of its things: `ids` by the names that paths give them, `facts` beside."""

    service: Service
    app: FastAPI
    database: Database
    connection: AsyncConnection
    issuer: DevelopmentIssuer
    clock: StandingClock
    client: httpx.AsyncClient
    ids: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    verbs: dict[str, Verb] = field(default_factory=dict)
    told: int = 0
    sequences: dict[tuple[str, UUID], int] = field(default_factory=dict)
    _tokens: dict[Person, str] = field(default_factory=dict)

    # -- going back ------------------------------------------------------------------------------------------------
    @asynccontextmanager
    async def undone(self) -> AsyncIterator[None]:
        """What happens within is rolled back at its end; clock, ids and facts are what they were."""
        kept = (self.clock.at, dict(self.ids), deepcopy(self.facts), self.told, dict(self.sequences))
        savepoint = await self.connection.begin_nested()
        try:
            yield
        finally:
            await savepoint.rollback()
            self.clock.at, self.ids, self.facts, self.told, self.sequences = kept

    # -- acting ----------------------------------------------------------------------------------------------------
    async def attempt(self, attempt: Attempt) -> Answer:
        """Try it, and let the service hear what it then says itself."""
        if attempt.on is not None:
            self.clock.on(attempt.on)
        verb = self.verbs[attempt.verb]
        if verb.hears is not None:
            answer = await self._hear(verb, attempt)
        elif verb.job is not None:
            answer = await self._run(verb)
        else:
            answer = await self._ask(attempt)
        if answer.refusal is None and answer.parked is None:
            await self._hear_itself()
        return answer

    async def _ask(self, attempt: Attempt) -> Answer:
        assert attempt.by is not None, f"{attempt.name}: by whom?"
        method, _, template = attempt.verb.partition(" ")
        path = self.path(template)
        body = attempt.body(self) if callable(attempt.body) else attempt.body
        headers = self._headers(attempt.by)
        if self.verbs[attempt.verb].rests_on_version:
            resource = self.path(attempt.rests_on) if attempt.rests_on else "/".join(path.split("/")[:3])
            headers["If-Match"] = await self._etag(resource, attempt.by)
        kind, content = _sent(body)
        if content is not None:
            headers["Content-Type"] = kind
        response = await self.client.request(method, f"/v1{path}", headers=headers, content=content)
        if response.is_success:
            reply = response.json() if response.content else None
            self.ids.update({name: _at(reply, where) for name, where in attempt.keeps.items()})
            return Answer(reply=reply)
        slug = str(response.json()["type"]).rpartition("/")[2]
        if slug in MISTAKES or response.status_code >= 500:
            raise AttemptWrong(f"{attempt.name}: {response.text}")
        return Answer(refusal=slug)

    async def _hear(self, verb: Verb, attempt: Attempt) -> Answer:
        assert verb.hears is not None and attempt.event is not None, f"{attempt.name}: which event?"
        consumer, event = verb.hears[0], attempt.event(self)
        subject = UUID(str(self.ids.get(attempt.subject, NOBODY)))
        heard = (consumer.name, subject)
        sequence = self.sequences[heard] = self.sequences.get(heard, 0) + 1
        envelope = Envelope(
            id=uuid5(subject, f"{event.type}/{sequence}"), source="/services/other", type=event.type, subject=subject,
            time=event.occurred_at, sequence=sequence, institute="industry", epoch=1,
            partition_key=str(getattr(event, "agreement_id", subject)),
        )  # fmt: skip
        return await self._deliver(consumer, [(envelope, event)])

    async def _deliver(self, consumer: Consumer, told: Sequence[tuple[Envelope, Event | None]]) -> Answer:
        """As the platform hands events over: handlers, gate and inbox in one transaction; what fails is parked."""
        try:
            async with self.database.sessions() as session, session.begin():
                connection = await session.connection()
                for envelope, event in told:
                    await lock_gates(connection, consumer.name, {envelope.subject: envelope.partition_key})
                    begin_work(session, self._work(f"{self.service.name}/{consumer.name}", envelope))
                    if event is not None:
                        await consumer.handlers[type(event)](session, event, Delivery(envelope, self.clock.at))
                        await session.flush()
                    outcome = "ignored" if event is None else "handled"
                    at = {envelope.subject: envelope.sequence}
                    await settle(connection, consumer.name, [(envelope.id, outcome)], at)
        except Refusal as refusal:
            return Answer(parked=refusal.slug())
        except NoResultFound as missing:
            return Answer(parked=type(missing).__name__)
        except IntegrityError as error:
            return Answer(parked=str(getattr(error.orig.__cause__, "constraint_name", "")))  # type: ignore[union-attr]
        return Answer()

    async def _run(self, verb: Verb) -> Answer:
        done = 0
        while done < 20:
            async with self.database.sessions() as session, session.begin():
                begin_work(session, self._work(f"{self.service.name}/jobs"))
                if not await verb.job(session, self.clock.at):
                    break
                await record_audit(session)
            done += 1
        return Answer(idle=not done)

    async def _hear_itself(self) -> None:
        """Hand the service's own new events to its own consumers, until nothing new is said."""
        own = [consumer for consumer in self.service.consumers if self.service.topic in consumer.topics]
        while own:
            statement = text("select * from event where outbox_id > :told order by outbox_id")
            rows = (await self.connection.execute(statement, {"told": self.told})).all()
            if not rows:
                return
            self.told = rows[-1].outbox_id
            for consumer in own:
                answer = await self._deliver(consumer, [(self._envelope(row), _event(consumer, row)) for row in rows])
                assert answer.parked is None, f"{consumer.name} parks {[row.type for row in rows]}: {answer.parked}"

    def _envelope(self, row: Any) -> Envelope:
        return Envelope(
            id=row.id, source=self.service.source, type=row.type, subject=row.aggregate_id, time=row.occurred_at,
            sequence=row.sequence, partition_key=row.partition_key, institute=row.institute, epoch=1,
        )  # fmt: skip

    # -- reading ---------------------------------------------------------------------------------------------------
    async def read(self, path: str, who: Person, **query: Any) -> Any:
        """The answer to a read that succeeds."""
        response = await self.client.get(f"/v1{self.path(path)}", headers=self._headers(who), params=query)
        assert response.is_success, response.text
        return response.json()

    def path(self, template: str) -> str:
        """The path with the ids of the state; nobody's where the state has none."""
        return re.sub(r"\{(\w+)\}", lambda found: str(self.ids.get(found[1], NOBODY)), template)

    async def _etag(self, path: str, who: Person) -> str:
        response = await self.client.get(f"/v1{path}", headers=self._headers(who))
        return str(response.headers.get("etag", '"0"'))

    def _headers(self, who: Person) -> dict[str, str]:
        if who not in self._tokens:
            self._tokens[who] = self.issuer.mint(
                subject=who.subject, roles=who.roles, institute=who.institute, bin=who.bin
            )
        return {"Authorization": f"Bearer {self._tokens[who]}", "Idempotency-Key": str(uuid.uuid4())}

    def _work(self, actor: str, cause: Envelope | None = None) -> Work:
        caused = None if cause is None else (actor.rpartition("/")[2], cause.id)
        return Work(self.service.name, self.service.topic, actor, "test", self.clock.at, cause=caused, clock=self.clock)


def _event(consumer: Consumer, row: Any) -> Event | None:
    kind = next((kind for kind in consumer.handlers if kind.type == row.type), None)
    return None if kind is None else kind.model_validate({**row.data, "occurred_at": row.occurred_at})


def _sent(body: Any) -> tuple[str, bytes | None]:
    """The kind and the bytes of a body."""
    if isinstance(body, tuple):
        return body
    return "application/json", None if body is None else json.dumps(body, default=str).encode()


def _at(reply: Any, where: str) -> Any:
    """`a.0.b` in a reply."""
    for part in where.split("."):
        reply = reply[int(part) if part.isdigit() else part]
    return reply
