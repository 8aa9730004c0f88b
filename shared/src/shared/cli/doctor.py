"""`tirek doctor`: looks at what a service needs, and says of each thing whether it is well and what to do if not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

import typer
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, func, select

from shared.calendar.local_days import require_current_time_zone_data
from shared.cli.services import installed_service
from shared.database.engine import Database
from shared.database.migrations.run import alembic_config
from shared.database.tables import outbox, parked
from shared.events.partitions import PARTITIONS
from shared.events.reconciling import find_unknown
from shared.service import Service
from shared.settings import ServiceSettings
from shared.worker.broker import broker_of


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    well: bool
    said: str


def doctor(service: Annotated[str, typer.Argument(help="grants, obligations, …")]) -> None:
    """Check settings, database, broker and backlog of a service; exits with 1 where something is wrong."""
    findings = asyncio.run(_collect(installed_service(service), ServiceSettings.load()))
    table = Table("", "what", "found")
    for finding in findings:
        table.add_row("[green]well[/green]" if finding.well else "[red]ill[/red]", finding.what, finding.said)
    Console().print(table)
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)


async def _collect(service: Service, settings: ServiceSettings) -> list[Finding]:
    database = Database(settings.database_url.get_secret_value(), application_name="tirek-doctor", pool_size=2)
    try:
        return [finding async for finding in _findings(service, settings, database)]
    finally:
        await database.close()


async def _findings(service: Service, settings: ServiceSettings, database: Database) -> AsyncIterator[Finding]:
    yield await _look("time zone data", _time_zone)
    yield await _look("schema", lambda: _schema(service, database))
    yield await _look("broker", broker_of(settings).knock)
    yield await _look("topics", lambda: _topics(service, settings))
    yield await _look("log and topic agree", lambda: _agreement(service, settings, database))
    yield await _look("outbox", lambda: _backlog(database))
    yield await _look("parked events", lambda: _parked(database))


async def _look(what: str, look: Callable[[], Awaitable[str]]) -> Finding:
    """What a look found; a failure of the look is a finding too."""
    try:
        return Finding(what, True, await look())
    except Exception as failure:  # noqa: BLE001 — whatever is wrong is to be shown, not to end the examination
        return Finding(what, False, f"{type(failure).__name__}: {failure}"[:300])


class Ill(Exception):
    """Something is not as it should be; the message says what to do."""


async def _time_zone() -> str:
    require_current_time_zone_data()
    return "knows the change of 2024-03-01"


async def _schema(service: Service, database: Database) -> str:
    def revisions(connection: Connection) -> set[str]:
        return set(MigrationContext.configure(connection).get_current_heads())

    async with database.engine.connect() as connection:
        current = await connection.run_sync(revisions)
    newest = set(ScriptDirectory.from_config(alembic_config(service)).get_heads())
    if current != newest:
        raise Ill(f"is at {sorted(current)}, wanted {sorted(newest)}: run `tirek database migrate {service.name}`")
    return ", ".join(sorted(current))


async def _topics(service: Service, settings: ServiceSettings) -> str:
    broker = broker_of(settings)
    wanted = {broker.topic(name) for consumer in service.consumers for name in (*consumer.topics, service.topic)}
    admin = broker.admin()
    await admin.start()
    try:
        found = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics(sorted(wanted))}
    finally:
        await admin.close()
    wrong = {name: found.get(name, 0) for name in wanted if found.get(name, 0) != PARTITIONS}
    if wrong:
        raise Ill(f"wanted {PARTITIONS} partitions each, found {wrong}: run `tirek topics`")
    return ", ".join(sorted(wanted))


async def _agreement(service: Service, settings: ServiceSettings, database: Database) -> str:
    unknown = await find_unknown(database, service, broker_of(settings))
    if unknown:
        raise Ill(f"{len(unknown)} records are unknown to the database: see `tirek events reconcile {service.name}`")
    return "no record on the topic is unknown to the database"


async def _backlog(database: Database) -> str:
    async with database.engine.connect() as connection:
        pending = (await connection.execute(select(func.count()).select_from(outbox))).scalar_one()
    return f"{pending} events wait to be sent"


async def _parked(database: Database) -> str:
    statement = select(parked.c.consumer, parked.c.kind, func.count()).group_by(parked.c.consumer, parked.c.kind)
    async with database.engine.connect() as connection:
        rows = (await connection.execute(statement)).all()
    if rows:
        counts = ", ".join(f"{count} {kind} at {consumer}" for consumer, kind, count in rows)
        raise Ill(f"{counts}: see `tirek events parked list`")
    return "none"
