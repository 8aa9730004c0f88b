"""The stories that `make demo` plays: each through REST alone, on a system of its own, with a clock that it sets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console

from tirek_local.supervisor import System


@dataclass(frozen=True)
class StoryClock:
    """The clock of a demo's services: they all read this file (TIREK_CLOCK_FILE)."""

    path: Path

    def set(self, instant: datetime) -> None:
        """Let it be that instant, which must have a zone, from now on."""
        if instant.tzinfo is None:
            raise ValueError("The clock needs an instant with a zone.")
        new = self.path.with_suffix(".new")
        new.write_text(instant.isoformat(), encoding="ascii")
        new.replace(self.path)


Story = Callable[[System, StoryClock, Console], None]
"""Plays on a running system; raises `Trouble` where a figure is not what it should be."""

STORIES: tuple[Story, ...] = ()
