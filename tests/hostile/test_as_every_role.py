"""Requests that schemathesis makes up, as each role, on a state with real ids: refused or done, never failed.

`TIREK_HOSTILE_EXAMPLES` (default 3) is how many well-formed and how many malformed requests each operation gets from
each role that may call it; a hundred makes a long run. `TIREK_HOSTILE_SEED` gives others.
"""

import contextlib
import os
import random
import sys
import uuid
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response

from tests.hostile.cast import EVERYBODY, OFFICER
from tests.hostile.conftest import NAMES, Town
from tests.hostile.recording import Operation, name_of

EXAMPLES = int(os.environ.get("TIREK_HOSTILE_EXAMPLES", "3"))
SEED = int(os.environ.get("TIREK_HOSTILE_SEED", "20261122"))
ROLES = "x-roles"
WRONG_ROLE = {403, 404}

pytestmark = pytest.mark.timeout(60 + 400 * EXAMPLES)

load_all_checks()
_checks: list[Any] = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)


def made_up(operation: Operation, mode: GenerationMode, count: int) -> list[Case[Any]]:
    """So many requests, the same ones with each run; none where an operation takes nothing that could be malformed."""
    cases: list[Case[Any]] = []

    @seed(SEED)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode))
    def collect(case: Case[Any]) -> None:
        cases.append(case)

    with contextlib.suppress(Unsatisfiable):
        collect()
    return cases[:count]


class Visitor:
    """Sends made-up requests to one service and holds every answer against the description and the database."""

    def __init__(self, town: Town, service: str) -> None:
        self.town, self.service = town, service
        self.described, self.footprint = town.described[service], town.footprints[service]
        self.session = requests.Session()
        self.session.trust_env = False
        self.chance = random.Random(SEED)
        self.tokens = {role: town.mint(person) for role, person in EVERYBODY.items()}
        self.wrong: list[str] = []
        self.before = self.footprint.read()

    def send(self, case: Case[Any], role: str | None, token: str | None = None) -> Response:
        """Send the case as somebody of the role, or with this token, or without any."""
        token = token or self.tokens.get(role or "")
        case.headers.pop("Authorization", None)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.before = self.footprint.read()
        response = case.call(base_url=self.town.urls[self.service], session=self.session, headers=headers, timeout=30)
        self.town.records.count(self.service, case.operation, role or "nobody", response.status_code)
        self._hold(case, role, response)
        return response

    def _hold(self, case: Case[Any], role: str | None, response: Response) -> None:
        try:
            case.validate_response(response, checks=_checks)
        except (Failure, FailureGroup) as error:
            self._say(case, role, str(error))
        content_type = str(response.headers.get("content-type", [""])[0])
        said = response.content.decode("utf-8", "replace")
        if fault := self.described.undocumented(case.operation, response.status_code, content_type, said):
            self._say(case, role, f"{fault}: {said[:300]}")
        if response.status_code >= 400 and (after := self.footprint.read()) != self.before:
            changed = [table for table in after if after[table] != self.before.get(table)]
            self._say(case, role, f"{response.status_code}, and yet {changed} changed")

    def expect(self, case: Case[Any], role: str | None, response: Response, wanted: set[int]) -> None:
        """Note an answer that is not among those wanted."""
        if response.status_code not in wanted:
            self._say(case, role, f"answered {response.status_code}, not one of {sorted(wanted)}")

    def _say(self, case: Case[Any], role: str | None, what: str) -> None:
        self.wrong.append(f"{name_of(case.operation)} as {role}: {what}\n    {case.as_curl_command()[:600]}")

    def aim(self, case: Case[Any], *, as_seeded: bool = False) -> None:
        """Give the case real ids, a new key, the version that the thing has now, and the body that succeeded before."""
        places = list(self.town.records.places.get((self.service, name_of(case.operation)), {}).values())
        if places and case.operation.path_parameters:
            case.path_parameters = dict(self.chance.choice(places))
        known = self.town.records.bodies.get((self.service, name_of(case.operation)))
        if as_seeded and known is not None:
            case.body = known
        if "Idempotency-Key" in case.headers:
            case.headers["Idempotency-Key"] = str(uuid.uuid4())
        if "If-Match" in case.headers:
            case.headers["If-Match"] = self._version(case)

    def _version(self, case: Case[Any]) -> str:
        path = "/".join(case.formatted_path.split("/")[:4])
        headers = {"Authorization": f"Bearer {self.town.mint(OFFICER)}"}
        found = self.session.get(self.town.urls[self.service] + path, headers=headers, timeout=30)
        return str(found.headers.get("ETag", '"1"'))


def visit(visitor: Visitor, operation: Operation) -> None:
    """One operation: as those who may, with good and with bad data; as those who may not; as nobody."""
    raw = operation.definition.raw
    may = [role for role in EVERYBODY if role in raw.get(ROLES, EVERYBODY)]
    good = made_up(operation, GenerationMode.POSITIVE, EXAMPLES)
    for number, case in enumerate(good):
        for role in may:
            visitor.aim(case, as_seeded=number % 2 == 1)
            visitor.send(case, role)
    for role in (role for role in EVERYBODY if role not in may):
        visitor.aim(good[0])
        visitor.expect(good[0], role, visitor.send(good[0], role), WRONG_ROLE)
    if raw["security"]:
        for token in (None, "a.b.c"):
            visitor.expect(good[0], None, visitor.send(good[0], None, token), {401})
    for case in made_up(operation, GenerationMode.NEGATIVE, EXAMPLES):
        for role in may:
            visitor.send(case, role)


@pytest.mark.parametrize("service", NAMES)
def test_made_up_requests_of_every_role_are_done_or_refused_and_a_refusal_changes_nothing(
    town: Town, service: str
) -> None:
    visitor = Visitor(town, service)
    for operation in town.described[service].operations:
        visit(visitor, operation)
    table = town.records.table(service, [*EVERYBODY, "nobody"])
    sys.stdout.write(f"\n{service}: operation x role, 2xx/4xx\n{table}\n")
    assert not visitor.wrong, f"{len(visitor.wrong)} answers are wrong:\n" + "\n".join(visitor.wrong[:20])


@pytest.mark.parametrize("service", NAMES)
def test_every_operation_succeeds_at_least_once_and_every_answer_is_as_described(town: Town, service: str) -> None:
    names = [name_of(operation) for operation in town.described[service].operations]
    assert [name for name in names if town.records.succeeded(service, name) == 0] == []
    assert town.records.wrong == []
