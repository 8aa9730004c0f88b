"""What each operation answered to each role, and whether every answer was one that its description knows."""

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema

from tirek_local.stories.people import Mint, Person
from tirek_local.stories.rest import Api

Json = Any
Operation = APIOperation[Any, Any, Any, Any]

PROBLEM = "application/problem+json"


@dataclass
class Records:
    """By service, operation and role: how often each status; the bodies and places of what succeeded."""

    counted: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)
    bodies: dict[tuple[str, str], Json] = field(default_factory=dict)
    places: dict[tuple[str, str], dict[str, dict[str, str]]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, service: str, operation: Operation, role: str, status: int) -> None:
        """One more answer."""
        self.counted[service, name_of(operation), role, status] += 1

    def succeeded(self, service: str, name: str) -> int:
        """How many answers of the operation were 2xx."""
        return sum(n for (s, o, _, status), n in self.counted.items() if (s, o) == (service, name) and status < 300)

    def table(self, service: str, roles: list[str]) -> str:
        """Operation x role: how many 2xx and how many 4xx."""
        names = sorted({operation for s, operation, _, _ in self.counted if s == service})
        rows = [["operation", *roles]]
        for name in names:
            row = [name]
            for role in roles:
                mine = {st: n for (s, o, r, st), n in self.counted.items() if (s, o, r) == (service, name, role)}
                good = sum(n for status, n in mine.items() if status < 300)
                row.append(f"{good}/{sum(mine.values()) - good}")
            rows.append(row)
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def name_of(operation: Operation) -> str:
    """The operation's stable name."""
    return str(operation.definition.raw["operationId"])


@dataclass
class Described:
    """A service's description, and which operation a request belongs to."""

    service: str
    schema: BaseSchema
    document: Json
    operations: list[Operation] = field(init=False)

    def __post_init__(self) -> None:
        self.operations = [result.ok() for result in self.schema.get_all_operations() if isinstance(result, Ok)]
        by_parameters = sorted(self.operations, key=lambda operation: operation.path.count("{"))
        self._patterns = [
            (
                operation.method.upper(),
                re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", operation.path) + r"\Z"),
                operation,
            )
            for operation in by_parameters
        ]

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        """The operation of a request, and its path parameters."""
        for its_method, pattern, operation in self._patterns:
            if its_method == method and (found := pattern.match(path)):
                return operation, found.groupdict()
        return None

    def problems_of(self, operation: Operation, status: int) -> set[str]:
        """The names of the refusals that an operation documents for a status."""
        response = operation.definition.raw["responses"].get(str(status), {})
        if "$ref" in response:
            response = self.document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        return set(response.get("content", {}).get(PROBLEM, {}).get("examples", {}))

    def undocumented(self, operation: Operation, status: int, content_type: str, text: str) -> str | None:
        """What is wrong with a refusal: no problem, or one that the operation does not document."""
        if status < 400:
            return None
        if not content_type.startswith(PROBLEM):
            return f"{status} as {content_type}"
        name = str(json.loads(text)["type"]).removeprefix("/problems/")
        return None if name in self.problems_of(operation, status) else f"{status} {name} is not documented"


class RecordingApi(Api):
    """A service reached as people reach it; every answer is compared with the description and counted."""

    def __init__(
        self, described: Described, url: str, mint: Mint, before: Callable[[], None], records: Records
    ) -> None:
        super().__init__(described.service, url, mint, before)
        self._described, self._records = described, records

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
        """Send, compare, count, and keep the body and the place of what succeeded."""
        response = super().send(who, method, path, body=body, query=query, headers=headers)
        found = self._described.find(method, urlsplit(path).path)
        assert found is not None, f"{method} {path} is not described"
        operation, place = found
        self._records.count(self.name, operation, who.role.value, response.status_code)
        try:
            operation.validate_response(response)
        except (Failure, FailureGroup) as error:
            self._records.wrong.append(f"{name_of(operation)}: {error}")
        content_type = response.headers.get("content-type", "")
        said = response.content.decode("utf-8", "replace")
        if fault := self._described.undocumented(operation, response.status_code, content_type, said):
            self._records.wrong.append(f"{name_of(operation)}: {fault}")
        if response.is_success:
            self._keep(name_of(operation), who, place, body)
        return response

    def _keep(self, name: str, who: Person, place: dict[str, str], body: Json) -> None:
        key = (self.name, name)
        self._records.places.setdefault(key, {})[json.dumps(place, sort_keys=True)] = place
        if body is not None:
            self._records.bodies[key] = body
