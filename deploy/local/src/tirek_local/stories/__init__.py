"""The stories that `make demo` plays: each through REST alone, on a system of its own, with a clock that it sets."""

from collections.abc import Callable

from rich.console import Console

from tirek_local.stories.clock import StoryClock
from tirek_local.stories.grant_to_repayment import grant_to_repayment
from tirek_local.supervisor import System
from tirek_local.traces import TraceCollector

__all__ = ["STORIES", "Story", "StoryClock"]

Story = Callable[[System, StoryClock, Console, TraceCollector], None]
"""Plays on a running system; raises `Trouble` where a figure is not what it should be."""

STORIES: tuple[Story, ...] = (grant_to_repayment,)
