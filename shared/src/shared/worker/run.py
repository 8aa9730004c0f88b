"""Runs a worker: relay, consumers and jobs under one roof, until the process is told to stop."""

import asyncio
import signal
from dataclasses import replace

import structlog
import uvloop

from shared.calendar.local_days import require_current_time_zone_data
from shared.clock import service_clock
from shared.database.engine import Database
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
    log.info("worker starts", service=service.name, consumers=[consumer.name for consumer in consuming])
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(relay.run(stop))
            tasks.create_task(jobs.run(stop))
            tasks.create_task(health.run(stop))
            for consumer in consuming:
                tasks.create_task(consumer.run(stop))
    finally:
        await database.close()
    log.info("worker has stopped", service=service.name)
