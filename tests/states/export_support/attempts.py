"""How each verb of export support is tried: by whom, with what, on which day."""

from typing import Any

from export_support.sheets.api import XLSX
from shared.access.callers import Role
from tests.export_support.builders import a_line
from tests.export_support.desk import OFFICER, PLAN, Person
from tests.export_support.drafting import a_content
from tests.export_support.sheets.books import a_book
from tests.states import reference
from tests.states.house import NOBODY, Attempt, House

KEY = "the recipient key of the tests"
LATE = "2026-01-12"
BIN = "211240038069"
APPLICANT = Person("applicant-1", (Role.APPLICANT,), None, BIN)
_R = "/requests/{request_id}"


def request(house: House) -> Any:
    """A new request in the call."""
    applicant = {"name": "Sample", "number": BIN}
    return {"call_id": house.ids.get("call_id", NOBODY), "applicant": applicant, "content": a_content()}


_ALL = (
    Attempt("POST /calls", OFFICER, PLAN, keeps={"call_id": "id"}),
    Attempt("PUT /calls/{call_id}", OFFICER, PLAN | {"title": "Export costs of the year"}),
    Attempt("POST /calls/{call_id}/opening", OFFICER),
    Attempt("POST /calls/{call_id}/opening", OFFICER, on=LATE, when="after its window"),
    Attempt("POST /requests", APPLICANT, request, keeps={"request_id": "id"}),
    Attempt(f"PUT {_R}/content", APPLICANT, {"content": a_content(about="Pumps.")}),
    Attempt(f"POST {_R}/lines", APPLICANT, {"cost": a_line()}, keeps={"line_id": "id"}),
    Attempt(f"PUT {_R}/lines/{{line_id}}", APPLICANT, {"cost": a_line("ict-rent")}),
    Attempt(f"DELETE {_R}/lines/{{line_id}}", APPLICANT),
    Attempt(f"POST {_R}/line-imports", APPLICANT, (XLSX, a_book(a_line("ict-rent")))),
    Attempt(f"POST {_R}/submission", APPLICANT),
    Attempt(f"POST {_R}/submission", APPLICANT, on=LATE, when="after the window of the call"),
    Attempt(f"POST {_R}/withdrawal", APPLICANT, {"reason": "Asked for elsewhere."}),
    *reference.ATTEMPTS,
)
ATTEMPTS = {attempt.name: attempt for attempt in _ALL}
