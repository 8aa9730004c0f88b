"""The caller of a request, as a dependency of routes, and who may call them."""

import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.security import HTTPBearer

from shared.access.issuer import ISSUER, DevelopmentIssuer
from shared.access.keys import DiscoveredKeys, KeysUnavailable, StaticKeys
from shared.access.roles import Role
from shared.access.tokens import Caller, TokenRefused, TokenVerifier
from shared.http.edge import CallersUnverifiable, CallerUnknown
from shared.refusals import Forbidden
from shared.settings import ServiceSettings, SettingsWrong

__all__ = [
    "Caller",
    "CurrentCaller",
    "Role",
    "RoleNotAllowed",
    "allowed",
    "authenticate",
    "current_caller",
    "roles_wanted",
    "verifier",
]

log = logging.getLogger(__name__)

_SEEN = "tirek.caller"
_bearer = HTTPBearer(scheme_name="AccessToken", bearerFormat="JWT", auto_error=False)


class RoleNotAllowed(Forbidden):
    """The caller has none of the roles that may do this."""

    title = "The role may not do this"
    detail = "This wants one of the roles {wanted}."
    remedy = "Ask somebody who has one of these roles."


async def authenticate(request: Request) -> Caller:
    """The caller by the bearer token of the request, looked at once a request.

    Raises `CallerUnknown` for every token that is not to be believed, `CallersUnverifiable` where no key can be had.
    """
    seen: Caller | None = request.scope.get(_SEEN)
    if seen is not None:
        return seen
    tokens: TokenVerifier = request.app.state.verifier
    try:
        caller = await tokens.caller(_token(request))
    except TokenRefused as error:
        log.info("a token was refused: %s", error)
        raise CallerUnknown from None
    except KeysUnavailable:
        raise CallersUnverifiable from None
    request.scope[_SEEN] = caller
    return caller


def _token(request: Request) -> str:
    headers = request.headers.getlist("authorization")
    if len(headers) != 1:
        raise TokenRefused("no single Authorization header")
    scheme, _, token = headers[0].partition(" ")
    if scheme.lower() != "bearer":
        raise TokenRefused("not a bearer token")
    return token.strip(" ")


async def current_caller(request: Request, _: Annotated[object, Depends(_bearer)]) -> Caller:
    """Who is calling; see `authenticate`."""
    return await authenticate(request)


CurrentCaller = Annotated[Caller, Depends(current_caller)]
"""A route's argument of this type is the caller; without a valid token the route answers 401."""


def allowed(*roles: Role) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency that gives the caller, or refuses one with none of the roles: `Depends(allowed(Role.OFFICER))`."""
    wanted = ", ".join(role.value for role in roles)

    async def allowed_caller(caller: CurrentCaller) -> Caller:
        if caller.roles.isdisjoint(roles):
            raise RoleNotAllowed(wanted=wanted)
        return caller

    allowed_caller.roles = roles  # type: ignore[attr-defined]
    return allowed_caller


def roles_wanted(dependant: Dependant) -> frozenset[Role]:
    """The roles that a route lets in; none where it is open to every caller."""
    own: Iterable[Role] = getattr(dependant.call, "roles", ())
    return frozenset(own).union(*(roles_wanted(part) for part in dependant.dependencies))


def verifier(settings: ServiceSettings) -> TokenVerifier:
    """The verifier of the settings: development issuer, static keys, or OIDC discovery.

    Raises `SettingsWrong` where none of them is set.
    """
    if settings.issuer_directory is not None:
        issuer = DevelopmentIssuer(settings.issuer_directory, settings.environment, audience=settings.oidc_audience)
        return TokenVerifier(issuer.keys, issuer=ISSUER, audience=settings.oidc_audience)
    if settings.oidc_issuer is None:
        raise SettingsWrong("TIREK_OIDC_ISSUER is not set (in development, TIREK_ISSUER_DIRECTORY may stand in for it)")
    if settings.jwks_file is None:
        keys: StaticKeys | DiscoveredKeys = DiscoveredKeys(settings.oidc_issuer)
    else:
        try:
            keys = StaticKeys.from_file(settings.jwks_file)
        except (OSError, ValueError) as error:
            raise SettingsWrong(f"TIREK_JWKS_FILE: {error}") from error
    return TokenVerifier(keys, issuer=settings.oidc_issuer, audience=settings.oidc_audience)
