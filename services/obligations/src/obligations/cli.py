"""`tirek rates …` and `tirek obligations …`: what an operator does without the interface."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from sqlmodel.ext.asyncio.session import AsyncSession

from obligations.obligations.commands import evaluate_period
from obligations.rates.importing import import_rates
from obligations.service import service
from shared.clock import Clock, service_clock
from shared.database.engine import Database
from shared.events.auditing import record_audit
from shared.events.work import Work, begin_work
from shared.settings import Environment
from shared.values.dates import read_day

rates = typer.Typer(no_args_is_help=True, help="The base rates of the National Bank.")
obligations = typer.Typer(no_args_is_help=True, help="Counter-obligations.")

Answer = TypeVar("Answer")

BY = "operator at the command line"
AT_ONCE = 100


@rates.callback()
def _rates() -> None:
    """Keep `import` a subcommand."""


@obligations.callback()
def _obligations() -> None:
    """Keep `evaluate` a subcommand."""


@rates.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV: effective_from, value, source.")],
    known_until: Annotated[str, typer.Option(help="The last day up to which the rate is known, YYYY-MM-DD.")] = "",
) -> None:
    """Import base rates, whole or not at all; every row comes in unverified."""
    text, clock = file.read_text(encoding="utf-8"), _clock()
    until = read_day(known_until) if known_until else None

    async def work(session: AsyncSession) -> str:
        done = await import_rates(session, text, by=BY, clock=clock, known_until=until)
        return f"{done.added} added, {done.unchanged} known already; known until {done.known_until}."

    Console().print(asyncio.run(_in_transaction("rates import", clock.now(), work)))


@obligations.command("evaluate")
def evaluate_command(
    year: Annotated[int, typer.Argument(min=2000, max=2100, help="The reporting year.")],
    institute: Annotated[str, typer.Option(help="Whose obligations: industry or export.")] = "industry",
) -> None:
    """Evaluate what is due of a whole reporting year."""
    clock = _clock()

    async def work(session: AsyncSession) -> tuple[int, bool]:
        return await evaluate_period(session, institute, year, clock.now(), at_most=AT_ONCE)

    total, left = 0, True
    while left:
        done, left = asyncio.run(_in_transaction("obligations evaluate", clock.now(), work))
        total += done
    Console().print(f"{total} obligations of {year} evaluated.")


def _clock() -> Clock:
    """The clock of the services: a clock file counts in demo and test only."""
    file = os.environ.get("TIREK_CLOCK_FILE")
    movable = os.environ.get("TIREK_ENVIRONMENT") in {Environment.DEMO, Environment.TEST}
    return service_clock(Path(file) if file and movable else None)


async def _in_transaction(action: str, at: datetime, work: Callable[[AsyncSession], Awaitable[Answer]]) -> Answer:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        raise typer.BadParameter("Set DATABASE_URL to the database of the obligations service.")
    database = Database(url, application_name="tirek-obligations-cli", pool_size=1)
    try:
        async with database.sessions() as session, session.begin():
            begin_work(session, Work(service=service.name, topic=service.topic, actor=BY, action=action, at=at))
            answer = await work(session)
            await record_audit(session)
        return answer
    finally:
        await database.close()
