"""`tirek contracts …`: write what is generated, check that it is fresh and that no promise is broken."""

import difflib
import json
from pathlib import Path

import typer
from rich.console import Console

from shared.cli.services import installed_services
from shared.published.asyncapi import asyncapi
from shared.published.compatibility import broken_promises
from shared.published.events_page import events_page
from shared.published.openapi import as_lines, openapi_of
from shared.published.vocabulary import SCHEMAS, as_json, published_events, schema_files, schema_of

app = typer.Typer(no_args_is_help=True, help="Schemas, AsyncAPI and OpenAPI: generated, committed, compared.")
console = Console()
RELEASED = SCHEMAS / "released"


def _files() -> dict[Path, str]:
    docs = Path("docs")
    files = {
        **schema_files(),
        docs / "asyncapi.json": as_json(asyncapi()),
        docs / "events.md": events_page(),
    }
    for service in installed_services().values():
        files[Path("services") / service.name / "openapi.json"] = as_lines(openapi_of(service)) + "\n"
    return files


@app.command("write")
def write() -> None:
    """Write schemas, AsyncAPI, the page of events and each service's OpenAPI into the checkout."""
    for path, text in _files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    console.print(f"{len(_files())} files written.")


@app.command("release")
def release() -> None:
    """Keep the schemas as they are now as released: from now on they only gain optional members."""
    RELEASED.mkdir(exist_ok=True)
    for type_, kind in published_events().items():
        (RELEASED / f"{type_}.json").write_text(as_json(schema_of(kind)), encoding="utf-8")


@app.command("check")
def check() -> None:
    """Exit with 1 where a committed file is stale or a released schema would break its readers."""
    stale = [path for path, text in _files().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        _show_difference(path, _files()[path])
    broken = _broken()
    for line in broken:
        console.print(f"[red]{line}[/red]", highlight=False)
    if stale or broken:
        console.print("Run `tirek contracts write` and look at the difference; released schemas only gain members.")
        raise typer.Exit(1)
    console.print("Schemas, AsyncAPI and OpenAPI are fresh, and no released schema is broken.")


def _broken() -> list[str]:
    now = {type_: schema_of(kind) for type_, kind in published_events().items()}
    broken: list[str] = []
    for path in sorted(RELEASED.glob("*.json")):
        if path.stem not in now:
            broken.append(f"{path.stem} is gone; events of it are in the log")
            continue
        before = json.loads(path.read_text(encoding="utf-8"))
        broken += [f"{path.stem}: {line}" for line in broken_promises(before, now[path.stem])]
    return broken


def _show_difference(path: Path, text: str) -> None:
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = list(difflib.unified_diff(before, text.splitlines(), str(path), f"{path} (generated)", lineterm="", n=1))
    console.print("\n".join(lines[:40]), markup=False, highlight=False)
