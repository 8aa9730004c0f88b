"""A system of its own for each file of journeys: all processes, real servers, free ports, a clock that is set.

The tests of a file stay on one worker (see tests/turns.py): each system starts once.
"""

import contextlib
import os
from collections.abc import Iterator

import pytest
from rich.console import Console

from tests.journeys.agreed import BEGINNING
from tirek_local.servers.temporary import TemporaryHome
from tirek_local.stories import StoryClock
from tirek_local.stories.stage import PLAYED, Stage
from tirek_local.supervisor import System

SETTINGS = {"TIREK_JOB_SECONDS": "0.25", "TIREK_LOCK_TIMEOUT_MS": "15000", "TIREK_STATEMENT_TIMEOUT_MS": "20000"}
"""Jobs look often; whoever waits for a lock waits long enough for a test to arrange what happens meanwhile."""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The stage of a running system."""
    with TemporaryHome("tirek-journey-") as home:
        clock = StoryClock(home / "clock")
        clock.set(BEGINNING)
        given = os.environ | SETTINGS
        system = System(home, environment="test", given=given, free_ports=True, clock_file=clock.path, only=PLAYED)
        with contextlib.ExitStack() as running:
            running.callback(system.stop)
            system.start()
            stage = Stage.of(system, clock, Console(quiet=True), kind="test")
            running.callback(stage.close)
            yield stage
