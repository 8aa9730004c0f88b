"""The command `tirek demo`: a system of its own, the stories, and nothing left behind."""

import os
import signal
from datetime import UTC, datetime
from types import FrameType

from tirek_local.progress import Steps, clear_words, console, fetch_kafka
from tirek_local.servers import KafkaAccess, Trouble
from tirek_local.servers.temporary import TemporaryHome
from tirek_local.stories import STORIES, StoryClock
from tirek_local.stories.logged import errors_in
from tirek_local.stories.stage import PLAYED
from tirek_local.supervisor import System
from tirek_local.traces import TraceCollector

JOBS_OFTEN = {"TIREK_JOB_SECONDS": "0.25"}
"""Scheduled jobs look four times a second: the days of a story pass in moments."""


def demo() -> None:
    """Play the story from an application to a repayment on real servers, then leave nothing running."""
    out = console()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    with clear_words(out), TemporaryHome("tirek-demo-") as home, TraceCollector() as traces:
        if KafkaAccess.from_environment() is None:
            fetch_kafka(out)
        clock = StoryClock(home / "clock")
        clock.set(datetime.now(UTC))
        steps = Steps(out)
        given = os.environ | JOBS_OFTEN | traces.environment
        system = System(home, environment="demo", given=given, free_ports=True, clock_file=clock.path, only=PLAYED)
        try:
            system.start(steps.say)
            for service in system.services:
                steps.say(f"{service.name} is ready at {system.url(service.name)}")
            for story in STORIES:
                story(system, clock, out, traces)
        except Trouble as trouble:
            raise Trouble(trouble.what, f"{trouble.remedy}\n{errors_in(system.logs)}".strip()) from trouble
        finally:
            steps.say("stopping")
            system.stop()
        steps.say("stopped; nothing is left running")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
