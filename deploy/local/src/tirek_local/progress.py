"""What a person at a terminal sees while something takes its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tirek_local.servers import Trouble
from tirek_local.servers.jars import ensure_jars


def console() -> Console:
    """The console for words to people: standard output, never wrapped where it is no terminal."""
    terminal = sys.stdout.isatty()
    return Console(soft_wrap=not terminal, width=None if terminal else 120, highlight=False)


class Steps:
    """Steps with the seconds since the start, each shown as it begins."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._started = time.monotonic()

    def say(self, step: str) -> None:
        """Show a step."""
        self._out.print(f"[dim]{time.monotonic() - self._started:5.1f} s[/dim]  {step}")


def fetch_kafka(out: Console) -> None:
    """Have Apache Kafka's files here, with a bar while they are fetched. Raises `Trouble`."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total} files"),
        TimeElapsedColumn(),
        console=out,
        disable=not out.is_terminal,
    )
    task = bar.add_task("Apache Kafka", total=None, visible=False)
    spoken: set[str] = set()

    def show(word: str, ready: int, total: int) -> None:
        bar.update(task, description=word, completed=ready, total=total, visible=True)
        if not out.is_terminal and word not in spoken:
            spoken.add(word)
            out.print(f"{word} ({total - ready} files of about 1 MB each, once) …")

    with bar:
        ensure_jars(show)


@contextmanager
def clear_words(out: Console) -> Iterator[None]:
    """Turn `Trouble` and Ctrl-C into a clear word and an exit code (1 and 130)."""
    try:
        yield
    except Trouble as trouble:
        out.print(f"[bold red]{escape(trouble.what)}[/bold red]\n{escape(trouble.remedy)}")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        out.print("Interrupted; nothing is left running.")
        raise SystemExit(130) from None


if __name__ == "__main__":
    with clear_words(console()):
        fetch_kafka(console())
