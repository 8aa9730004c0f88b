"""A small service on the platform's edge, for the tests of the edge."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Response
from pydantic import BaseModel
from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    insert,
    select,
    text,
)
from sqlalchemy.ext.asyncio import create_async_engine

from shared.access.callers import Caller, CurrentCaller, Role, allowed
from shared.access.issuer import DevelopmentIssuer
from shared.database.engine import Database, async_url
from shared.database.tables import platform_metadata
from shared.events.work import work_of
from shared.http.app import create_app
from shared.http.etag import IfMatch, require_version, tag
from shared.http.pages import Page, WantedPage
from shared.http.problems import refusals
from shared.http.routes import Router
from shared.http.server import serve
from shared.http.transactions import Now, Reading, RequestLanguage, Transaction
from shared.identity import new_id
from shared.service import Service
from shared.settings import Environment, ServiceSettings
from shared.values.money import Money
from shared.values.text import Name
from tests.shared.http.things import NameTaken, NewThing, ThingUnknown, ThingView, TooDear

metadata = MetaData()
thing = Table(
    "thing",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("amount", Numeric(20, 2), nullable=False),
    Column("version", BigInteger, nullable=False),
    UniqueConstraint("owner", "name", name="uq_thing_name"),
)
counter = Table("counter", metadata, Column("id", Integer, primary_key=True), Column("value", Integer, nullable=False))

service = Service(name="sample", metadata=metadata, migrations=Path())
MIDDAY = datetime(2025, 2, 3, 7, 0, tzinfo=UTC)


router = Router(prefix="/v1", tags=["things"])
Officer = Annotated[Caller, Depends(allowed(Role.OFFICER))]


@router.post("/things", status_code=201, responses=refusals(NameTaken, TooDear))
async def make_thing(
    new: NewThing, transaction: Transaction, officer: Officer, now: Now, response: Response
) -> ThingView:
    """Make a thing."""
    if Decimal(new.amount) > 1_000_000:
        raise TooDear(limit="1000000.00", number="910101300123")
    values: dict[str, Any] = {
        "id": new_id(), "owner": officer.subject, "name": new.name, "amount": Decimal(new.amount), "version": 1,
    }  # fmt: skip
    await (await transaction.connection()).execute(insert(thing).values(values))
    work_of(transaction).aggregates.append(f"Thing/{values['id']}")
    response.headers["Location"] = f"/v1/things/{values['id']}"
    tag(response, 1)
    return ThingView(id=values["id"], name=new.name, amount=new.amount, at=now)


@router.get("/things/{thing_id}", responses=refusals(ThingUnknown))
async def read_thing(thing_id: UUID, reading: Reading, caller: CurrentCaller, response: Response) -> ThingView:
    """Read a thing."""
    connection = await reading.connection()
    row = (
        await connection.execute(select(thing).where(thing.c.id == thing_id, thing.c.owner == caller.subject))
    ).first()
    if row is None:
        raise ThingUnknown(id=thing_id)
    tag(response, row.version)
    return ThingView(id=row.id, name=row.name, amount=str(row.amount))


@router.post("/things/{thing_id}/renaming", responses=refusals(ThingUnknown))
async def rename_thing(
    thing_id: UUID, transaction: Transaction, caller: CurrentCaller, expected: IfMatch, response: Response
) -> ThingView:
    """Give a thing another name."""
    connection = await transaction.connection()
    row = (await connection.execute(select(thing).where(thing.c.id == thing_id).with_for_update())).first()
    if row is None:
        raise ThingUnknown(id=thing_id)
    require_version(expected, row.version)
    await connection.execute(thing.update().where(thing.c.id == thing_id).values(version=row.version + 1))
    tag(response, row.version + 1)
    return ThingView(id=row.id, name=row.name, amount=str(row.amount))


@router.get("/things")
async def list_things(
    reading: Reading, caller: CurrentCaller, page: WantedPage, name: str | None = None
) -> Page[ThingView]:
    """List the caller's things by name."""
    statement = page.of(select(thing).where(thing.c.owner == caller.subject), thing.c.amount, thing.c.id)
    if name:
        statement = statement.where(thing.c.name != name)
    rows = (await (await reading.connection()).execute(statement)).all()
    return page.page(
        rows, lambda row: (row.amount, row.id), lambda row: ThingView(id=row.id, name=row.name, amount=str(row.amount))
    )


@router.post("/counter/{how}")
async def count(how: str, transaction: Transaction) -> dict[str, int | bool]:
    """Add one to the counter, in some way."""
    connection = await transaction.connection()
    if how == "slowly":
        await asyncio.sleep(0.3)
    if how == "too-slowly":
        await connection.execute(text("select pg_sleep(1)"))
    orders = {"up": (1, 2), "down": (2, 1)}.get(how, (1,))
    for number in orders:
        await connection.execute(counter.update().where(counter.c.id == number).values(value=counter.c.value + 1))
        if len(orders) > 1:
            await asyncio.sleep(0.2)
    if how == "badly":
        raise RuntimeError("a secret of ours")
    if how == "overflow":
        await connection.execute(text("update thing set amount = 1e30"))
    return {"value": (await connection.execute(select(counter.c.value).where(counter.c.id == 1))).scalar_one()}


@router.get("/writing-while-reading")
async def write_while_reading(reading: Reading) -> None:
    """Try to change something in a reading session."""
    await (await reading.connection()).execute(text("update counter set value = 0"))


@router.get("/language")
async def tell_language(language: RequestLanguage) -> str:
    """Tell the caller's language."""
    return language.value


@router.get("/fault")
async def fault(number: int = 1) -> None:
    """Fail."""
    raise RuntimeError("a secret of ours 910101300123")


@router.post("/open/parsing")
async def parse_only(thing: dict[str, Any]) -> dict[str, list[str]]:
    """Say what was read."""
    return {name: [type(value).__name__, str(value)] for name, value in thing.items()}


class Values(BaseModel):
    """Values of the business."""

    name: Name
    amount: Money = Decimal(0)


@router.post("/open/values")
async def read_values(values: Values) -> dict[str, str]:
    """Say what was read."""
    return {"name": values.name, "amount": str(values.amount)}


class StillClock:
    """A clock that stands."""

    def now(self) -> datetime:
        """Always the same instant."""
        return MIDDAY


def sample_settings(url: str, issuer: Path, **more: Any) -> ServiceSettings:
    """Settings for the sample service."""
    return ServiceSettings(database_url=url, environment=Environment.TEST, issuer_directory=issuer, **more)


def sample_app(url: str, issuer: Path, **more: Any) -> FastAPI:
    """The sample service on a database."""
    return create_app(
        service=service,
        settings=sample_settings(url, issuer, **more),
        title="Sample",
        version="1",
        description="A service for tests.",
        routers=[router],
        constraints={"uq_thing_name": NameTaken},
        clock=StillClock(),
    )


def make_app() -> FastAPI:
    """The sample service as the environment says, for a process of its own."""
    settings = ServiceSettings.load()
    assert settings.issuer_directory is not None
    return sample_app(settings.database_url.get_secret_value(), settings.issuer_directory)


async def create_tables(url: str) -> None:
    """Create the tables of the platform and of the sample service."""
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(platform_metadata.create_all)
        await connection.run_sync(metadata.create_all)
        await connection.execute(insert(counter).values([{"id": 1, "value": 0}, {"id": 2, "value": 0}]))
    await engine.dispose()


def a_token(issuer: DevelopmentIssuer, *roles: Role, subject: str = "aigul", institute: str | None = "industry") -> str:
    """A token of the development issuer."""
    return issuer.mint(subject=subject, roles=roles or (Role.OFFICER,), institute=institute)


__all__ = ["Database", "a_token", "create_tables", "make_app", "sample_app", "sample_settings"]

if __name__ == "__main__":
    serve("tests.shared.http.sample:make_app", ServiceSettings.load())
