"""What a caller sees, by the roles in which it acts."""

import uuid

from sqlmodel import Field, SQLModel
from starlette.requests import Request

from shared.access.callers import Caller, Role
from shared.access.sight import ROLES_OF_ROUTE, Sight
from shared.identity import recipient_id

KEY = b"recipient key of the tests"
BIN = "211240038069"
BOTH = Caller("aigul", frozenset({Role.OFFICER, Role.APPLICANT}), institute="export", bin=BIN)


class Grant(SQLModel, table=True):
    __tablename__ = "grant_of_the_sight_tests"

    id: uuid.UUID = Field(primary_key=True)
    institute: str
    recipient_id: uuid.UUID


class _App:
    class state:  # noqa: N801 - as Starlette names it
        recipient_key = KEY


def _condition(sight: Sight) -> str:
    compiled = sight.of(Grant).compile(compile_kwargs={"literal_binds": True})
    return str(compiled).replace("grant_of_the_sight_tests.", "")


def _through(*roles: Role) -> Sight:
    request = Request({"type": "http", "app": _App, ROLES_OF_ROUTE: frozenset(roles)})
    return Sight.of_request(request, BOTH)


OWN = f"recipient_id = '{recipient_id(BIN, KEY).hex}'"


def test_who_is_an_officer_and_an_applicant_reads_both() -> None:
    assert _condition(_through()) == f"institute = 'export' OR {OWN}"


def test_an_officers_operation_does_not_reach_what_is_the_callers_own_elsewhere() -> None:
    assert _condition(_through(Role.OFFICER, Role.APPROVER)) == "institute = 'export'"


def test_an_applicants_operation_does_not_reach_what_is_the_institutes() -> None:
    assert _condition(_through(Role.APPLICANT)) == OWN


def test_who_has_none_of_the_roles_sees_nothing() -> None:
    assert _condition(_through(Role.SERVICE)) == "false"
    assert _condition(Sight(Caller("robot", frozenset({Role.SERVICE}), institute="industry"), KEY)) == "false"
