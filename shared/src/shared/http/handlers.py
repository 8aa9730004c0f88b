"""From exception to problem: what FastAPI, the database and the unforeseen raise, each made a reply."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import cast

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.edge import (
    BodyMalformed,
    CallerUnknown,
    EdgeRefusal,
    MethodNotAllowed,
    RequestFailed,
    RequestRefused,
    RouteUnknown,
)
from shared.http.failures import refusal_of, sqlstate, violated_constraint
from shared.http.fields import FieldsInvalid, field_errors
from shared.http.problems import respond, trace_id_of
from shared.refusals import Refusal

log = logging.getLogger(__name__)

_by_status: Mapping[int, type[EdgeRefusal]] = MappingProxyType(
    {400: BodyMalformed, 401: CallerUnknown, 404: RouteUnknown, 405: MethodNotAllowed}
)

Constraints = Mapping[str, type[Refusal]]
"""By the name of a database constraint, the refusal that its violation stands for."""

_Handler = Callable[[Request, Exception], Awaitable[Response]]


async def _refused(request: Request, error: Refusal) -> Response:
    return respond(error, request)


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    return respond(FieldsInvalid(field_errors(error.errors(), error.body)), request)


async def _web(request: Request, error: HTTPException) -> Response:
    refusal = _by_status.get(error.status_code, RequestRefused)()
    reply = respond(refusal, request, error.headers)
    reply.status_code = error.status_code
    return reply


async def _database(request: Request, error: SQLAlchemyError | OSError) -> Response:
    constraints: Constraints = request.app.state.constraints
    broken = constraints.get(violated_constraint(error) or "")
    refusal = broken() if broken is not None else refusal_of(error)
    if refusal is None:
        raise error
    if broken is None:
        log.warning("the database failed: %s %s, trace %s", type(error).__name__, sqlstate(error), trace_id_of(request))
    return respond(refusal, request)


def install(app: FastAPI) -> None:
    """Give the application its exception handlers and the last resort."""
    for kind, handler in (
        (Refusal, _refused),
        (RequestValidationError, _invalid),
        (HTTPException, _web),
        (SQLAlchemyError, _database),
        (OSError, _database),
    ):
        app.add_exception_handler(kind, cast(_Handler, handler))
    app.add_middleware(LastResort)


class LastResort:
    """Answers 500, without internals, where nothing else answered; and gives each reply its protective headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def protected(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": _protected(message["headers"])}
            await send(message)

        try:
            await self._app(scope, receive, protected)
        except ClientDisconnect:
            return
        except Exception:  # the last resort takes everything
            request = Request(scope, receive)
            log.exception("a request failed, trace %s", trace_id_of(request))
            if started:
                raise
            await respond(RequestFailed(), request)(scope, receive, protected)


def _protected(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    names = {name.lower() for name, _ in headers}
    more = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
    return [*headers, *((name, value) for name, value in more if name not in names)]
