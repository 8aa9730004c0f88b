"""The question to the funding service how far an agreement's facts have come; without an answer, a refusal."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import stamina
from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from obligations.freshness.refusals import FundingServiceSilent
from shared.access.service_tokens import TokenUnavailable, service_tokens
from shared.contracts.support import Measure
from shared.events.positions import Position
from shared.settings import ServiceSettings

ATTEMPTS = 3
TIMEOUT = httpx.Timeout(2.0, connect=1.0)


class _Position(BaseModel):
    model_config = ConfigDict(extra="ignore")

    aggregate_id: UUID
    sequence: int = Field(ge=1)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    agreement_id: UUID
    positions: list[_Position] = Field(min_length=1)


class FundingServices:
    """The services that pay the measures, each asked at its own address: bounded in time, with jittered repetition."""

    def __init__(self, client: httpx.AsyncClient, urls: Mapping[Measure, str]) -> None:
        self._client = client
        self._urls = urls

    async def positions(self, measure: Measure, agreement_id: UUID) -> tuple[Position, ...]:
        """The last sequence of every aggregate under the agreement; raises `FundingServiceSilent`."""
        try:
            response = await self._get(f"{self._urls[measure]}/v1/agreements/{agreement_id}/positions")
            response.raise_for_status()
            answer = _Answer.model_validate_json(response.content)
        except httpx.HTTPStatusError as error:
            raise FundingServiceSilent(reason=f"status {error.response.status_code}") from error
        except (httpx.HTTPError, TokenUnavailable) as error:
            raise FundingServiceSilent(reason=type(error).__name__) from error
        except ValidationError as error:
            raise FundingServiceSilent(reason="the answer cannot be read") from error
        if answer.agreement_id != agreement_id:
            raise FundingServiceSilent(reason="the answer is about another agreement")
        return tuple(Position(each.aggregate_id, each.sequence) for each in answer.positions)

    @stamina.retry(on=httpx.TransportError, attempts=ATTEMPTS, timeout=5.0, wait_initial=0.05, wait_max=0.5)
    async def _get(self, url: str) -> httpx.Response:
        return await self._client.get(url)


def funding_urls(settings: ServiceSettings) -> dict[Measure, str]:
    """Where each measure's funding service answers."""
    return {
        Measure.INDUSTRIAL_GRANT: settings.grants_url.rstrip("/"),
        Measure.CLUSTER_SUPPORT: settings.clusters_url.rstrip("/"),
        Measure.EXPORT_REIMBURSEMENT: settings.export_support_url.rstrip("/"),
    }


@asynccontextmanager
async def asking_funding_services(app: FastAPI) -> AsyncIterator[None]:
    """Keep a client while the application runs: for `lifespan` of `create_app`."""
    settings: ServiceSettings = app.state.settings
    async with httpx.AsyncClient(auth=service_tokens(settings), timeout=TIMEOUT) as client:
        app.state.funding_services = FundingServices(client, funding_urls(settings))
        yield
