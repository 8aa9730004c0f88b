"""The clock of a service: the one place that knows what time it is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the instant at which something happens; always aware, always UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


class FileClock:
    """A clock that stands where a file says, for demo and test only: all processes that read the file agree.

    The file holds one ISO instant with its zone; the clock stands still until the file says otherwise.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """The instant in the file; raises `ValueError` where it has no zone."""
        set_to = datetime.fromisoformat(self._path.read_text(encoding="ascii").strip())
        if set_to.tzinfo is None:
            raise ValueError(f"The clock file {self._path} needs an instant with a zone.")
        return set_to.astimezone(UTC)


class ClockFileUnreadable(RuntimeError):
    """The file that sets the clock holds no instant when the process starts: it would die in the middle of its work."""


def service_clock(clock_file: Path | None) -> Clock:
    """The clock of a process: the system's, or the file's where the settings allow one (demo and test).

    Raises `ClockFileUnreadable` where the file does not hold an instant yet.
    """
    if clock_file is None:
        return SystemClock()
    clock = FileClock(clock_file)
    try:
        clock.now()
    except (OSError, ValueError) as reason:
        raise ClockFileUnreadable(
            f"TIREK_CLOCK_FILE names {clock_file}, which holds no instant ({reason}). "
            "Write one with its zone, such as 2026-06-30T07:00:00+00:00, before the service starts."
        ) from reason
    return clock
