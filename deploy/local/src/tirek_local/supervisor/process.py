"""One process of a service: restarted when it crashes, later each time it crashes again soon."""

import signal
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from tirek_local.servers.child import Child, guarded

BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
HEALTHY_AFTER = 60.0
LOG_LIMIT = 50 * 1024 * 1024


class Process:
    """A named process with its log (JSON lines, appended), its port, and how often it was restarted."""

    def __init__(
        self, name: str, command: list[str], *, log: Path, pid_file: Path, environment: Mapping[str, str], port: int
    ) -> None:
        self.name = name
        self.log = log
        self.port = port
        self.restarts = 0
        self._made = (command, environment)
        self._failures = 0
        self._started = 0.0
        self._died: float | None = None
        self._child = Child(
            guarded(command, signal.SIGTERM), log=log, pid_file=pid_file, environment=environment, grace=20
        )

    @property
    def pid(self) -> int | None:
        """The pid; None where it does not run."""
        return self._child.pid if self.running else None

    @property
    def running(self) -> bool:
        """Whether it lives."""
        return self._child.running

    def start(self, more: Mapping[str, str] = MappingProxyType({})) -> None:
        """Start it; `more` is added to its environment, this time only."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._child.start(more)
        self._started, self._died = time.monotonic(), None

    def beside(self, name: str, pid_file: Path, other: Mapping[str, str]) -> "Process":
        """Another process of the same command, its environment the same but for `other`; not started."""
        command, environment = self._made
        log = self.log.with_name(f"{name}.log")
        return Process(name, command, log=log, pid_file=pid_file, environment={**environment, **other}, port=self.port)

    def stop(self) -> None:
        """Stop it gracefully."""
        self._child.stop()

    def kill(self) -> None:
        """`kill -9`."""
        self._child.kill()

    def revive(self) -> None:
        """Start it again where it has died, once its pause is over; a long healthy life resets the pause."""
        if self.running:
            return
        now = time.monotonic()
        if self._died is None:
            self._died = now
            self._failures = 0 if now - self._started > HEALTHY_AFTER else self._failures + 1
            self._child.stop()
        if now - self._died >= BACKOFF[min(max(self._failures - 1, 0), len(BACKOFF) - 1)]:
            self.restarts += 1
            self.start()
