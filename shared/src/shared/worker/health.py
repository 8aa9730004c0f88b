"""What a worker says of itself over HTTP: alive, ready, and how far it has come."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import uvicorn
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from shared.database.engine import Database
from shared.database.tables import event, job_failure, outbox, parked
from shared.events.consuming import Consuming
from shared.events.relay import Relay
from shared.service import Service
from shared.settings import ServiceSettings

STILL_SECONDS = 60.0
Endpoint = Callable[[Request], Awaitable[Response]]


class Health:
    """The HTTP side of a worker: `/health/live`, `/health/ready`, `/progress`, `/metrics`."""

    def __init__(
        self,
        settings: ServiceSettings,
        database: Database,
        service: Service,
        relay: Relay,
        consuming: Sequence[Consuming],
    ) -> None:
        self._settings = settings
        self._database = database
        self._service = service
        self._relay = relay
        self._consuming = consuming

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until told to stop."""
        config = uvicorn.Config(
            self._app(),
            host=self._settings.host,
            port=self._settings.worker_port,
            log_level="warning",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        serving = asyncio.create_task(server._serve())  # noqa: SLF001 — `serve` would take the signals from us
        await stop.wait()
        server.should_exit = True
        await serving

    def _app(self) -> Starlette:
        routes: dict[str, Endpoint] = {
            "/health/live": self._live,
            "/health/ready": self._ready,
            "/progress": self._progress,
            "/metrics": self._metrics,
        }
        return Starlette(routes=[Route(path, endpoint) for path, endpoint in routes.items()])

    async def _live(self, _: Request) -> Response:
        """Alive as long as each consumer has moved lately or has nothing to read."""
        still = [c.name for c in self._consuming if time.monotonic() - c.moved_at > STILL_SECONDS and c.lag > 0]
        return JSONResponse({"alive": not still, "still": still}, status_code=503 if still else 200)

    async def _ready(self, _: Request) -> Response:
        """Ready unless the relay stands still for an operator."""
        halted = self._relay.halted
        body = {"ready": halted is None, "halted": str(halted) if halted else None}
        return JSONResponse(body, status_code=503 if halted else 200)

    async def _progress(self, _: Request) -> Response:
        return JSONResponse(await self._figures())

    async def _metrics(self, _: Request) -> Response:
        registry = CollectorRegistry()
        registry.register(_Figures(self._service.name, await self._figures()))
        return PlainTextResponse(generate_latest(registry), media_type="text/plain; version=0.0.4")

    async def _figures(self) -> dict[str, Any]:
        pending = select(func.count(), func.min(event.c.recorded_at)).select_from(
            outbox.join(event, event.c.outbox_id == outbox.c.id)
        )
        held = select(parked.c.consumer, parked.c.kind, func.count()).group_by(parked.c.consumer, parked.c.kind)
        failing = select(job_failure.c.job, func.count()).group_by(job_failure.c.job)
        async with self._database.engine.connect() as connection:
            count, oldest = (await connection.execute(pending)).one()
            now = (await connection.execute(select(func.clock_timestamp()))).scalar_one()
            parked_counts = (await connection.execute(held)).all()
            failing_counts = (await connection.execute(failing)).all()
        return {
            "outbox_pending": count,
            "outbox_oldest_seconds": (now - oldest).total_seconds() if oldest else 0.0,
            "relay_sent": self._relay.sent,
            "relay_halted": int(self._relay.halted is not None),
            "consumers": {c.name: {"lag": c.lag, "settled": c.settled} for c in self._consuming},
            "parked": {f"{consumer}/{kind}": count for consumer, kind, count in parked_counts},
            "jobs_failing": dict(failing_counts),
        }


class _Figures:
    """The figures as Prometheus reads them; no label has more values than there are consumers."""

    def __init__(self, service: str, figures: dict[str, Any]) -> None:
        self._service = service
        self._figures = figures

    def collect(self) -> list[Metric]:
        """The metrics, freshly read."""
        labels = ["service"]
        metrics: list[Metric] = []
        for name in ("outbox_pending", "outbox_oldest_seconds", "relay_sent", "relay_halted"):
            gauge = GaugeMetricFamily(f"tirek_{name}", name.replace("_", " "), labels=labels)
            gauge.add_metric([self._service], self._figures[name])
            metrics.append(gauge)
        for figure in ("lag", "settled"):
            gauge = GaugeMetricFamily(f"tirek_consumer_{figure}", f"records {figure}", labels=["service", "consumer"])
            for consumer, values in self._figures["consumers"].items():
                gauge.add_metric([self._service, consumer], values[figure])
            metrics.append(gauge)
        gauge = GaugeMetricFamily("tirek_parked", "parked events", labels=["service", "consumer", "kind"])
        for key, count in self._figures["parked"].items():
            gauge.add_metric([self._service, *key.split("/")], count)
        failing = GaugeMetricFamily("tirek_jobs_failing", "units that jobs cannot do", labels=["service", "job"])
        for job, count in self._figures["jobs_failing"].items():
            failing.add_metric([self._service, job], count)
        return [*metrics, gauge, failing]
