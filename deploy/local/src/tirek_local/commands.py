"""The commands `tirek up`, `down`, `status`, `reset`, `topics` and `doctor-local`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tirek_local.places import default_data, shown
from tirek_local.progress import Steps, clear_words, console, fetch_kafka
from tirek_local.servers import KafkaAccess, Trouble, ensure_topics
from tirek_local.servers.topics import declared_topics
from tirek_local.servers.trouble import disk_trouble, end_of
from tirek_local.supervisor.ownership import owner_of
from tirek_local.supervisor.status import Status, read_status
from tirek_local.supervisor.system import System, drop_data

STOP_LIMIT = 90.0

Data = Annotated[Path | None, typer.Option(help="The data directory (default: .tirek in the checkout).")]


def up(data: Data = None) -> None:
    """Start everything and keep it running; data are kept between runs."""
    out, place = console(), data or default_data()
    with clear_words(out):
        if (owner := owner_of(place)) is not None:
            if read_status(place).state == "running":
                out.print(f"Tirek already runs (process {owner}); `make down` stops it.")
            else:
                out.print(f"Another run (process {owner}) has not finished; waiting for it.")
                _follow(lambda: owner_of(place) != owner, place, out)
            _show(read_status(place), place, out)
            return
        System(place).refuse_taken_ports()
        if KafkaAccess.from_environment() is None:
            fetch_kafka(out)
        _start_daemon(place, out)
        _show(read_status(place), place, out)


def down(data: Data = None) -> None:
    """Stop everything; data are kept."""
    out, place = console(), data or default_data()
    with clear_words(out):
        owner = owner_of(place)
        if owner is None:
            out.print("Nothing runs.")
            return
        _stop_daemon(owner, place, out)
        out.print("Stopped. Data are kept; `make reset` drops them.")


def status(data: Data = None) -> None:
    """Show what runs, where, and how often it was restarted; exits with 3 where nothing runs."""
    out, place = console(), data or default_data()
    now = read_status(place)
    if owner_of(place) is None:
        out.print("Nothing runs." + (f" The last start failed: {escape(now.what)}" if now.what else ""))
        raise SystemExit(3)
    _show(now, place, out)


def reset(data: Data = None) -> None:
    """Drop the data directory: databases, topics, logs, keys. Refused while something runs."""
    out, place = console(), data or default_data()
    with clear_words(out):
        if owner_of(place) is not None:
            raise Trouble("Tirek runs.", "Stop it first: `make down`.")
        drop_data(place)
        out.print(f"Dropped {shown(place)}.")


def topics(
    replication_factor: Annotated[
        int | None, typer.Option(help="Copies of each partition (default: declared).")
    ] = None,
    prefix: Annotated[str, typer.Option(help="What stands before each name (TIREK_TOPIC_PREFIX).")] = "",
) -> None:
    """Make the declared topics that are missing on the broker that KAFKA_BOOTSTRAP_SERVERS names."""
    out = console()
    with clear_words(out):
        access = KafkaAccess.from_environment()
        if access is None:
            raise Trouble("KAFKA_BOOTSTRAP_SERVERS is not set.", "Say where the broker is: host:port.")
        made = ensure_topics(access, declared_topics(prefix=prefix, replication_factor=replication_factor))
        out.print(f"Made {', '.join(made)}." if made else "All topics are there.")


def _start_daemon(place: Path, out: Console) -> None:
    log = place / "logs" / "supervisor.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        (place / "status.json").unlink(missing_ok=True)
        with log.open("ab") as file:
            daemon = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "tirek_local.supervisor.daemon", str(place)],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )
    except OSError as error:
        raise disk_trouble(error, place) from error
    with _stopped_unless_started(daemon, out):
        _follow(lambda: daemon.poll() is not None, place, out)


@contextmanager
def _stopped_unless_started(daemon: "subprocess.Popen[bytes]", out: Console) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        out.print("Stopping …")
        daemon.send_signal(signal.SIGTERM)
        daemon.wait(STOP_LIMIT)
        raise


def _follow(has_ended: Callable[[], bool], place: Path, out: Console) -> None:
    """Show the daemon's steps until the system runs; raises `Trouble` where the daemon has given up."""
    steps, shown_steps, log = Steps(out), 0, place / "logs" / "supervisor.log"
    while True:
        ended = has_ended()
        now = read_status(place)
        for step in now.steps[shown_steps:]:
            steps.say(step)
        shown_steps = max(shown_steps, len(now.steps))
        if now.state == "running":
            steps.say("[bold green]running[/bold green]")
            return
        if ended and now.state != "failed" and (owner := owner_of(place)) is not None:
            raise Trouble(f"Another run (process {owner}) has started Tirek meanwhile.", "See `make status`.")
        if ended:
            raise Trouble(now.what or f"The supervisor ended. {end_of(log)}", now.remedy or f"See {shown(log)}.")
        time.sleep(0.05)


def _stop_daemon(owner: int, place: Path, out: Console) -> None:
    with out.status("stopping …"):
        os.kill(owner, signal.SIGTERM)
        deadline = time.monotonic() + STOP_LIMIT
        while owner_of(place) == owner:
            if time.monotonic() > deadline:
                raise Trouble(f"Process {owner} does not stop.", f"See {shown(place / 'logs' / 'supervisor.log')}.")
            time.sleep(0.05)


def _show(now: Status, place: Path, out: Console) -> None:
    table = Table("process", "pid", "port", "restarts", box=None, pad_edge=False, header_style="bold")
    for row in now.processes:
        table.add_row(row["name"], str(row["pid"] or "restarting"), str(row["port"]), str(row["restarts"]))
    out.print()
    out.print(table)
    out.print()
    for name, url in now.urls.items():
        out.print(f"{name:<15} {url}/docs")
    out.print(f"\nlogs            {shown(place / 'logs')}/<process>.log")
    out.print("a token         .venv/bin/tirek token --role officer")
    out.print("stop            make down\n")
