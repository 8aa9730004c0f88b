"""Liveness and readiness: whether the process runs, and whether it can do its work."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from shared.database.engine import Database

log = logging.getLogger(__name__)

LONGEST_CHECK_SECONDS = 5.0


class Readiness(StrEnum):
    """Degraded: the service works, with something missing that can catch up, such as the broker."""

    READY = "ready"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True)
class Check:
    """One thing that a process needs: `probe` raises where it is missing; without an essential one nothing works."""

    probe: Callable[[], Awaitable[object]]
    essential: bool = True


class Liveness(BaseModel):
    """The process runs."""

    status: str = "live"


class ReadinessView(BaseModel):
    """Whether the process can work, and each thing that it needs."""

    status: Readiness
    checks: dict[str, Readiness]


router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> Liveness:
    """Say that the process runs and answers."""
    return Liveness()


@router.get("/ready", responses={503: {"model": ReadinessView, "description": "Something essential is missing."}})
async def ready(request: Request, response: Response) -> ReadinessView:
    """Say whether the process can work: 200 when ready or degraded, 503 when something essential is missing."""
    checks: Mapping[str, Check] = request.app.state.checks
    found = await asyncio.gather(*(_result(name, check) for name, check in checks.items()))
    worst = max(found, key=list(Readiness).index, default=Readiness.READY)
    response.status_code = 503 if worst is Readiness.FAILED else 200
    return ReadinessView(status=worst, checks=dict(zip(checks, found, strict=True)))


async def _result(name: str, check: Check) -> Readiness:
    try:
        await asyncio.wait_for(check.probe(), LONGEST_CHECK_SECONDS)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
        log.warning("not ready: %s: %s", name, type(error).__name__)
        return Readiness.FAILED if check.essential else Readiness.DEGRADED
    return Readiness.READY


def database_answers(database: Database) -> Check:
    """The check that the database answers."""

    async def probe() -> None:
        async with database.engine.connect() as connection:
            await connection.execute(text("select 1"))

    return Check(probe)
