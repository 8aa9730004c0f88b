"""The application of a service: its routers on the platform's edge.

A service's `main.py` is this and no more:

    from pathlib import Path
    from shared.http.app import create_app, serve
    from grants.agreements import api as agreements
    from grants.service import service
    from grants.settings import Settings

    def make() -> FastAPI:
        return create_app(
            service=service,
            settings=Settings.load(),
            title="Grants",
            version="1",
            description="Applications, agreements and payments of industrial grants.",
            routers=[agreements.router],
            constraints={"uq_payment_reference": PaymentRecordedBefore},
            locales=Path(__file__).parent / "locales",
        )

    def run() -> None:
        serve("grants.main:make", Settings.load())

The routers are `shared.http.routes.Router(prefix="/v1", tags=["agreements"])`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, FastAPI, Request

from shared.access.callers import verifier
from shared.access.tokens import TokenVerifier
from shared.clock import Clock, service_clock
from shared.database.engine import Database
from shared.events.waking import Waking
from shared.http import docs, health
from shared.http.apart import Apart
from shared.http.handlers import Constraints, install
from shared.http.health import Check, database_answers
from shared.http.languages import Catalogues, Language, every_refusal
from shared.http.openapi import describe
from shared.http.pages import cursor_secret
from shared.http.problems import described, refusals
from shared.http.routes import Router
from shared.http.server import serve
from shared.refusals import NotFound
from shared.service import Service
from shared.settings import ServiceSettings
from shared.telemetry.server_spans import ServerSpans
from shared.telemetry.setup import flush_spans

__all__ = ["ProblemUnknown", "create_app", "open_database", "serve"]

NONE: Mapping[str, Any] = MappingProxyType({})

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class ProblemUnknown(NotFound):
    """Nothing is refused under that name."""

    title = "There is no such problem"
    remedy = "Take the name from the type of a problem."


def create_app(
    *,
    service: Service,
    settings: ServiceSettings,
    title: str,
    version: str,
    description: str,
    routers: Iterable[APIRouter],
    constraints: Constraints = NONE,
    checks: Mapping[str, Check] = NONE,
    locales: Path | None = None,
    lifespan: Lifespan | None = None,
    database: Database | None = None,
    clock: Clock | None = None,
    tokens: TokenVerifier | None = None,
) -> FastAPI:
    """The application: routers, problems, health, docs, and in `app.state` all that the dependencies want.

    `constraints` maps names of database constraints to refusals; `checks` are for readiness, beside the database;
    `locales` is the service's folder of catalogues; `lifespan` runs within the platform's, while the database is open.
    `database`, `clock` and `tokens` take the place of those that the settings name. `app.state.after_commit`, where it
    is set, is called after each command's commit. FastAPI's own telemetry is off.
    """
    app = FastAPI(
        title=title,
        version=version,
        description=description,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(lifespan),
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    state = app.state
    state.service, state.settings = service, settings
    state.database = database or open_database(service, settings)
    state.clock = clock or service_clock(settings.clock_file)
    state.verifier = tokens or verifier(settings)
    state.catalogues = Catalogues([] if locales is None else [locales])
    state.cursor_secret = cursor_secret(settings)
    state.recipient_key = settings.recipient_secret
    state.constraints = constraints
    state.apart = Apart()
    state.checks = {"database": database_answers(state.database), **checks}
    install(app)
    app.add_middleware(ServerSpans)
    for router in (health.router, docs.router, _problems(), *routers):
        app.include_router(router)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app


def open_database(service: Service, settings: ServiceSettings) -> Database:
    """The service's database with the pool and the time limits of the settings."""
    return Database(
        settings.database_url.get_secret_value(),
        application_name=f"tirek-{service.name}",
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_max_overflow,
        server_settings=settings.database_server_settings,
    )


def _lifespan(inner: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def whole(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(flush_spans)
            stack.callback(app.state.apart.close)
            stack.push_async_callback(app.state.database.close)
            stack.push_async_callback(app.state.verifier.close)
            await stack.enter_async_context(_waking(app))
            if inner is not None:
                await stack.enter_async_context(inner(app))
            yield

    return whole


@asynccontextmanager
async def _waking(app: FastAPI) -> AsyncIterator[None]:
    """Tell the relay of each commit while the application runs."""
    waking = Waking(app.state.settings.database_url.get_secret_value())
    running = asyncio.create_task(waking.run())
    app.state.after_commit = waking
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def _problems() -> APIRouter:
    router = Router(prefix="/problems", tags=["problems"])

    @router.get("/{slug}", responses=refusals(ProblemUnknown))
    async def describe_problem(slug: str, request: Request) -> dict[str, str | int | dict[Language, str]]:
        """Describe a problem by the last part of its type, in Kazakh, Russian and English."""
        found = next((refusal for refusal in every_refusal() if refusal.slug() == slug), None)
        if found is None:
            raise ProblemUnknown
        return described(found, request.app.state.catalogues)

    return router
