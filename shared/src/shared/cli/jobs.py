"""`tirek jobs …`: what a service's scheduled jobs could not do."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from sqlalchemy import RowMapping

from shared.cli.services import installed_service
from shared.database.engine import Database
from shared.settings import ServiceSettings
from shared.worker.failing import failures

app = typer.Typer(no_args_is_help=True, help="Scheduled jobs: what could not be done.")


@app.callback()
def _jobs() -> None:
    """Keep `failing` a subcommand."""


@app.command("failing")
def failing(service: Annotated[str, typer.Argument(help="grants, obligations, …")]) -> None:
    """Show the units that failed in the last round, with the reason; each round of the worker tries them again."""
    installed_service(service)
    console, rows = Console(), asyncio.run(_read())
    for row in rows:
        console.print(f"{row['job']}: {row['unit']}", highlight=False, markup=False)
        console.print(f"    tried {row['attempts']} times, since {row['failed_at'].isoformat()}", highlight=False)
        console.print(Padding(Text(row["reason"]), (0, 0, 1, 4)))
    console.print(f"{len(rows)} units failed in the last round.", highlight=False)


async def _read() -> Sequence[RowMapping]:
    url = ServiceSettings.load().database_url.get_secret_value()
    database = Database(url, application_name="tirek-jobs", pool_size=1)
    try:
        return await failures(database)
    finally:
        await database.close()
