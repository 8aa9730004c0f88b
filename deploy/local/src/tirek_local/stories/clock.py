"""The clock of a story: the one setting that production lacks."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


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
