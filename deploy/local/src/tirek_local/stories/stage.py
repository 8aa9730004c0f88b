"""The stage of a story: the running system, its clock, its people's access, and what is shown and checked."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, TypeVar

from rich.console import Console

from tirek_local.servers import Trouble
from tirek_local.stories.clock import StoryClock
from tirek_local.stories.figures import Figures
from tirek_local.stories.people import minting
from tirek_local.stories.rest import Api
from tirek_local.stories.telling import Teller
from tirek_local.supervisor import System
from tirek_local.traces import TraceCollector

LOCAL = timezone(timedelta(hours=5), "Asia/Almaty")
"""Asia/Almaty since 1 March 2024."""

PATIENCE = 30.0
PAUSE = 0.05
BETWEEN_COMMANDS = timedelta(minutes=1)

PLAYED = ("grants", "obligations")
"""The services that the stories play on: no other is started for them."""

Found = TypeVar("Found")


@dataclass
class Stage:
    """What a story plays on. Time passes by `on` and, a minute for each command, by itself."""

    system: System
    clock: StoryClock
    teller: Teller
    grants: Api = field(init=False)
    obligations: Api = field(init=False)
    traces: TraceCollector | None = None
    kind: str = "demo"
    figures: Figures = field(default_factory=Figures)
    _now: datetime = field(default=datetime(2022, 1, 10, tzinfo=LOCAL))

    def __post_init__(self) -> None:
        mint = minting(self.system, self.kind)
        self.grants = Api("grants", self.system.url("grants"), mint, self._tick)
        self.obligations = Api("obligations", self.system.url("obligations"), mint, self._tick)

    @classmethod
    def of(
        cls, system: System, clock: StoryClock, out: Console, traces: TraceCollector | None = None, kind: str = "demo"
    ) -> "Stage":
        """The stage of a running system."""
        return cls(system, clock, Teller(out), traces=traces, kind=kind)

    @property
    def today(self) -> date:
        """The local day of the story."""
        return self._now.date()

    def on(self, day: str, hour: int = 10) -> None:
        """Let it be that local day; time never goes back."""
        then = datetime.fromisoformat(day).replace(hour=hour, tzinfo=LOCAL)
        self._set(max(then, self._now))

    def until(self, what: str, ask: Callable[[], Found | None], seconds: float = PATIENCE) -> Found:
        """Wait until the question is answered with something true. Raises `Trouble` that says what was waited for."""
        end = time.monotonic() + seconds
        while not (found := ask()):
            if time.monotonic() > end:
                raise Trouble(f"Waited {seconds:.0f} s in vain: {what}.", f"The logs are in {self.system.logs}.")
            time.sleep(PAUSE)
        return found

    def seen(self, what: str, ask: Callable[[], Any], wanted: object, seconds: float = PATIENCE) -> None:
        """Wait until a figure is what it should be. Raises `Trouble` that names it."""
        end = time.monotonic() + seconds
        while (found := ask()) != wanted and time.monotonic() < end:
            time.sleep(PAUSE)
        self.figures.equal(what, found, wanted)

    def close(self) -> None:
        """Close the connections."""
        self.grants.close()
        self.obligations.close()

    def _tick(self) -> None:
        self._set(self._now + BETWEEN_COMMANDS)

    def _set(self, instant: datetime) -> None:
        self._now = instant
        self.teller.today = instant.date().isoformat()
        self.clock.set(instant)
