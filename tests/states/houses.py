"""The services, each as a house: on a database of its own, with the other service answering what it is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from export_support import main as export_support_main
from export_support.service import service as export_support_service
from export_support.settings import Settings as ExportSupportSettings
from grants import main as grants_main
from grants.clearance.question import ObligationsClient
from grants.service import service as grants_service
from grants.settings import Settings as GrantsSettings
from obligations import main as obligations_main
from obligations.freshness.funding import FundingServices
from obligations.service import service as obligations_service
from obligations.settings import Settings as ObligationsSettings
from shared.access.issuer import DevelopmentIssuer
from shared.contracts.support import Measure
from shared.service import Service
from shared.settings import Environment
from tests.grants.clearance import loopback
from tests.states.house import House, StandingClock
from tests.states.one_transaction import one_transaction
from tests.states.verbs import verbs_of


@dataclass
class Built:
    """A service that can be visited any number of times."""

    service: Service
    app: FastAPI
    url: str
    issuer: DevelopmentIssuer


def build_grants(url: str, folder: Path, key: str) -> Built:
    """Grants."""
    settings = GrantsSettings(
        database_url=SecretStr(url), environment=Environment.TEST, issuer_directory=folder, recipient_key=SecretStr(key)
    )
    return Built(grants_service, grants_main.make(settings), url, DevelopmentIssuer(folder, Environment.TEST))


def build_obligations(url: str, folder: Path, key: str) -> Built:
    """Obligations."""
    settings = ObligationsSettings(
        database_url=SecretStr(url), environment=Environment.TEST, issuer_directory=folder, recipient_key=SecretStr(key)
    )
    return Built(obligations_service, obligations_main.make(settings), url, DevelopmentIssuer(folder, Environment.TEST))


def build_export_support(url: str, folder: Path, key: str) -> Built:
    """Export support."""
    settings = ExportSupportSettings(
        database_url=SecretStr(url), environment=Environment.TEST, issuer_directory=folder, recipient_key=SecretStr(key)
    )
    app = export_support_main.make(settings)
    return Built(export_support_service, app, url, DevelopmentIssuer(folder, Environment.TEST))


@asynccontextmanager
async def open_house(built: Built) -> AsyncIterator[House]:
    """The house in a transaction of its own, which leaves no trace."""
    clock, state = StandingClock(), built.app.state
    async with (
        one_transaction(built.url) as (database, connection),
        httpx.AsyncClient(transport=httpx.ASGITransport(built.app), base_url="http://house") as client,
    ):
        state.database, state.clock = database, clock
        house = House(built.service, built.app, database, connection, built.issuer, clock, client)
        house.verbs = verbs_of(built.service, built.app)

        def answer(request: httpx.Request) -> httpx.Response:
            return _answer(request, house)

        async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://other") as other:
            state.obligations = ObligationsClient(other)
            state.funding_services = FundingServices(other, dict.fromkeys(Measure, "http://other"))
            yield house


def _answer(request: httpx.Request, house: House) -> httpx.Response:
    """The other service: obligations has nothing against a payment; a funding service has said what was heard."""
    agreement = request.url.path.split("/")[3]
    if request.url.path.endswith("/standing"):
        return httpx.Response(200, json=loopback.standing(UUID(agreement)))
    heard = [
        {"aggregate_id": str(subject), "sequence": sequence}
        for (consumer, subject), sequence in house.sequences.items()
        if consumer == "recovery" and str(subject) in {agreement, str(house.ids.get("tranche_id"))}
    ]
    return httpx.Response(200, json={"agreement_id": agreement, "positions": heard})
