"""How a loop over Kafka's client survives it: cancellation that nobody asked for, closing that hangs, pauses."""

import asyncio
from collections.abc import Coroutine
from typing import Any


def is_cancelled() -> bool:
    """Whether somebody has asked the present task to end; else a `CancelledError` is a failure like any other."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def close_within(seconds: float, closing: Coroutine[Any, Any, object]) -> None:
    """Close a client that may be stuck or may fail in whichever way; after the time it is left to itself."""
    task = asyncio.create_task(closing)
    try:
        done, _ = await asyncio.wait([task], timeout=seconds)
    finally:
        task.cancel()
    if done and not task.cancelled():
        task.exception()


def next_pause(before: float, worked: float) -> float:
    """Seconds to wait before beginning anew: twice as many as before, at most 5; few where it had worked for 30."""
    return 0.1 if worked > 30 else min(before * 2, 5.0)
