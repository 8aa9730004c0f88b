"""Tokens with which one service calls another: client credentials, or the development issuer where there is one."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator

import httpx

from shared.access.issuer import DevelopmentIssuer
from shared.access.roles import Role
from shared.settings import ServiceSettings, SettingsWrong

RENEW_BEFORE_SECONDS = 30
DEVELOPMENT_LIFETIME_SECONDS = 300


class TokenUnavailable(Exception):
    """The identity provider gave this service no token."""


Obtain = Callable[[], Awaitable[tuple[str, float]]]
"""Gets a token and the number of seconds that it lives."""


class ServiceTokens(httpx.Auth):
    """Puts this service's bearer token on each request; renews it shortly before it expires, and once after a 401."""

    def __init__(self, obtain: Obtain) -> None:
        self._obtain = obtain
        self._token = ""
        self._renew_at = float("-inf")
        self._lock = asyncio.Lock()

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Authorise the request; raises `TokenUnavailable` where no token can be had."""
        token = await self._current()
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            request.headers["Authorization"] = f"Bearer {await self._current(other_than=token)}"
            yield request

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:  # noqa: ARG002 - the name is httpx's
        """Services call each other asynchronously only."""
        raise RuntimeError("service tokens are for httpx.AsyncClient")

    async def _current(self, *, other_than: str | None = None) -> str:
        async with self._lock:
            if time.monotonic() >= self._renew_at or self._token == other_than:
                self._token, lifetime = await self._obtain()
                self._renew_at = time.monotonic() + max(lifetime - RENEW_BEFORE_SECONDS, 0)
            return self._token


def service_tokens(settings: ServiceSettings) -> ServiceTokens:
    """The authorisation of this service's outgoing requests; raises `SettingsWrong` where nothing can issue a token."""
    if settings.issuer_directory is not None:
        issuer = DevelopmentIssuer(settings.issuer_directory, settings.environment, audience=settings.oidc_audience)
        return ServiceTokens(_from_development(issuer, settings.service))
    if settings.token_url is None or settings.client_id is None or settings.client_secret is None:
        raise SettingsWrong("calls to other services want TIREK_TOKEN_URL, TIREK_CLIENT_ID and TIREK_CLIENT_SECRET")
    secret = settings.client_secret.get_secret_value()
    return ServiceTokens(client_credentials(settings.token_url, settings.client_id, secret, settings.oidc_audience))


def _from_development(issuer: DevelopmentIssuer, service: str) -> Obtain:
    async def obtain() -> tuple[str, float]:
        lifetime = DEVELOPMENT_LIFETIME_SECONDS
        token = issuer.mint(subject=f"service:{service}", roles=[Role.SERVICE], lifetime_seconds=lifetime)
        return token, lifetime

    return obtain


def client_credentials(
    url: str, client_id: str, secret: str, audience: str, *, transport: httpx.AsyncBaseTransport | None = None
) -> Obtain:
    """The OAuth 2.0 client credentials grant (RFC 6749, section 4.4)."""

    async def obtain() -> tuple[str, float]:
        form = {"grant_type": "client_credentials", "audience": audience}
        try:
            async with httpx.AsyncClient(timeout=5, transport=transport) as client:
                response = await client.post(url, data=form, auth=(client_id, secret))
            response.raise_for_status()
            answer = response.json()
            return str(answer["access_token"]), float(answer.get("expires_in", 60))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise TokenUnavailable(f"no token from {url}: {type(error).__name__}") from error

    return obtain
