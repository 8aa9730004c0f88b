"""The row of a dated list, which both services keep in the same way: its states and verbs."""

from tests.grants.desk import MEMBERS, OFFICER
from tests.states.house import Attempt, House
from tests.states.tables import State, Table

_HERE = "/reference-rows/{row_id}"
_CSV = "day,effective_from,effective_to,kind,name,source\n2026-09-14,2026-09-14,2026-09-14,day-off,made up,a test\n"
_ROW, _IMPORT = "POST /reference-rows/{row_id}/confirmation", "POST /list-imports/{import_id}/confirmation"


async def a_holiday(house: House) -> None:
    """A row of the list of holidays, as the installation brought it."""
    house.ids["list_name"] = "holidays"
    found = await house.read("/lists/{list_name}/entries", OFFICER, on="2026-01-01")
    house.ids["row_id"], house.ids["import_id"] = found["items"][0]["id"], found["items"][0]["import_id"]


ATTEMPTS = (
    Attempt("POST /lists/{list_name}/lookups", OFFICER, {"key": "2026-01-01", "on": "2026-01-01"}),
    Attempt(_ROW, OFFICER, when="by one"),
    Attempt(_ROW, MEMBERS[0], when="by another"),
    Attempt(_IMPORT, OFFICER, when="by one"),
    Attempt(_IMPORT, MEMBERS[0], when="by another"),
    Attempt("POST /list-imports", OFFICER, {"list_name": "holiday-overrides", "csv": _CSV}),
    Attempt(f"POST {_HERE}/withdrawal-proposal", OFFICER, {"reason": "Never was one."}),
    Attempt(f"POST {_HERE}/withdrawal-approval", OFFICER, when="by the one who proposed"),
    Attempt(f"POST {_HERE}/withdrawal-approval", MEMBERS[0], when="by another"),
    Attempt(f"POST {_HERE}/withdrawal-rejection", MEMBERS[0]),
)

TABLE = Table(
    "reference-row",
    "Row of a dated list",
    "reference_list_entry",
    "row_id",
    (
        State("unverified", None, (a_holiday,)),
        State("confirmed by one", "unverified", (f"{_ROW}, by one",)),
        State("verified", "confirmed by one", (f"{_ROW}, by another",)),
        State("withdrawal proposed", "unverified", (f"POST {_HERE}/withdrawal-proposal",)),
        State("withdrawn", "withdrawal proposed", (f"POST {_HERE}/withdrawal-approval, by another",)),
        State("import verified", "unverified", (f"{_IMPORT}, by one", f"{_IMPORT}, by another")),
    ),
    rooms=("reference",),
)
