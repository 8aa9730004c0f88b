"""`tirek database …`: migrations and what a fresh installation brings with it."""

import asyncio
import os
from typing import Annotated

import typer
from rich.console import Console

from shared.cli.services import installed_service
from shared.clock import SystemClock
from shared.database.engine import Database
from shared.database.migrations import migrate
from shared.events.work import Work, begin_work
from shared.service import Service

app = typer.Typer(no_args_is_help=True, help="Migrate a service's database and bring in what it needs.")


@app.callback()
def _group() -> None:
    """Keep `migrate` a subcommand."""


@app.command("migrate")
def migrate_command(
    service: Annotated[str, typer.Argument(help="grants, obligations, …")],
    url: Annotated[str, typer.Option(help="The database; absent: DATABASE_URL.")] = "",
) -> None:
    """Bring the service's database to the newest schema, with its seeds; safe to repeat."""
    target = url or os.environ.get("DATABASE_URL", "")
    if not target:
        raise typer.BadParameter("Set DATABASE_URL or give --url postgresql://role:password@host:5432/database")
    asyncio.run(prepare(target, installed_service(service)))
    Console().print(f"{service}: the database is up to date.")


async def prepare(url: str, service: Service) -> None:
    """Migrate and seed; a seed puts in what is missing and changes nothing that is there."""
    await migrate(url, service)
    database = Database(url, application_name=f"{service.name}-seed", pool_size=1)
    try:
        for seed in service.seeds:
            async with database.sessions() as session, session.begin():
                begin_work(session, _installation(service))
                await seed(session)
    finally:
        await database.close()


def _installation(service: Service) -> Work:
    return Work(
        service=service.name,
        topic=service.topic,
        actor=f"{service.name}/installation",
        action="seed",
        at=SystemClock().now(),
    )
