"""The question to obligations before a disbursement, over HTTP; every failure to answer is a no."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

import httpx
import stamina
from fastapi import Depends, FastAPI, Request
from pydantic import ValidationError

from grants.clearance.answer import Clearance, Standing, judge, unanswered
from shared.access.service_tokens import TokenUnavailable, service_tokens
from shared.events.positions import Position
from shared.settings import ServiceSettings

ATTEMPTS = 3
TIMEOUT = httpx.Timeout(2.0, connect=1.0)
LONGEST_RETRY_AFTER = 60


class ObligationsClient:
    """Asks obligations for the standing of an agreement: bounded in time, with jittered repetition."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def ask(self, agreement_id: UUID, seen: Sequence[Position]) -> Clearance:
        """Whether money may go out, given that obligations has settled our events up to `seen`. Never raises."""
        try:
            response = await self._get(agreement_id, seen)
        except (httpx.HTTPError, TokenUnavailable) as error:
            return unanswered(agreement_id, seen, f"unreachable: {type(error).__name__}")
        if response.status_code != httpx.codes.OK:
            why = f"unreachable: status {response.status_code}"
            return unanswered(agreement_id, seen, why, _retry_after(response))
        try:
            return judge(agreement_id, seen, Standing.model_validate_json(response.content))
        except ValidationError:
            return unanswered(agreement_id, seen, "unreadable: the answer is not what is wanted")

    @stamina.retry(on=httpx.TransportError, attempts=ATTEMPTS, timeout=5.0, wait_initial=0.05, wait_max=0.5)
    async def _get(self, agreement_id: UUID, seen: Sequence[Position]) -> httpx.Response:
        asked = {"seen": [f"{position.aggregate_id}:{position.sequence}" for position in seen]}
        return await self._client.get(f"/v1/agreements/{agreement_id}/standing", params=asked)


def _retry_after(response: httpx.Response) -> int:
    """The seconds that obligations asks to wait, where it says so plainly; 5 otherwise."""
    text = response.headers.get("retry-after", "")
    seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 5
    return min(max(seconds, 1), LONGEST_RETRY_AFTER)


def obligations_client(app: FastAPI) -> httpx.AsyncClient:
    """A client of the obligations service that the settings name, with this service's own token."""
    settings: ServiceSettings = app.state.settings
    return httpx.AsyncClient(base_url=settings.obligations_url, auth=service_tokens(settings), timeout=TIMEOUT)


@asynccontextmanager
async def asking_obligations(app: FastAPI) -> AsyncIterator[None]:
    """While the application runs, `app.state.obligations` asks obligations. For `create_app(lifespan=…)`."""
    async with obligations_client(app) as client:
        app.state.obligations = ObligationsClient(client)
        yield


def obligations_of(request: Request) -> ObligationsClient:
    """The application's line to obligations."""
    client: ObligationsClient = request.app.state.obligations
    return client


Obligations = Annotated[ObligationsClient, Depends(obligations_of)]
"""A route's argument of this type asks obligations."""
