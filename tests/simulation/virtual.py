"""An event loop whose time jumps to the next timer: an hour of waiting takes no time, and nothing is left to chance."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any


class NothingWillHappen(RuntimeError):
    """Every task waits and no timer is set: what is waited for can never come."""


class _Selector:
    """Stands where the loop would wait for sockets: there are none, so the time passes at once."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise NothingWillHappen
        self._loop.now += max(timeout, 0)
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """The loop of one run; begins at 0 seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self._selector = _Selector(self)
        self._clock_resolution = 1e-6
        self.set_exception_handler(lambda *_: None)

    def time(self) -> float:
        """Seconds since the run began."""
        return self.now

    def _process_events(self, event_list: list[Any]) -> None:
        assert not event_list

    def _write_to_self(self) -> None:
        """Nobody sleeps in a selector, so nobody is woken."""


def run_virtually(main: Coroutine[Any, Any, Any]) -> Any:
    """Run to the end on a loop of its own; what is left over is cancelled."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(main)
    finally:
        left = sorted(asyncio.all_tasks(loop), key=lambda task: task.get_name())
        for task in left:
            task.cancel()
        with suppress(NothingWillHappen):
            loop.run_until_complete(_all(left))
        loop.close()


async def _all(tasks: list[asyncio.Task[Any]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)
