"""Scheduled jobs: what falls due is done one unit at a time, each in a transaction of its own."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog

from shared.clock import Clock
from shared.database.engine import Database
from shared.database.failures import is_transient
from shared.events.auditing import record_audit
from shared.events.lease import stopped_within
from shared.events.work import Work, begin_work, work_of
from shared.failpoints import failpoint
from shared.identity import new_id
from shared.service import Job, Service
from shared.telemetry.spans import current_traceparent, job_span, nothing_done
from shared.worker.failing import forget_failures, note_failure

log = structlog.get_logger()

FOLLOWS_SECONDS = 0.1
"""How soon a prompt job follows a commit, and how often at most it looks for work under many commits."""

ROUND_SECONDS = 5.0
"""How long a job goes on before the next one has its turn."""


class Jobs:
    """Runs a service's jobs in turn; two workers do each unit once, because a unit is a locked row.

    `committed` is told of each unit that was done. Set `wake` after a consumer's commit in this process: the service's
    prompt jobs then begin at once.
    """

    def __init__(
        self,
        database: Database,
        service: Service,
        clock: Clock,
        *,
        every_seconds: float,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        self._committed = committed
        self._database = database
        self._service = service
        self._clock = clock
        self._every = every_seconds
        self._aside: dict[str, set[UUID]] = {}
        self.wake = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop."""
        while not stop.is_set():
            left = [await self._round(name, job, stop) for name, job in self._service.jobs.items()]
            if not any(left):
                await self._until_next_round(stop)

    async def _until_next_round(self, stop: asyncio.Event) -> None:
        """Wait for the next round; meanwhile the prompt jobs follow the commits that `wake` tells of."""
        loop, prompt = asyncio.get_running_loop(), sorted(self._service.prompt)
        ends = loop.time() + self._every
        while (left := ends - loop.time()) > 0:
            if await stopped_within(stop, min(left, FOLLOWS_SECONDS) if prompt else left):
                return
            if not self.wake.is_set():
                continue
            self.wake.clear()
            for name in prompt:
                if await self._round(name, self._service.jobs[name], stop):
                    return

    async def _round(self, name: str, job: Job, stop: asyncio.Event) -> bool:
        """Do what is due, for some seconds at most, and say whether something may be left: other jobs come in between.

        A unit that fails is kept with its reason and set aside until everything else that is due has been tried.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + ROUND_SECONDS
        while not stop.is_set():
            if loop.time() > ends:
                return True
            aside = self._aside.setdefault(name, set())
            work = self._work(name, self._clock.now(), frozenset(aside))
            try:
                if not await self._unit(name, job, work):
                    await forget_failures(self._database, name, self._aside.pop(name))
                    return False
            except Exception as failure:  # noqa: BLE001 — one unit's failure must stop neither others nor other jobs
                log.error("job failed", job=name, unit=str(work.unit), because=repr(failure))
                if work.unit is None or is_transient(failure):
                    return False
                aside.add(work.unit)
                await self._note(name, work.unit, failure)
            failpoint("jobs.between_units")
        return False

    async def _note(self, name: str, unit: UUID, failure: Exception) -> None:
        try:
            await note_failure(self._database, name, unit, repr(failure))
        except Exception as unheard:  # noqa: BLE001 — what cannot be noted is in the log
            log.error("failure not noted", job=name, unit=str(unit), because=repr(unheard))

    async def _unit(self, name: str, job: Job, work: Work) -> bool:
        with job_span(name) as unit:
            work.traceparent = current_traceparent()
            async with self._database.sessions() as session, session.begin():
                begin_work(session, work)
                done = await job(session, work.at)
                if work_of(session).aggregates:
                    await record_audit(session)
                if done:
                    failpoint("jobs.before_commit")
            if done:
                failpoint("jobs.after_commit")
                self._committed()
            else:
                nothing_done(unit)
        return done

    def _work(self, name: str, at: datetime, set_aside: frozenset[UUID]) -> Work:
        return Work(
            service=self._service.name,
            topic=self._service.topic,
            actor=f"{self._service.name}/jobs",
            action=f"job {name}",
            idempotency_key=f"job {name} {new_id()}",
            at=at,
            clock=self._clock,
            set_aside=set_aside,
        )
