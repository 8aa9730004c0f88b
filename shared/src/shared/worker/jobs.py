"""Scheduled jobs: what falls due is done one unit at a time, each in a transaction of its own."""

import asyncio
from datetime import datetime

import structlog

from shared.clock import Clock
from shared.database.engine import Database
from shared.events.auditing import record_audit
from shared.events.lease import stopped_within
from shared.events.work import Work, begin_work, work_of
from shared.failpoints import failpoint
from shared.service import Job, Service
from shared.telemetry.spans import current_traceparent, job_span, nothing_done

log = structlog.get_logger()


class Jobs:
    """Runs a service's jobs in turn; two workers do each unit once, because a unit is a locked row."""

    def __init__(self, database: Database, service: Service, clock: Clock, *, every_seconds: float) -> None:
        self._database = database
        self._service = service
        self._clock = clock
        self._every = every_seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; a job that fails is logged and tried again in the next round."""
        while not stop.is_set():
            for name, job in self._service.jobs.items():
                try:
                    while not stop.is_set() and await self._unit(name, job):
                        failpoint("jobs.between_units")
                except Exception as failure:  # noqa: BLE001 — one job's failure must not stop the others
                    log.error("job failed", job=name, because=repr(failure))
            await stopped_within(stop, self._every)

    async def _unit(self, name: str, job: Job) -> bool:
        at = self._clock.now()
        with job_span(name) as unit:
            async with self._database.sessions() as session, session.begin():
                begin_work(session, self._work(name, at))
                done = await job(session, at)
                if work_of(session).aggregates:
                    await record_audit(session)
            if not done:
                nothing_done(unit)
        return done

    def _work(self, name: str, at: datetime) -> Work:
        return Work(
            service=self._service.name,
            topic=self._service.topic,
            actor=f"{self._service.name}/jobs",
            action=f"job {name}",
            at=at,
            traceparent=current_traceparent(),
        )
