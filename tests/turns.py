"""Which tests of a run belong together on one worker, and which come first, so that no core waits at the end."""

from collections.abc import Sequence
from typing import Any

from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/chaos/", "tests/hostile/")
"""Folders whose files share one running system; elsewhere the tests of a file stay together."""

FIRST = (
    "tests/chaos/",
    "tests/hostile/",
    "tests/states/",
    "tests/journeys/",
    "tests/shared/events/",
    "tests/local/",
    "tests/shared/telemetry/",
)
"""What takes longest, the longest first; the rest follows in the order of its names."""


class LongestFirst(LoadFileScheduling):  # type: ignore[misc]
    """Hands out files, or whole folders, in the order of their turns.

    Marks of the kind `xdist_group` do nothing from pytest 9.2 on: they were written into names that are fixed now.
    """

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((folder for folder in TOGETHER if file.startswith(folder)), file)


def turn(nodeid: str) -> int:
    """How many come before a test, of those that take long."""
    return next((turn for turn, begin in enumerate(FIRST) if nodeid.startswith(begin)), len(FIRST))


def in_turn(items: Sequence[Any]) -> list[Any]:
    """The tests in the order in which they are begun."""
    return sorted(items, key=lambda item: turn(item.nodeid))
