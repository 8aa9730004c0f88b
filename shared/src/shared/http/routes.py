"""The route class of every service: strict bodies, callers first, commands in one transaction with their reply."""

import asyncio
import functools
import inspect
import random
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from typing import Any, TypeVar, get_origin

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from opentelemetry.propagate import inject
from sqlalchemy.exc import DBAPIError
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.access.callers import authenticate, current_caller, roles_wanted
from shared.access.sight import ROLES_OF_ROUTE
from shared.events.auditing import record_audit
from shared.events.work import Work, begin_work
from shared.failpoints import failpoint
from shared.http.body import is_text, parse, read_body, require_json
from shared.http.edge import BodyUnexpected
from shared.http.failures import is_retried
from shared.http.fields import FieldError, FieldsInvalid
from shared.http.idempotency import Replayed, claim_of, keep, take
from shared.http.transactions import COMMAND, Command, transaction
from shared.http.uploads import Upload

ATTEMPTS = 5
_BODIES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_OPEN = "tirek.open"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
T = TypeVar("T")


class StrictRequest(Request):
    """A request whose body has been read and parsed strictly, once."""

    content = b""
    parsed: Any = None

    async def body(self) -> bytes:
        """The body as it came."""
        return self.content

    async def json(self) -> Any:
        """The body as `shared.http.body.parse` read it."""
        return self.parsed


class CommandRoute(APIRoute):
    """A route in this order: caller, body, roles and fields, transaction, endpoint, stored reply, commit, reply.

    The body is parsed strictly. A route with a `Transaction` is a command: the idempotency row, what the endpoint
    changed, the audit row and the reply are committed together, before the first byte is sent; any refusal or error,
    or a status outside 2xx, leaves nothing. A deadlock is tried again, with a new session.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _opening(endpoint), **options)

    def get_route_handler(self) -> Handler:
        """FastAPI's handler within ours."""
        inner = super().get_route_handler()
        wanted = {dependant.call for dependant in _tree(self.dependant)}
        is_command, has_caller = transaction in wanted, current_caller in wanted
        takes_body, roles = self.body_field is not None, roles_wanted(self.dependant)
        upload = next((call for call in wanted if isinstance(call, Upload)), None)
        asked = {
            field.alias: get_origin(field.field_info.annotation) is list
            for part in _tree(self.dependant)
            for field in part.query_params
        }
        if is_command and all(part.call is not transaction for part in self.dependant.dependencies):
            raise TypeError(f"{self.path}: only the endpoint itself may take the Transaction, not a dependency of it")

        async def handle(plain: Request) -> Response:
            plain.scope[ROLES_OF_ROUTE] = roles
            request = StrictRequest(plain.scope, plain.receive)
            if has_caller:
                await authenticate(request)
            _require_text(request)
            _require_asked(request, asked)
            if request.method in _BODIES:
                await _read(request, wanted=takes_body, upload=upload)
            return await _run(request, inner) if is_command else await inner(request)

        return handle


class Router(APIRouter):
    """A router whose routes are strict: what every service takes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"route_class": CommandRoute, **options})


async def _read(request: StrictRequest, *, wanted: bool, upload: Upload | None) -> None:
    if upload is not None:
        kind = upload.require_kind(request)
        request.content = await read_body(request, upload.limit)
        request.parsed = upload.fingerprint(kind, request.content)
        return
    request.content = await read_body(request)
    if not request.content:
        return
    require_json(request)
    request.parsed = parse(request.content)
    if not wanted and request.parsed != {}:
        raise BodyUnexpected


def _require_text(request: Request) -> None:
    """Refuse NUL in path and query, which a PostgreSQL text cannot hold."""
    wrong = [] if is_text(request.scope["path"]) else [FieldError.at("path", [], "not-text")]
    wrong += [
        FieldError.at("query", [name if is_text(name) else "?"], "not-text")
        for name, value in request.query_params.multi_items()
        if not (is_text(name) and is_text(value))
    ]
    if wrong:
        raise FieldsInvalid(wrong)


def _require_asked(request: Request, asked: Mapping[str, bool]) -> None:
    """Refuse a parameter of the query that the route does not know or that comes twice: no filter is dropped unseen.

    `asked` says of each that is known whether it may come several times.
    """
    names = [name for name, _ in request.query_params.multi_items()]
    wrong = [FieldError.at("query", [name], "extra_forbidden") for name in dict.fromkeys(names) if name not in asked]
    wrong += [
        FieldError.at("query", [name], "twice") for name, many in asked.items() if not many and names.count(name) > 1
    ]
    if wrong:
        raise FieldsInvalid(wrong)


async def _run(request: StrictRequest, inner: Handler) -> Response:
    """Run a command; again, with a new session, where the database gave it up for a deadlock."""
    for attempt in range(ATTEMPTS):
        command = Command(request.app.state.database.sessions())
        request.scope[COMMAND] = command
        command.session.info[_OPEN] = functools.partial(_open, request, command)
        try:
            response = await inner(request)
            await _finish(request, command, response)
        except Replayed as replayed:
            return replayed.response
        except DBAPIError as error:
            if attempt == ATTEMPTS - 1 or not is_retried(error):
                raise
        else:
            return response
        finally:
            await uninterrupted(command.session.close())
        await asyncio.sleep(random.uniform(0.005, 0.05) * (attempt + 1))  # noqa: S311 - jitter
    raise AssertionError("unreachable")


async def _open(request: StrictRequest, command: Command) -> None:
    """Begin the transaction of a command: say whose work it is, and take the idempotency row."""
    caller = await authenticate(request)
    command.claim = claim_of(request, caller, request.parsed)
    state = request.app.state
    carrier: dict[str, str] = {}
    inject(carrier)
    begin_work(
        command.session,
        Work(
            service=state.service.name,
            topic=state.service.topic,
            actor=caller.subject,
            action=f"{request.method} {request.url.path}",
            at=state.clock.now(),
            clock=state.clock,
            institute=caller.institute,
            roles=tuple(sorted(caller.roles)),
            idempotency_key=command.claim.key if command.claim else None,
            fingerprint=command.claim.fingerprint.hex() if command.claim else None,
            traceparent=carrier.get("traceparent"),
        ),
    )
    failpoint("api.before_begin")
    if command.claim is not None:
        await take(command.session, command.claim)
    command.opened = True
    failpoint("api.after_idempotency")


async def _finish(request: StrictRequest, command: Command, response: Response) -> None:
    """Store the reply and the audit row and commit; or leave nothing where the reply is no success."""
    if not command.opened or not 200 <= response.status_code < 300:
        return
    await command.session.flush()
    if command.claim is not None:
        await keep(command.session, command.claim, response)
    await record_audit(command.session)
    failpoint("api.before_commit")
    await uninterrupted(command.session.commit())
    failpoint("api.after_commit")
    notify = getattr(request.app.state, "after_commit", None)
    if notify is not None:
        notify()


async def uninterrupted(work: Coroutine[Any, Any, T]) -> T:
    """Wait for the work to its end, whatever cancels the waiting: a cut commit would be neither done nor undone."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()
        raise


def _opening(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, which opens the transaction of its session just before it begins."""
    if not inspect.iscoroutinefunction(endpoint):
        return endpoint

    @functools.wraps(endpoint)
    async def opened(**arguments: Any) -> Any:
        for argument in arguments.values():
            if isinstance(argument, AsyncSession):
                begin: Callable[[], Awaitable[None]] | None = argument.info.pop(_OPEN, None)
                if begin is not None:
                    await begin()
        return await endpoint(**arguments)

    return opened


def _tree(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for part in dependant.dependencies:
        yield from _tree(part)
