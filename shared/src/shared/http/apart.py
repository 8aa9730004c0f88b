"""Work that takes a processor's time, done apart from the event loop: bounded in number and in time."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Request

from shared.http.edge import EdgeRefusal

Answer = TypeVar("Answer")

AT_ONCE: Final = 2
"""Threads, and processes: the third waits for its turn."""

MOST: Final = 32
"""Under way and waiting, together."""

SECONDS: Final = 30.0
"""From the request to the answer, the wait for a turn included."""


class AnswerTakesTooLong(EdgeRefusal):
    """Too much is asked at once, by this request or by all."""

    status = 503
    title = "The answer takes too long"
    detail = "The answer could not be made within {seconds} seconds."
    remedy = "Ask again a little later, or ask for less at once."
    retry_after = 5


class Apart:
    """A few threads, and as many processes at a time, while the event loop goes on answering others."""

    def __init__(self, at_once: int = AT_ONCE, most: int = MOST, seconds: float = SECONDS) -> None:
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="apart")
        self._turns = asyncio.Semaphore(at_once)
        self._most, self._seconds = most, seconds
        self._under_way = 0

    async def calculate(self, work: Callable[[], Answer]) -> Answer:
        """What the work answers or raises, done in a thread; nothing stops a thread, so the work must bound itself.

        Raises `AnswerTakesTooLong`; work that was still waiting for its turn is then never begun.
        """
        context = copy_context()
        loop = asyncio.get_running_loop()
        return await self._in_time(lambda: loop.run_in_executor(self._threads, context.run, work))

    async def run(self, program: tuple[str, ...], given: bytes) -> bytes:
        """What a program writes when it is given this; it is killed when its time is up.

        Raises `AnswerTakesTooLong`, and `RuntimeError` with its last words where it fails.
        """
        return await self._in_time(lambda: self._run(program, given))

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_time(self, begin: Callable[[], Awaitable[Answer]]) -> Answer:
        if self._under_way >= self._most:
            raise AnswerTakesTooLong(seconds=self._seconds)
        self._under_way += 1
        try:
            async with asyncio.timeout(self._seconds):
                return await begin()
        except TimeoutError:
            raise AnswerTakesTooLong(seconds=self._seconds) from None
        finally:
            self._under_way -= 1

    async def _run(self, program: tuple[str, ...], given: bytes) -> bytes:
        pipe = asyncio.subprocess.PIPE
        async with self._turns:
            process = await asyncio.create_subprocess_exec(*program, stdin=pipe, stdout=pipe, stderr=pipe)
            try:
                written, complaint = await process.communicate(given)
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        if process.returncode != 0:
            raise RuntimeError(f"{program[-1]} ended with {process.returncode}: {complaint[-2000:].decode()}")
        return written


def work_apart(request: Request) -> Apart:
    """Where the application does what takes time."""
    apart: Apart = request.app.state.apart
    return apart


WorkApart = Annotated[Apart, Depends(work_apart)]
"""Where a route has done what takes time."""
