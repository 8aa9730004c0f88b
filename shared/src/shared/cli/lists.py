"""`tirek lists …`: files into the lists and parameters of a service's database."""

import asyncio
import getpass
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.cli.services import installed_service, installed_services
from shared.clock import service_clock
from shared.database.engine import Database
from shared.events.auditing import record_audit
from shared.events.work import Work, begin_work
from shared.reference.importing import ImportReport, import_list
from shared.reference.lists import PARAMETERS
from shared.reference.sampling import import_samples
from shared.settings import ServiceSettings

app = typer.Typer(no_args_is_help=True, help="Dated lists and parameters: what there is, and files into them.")
console = Console()

T = TypeVar("T")
By = Annotated[str, typer.Option(help="Who brings it; absent: the account's name.")]
ServiceName = Annotated[str, typer.Argument(help="grants, obligations, …")]


@app.command("show")
def show() -> None:
    """Show each service's lists and the columns of their files; a column in brackets may be empty."""
    table = Table("service", "list", "key", "attributes")
    for service in installed_services().values():
        for definition in service.lists.values():
            cells = (cell.name if cell.required else f"({cell.name})" for cell in definition.attributes)
            table.add_row(service.name, definition.name, definition.key.name, ", ".join(cells))
        table.add_row(service.name, PARAMETERS, "name", "value, unit")
    console.print(table)
    console.print("Every file also has effective_from, source, (mark); every list has (effective_to).")


@app.command("import")
def import_command(
    service: ServiceName,
    list_name: Annotated[str, typer.Argument(metavar="LIST", help="See `tirek lists show`.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV in UTF-8.")],
    by: By = "",
) -> None:
    """Take a CSV file into a list of the database in DATABASE_URL: all of it, or nothing and every error."""
    content, lists = file.read_bytes(), installed_service(service).lists

    async def work(session: AsyncSession, unit: Work) -> list[ImportReport]:
        return [await import_list(session, list_name, content, at=unit.at, by=unit.actor, definitions=lists)]

    _show(_run(service, f"lists import {list_name}", by, work))


@app.command("samples")
def samples_command(service: ServiceName, by: By = "") -> None:
    """Take the working calendar and the samples of the package into the database in DATABASE_URL."""

    async def work(session: AsyncSession, unit: Work) -> list[ImportReport]:
        return await import_samples(session, at=unit.at, by=unit.actor)

    _show(_run(service, "lists samples", by, work))


def _run(service_name: str, action: str, by: str, work: Callable[[AsyncSession, Work], Awaitable[T]]) -> T:
    """Do the work in one transaction of the service's database, with its audit row."""
    service, settings = installed_service(service_name), ServiceSettings.load()
    unit = Work(
        service=service.name,
        topic=service.topic,
        actor=by or f"{getpass.getuser()} at the command line",
        action=action,
        at=service_clock(settings.clock_file).now(),
    )

    async def run() -> T:
        database = Database(settings.database_url.get_secret_value(), application_name="tirek-lists", pool_size=1)
        try:
            async with database.sessions() as session, session.begin():
                begin_work(session, unit)
                result = await work(session, unit)
                await record_audit(session)
                return result
        finally:
            await database.close()

    return asyncio.run(run())


def _show(reports: list[ImportReport]) -> None:
    for report in reports:
        for error in report.errors:
            console.print(f"{error}", style="red", markup=False, highlight=False)
        taken = f"{report.added} added, {report.corrected} corrected, {report.unchanged} unchanged"
        waiting = f", {report.waiting} of them waiting for two people" if report.waiting else ""
        console.print(f"{report.list_name}: {report.rows} rows, {taken}{waiting}", markup=False, highlight=False)
        if report.import_id:
            console.print(f"    import {report.import_id}", highlight=False)
    if any(report.errors for report in reports):
        console.print("Nothing was taken.", style="red")
        raise typer.Exit(1)
