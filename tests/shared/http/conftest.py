"""The sample service, its database and its callers."""

import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shared.access.callers import Role
from shared.access.issuer import DevelopmentIssuer
from shared.settings import Environment
from tests.shared.http.sample import a_token, create_tables, sample_app
from tirek_local.testing import Databases

Authorised = Callable[..., dict[str, str]]


@pytest.fixture(scope="session")
def issuer_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("issuer")


@pytest.fixture(scope="session")
def issuer(issuer_directory: Path) -> DevelopmentIssuer:
    return DevelopmentIssuer(issuer_directory, Environment.TEST)


@pytest.fixture(scope="session")
async def sample_url(databases: Databases) -> str:
    url = databases.create_empty("grants")
    await create_tables(url)
    return url


@pytest.fixture
async def app(sample_url: str, issuer_directory: Path) -> AsyncIterator[FastAPI]:
    made = sample_app(sample_url, issuer_directory, database_pool_size=20)
    yield made
    await made.state.database.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample") as made:
        yield made


@pytest.fixture
async def offline(issuer_directory: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service whose database cannot be reached."""
    made = sample_app("postgresql://nobody@127.0.0.1:1/nothing", issuer_directory)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(made), base_url="http://sample") as client:
        yield client
    await made.state.database.close()


@pytest.fixture
def authorised(issuer: DevelopmentIssuer) -> Authorised:
    """Headers of a command: a token and a new idempotency key, and what else is said."""

    def headers(
        *roles: Role, subject: str = "aigul", institute: str | None = "industry", **more: Any
    ) -> dict[str, str]:
        token = a_token(issuer, *roles, subject=subject, institute=institute)
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid.uuid4()), **named}

    return headers
