"""The running service that the tests of its rooms share."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from obligations import main
from obligations.service import service
from obligations.settings import Settings
from shared.access.issuer import DevelopmentIssuer
from shared.database.engine import Database
from shared.http.app import create_app
from shared.settings import Environment
from tests.obligations.clock import StandingClock
from tests.obligations.world import AFTER_2025, KEY, World


@pytest.fixture
async def world(database: Callable[[str], str], tmp_path: Path) -> AsyncIterator[World]:
    """The service on a fresh database with what an installation brings, on 20 January 2026."""
    url = database("obligations")
    settings = Settings(
        environment=Environment.TEST,
        database_url=SecretStr(url),
        issuer_directory=tmp_path / "issuer",
        recipient_key=SecretStr(KEY.decode()),
    )
    clock = StandingClock(AFTER_2025)
    connections = Database(url, application_name="tests", pool_size=5)
    app = create_app(
        service=service,
        settings=settings,
        title="Tests",
        version="1",
        description="Tests",
        routers=main.ROUTERS,
        constraints=main.CONSTRAINTS,
        locales=Path(main.__file__).parent / "locales",
        database=connections,
        clock=clock,
    )
    yield World(connections, app, DevelopmentIssuer(tmp_path / "issuer", Environment.TEST), clock)
    await connections.close()
