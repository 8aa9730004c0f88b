"""How each verb of export support is tried: by whom, with what, on which day."""

from tests.export_support.desk import OFFICER, PLAN
from tests.states import reference
from tests.states.house import Attempt

KEY = "the recipient key of the tests"
LATE = "2026-01-12"

_ALL = (
    Attempt("POST /calls", OFFICER, PLAN, keeps={"call_id": "id"}),
    Attempt("PUT /calls/{call_id}", OFFICER, PLAN | {"title": "Export costs of the year"}),
    Attempt("POST /calls/{call_id}/opening", OFFICER),
    Attempt("POST /calls/{call_id}/opening", OFFICER, on=LATE, when="after its window"),
    *reference.ATTEMPTS,
)
ATTEMPTS = {attempt.name: attempt for attempt in _ALL}
