"""What the platform needs to know of a service: its name, its tables, its handlers and its jobs, in one declaration."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData
from sqlmodel.ext.asyncio.session import AsyncSession

from shared.contracts.event import Event
from shared.events.delivery import Delivery
from shared.reference.lists import LISTS, ListDefinition

Handler = Callable[[AsyncSession, Any, Delivery], Awaitable[None]]
"""Handles one event inside the consumer's transaction; an event that it publishes is born of the one it handles."""

Job = Callable[[AsyncSession, datetime], Awaitable[bool]]
"""Does one unit of work that is due at the instant (`shared.worker.due`) and says whether there was one."""


@dataclass(frozen=True)
class Consumer:
    """One reader of the streams with a position, an inbox and a gate of its own; `name` is kept for good."""

    name: str
    topics: tuple[str, ...]
    handlers: Mapping[type[Event], Handler]
    projection: bool = False


@dataclass(frozen=True)
class Service:
    """A service, declared once and found by the entry point group `tirek.services` under its name.

    `prompt` names the jobs that continue what a consumer has committed: they do not wait for the next round.
    `lists` are the dated lists that its database keeps, by name: those of the platform, and its own.
    """

    name: str
    metadata: MetaData
    migrations: Path
    consumers: tuple[Consumer, ...] = ()
    jobs: Mapping[str, Job] = field(default_factory=dict)
    prompt: frozenset[str] = frozenset()
    seeds: tuple[Callable[[AsyncSession], Awaitable[None]], ...] = ()
    lists: Mapping[str, ListDefinition] = field(default_factory=lambda: LISTS)

    @property
    def package(self) -> str:
        """The Python package, `export_support` for `export-support`."""
        return self.name.replace("-", "_")

    @property
    def topic(self) -> str:
        """The topic that this service alone writes, `export-support.v1` for `export-support`."""
        return f"{self.name}.v1"

    @property
    def source(self) -> str:
        """The `ce_source` of its events."""
        return f"/services/{self.name}"
