"""Changes of an agreement and reports on its project: how their verbs are tried, and in which states."""

from typing import Any

from grants.changes.model import ChangeStatus
from grants.reports.model import ReportStatus
from shared.access.callers import Role
from tests.grants.desk import MEMBERS, OFFICER, Person
from tests.states.grants import facts
from tests.states.house import NOBODY, Attempt, House

APPLICANT = Person("applicant-1", (Role.APPLICANT,), None, facts.BIN)
GOAL = {
    "indicator": "export-revenue",
    "direction": "export-oriented-output",
    "mode": "level",
    "target": "400000000",
    "unit": "tenge",
    "weight": "1",
}
AFTER_THE_YEAR, OVERDUE = "2026-01-20", "2026-03-02"
_G, _C, _R = "/agreements/{agreement_id}", "/changes/{change_id}", "/reports/{report_id}"
_REASON = {"reason": "Agreed."}
_ADDENDUM = {"obligations": [GOAL | {"target": "300000000"}], "rule_set": "default", **_REASON}
_DONE = {"content": {"summary": "Done."}}
_AGAIN = {"content": {"summary": "Done, as the photographs show."}, "answers": [{"number": 1, "answer": "Shown."}]}
_KEEPS = {"change_id": "id"}


def schedule(house: House) -> Any:
    """The second tranche is wanted later."""
    days = [{"tranche_id": house.ids.get("other_tranche_id", NOBODY), "planned_on": "2025-05-05"}]
    return {"change": {"kind": "schedule", "tranches": days}, **_REASON}


ATTEMPTS = (
    Attempt(f"POST {_G}/change-requests", APPLICANT, schedule, keeps=_KEEPS),
    Attempt(f"POST {_G}/addenda", OFFICER, _ADDENDUM, keeps=_KEEPS),
    Attempt(f"POST {_G}/termination", OFFICER, _REASON, keeps=_KEEPS),
    Attempt(f"POST {_C}/proposal", OFFICER),
    Attempt(f"POST {_C}/approval", MEMBERS[0]),
    Attempt(f"POST {_C}/approval", Person("officer-1", (Role.APPROVER,)), when="by the one who proposed"),
    Attempt(f"POST {_C}/refusal", MEMBERS[0], _REASON),
    Attempt(f"POST {_C}/withdrawal", APPLICANT),
    Attempt(f"POST {_R}/submission", APPLICANT, _DONE),
    Attempt(f"POST {_R}/submission", APPLICANT, _AGAIN, when="with an answer"),
    Attempt(f"POST {_R}/return", OFFICER, {"remarks": [{"field": "/summary", "remark": "Show it."}]}),
    Attempt(f"POST {_R}/acceptance", OFFICER),
    Attempt("job note reports that are overdue", when="within the term"),
    Attempt("job note reports that are overdue", on=OVERDUE, when="after the last day"),
    Attempt("job ask for closing reports"),
)

ENDED = (f"POST {_G}/termination", f"POST {_C}/approval")
ACCEPTED = (f"POST {_R}/submission", f"POST {_R}/acceptance")


async def first_report(house: House) -> None:
    """Learn the id of the report of the year."""
    house.ids["report_id"] = (await house.read("/agreements/{agreement_id}", OFFICER))["reports"][0]["id"]


async def closing_report(house: House) -> None:
    """Learn the id of the closing report."""
    found = (await house.read("/agreements/{agreement_id}", OFFICER))["reports"]
    house.ids["report_id"] = next(each["id"] for each in found if each["kind"] == "closing")


async def after_the_year(house: House) -> None:
    """The reporting year is over."""
    house.clock.on(AFTER_THE_YEAR)


ALL_REPORTED = (after_the_year, first_report, *ACCEPTED, "job ask for closing reports", closing_report, *ACCEPTED)
CHANGE, REPORT = ChangeStatus, ReportStatus
