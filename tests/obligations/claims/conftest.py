"""A world of its own for each test: a migrated, seeded database."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from shared.database.engine import Database
from tests.obligations.claims.api import Api, company, running
from tests.obligations.claims.world import World, seed
from tests.obligations.clock import StandingClock


@pytest.fixture
async def world(database: Callable[[str], str]) -> AsyncIterator[World]:
    clock = StandingClock()
    connections = Database(database("obligations"), application_name="test-recovery", pool_size=6)
    await seed(connections, clock)
    yield World(connections, clock, recipient_id=company())
    await connections.close()


@pytest.fixture
async def breached(world: World) -> World:
    """The story of the issue: 100,000,000.00 paid on 2025-02-03, K = 0.70, seen on 2026-06-30."""
    await world.sign()
    world.clock.on("2025-02-03")
    await world.disburse()
    world.clock.on("2026-06-30")
    await world.report("70")
    return world


@pytest.fixture
async def api(breached: World, tmp_path: Path) -> AsyncIterator[Api]:
    """The running service, with the claim of the story."""
    async with running(breached, tmp_path / "issuer") as api:
        yield api
