"""Commands over REST whose outcome is always found out: sent again with the same key until they are answered."""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from tirek_local.stories.people import Mint, Person

Json = Any

TIMEOUT = httpx.Timeout(15.0)
LONGEST = 120.0
"""Seconds after which a command that nobody answers counts as hanging."""

PASSING = ("request-in-progress", "clearance-stale", "try-again-later")
SOON = "disbursement-not-cleared"
PATIENCE = 2.0


class Hanging(AssertionError):
    """A command was not answered, whatever was tried."""


class Broken(AssertionError):
    """An answer that must never be given."""


@dataclass(frozen=True)
class Command:
    """One command: who sends what where. `effect` is the type of the one event that it is for."""

    service: str
    who: Person
    path: str
    body: Json
    key: str
    effect: str | None = None
    if_match: str | None = None

    @property
    def verb(self) -> str:
        """The last word of its path."""
        return self.path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Reply:
    """What the caller was told in the end; `unknown` sendings before it had no answer."""

    command: Command
    status: int
    body: bytes
    unknown: int
    problem: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether the command was accepted."""
        return 200 <= self.status < 300


@dataclass
class Tally:
    """What is in flight and what was answered; shared by all who send."""

    replies: list[Reply] = field(default_factory=list)
    in_flight: int = 0
    unknown: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def answered(self) -> int:
        """How many commands have their answer."""
        return len(self.replies)

    def verbs(self) -> Counter[str]:
        """How many commands of each verb were accepted."""
        return Counter(reply.command.verb for reply in self.replies if reply.is_success)

    def refused(self) -> Counter[str]:
        """How many were refused, by the name of the refusal."""
        return Counter(reply.problem or "?" for reply in self.replies if not reply.is_success)


class Desk:
    """Sends commands and finds out what became of them."""

    def __init__(self, urls: dict[str, str], mint: Mint, tick: Callable[[], None]) -> None:
        self._clients = {
            name: httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False) for name, url in urls.items()
        }
        self._mint, self._tick = mint, tick
        self._tokens: dict[Person, str] = {}
        self.tally = Tally()

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def read(self, service: str, who: Person, path: str, **query: Any) -> httpx.Response:
        """Read, again and again until there is an answer."""
        end = time.monotonic() + LONGEST
        while True:
            try:
                answer = self._clients[service].get(path, params=query, headers=self._authorized(who))
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code != 503:
                if answer.status_code != 200:
                    raise Broken(f"GET {path}: {answer.status_code} {answer.text[:500]}")
                return answer
            if time.monotonic() > end:
                raise Hanging(f"GET {path} of {service}")
            time.sleep(0.1)

    def items(self, service: str, who: Person, path: str, **query: Any) -> list[Json]:
        """The items of a short list."""
        found: list[Json] = self.read(service, who, path, limit=200, **query).json()["items"]
        return found

    def etag(self, service: str, who: Person, path: str) -> str:
        """The version on which a decision rests."""
        return self.read(service, who, path).headers["ETag"]

    def do(self, command: Command, pause: random.Random) -> Reply:
        """Send until it is answered for good, and take the answer down."""
        self._tick()
        with self.tally.lock:
            self.tally.in_flight += 1
        try:
            reply = self._until_answered(command, pause)
        finally:
            with self.tally.lock:
                self.tally.in_flight -= 1
        with self.tally.lock:
            self.tally.replies.append(reply)
            self.tally.unknown += reply.unknown
        return reply

    def at_once(self, first: Command, second: Command, pause: random.Random) -> tuple[Reply, Reply]:
        """Two commands at the same moment."""
        together = threading.Barrier(2)

        def one(command: Command, mine: random.Random) -> Reply:
            together.wait()
            return self.do(command, mine)

        seeds = (random.Random(pause.random()), random.Random(pause.random()))
        with ThreadPoolExecutor(max_workers=2) as both:
            told = [both.submit(one, command, mine) for command, mine in zip((first, second), seeds, strict=True)]
            return told[0].result(), told[1].result()

    def again(self, reply: Reply, pause: random.Random) -> None:
        """Send an accepted command once more: the answer must be the same, byte for byte."""
        repeated = self._until_answered(reply.command, pause)
        if (repeated.status, repeated.body) != (reply.status, reply.body):
            raise Broken(f"{reply.command}: {reply.body!r} was answered, and then {repeated.body!r}")

    def _until_answered(self, command: Command, pause: random.Random) -> Reply:
        begun, unknown = time.monotonic(), 0
        while True:
            if time.monotonic() - begun > LONGEST:
                raise Hanging(f"{command}")
            try:
                answer = self._send(command)
            except httpx.TransportError:
                unknown += 1
                time.sleep(pause.uniform(0.05, 0.3))
                continue
            problem = problem_of(answer)
            if answer.status_code >= 500 and answer.status_code != 503:
                raise Broken(f"{command}: {answer.status_code} {answer.text[:500]}")
            if answer.status_code == 503 or problem in PASSING:
                time.sleep(pause.uniform(0.05, 0.3))
                continue
            if problem == SOON and time.monotonic() - begun < PATIENCE:
                time.sleep(pause.uniform(0.1, 0.3))
                continue
            return Reply(command, answer.status_code, answer.content, unknown, problem)

    def _send(self, command: Command) -> httpx.Response:
        headers = {**self._authorized(command.who), "Idempotency-Key": command.key}
        if command.if_match is not None:
            headers["If-Match"] = command.if_match
        return self._clients[command.service].post(command.path, json=command.body, headers=headers)

    def _authorized(self, who: Person) -> dict[str, str]:
        if who not in self._tokens:
            self._tokens[who] = self._mint(who)
        return {"Authorization": f"Bearer {self._tokens[who]}"}


def problem_of(answer: httpx.Response) -> str | None:
    """The name of the refusal; a refusal without one is never given."""
    if answer.is_success:
        return None
    try:
        name = str(answer.json()["type"])
    except (ValueError, KeyError) as wrong:
        raise Broken(f"{answer.request.url}: {answer.status_code} without a problem: {answer.text[:300]}") from wrong
    return name.removeprefix("/problems/")


def new_key(draw: random.Random) -> str:
    """A key of the seed's own."""
    return str(uuid.UUID(int=draw.getrandbits(128), version=4))
