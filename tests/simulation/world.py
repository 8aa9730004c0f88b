"""One run: its loop, its chance, its processes, and the messages on the wire between them and their servers."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")
AFTER = 1e-4


@dataclass(eq=False)
class Message:
    """A request on its way: it may arrive though the one who sent it is no more."""

    reply: "asyncio.Future[Any]"
    lost: bool = False


@dataclass(eq=False)
class Trap:
    """Waits for the next time that a process reaches a point, and then does something to it."""

    kind: str
    point: str
    service: str
    countdown: int = 1


@dataclass(eq=False)
class Process:
    """An operating-system process: killed it does nothing more, frozen it does nothing for a while."""

    world: "World"
    name: str
    service: str
    alive: bool = True
    frozen: "asyncio.Future[None] | None" = None
    tasks: list["asyncio.Task[Any]"] = field(default_factory=list)
    flying: list[Message] = field(default_factory=list)
    on_death: list[Callable[[], None]] = field(default_factory=list)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def start(self, *works: Coroutine[Any, Any, Any]) -> None:
        """Begin these tasks."""
        for work in works:
            self.tasks.append(asyncio.get_running_loop().create_task(work, name=f"{self.name}/{len(self.tasks)}"))

    def kill(self) -> None:
        """SIGKILL: no line of it runs with any effect from here on; what is on the wire may arrive."""
        if not self.alive:
            return
        self.alive = False
        for message in self.flying:
            message.lost = message.lost or self.world.draw.random() < 0.5
        for task in self.tasks:
            task.cancel()
        for done in self.on_death:
            done()

    async def can_go_on(self) -> None:
        """Waits while frozen; a dead process only comes here to be unwound."""
        while self.frozen is not None and self.alive:
            await asyncio.shield(self.frozen)
        if not self.alive:
            raise ConnectionResetError("the process is dead")


class World:
    """What a run is made of."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.loop = asyncio.get_running_loop()
        self.traps: list[Trap] = []
        self.fired: Counter[str] = Counter()
        self.points = 0
        self.trace: list[str] = []
        self.slow = self.draw.choice([0.0, 0.001, 0.01])

    def note(self, words: str) -> None:
        """Remember for whoever looks into a failure."""
        self.trace.append(f"{self.loop.time():9.4f}  {words}")

    def fire(self, kind: str) -> None:
        """A fault has happened."""
        self.fired[kind] += 1
        self.note(f"FAULT {kind}")

    def delay(self) -> float:
        """Seconds that a message needs; now and then a good deal more."""
        if (chance := self.draw.random()) < 0.9:
            return self.slow * chance
        return self.draw.choice([0.001, 0.02, 0.3]) * chance

    def sprung(self, process: Process, point: str) -> str | None:
        """The kind of the trap that this process springs at this point."""
        self.points += 1
        for trap in self.traps:
            if trap.service == process.service and trap.point in (point, "any") and process.alive:
                trap.countdown -= 1
                if trap.countdown == 0:
                    self.traps.remove(trap)
                    self.fire(f"{trap.kind} at {trap.point}")
                    return trap.kind
        return None

    async def reach(self, process: Process, point: str) -> str | None:
        """A step of the process over the wire; answers what befalls it there, a kill already done."""
        await process.can_go_on()
        kind = self.sprung(process, point)
        if kind == "kill":
            process.kill()
            await asyncio.sleep(0)
            await process.can_go_on()
        if (seconds := self.delay()) > AFTER:
            await asyncio.sleep(seconds)
        else:
            await asyncio.sleep(0)
        await process.can_go_on()
        return kind

    async def ask(self, process: Process, point: str, effect: Callable[[], T], gone: Exception) -> T:
        """A request whose effect happens at the server in one go, whether or not the asker lives to hear of it."""
        await process.can_go_on()
        kind = self.sprung(process, point)
        message = Message(self.loop.create_future())
        process.flying.append(message)
        self.loop.call_later(self.delay(), self._arrive, message, effect)
        if kind == "kill":
            self.loop.call_later(self.delay(), process.kill)
        if kind in ("cut before", "cut after"):
            message.lost = kind == "cut before"
            self.loop.call_later(self.delay() + AFTER, self._fail, message, gone)
        try:
            answer: T = await message.reply
        finally:
            process.flying.remove(message)
        await process.can_go_on()
        return answer

    def _arrive(self, message: Message, effect: Callable[[], Any]) -> None:
        if message.lost:
            return
        try:
            result = effect()
        except Exception as failure:  # noqa: BLE001 — what the server answers
            self.loop.call_later(self.delay(), self._fail, message, failure)
        else:
            self.loop.call_later(self.delay(), self._deliver, message, result)

    def _deliver(self, message: Message, result: Any) -> None:
        if not message.reply.done():
            message.reply.set_result(result)

    def _fail(self, message: Message, failure: Exception) -> None:
        if not message.reply.done():
            message.reply.set_exception(failure)
