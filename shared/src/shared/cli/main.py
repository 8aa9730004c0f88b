"""`tirek`: the platform's commands, and those that installed packages add by entry points."""

import sys
from importlib.metadata import entry_points

import typer
from rich.console import Console

from shared.cli import contracts, database, events, jobs, lists
from shared.cli.doctor import doctor
from shared.cli.token import token
from shared.refusals import Refusal
from shared.settings import SettingsWrong

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Tirek: the backend of state incentive programmes.")
app.add_typer(database.app, name="database")
app.add_typer(events.app, name="events")
app.add_typer(contracts.app, name="contracts")
app.add_typer(lists.app, name="lists")
app.add_typer(jobs.app, name="jobs")
app.command("doctor")(doctor)
app.command("token")(token)


def _add_installed() -> None:
    for point in sorted(entry_points(group="tirek.commands"), key=lambda found: found.name):
        found = point.load()
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=point.name)
        else:
            app.command(point.name)(found)


def run() -> None:
    """The entry point of the command; a refusal is one clear line and exit status 2."""
    _add_installed()
    try:
        app()
    except (Refusal, SettingsWrong) as refusal:
        Console(stderr=True).print(f"[red]{refusal}[/red]", highlight=False)
        sys.exit(2)
