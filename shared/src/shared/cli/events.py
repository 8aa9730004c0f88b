"""`tirek events …`: what an operator does when the streams need a hand."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from shared.cli.services import consumer_of, installed_service
from shared.clock import service_clock
from shared.database.engine import Database
from shared.events.broker import Broker
from shared.events.parked import drop_parked, list_parked, retry_parked
from shared.events.reconciling import accept_unknown, find_unknown, replay
from shared.settings import ServiceSettings
from shared.worker.broker import broker_of

app = typer.Typer(no_args_is_help=True, help="Replay, reconcile, and handle parked events.")
parked_app = typer.Typer(no_args_is_help=True, help="Events that could not be settled in their turn.")
app.add_typer(parked_app, name="parked")
console = Console()


def _with_database(work: Callable[[Database, Broker], Awaitable[None]]) -> None:
    async def run() -> None:
        settings = ServiceSettings.load()
        database = Database(settings.database_url.get_secret_value(), application_name="tirek-events", pool_size=2)
        try:
            await work(database, broker_of(settings))
        finally:
            await database.close()

    asyncio.run(run())


@parked_app.command("list")
def parked_list(consumer: Annotated[str, typer.Option(help="Only this consumer's.")] = "") -> None:
    """Show the parked events of the database in DATABASE_URL, with the reason of each."""

    async def work(database: Database, _: Broker) -> None:
        parked = await list_parked(database, consumer or None)
        for row in parked:
            console.print(f"{row.consumer} {row.event_id}: {row.kind}, tried {row.attempts} times", highlight=False)
            console.print(f"    {row.type} of {row.aggregate_id}, sequence {row.sequence}", highlight=False)
            console.print(Padding(Text(row.reason), (0, 0, 1, 4)))
        console.print(f"{len(parked)} events are parked.", highlight=False)

    _with_database(work)


@parked_app.command("retry")
def parked_retry(service: str, consumer: str, event: UUID) -> None:
    """Handle a parked event again, then what waited for it."""
    known = installed_service(service)

    async def work(database: Database, _: Broker) -> None:
        clock = service_clock(ServiceSettings.load().clock_file)
        settled = await retry_parked(database, known, consumer_of(known, consumer), event, clock)
        console.print("Settled." if settled else "Still parked: see `tirek events parked list` for the reason.")
        if not settled:
            raise typer.Exit(1)

    _with_database(work)


@parked_app.command("drop")
def parked_drop(
    service: str, consumer: str, event: UUID, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Give a parked event up for good; what waited for it is settled."""
    known = installed_service(service)
    if not yes:
        typer.confirm(f"Drop {event}? Its effect will never happen at {consumer}.", abort=True)

    async def work(database: Database, _: Broker) -> None:
        clock = service_clock(ServiceSettings.load().clock_file)
        await drop_parked(database, known, consumer_of(known, consumer), event, clock)
        console.print("Dropped.")

    _with_database(work)


@app.command("replay")
def replay_command(
    service: str,
    partition: Annotated[list[int] | None, typer.Option(help="Only these partitions; absent: all.")] = None,
) -> None:
    """Send the service's whole log again, in a new epoch; consumers absorb what they know."""
    known = installed_service(service)

    async def work(database: Database, _: Broker) -> None:
        console.print(f"{await replay(database, known, partition or ())} events queued again.")

    _with_database(work)


@app.command("reconcile")
def reconcile_command(
    service: str, accept: Annotated[bool, typer.Option("--accept", help="Go on past the unknown records.")] = False
) -> None:
    """Name the records on the topic that the database does not know; with --accept, let the relay go on past them."""
    known = installed_service(service)

    async def work(database: Database, broker: Broker) -> None:
        unknown = await find_unknown(database, known, broker)
        for record in unknown:
            console.print(f"{known.topic}/{record.partition}@{record.offset} {record.event_id}")
        console.print(f"{len(unknown)} records of {known.topic} are unknown to the database.")
        if accept:
            await accept_unknown(database, known, unknown)
            console.print("Accepted: the relay goes on past them.")
        elif unknown:
            raise typer.Exit(1)

    _with_database(work)
