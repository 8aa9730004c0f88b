"""The institute of industry sees nothing of what belongs to the export institute, and the other way round."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from shared.access.roles import Role
from tests.journeys.agreed import Agreed, Institute, account_of, agreed
from tirek_local.stories.acts import funds, monitoring, recovery
from tirek_local.stories.people import EXPORT, INDUSTRY, Person
from tirek_local.stories.rest import Api
from tirek_local.stories.stage import Stage

pytestmark = pytest.mark.timeout(300)

STAFF = (Role.OFFICER, Role.APPROVER, Role.AUDITOR, Role.EXPERT, Role.OPERATOR)
BINS = {INDUSTRY: "170240000029", EXPORT: "180340000035"}
OTHER = {INDUSTRY: EXPORT, EXPORT: INDUSTRY}
FOR_SERVICES = re.compile(r"/v1/agreements/\{agreement_id\}/(positions|standing)$")
OF_ALL = re.compile(
    r"/v1/(base-rates|rule-sets|indicators|parameters|lists|reference-rows|list-imports)|/(health|problems)/|/v1/recipients/"
)
"""What belongs to no institute; and a recipient's standing, which both may ask for (Law 86-VII, Art. 6(3))."""

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Belongings:
    """What an institute has: ids by the names that paths and filters give them."""

    agreement: Agreed
    ids: dict[str, str]
    recipient_id: str


@dataclass(frozen=True)
class Operation:
    """An operation of a service, as its OpenAPI document has it."""

    service: str
    method: str
    path: str
    required: tuple[str, ...]
    filters: tuple[str, ...]
    has_body: bool

    def at(self, ids: dict[str, str]) -> str | None:
        """The path with these ids; none where it wants an id that is not among them."""
        found = {name: self.own(name, ids) for name in re.findall(r"\{(\w+)\}", self.path)}
        if not all(found.values()):
            return None
        return self.path.format(**found)

    def own(self, name: str, ids: dict[str, str]) -> str | None:
        """The id of this name in this service: two services may give one name to different things."""
        return ids.get(f"{self.service} {name}", ids.get(name))

    @property
    def is_list(self) -> bool:
        """Whether it lists without being asked for anything in particular."""
        return self.method == "GET" and "{" not in self.path


@pytest.fixture(scope="module")
def belongings(stage: Stage) -> dict[str, Belongings]:
    """Each institute with an agreement from its call to a claim that is heard and partly repaid."""
    stage.on("2022-11-07")
    made = {}
    for name in (INDUSTRY, EXPORT):
        at = Institute(name)
        account = account_of(stage, at, "50000000.00")
        days = [("10000000.00", "2022-11-07"), ("10000000.00", "2024-11-07")]
        made[name] = agreed(stage, account, BINS[name], days, [2022], amount="20000000.00", institute=at)
        made[name].pay(stage, 1, f"OUT-{name}")
    stage.on("2023-02-06")
    return {name: _with_a_claim(stage, agreement) for name, agreement in made.items()}


def _with_a_claim(stage: Stage, agreement: Agreed) -> Belongings:
    officer, applicant = agreement.institute.officer, agreement.applicant
    change = _asks_for_another_day(stage, agreement)
    report = monitoring.report(stage, applicant, agreement.obligations[2022], "100000000")
    claim = recovery.claim_where(stage, officer, agreement.agreement_id, 2022, fulfilment="0.25")
    recovery.notify(stage, officer, claim["id"])
    recovery.repay(stage, officer, claim["id"], "100000.00", f"IN-{officer.institute}")
    conclusions = stage.grants.items(officer, f"/v1/applications/{agreement.application_id}/conclusions")
    planned = {"title": "Planned", "description": "Not open yet.", "budget": "1.00", "opens_on": "2024-01-01"}
    call = stage.grants.post(officer, "/v1/calls", planned | {"closes_on": "2024-02-01"})
    project_report = stage.grants.items(officer, "/v1/reports", agreement_id=agreement.agreement_id)[0]
    ids = {
        "call_id": call["id"],
        "change_id": change,
        "grants report_id": project_report["id"],
        "application_id": agreement.application_id,
        "conclusion_id": conclusions[0]["id"],
        "agreement_id": agreement.agreement_id,
        "tranche_id": agreement.tranche_ids[1],
        "account_id": agreement.account_id,
        "obligation_id": agreement.obligations[2022],
        "report_id": report["report_id"],
        "claim_id": claim["id"],
    }
    return Belongings(agreement, ids, claim["recipient_id"])


def _asks_for_another_day(stage: Stage, agreement: Agreed) -> str:
    path = f"/v1/agreements/{agreement.agreement_id}"
    wanted = {"kind": "schedule", "tranches": [{"tranche_id": agreement.tranche_ids[1], "planned_on": "2024-11-08"}]}
    asked = {"change": wanted, "reason": "The supplier is late."}
    return str(stage.grants.post(agreement.applicant, f"{path}/change-requests", asked, resting_on=path)["id"])


@pytest.fixture(scope="module")
def operations(stage: Stage) -> list[Operation]:
    """What both services offer to people."""
    found = [*_operations(stage.grants), *_operations(stage.obligations)]
    assert len(found) > 80
    return found


def _operations(api: Api) -> Iterator[Operation]:
    document = api.send(Institute().officer, "GET", "/openapi.json").json()
    for path, methods in document["paths"].items():
        if FOR_SERVICES.match(path) or OF_ALL.search(path):
            continue
        for method, described in methods.items():
            asked = [each for each in described.get("parameters", []) if each.get("in") == "query"]
            yield Operation(
                api.name,
                method.upper(),
                path,
                tuple(each["name"] for each in asked if each["required"]),
                tuple(each["name"] for each in asked if not each["required"]),
                "requestBody" in described,
            )


def observers(institute: str, applicant: Person) -> Iterator[Person]:
    """Everybody who works for an institute, in each role, and its company."""
    for role in STAFF:
        yield Person(f"{role}-1", role, institute)
    yield applicant


def api_of(stage: Stage, operation: Operation) -> Api:
    """The service of an operation."""
    return {"grants": stage.grants, "obligations": stage.obligations}[operation.service]


QUERY = {"as_of": "2023-02-06", "year": "2022"}


@pytest.mark.parametrize("institute", [INDUSTRY, EXPORT])
def test_no_list_shows_anything_of_the_other_institute(
    stage: Stage, belongings: dict[str, Belongings], operations: list[Operation], institute: str
) -> None:
    own, foreign = belongings[institute], belongings[OTHER[institute]]
    lists, seen = [each for each in operations if each.is_list], set()
    for person in observers(institute, own.agreement.applicant):
        for operation in lists:
            answer = api_of(stage, operation).send(person, "GET", operation.path)
            assert answer.status_code in {200, 403}, (person, operation, answer.text)
            shown = set(ID.findall(answer.text))
            assert shown.isdisjoint(foreign.ids.values()), (person, operation)
            if shown & set(own.ids.values()):
                seen.add((operation.service, operation.path))
            _filtered_lists_are_empty(stage, operation, person, foreign.ids)
    assert seen == {(each.service, each.path) for each in lists}  # each list shows its own institute something


def _filtered_lists_are_empty(stage: Stage, operation: Operation, person: Person, foreign: dict[str, str]) -> None:
    for name in set(operation.filters) & foreign.keys():
        answer = api_of(stage, operation).send(person, "GET", operation.path, query={name: foreign[name]})
        assert answer.status_code == 403 or answer.json()["items"] == [], (person, operation, name)


@pytest.mark.parametrize("institute", [INDUSTRY, EXPORT])
def test_nothing_of_the_other_institute_can_be_read_by_its_id(
    stage: Stage, belongings: dict[str, Belongings], operations: list[Operation], institute: str
) -> None:
    own, foreign = belongings[institute], belongings[OTHER[institute]]
    reads = [each for each in operations if each.method == "GET" and not each.is_list]
    for person in observers(institute, own.agreement.applicant):
        for operation in reads:
            answer = _asked(stage, operation, person, foreign.ids | {"number": "1"})
            assert answer is None or answer[0] in {404, 403}, (person, operation, answer)


@pytest.mark.parametrize("institute", [INDUSTRY, EXPORT])
def test_no_command_reaches_anything_of_the_other_institute(
    stage: Stage, belongings: dict[str, Belongings], operations: list[Operation], institute: str
) -> None:
    own, foreign = belongings[institute], belongings[OTHER[institute]]
    commands = [each for each in operations if each.method == "POST" and "{" in each.path]
    reached = set()
    for person in observers(institute, own.agreement.applicant):
        for operation in commands:
            answer = _asked(stage, operation, person, foreign.ids)
            if answer is None:
                continue
            assert answer[0] in ({422, 404, 403} if operation.has_body else {404, 403}), (person, operation, answer)
            if answer[0] == 404:
                reached.add(operation.path)
    assert len(reached) > 10  # the scope said no, not only the role


def _asked(stage: Stage, operation: Operation, person: Person, ids: dict[str, str]) -> tuple[int, Any] | None:
    path = operation.at(ids)
    if path is None:
        return None
    query = {name: QUERY[name] for name in operation.required}
    headers = {"If-Match": '"1"', "Idempotency-Key": f"{person.subject} {person.institute} {path}"}
    body: dict[str, str] | None = {} if operation.has_body else None
    answer = api_of(stage, operation).send(person, operation.method, path, query=query, headers=headers, body=body)
    return answer.status_code, answer.text[:300]


@pytest.mark.parametrize("institute", [INDUSTRY, EXPORT])
def test_of_a_recipient_the_other_institute_learns_measure_year_and_since_when_only(
    stage: Stage, belongings: dict[str, Belongings], institute: str
) -> None:
    foreign = belongings[OTHER[institute]]
    officer = belongings[institute].agreement.institute.officer
    answer = stage.obligations.get(officer, f"/v1/recipients/{foreign.recipient_id}/standing")
    (breach,) = answer["open_breaches"]
    assert not answer["clear"]
    assert {name: breach[name] for name in ("own", "agreement_id", "obligation_id")} == {
        "own": False,
        "agreement_id": None,
        "obligation_id": None,
    }


def test_what_is_public_is_seen_by_both(stage: Stage, belongings: dict[str, Belongings]) -> None:
    for institute in belongings:
        other = belongings[OTHER[institute]].agreement
        assert stage.grants.get(Institute(institute).officer, f"/v1/calls/{other.call_id}")["status"] == "open"
    assert funds.standing(stage, Institute(INDUSTRY).officer, belongings[INDUSTRY].agreement.account_id)
