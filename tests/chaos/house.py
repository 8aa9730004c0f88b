"""A running system of real processes with agreements in their course, and a clock that ticks with each command."""

import contextlib
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console

from shared.events.broker import Broker
from tests.chaos.evidence import SERVICES
from tests.chaos.traffic import Desk
from tests.journeys.agreed import Agreed, Institute, account_of, agreed
from tirek_local.servers import KafkaServer, PostgresServer
from tirek_local.servers.databases import at_database
from tirek_local.servers.temporary import TemporaryHome
from tirek_local.stories import StoryClock
from tirek_local.stories.acts import monitoring
from tirek_local.stories.people import minting
from tirek_local.stories.stage import LOCAL, PLAYED, Stage
from tirek_local.supervisor import System
from tirek_local.supervisor.process import Process

BINS = ("170240000029", "180340000035", "190440000040", "150540000057", "160640000062")
SIGNED = datetime(2023, 1, 16, 9, tzinfo=LOCAL)
YEARS = (2023, 2024, 2025)
OVER = YEARS[:2]
"""Years whose reports are in when the schedules begin; the due day of the third is passed by one of them."""

BEFORE_DUE, AFTER_DUE = "2026-02-02", "2026-03-10"
TRANCHES, PAID = 10, 3
AMOUNT = "1000000.00"
TICK = timedelta(seconds=1)


class TickingClock(StoryClock):
    """A clock that any thread may move, and that never goes back."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        object.__setattr__(self, "_lock", threading.Lock())
        object.__setattr__(self, "_at", [datetime.min.replace(tzinfo=LOCAL)])

    def set(self, instant: datetime) -> None:
        with self._lock:  # type: ignore[attr-defined]
            self._at[0] = max(instant, self._at[0])  # type: ignore[attr-defined]
            super().set(self._at[0])  # type: ignore[attr-defined]

    def tick(self) -> None:
        """Let a second pass."""
        with self._lock:  # type: ignore[attr-defined]
            self._at[0] += TICK  # type: ignore[attr-defined]
            super().set(self._at[0])  # type: ignore[attr-defined]

    @property
    def today(self) -> str:
        """The local day."""
        return str(self._at[0].date().isoformat())  # type: ignore[attr-defined]


@dataclass
class Running:
    """An agreement with what its people know of it."""

    agreed: Agreed
    reports: dict[int, str] = field(default_factory=dict)


@dataclass
class House:
    """The system, its agreements, and the desk at which its people act."""

    system: System
    clock: TickingClock
    stage: Stage
    desk: Desk
    account_id: str = ""
    agreements: list[Running] = field(default_factory=list)
    due_day_is_over: bool = False
    third_year_may_be_reported: bool = False

    @property
    def postgres(self) -> PostgresServer:
        """The database server."""
        assert self.system.postgres is not None
        return self.system.postgres

    @property
    def kafka(self) -> KafkaServer:
        """The broker."""
        assert self.system.kafka is not None
        return self.system.kafka

    @property
    def broker(self) -> Broker:
        """The broker, as clients reach it."""
        return Broker(self.kafka.bootstrap_servers)

    def urls(self, suffix: str = "") -> dict[str, str]:
        """Each service's database, for a superuser."""
        return {each.name: at_database(self.postgres.dsn(), each.package + suffix) for each in SERVICES}

    def process(self, name: str) -> Process:
        """A process by its name, `grants-worker`."""
        return next(process for process in self.system.processes if process.name == name)

    def pass_the_due_day(self) -> None:
        """Let the day pass until which the third year was to be reported: the jobs will find it missed."""
        self.clock.set(datetime.fromisoformat(AFTER_DUE).replace(hour=9, tzinfo=LOCAL))
        self.due_day_is_over = True

    @contextlib.contextmanager
    def asleep(self) -> Iterator[None]:
        """While the block runs, no process of the services does."""
        with ThreadPoolExecutor(max_workers=8) as threads:
            list(threads.map(Process.stop, self.system.processes))
        try:
            yield
        finally:
            for process in self.system.processes:
                process.start()


@contextlib.contextmanager
def house(agreements: int = len(BINS)) -> Iterator[House]:
    """A system with so many agreements: three tranches paid, two years reported, the third about to fall due."""
    with TemporaryHome("tirek-chaos-") as home, contextlib.ExitStack() as running:
        clock = TickingClock(home / "clock")
        clock.set(SIGNED)
        given = os.environ
        system = System(home, environment="test", given=given, free_ports=True, clock_file=clock.path, only=PLAYED)
        running.callback(system.stop)
        system.start()
        stage = Stage.of(system, clock, Console(quiet=True), kind="test")
        running.callback(stage.close)
        urls = {each.name: system.url(each.name) for each in SERVICES}
        desk = Desk(urls, minting(system, "test"), clock.tick)
        running.callback(desk.close)
        found = House(system, clock, stage, desk)
        _furnish(found, agreements)
        yield found


def _furnish(house_: House, agreements: int) -> None:
    stage = house_.stage
    stage.on(SIGNED.date().isoformat())
    house_.account_id = account_of(stage, Institute(), "900000000.00")
    with ThreadPoolExecutor(max_workers=4) as threads:
        house_.agreements = list(threads.map(lambda bin_: _signed(house_, bin_), BINS[:agreements]))
        stage.on(BEFORE_DUE)
        list(threads.map(lambda each: _reported(stage, each), house_.agreements))


def _signed(house_: House, bin_: str) -> Running:
    stage = house_.stage
    days = [(AMOUNT, SIGNED.date().isoformat())] * TRANCHES
    amount = f"{TRANCHES * int(AMOUNT[:-3])}.00"
    made = agreed(stage, house_.account_id, bin_, days, YEARS, amount=amount)
    for number in range(1, PAID + 1):
        made.pay(stage, number, f"OUT-{bin_}-{number}")
    return Running(made)


def _reported(stage: Stage, running: Running) -> None:
    for year in OVER:
        obligation = running.agreed.obligations[year]
        told = monitoring.report(stage, running.agreed.applicant, obligation, "400000000", f"report of {year}")
        running.reports[year] = told["report_id"]
