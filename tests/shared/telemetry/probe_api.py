"""An API of the probe service as a real process: raises counters, asks another service, fails in telling ways."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

import httpx
import structlog
from fastapi import FastAPI, Query, Request
from sqlalchemy import text
from sqlmodel import col, select

from shared.access.callers import CurrentCaller
from shared.database.loading import load
from shared.events.publishing import publish
from shared.http.app import create_app
from shared.http.routes import Router
from shared.http.server import serve
from shared.http.transactions import Now, Reading, Transaction
from shared.refusals import NotFound, RuleBroken
from shared.settings import ServiceSettings
from tests.shared.events.probe import Counter, service

log = structlog.get_logger()
router = Router(prefix="/v1", tags=["counters"])


class Settings(ServiceSettings):
    service: ClassVar[str] = "probe"


class CounterUnknown(NotFound):
    title = "There is no such counter"


class NotToBeRaised(RuleBroken):
    title = "The counter is not to be raised"


@router.post("/counters/{counter_id}/rise")
async def raise_counter(counter_id: UUID, transaction: Transaction, now: Now) -> dict[str, int]:
    found = await load(transaction, Counter, counter_id, CounterUnknown)
    await publish(transaction, found, found.raise_by_one(now))
    return {"value": found.value}


@router.post("/counters/{counter_id}/refusal")
async def refuse(counter_id: UUID, transaction: Transaction) -> None:
    await load(transaction, Counter, counter_id, CounterUnknown)
    raise NotToBeRaised


@router.get("/counters/{counter_id}")
async def read_counter(
    counter_id: UUID, reading: Reading, caller: CurrentCaller, seen: str = "", phone: str = ""
) -> dict[str, int]:
    return {"value": (await reading.exec(select(col(Counter.value)).where(col(Counter.id) == counter_id))).one()}


@router.get("/counters/{counter_id}/elsewhere")
async def ask_another_service(counter_id: UUID, request: Request, caller: CurrentCaller) -> dict[str, Any]:
    url = f"{request.app.state.settings.obligations_url}/v1/counters/{counter_id}"
    headers = {"Authorization": request.headers["authorization"]}
    async with httpx.AsyncClient() as client:
        answer = await client.get(url, params={"seen": "910101300123"}, headers=headers)
    return dict(answer.raise_for_status().json())


@router.post("/people/{iin}")
async def keep_person(
    iin: str, person: dict[str, str], transaction: Transaction, asked: Annotated[str, Query(alias="iin")] = ""
) -> None:
    log.info("a person", iin=iin, **person)
    log.info("the person %s at %s", iin, person["phone"], number=int(iin))
    connection = await transaction.connection()
    await connection.execute(text("create temporary table person (iin text, constraint uq_person_iin unique (iin))"))
    for _ in range(2):
        await connection.execute(text("insert into person values (:iin)"), {"iin": iin})


@router.post("/failures/{iin}")
async def fail(iin: str, person: dict[str, str], transaction: Transaction) -> None:
    raise RuntimeError(f"no luck with {iin} and {person}")


def make() -> FastAPI:
    return create_app(
        service=service,
        settings=Settings.load(),
        title="Probe",
        version="1",
        description="A service for tests.",
        routers=[router],
    )


if __name__ == "__main__":
    serve("tests.shared.telemetry.probe_api:make", Settings.load())
