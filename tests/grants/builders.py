"""Companies, contents, calls and applications: each builder takes only the fact that matters."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from grants.applications.content import Content
from grants.applications.model import Application
from grants.applications.status import ApplicationStatus
from grants.calls.model import Call
from grants.eligibility.conditions import Condition
from grants.terms import Due
from shared.values.identifiers import check_digit

MONDAY = datetime(2024, 11, 11, 5, 0, tzinfo=UTC)
"""11 November 2024, 10:00 in Almaty."""

CALL_ID = UUID("00000000-0000-4000-8000-000000000001")
RECIPIENT_ID = UUID("00000000-0000-4000-8000-000000000002")

_serial = count(1)


def a_bin(serial: int | None = None) -> str:
    """A valid BIN of a resident company, another one with each call."""
    number = next(_serial) if serial is None else serial
    while True:
        eleven = f"210140{number:05d}"
        digit = check_digit(eleven)
        if digit is not None:
            return f"{eleven}{digit}"
        number = next(_serial) + 50_000


def an_iin(serial: int = 1) -> str:
    """A valid IIN."""
    while True:
        eleven = f"8501013{serial:04d}"
        digit = check_digit(eleven)
        if digit is not None:
            return f"{eleven}{digit}"
        serial += 1


def declarations(**facts: Any) -> dict[str, Any]:
    """What an applicant that fulfils everything declares."""
    return {
        "counter_obligations_accepted": True,
        "agro_industrial": False,
        "small_or_medium": True,
        "active_since": "2015-03-02",
        "only_priority_goods": True,
        "excluded_by_rules": False,
        "affiliated_with_supplier": False,
        "qualified_staff": True,
        "debt": "0.00",
        "debt_deferred": False,
        **facts,
    }


def a_content(**facts: Any) -> dict[str, Any]:
    """A content that can be submitted: pumps, 200 million of cost, half of it from the grant."""
    return {
        "title": "Насос зауытын кеңейту",
        "description": "A second line for centrifugal pumps.\nTwo shifts.",
        "region": "750000000",
        "oked": "28131",
        "fea_cn": "8413702100",
        "requested_amount": "100000000.00",
        "project_cost": "200000000.00",
        "budget": [
            {
                "item": "equipment",
                "description": "Machining centres",
                "amount": "180000000.00",
                "from_grant": "100000000.00",
            },
            {"item": "training", "description": "Operators", "amount": "20000000.00", "from_grant": "0.00"},
        ],
        "documents": [
            {"kind": "application-form", "name": "form.pdf", "sha256": "a" * 64, "size": 1000},
            {"kind": "business-plan", "name": "plan.pdf", "sha256": "b" * 64, "size": 2000},
        ],
        "declarations": declarations(),
        **facts,
    }


def content(**facts: Any) -> Content:
    """The same as the rules read it."""
    return Content.model_validate(a_content(**facts))


def due(on: date) -> Due:
    """A last day."""
    return Due(on, "kz-test", "00000000-0000-4000-8000-00000000000a")


def a_call(**facts: Any) -> Call:
    """A planned call from 1 November to 31 December 2024."""
    return Call(
        **{
            "institute": "industry",
            "title": "Pumps 2024",
            "description": "For makers of pumps.",
            "budget": Decimal("500000000.00"),
            "opens_on": date(2024, 11, 1),
            "closes_on": date(2024, 12, 31),
            "created_by": "officer-1",
            "created_at": MONDAY,
            **facts,
        }
    )


def an_application(status: ApplicationStatus = ApplicationStatus.DRAFT, **facts: Any) -> Application:
    """An application that has gone the way to this status; its last days lie in November and December 2024."""
    application = Application(
        **{
            "institute": "industry",
            "call_id": CALL_ID,
            "number": "IG-2024-000001",
            "applicant_name": "Sample",
            "applicant_number": "210140000017",
            "recipient_id": RECIPIENT_ID,
            "created_by": "applicant-1",
            "created_at": MONDAY,
            "content": {},
            **facts,
        }
    )
    application.write(content())
    for step in WAYS[status]:
        step(application)
    return application


def _return(application: Application) -> None:
    application.return_for_correction(1, MONDAY, due(date(2024, 11, 20)))


def _examined(application: Application) -> None:
    application.ask_expert("expert-1")
    application.examined(Decimal("70.00"), MONDAY, due(date(2024, 12, 16)))


HEARD = datetime(2024, 11, 15, 5, 0, tzinfo=UTC)
"""The day after the last one of the hearing."""
COMPLAINT_UNTIL = date(2025, 2, 17)

_submitted = [lambda a: a.submit(MONDAY, due(date(2024, 11, 18)))]
_examination = [*_submitted, lambda a: a.complete(MONDAY, due(date(2024, 12, 2)))]
_commission = [*_examination, _examined]
_hearing = [*_commission, lambda a: a.open_hearing(MONDAY, date(2024, 11, 14), due(date(2024, 11, 21)))]

WAYS: dict[ApplicationStatus, list[Any]] = {
    ApplicationStatus.DRAFT: [],
    ApplicationStatus.SUBMITTED: _submitted,
    ApplicationStatus.RETURNED: [*_submitted, _return],
    ApplicationStatus.EXAMINATION: _examination,
    ApplicationStatus.COMMISSION: _commission,
    ApplicationStatus.HEARING: _hearing,
    ApplicationStatus.APPROVED: [
        *_commission,
        lambda a: a.approve(Decimal("90000000.00"), MONDAY, due(date(2024, 11, 25))),
    ],
    ApplicationStatus.REFUSED: [
        *_hearing,
        lambda a: a.refuse(Condition.COMPLIANCE, "Item 4", HEARD, COMPLAINT_UNTIL),
    ],
    ApplicationStatus.ANNULLED: [*_submitted, _return, lambda a: a.annul(datetime(2024, 11, 21, 5, tzinfo=UTC))],
    ApplicationStatus.WITHDRAWN: [*_submitted, lambda a: a.withdraw("No need any more", MONDAY)],
}
"""How an application comes to each status."""
