"""A service as a person reaches it: REST with a token, an idempotency key and the version a decision rests on."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx

from tirek_local.servers import Trouble
from tirek_local.stories.people import Mint, Person

PAUSE = 0.1
LIMIT = httpx.Timeout(30.0)

Json = Any


class Api:
    """One service over REST. `before` is called before each command; what is refused raises `Trouble` in its words."""

    def __init__(self, name: str, url: str, mint: Mint, before: Callable[[], None] = lambda: None) -> None:
        self.name, self._mint, self._before = name, mint, before
        self._client = httpx.Client(base_url=url, timeout=LIMIT, trust_env=False)
        self._tokens: dict[Person, str] = {}
        self.requests = 0

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, who: Person, path: str, **query: Any) -> Json:
        """What the person reads there."""
        return self._done(who, self.send(who, "GET", path, query=query)).json()

    def read(self, who: Person, path: str, accept: str, **query: Any) -> bytes:
        """What the person reads there in another form, a PDF say."""
        return self._done(who, self.send(who, "GET", path, query=query, headers={"Accept": accept})).content

    def items(self, who: Person, path: str, **query: Any) -> list[Json]:
        """All items of a list, page after page."""
        found: list[Json] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(who, path, **query, **cursor)
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            cursor = {"cursor": page["next_cursor"]}

    def post(
        self, who: Person, path: str, body: Json = None, *, resting_on: str | None = None, patience: float = 0
    ) -> Json:
        """Do it. `resting_on` is the path whose version the decision rests on.

        With `patience` (seconds) the same command is sent again, as its refusal asks, while it says `Retry-After`.
        """
        self._before()
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        end = time.monotonic() + patience
        while True:
            versioned = headers | self._version(who, resting_on)
            response = self.send(who, "POST", path, body=body, headers=versioned)
            if "retry-after" not in response.headers or time.monotonic() > end:
                return self._done(who, response).json()
            time.sleep(PAUSE)

    def put(self, who: Person, path: str, body: Json, *, resting_on: str) -> Json:
        """Put it in place of what stood there; `resting_on` is the path whose version the change rests on."""
        self._before()
        return self._done(who, self.send(who, "PUT", path, body=body, headers=self._version(who, resting_on))).json()

    def refused(
        self, who: Person, path: str, body: Json = None, *, problem: str, resting_on: str | None = None
    ) -> Json:
        """Try a command that must be refused with this problem; answers the problem. Raises `Trouble` otherwise."""
        self._before()
        headers = {"Idempotency-Key": str(uuid.uuid4())} | self._version(who, resting_on)
        response = self.send(who, "POST", path, body=body, headers=headers)
        said = response.json() if response.is_error else {}
        if said.get("type") != f"/problems/{problem}":
            answered = f"{response.status_code}: {said.get('title', response.text[:300])} {said.get('detail', '')}"
            raise Trouble(
                f"{who.subject}: POST {path} of {self.name} should be refused as {problem}; it answered {answered}",
                "The rule that refuses it does not hold.",
            )
        return said

    def send(
        self,
        who: Person,
        method: str,
        path: str,
        *,
        body: Json = None,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """The bare answer, whatever it is. Raises `Trouble` where there is none."""
        self.requests += 1
        sent = {"Authorization": f"Bearer {self._token(who)}", **(headers or {})}
        try:
            return self._client.request(method, path, json=body, params=query, headers=sent)
        except httpx.HTTPError as error:
            raise Trouble(
                f"{self.name} does not answer {method} {path}: {type(error).__name__}.", "See its log."
            ) from error

    def _token(self, who: Person) -> str:
        if who not in self._tokens:
            self._tokens[who] = self._mint(who)
        return self._tokens[who]

    def _version(self, who: Person, path: str | None) -> dict[str, str]:
        if path is None:
            return {}
        return {"If-Match": self._done(who, self.send(who, "GET", path)).headers["ETag"]}

    def _done(self, who: Person, response: httpx.Response) -> httpx.Response:
        if response.is_success:
            return response
        asked = f"{response.request.method} {response.request.url.path}"
        try:
            said = response.json()
            errors = "".join(f" {each['pointer']}: {each['detail']}." for each in said.get("errors", []))
            words = f"{said['title']}. {said['detail']}{errors} (trace {said['trace_id']})"
        except (ValueError, KeyError):
            words = response.text[:300]
        raise Trouble(f"{who.subject}: {asked} of {self.name} answered {response.status_code}: {words}", "See its log.")
