"""Runs a worker: relay, consumers and jobs under one roof, until the process is told to stop."""

import asyncio
import signal
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import structlog
import uvloop

from shared.calendar.local_days import require_current_time_zone_data
from shared.clock import service_clock
from shared.database.engine import Database
from shared.events.closing import is_cancelled
from shared.events.consuming import Consuming
from shared.events.relay import Relay
from shared.service import Service
from shared.settings import ServiceSettings
from shared.telemetry.setup import set_up_telemetry
from shared.worker.broker import broker_of
from shared.worker.forgetting import forget_replies
from shared.worker.health import Health
from shared.worker.jobs import Jobs

log = structlog.get_logger()


class PartEnded(RuntimeError):
    """A part of the worker has ended although nobody told it to: the process ends too, and is started anew."""


def run(service: Service, settings: ServiceSettings) -> None:
    """Work until SIGTERM or SIGINT; then finish the batch in hand and leave."""
    require_current_time_zone_data()
    set_up_telemetry(f"{service.name}-worker", settings)
    uvloop.run(_run(service, settings))


async def _run(service: Service, settings: ServiceSettings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = service_clock(settings.clock_file)
    database = Database(
        settings.database_url.get_secret_value(),
        application_name=f"{service.name}-worker",
        pool_size=len(service.consumers) + 4,
        server_settings=settings.database_server_settings,
    )
    broker = broker_of(settings)
    relay = Relay(database, service, broker)
    own = {**service.jobs, "forget-replies": forget_replies(settings.idempotency_days)}
    jobs = Jobs(
        database, replace(service, jobs=own), clock, every_seconds=settings.job_seconds, committed=relay.wake.set
    )

    def committed() -> None:
        relay.wake.set()
        jobs.wake.set()

    consuming = [
        Consuming(database, service, consumer, broker, clock, committed=committed) for consumer in service.consumers
    ]
    health = Health(settings, database, service, relay, consuming)
    parts: list[Relay | Jobs | Health | Consuming] = [relay, jobs, health, *consuming]
    log.info("worker starts", service=service.name, consumers=[consumer.name for consumer in consuming])
    try:
        async with asyncio.TaskGroup() as tasks:
            for part in parts:
                tasks.create_task(until_told(stop, part.run(stop)))
    finally:
        await database.close()
    log.info("worker has stopped", service=service.name)


async def until_told(stop: asyncio.Event, part: Coroutine[Any, Any, None]) -> None:
    """Run a part of the worker. Raises `PartEnded` where it ends, or is cancelled from within, before it is told to.

    A task group takes no notice of a member that is cancelled: the others would go on without a relay.
    """
    try:
        await part
    except asyncio.CancelledError:
        if is_cancelled():
            raise
    if not stop.is_set():
        raise PartEnded
