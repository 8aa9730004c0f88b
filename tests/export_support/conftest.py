"""The service's application on a migrated database of its own, with a clock that the tests set."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from export_support.main import make
from export_support.settings import Settings
from shared.access.issuer import DevelopmentIssuer
from shared.settings import Environment
from tests.export_support.desk import MONDAY, Desk
from tirek_local.testing import Databases


@pytest.fixture(scope="session")
def desk_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="session")
async def desk_app(databases: Databases, desk_directory: Path) -> AsyncIterator[FastAPI]:
    settings = Settings(
        database_url=databases.create("export_support"),
        environment=Environment.TEST,
        issuer_directory=desk_directory / "issuer",
        clock_file=desk_directory / "clock",
        recipient_key="the recipient key of the tests",
    )
    (desk_directory / "clock").write_text(MONDAY.isoformat(), encoding="ascii")
    app = make(settings)
    yield app
    await app.state.database.close()


@pytest.fixture
async def desk(desk_app: FastAPI, desk_directory: Path) -> AsyncIterator[Desk]:
    """The service at 10:00 on 10 March 2025, a Monday."""
    transport = httpx.ASGITransport(desk_app)
    issuer = DevelopmentIssuer(desk_directory / "issuer", Environment.TEST)
    async with httpx.AsyncClient(transport=transport, base_url="http://export") as client:
        made = Desk(desk_app, client, issuer, desk_directory / "clock")
        made.on(MONDAY)
        yield made
