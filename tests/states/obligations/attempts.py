"""How each verb of obligations is tried: by whom, with what, on which day."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid5

from obligations.claims.identity import claim_id_of
from obligations.obligations.commands import obligation_id
from obligations.service import service
from shared.access.callers import Role
from shared.contracts.event import Event
from shared.contracts.obligations import BreachReason
from shared.contracts.support import Direction, Measure, ObligationTerm, PlannedTranche, TargetMode
from shared.identity import recipient_id
from tests.grants.desk import MEMBERS, OFFICER, Person
from tests.states import reference
from tests.states.house import NOBODY, Attempt, House

KEY = "recipient key of the tests"
BIN = "211240038069"
APPLICANT = Person("applicant-1", (Role.APPLICANT,), None, BIN)
SECOND_OFFICER = Person("officer-2", (Role.OFFICER,))
APPROVER = MEMBERS[0]
AGREEMENT, TERM, TRANCHE = (uuid5(NOBODY, name) for name in ("agreement", "term", "tranche"))
OBLIGATION, CLAIM = obligation_id(AGREEMENT, TERM, 2025), claim_id_of(AGREEMENT, 2025)
IDS = {
    "agreement_id": AGREEMENT, "obligation_id": OBLIGATION, "claim_id": CLAIM, "tranche_id": TRANCHE,
}  # fmt: skip
AMOUNT = Decimal("100000000.00")
ACCEPTED = {"accepted_unverified": ["rule-set/default"]}


def term(target: str = "1000") -> ObligationTerm:
    """Export revenue of 1000 in 2025."""
    return ObligationTerm(
        term_id=TERM,
        indicator="export-revenue",
        direction=Direction.EXPORT,
        mode=TargetMode.LEVEL,
        target=Decimal(target),
        unit="thousand USD",
        weight=Decimal(1),
        reporting_years=(2025,),
    )


def said(name: str, **more: Any) -> Callable[[House], Event]:
    """An event of this type about the agreement, its tranche, its obligation and its claim, as things stand."""
    kind = next(kind for consumer in service.consumers for kind in consumer.handlers if kind.type == f"{name}.v1")

    def build(house: House) -> Event:
        facts = {**_facts(house), **house.facts.get("terms", {}), **more}
        return kind.model_validate({field: facts[field] for field in kind.model_fields if field in facts})

    return build


def _facts(house: House) -> dict[str, Any]:
    today = house.clock.at.date()
    planned = PlannedTranche(tranche_id=TRANCHE, number=1, amount=AMOUNT, planned_on=date(2025, 2, 3))
    return {
        "occurred_at": house.clock.at, "agreement_id": AGREEMENT, "obligation_id": OBLIGATION, "claim_id": CLAIM,
        "tranche_id": TRANCHE, "measure": Measure.INDUSTRIAL_GRANT, "recipient_id": recipient_id(BIN, KEY.encode()),
        "number": "IG-2025-1", "amount": AMOUNT, "signed_on": date(2025, 1, 15), "rule_set": "default",
        "obligations": (term(),), "tranches": (planned,), "reason": "so", "amended_on": today, "completed_on": today,
        "terminated_on": today, "disbursed_on": date(2025, 2, 3), "bank_reference": "OUT-1", "cancelled_on": today,
        "reversed_on": date(2025, 2, 5), "reporting_year": 2025, "fulfilment": Decimal("0.70"), "provisional": False,
        "indicator": "export-revenue", "direction": Direction.EXPORT, "due_on": date(2026, 2, 16), "report_id": NOBODY,
        "revision": 1, "achieved": Decimal(700), "repayment_id": NOBODY, "refund_id": NOBODY, "to_principal": AMOUNT,
        "to_interest": Decimal("0.00"), "overpaid": Decimal("0.00"), "received_on": today, "paid_on": today,
        "proposed_by": "o", "approved_by": "a", "rate_id": NOBODY, "effective_from": date(2025, 3, 11),
        "percent": Decimal("16.5"), "source": "so", "verified": False, "known_until": date(2026, 10, 26),
        "replaces": NOBODY,
    }  # fmt: skip


def _heard() -> list[Attempt]:
    """Every event that some consumer hears, once; another addendum and a breach told with its reason beside."""
    found = []
    for consumer in service.consumers:
        for kind in consumer.handlers:
            name = kind.type.removesuffix(".v1")
            subject = "tranche_id" if "tranche" in name else "agreement_id" if name.startswith("support.") else ""
            if name.startswith("obligations."):
                subject = "claim_id" if "repayment" in name or "refund" in name else "obligation_id"
            more: dict[str, Any] = {}
            if name.startswith("support.tranche"):
                more["number"] = 1
            if name.endswith("obligation-breached"):
                more["reason"] = BreachReason.SHORTFALL
            if name.endswith("agreement-amended"):
                more["obligations"] = (term("500"),)
            found.append(Attempt(f"{consumer.name} hears {name}", event=said(name, **more), subject=subject))
    return found


def unverified(house: House) -> Any:
    """All rates, by id."""
    return {"rate_ids": house.facts.get("rate_ids", [str(NOBODY)])}


def content(house: House) -> dict[str, Any]:
    """What the officer has read of the rule set."""
    return {"content_hash": house.facts.get("content_hash", "0" * 64)}


def repayment(amount: str, reference: str) -> Callable[[House], Any]:
    """Money of today."""
    return lambda house: {
        "amount": amount, "received_on": house.clock.at.date().isoformat(), "bank_reference": reference
    }  # fmt: skip


_O, _C, _R = "/obligations/{obligation_id}", "/claims/{claim_id}", "/reports/{report_id}"
_K = f"{_C}/refunds/{{refund_id}}"
_S = "/rule-sets/{rule_set_id}"
DUE = "2026-03-02"
CSV = "effective_from,value,announced_on,source\n2026-01-26,17.25,2026-01-16,made up for the tests\n"
RATE = {"effective_from": "2026-01-21", "percent": "17.50", "source": "Press release"}
QUESTION = {
    "fulfilment": "0.70", "tranches": [{"amount": "100000000.00", "on": "2025-02-03"}], "as_of": "2025-12-30"
}  # fmt: skip

_ALL = (
    *_heard(),
    Attempt(f"POST {_O}/reports", APPLICANT, {"achieved": "1000"}, when="fulfilled", keeps={"report_id": "report_id"}),
    Attempt(f"POST {_O}/reports", APPLICANT, {"achieved": "700"}, when="short", keeps={"report_id": "report_id"}),
    Attempt(f"POST {_R}/corrections", APPLICANT, {"achieved": "1000"}, when="fulfilled"),
    Attempt(f"POST {_R}/corrections", APPLICANT, {"achieved": "800"}, when="less short"),
    Attempt(f"POST {_R}/corrections", APPLICANT, {"achieved": "500"}, when="shorter"),
    Attempt(f"POST {_R}/withdrawal", APPLICANT, {"reason": "Another year."}),
    Attempt(f"POST {_O}/excuses", APPLICANT, {"reason": "A flood."}, keeps={"excuse_id": "excuse_id"}),
    Attempt(
        "POST /excuses/{excuse_id}/decision",
        OFFICER,
        {"accepted": True, "reason": "Proven."},
        when="accepted",
        rests_on=_O,
    ),
    Attempt(
        "POST /excuses/{excuse_id}/decision",
        OFFICER,
        {"accepted": False, "reason": "Not proven."},
        when="rejected",
        rests_on=_O,
    ),
    Attempt(
        f"POST {_O}/cancellation-proposal", OFFICER, {"reason": "Error."}, keeps={"cancellation_id": "cancellation_id"}
    ),
    Attempt(f"POST {_O}/cancellation-approval", APPROVER),
    Attempt(f"POST {_O}/cancellation-approval", Person("officer-1", (Role.APPROVER,)), when="by the one who proposed"),
    Attempt("POST /period-evaluations", OFFICER, {"reporting_year": 2025}),
    Attempt("POST /period-evaluations", OFFICER, {"reporting_year": 2025}, on=DUE, when="after the due day"),
    Attempt("job evaluate-due", when="before the due day"),
    Attempt("job evaluate-due", on=DUE, when="after the due day"),
    Attempt("job freeze-rule-sets"),
    Attempt("job recalculate-pending"),
    Attempt(f"POST {_C}/calculation", OFFICER, {}),
    Attempt(f"POST {_C}/notification", OFFICER),
    Attempt(f"POST {_C}/demand-proposal", OFFICER, ACCEPTED, keeps={"demand_id": "id"}),
    Attempt(f"POST {_C}/demand-approval", APPROVER, ACCEPTED),
    Attempt(
        f"POST {_C}/demand-approval", Person("officer-1", (Role.APPROVER,)), ACCEPTED, when="by the one who proposed"
    ),
    Attempt(f"POST {_C}/dispute", APPLICANT, {"reason": "It was misread."}, keeps={"dispute_id": "id"}),
    Attempt(f"POST {_C}/dispute-decision", MEMBERS[1], {"upheld": True, "reason": "It was."}, when="upheld"),
    Attempt(f"POST {_C}/dispute-decision", MEMBERS[1], {"upheld": False, "reason": "It was not."}, when="turned down"),
    Attempt(
        f"POST {_C}/dispute-decision",
        APPROVER,
        {"upheld": False, "reason": "No."},
        when="by the one who approved the demand",
    ),
    Attempt(
        f"POST {_C}/repayments", OFFICER, repayment("1000000.00", "IN-1"), when="a part", keeps={"repayment_id": "id"}
    ),
    Attempt(f"POST {_C}/repayments", OFFICER, repayment("40000000.00", "IN-2"), when="more than all"),
    Attempt(f"POST {_C}/suspensions", OFFICER, {"from": "2025-06-01", "to": "2025-06-10", "reason": "Court order"}),
    Attempt(f"POST {_C}/refunds", OFFICER, {}, keeps={"refund_id": "id"}),
    Attempt(f"POST {_K}/approval", APPROVER),
    Attempt(f"POST {_K}/approval", Person("officer-1", (Role.APPROVER,)), when="by the one who proposed"),
    Attempt(
        f"POST {_K}/payment",
        OFFICER,
        lambda house: {"paid_on": house.clock.at.date().isoformat(), "bank_reference": "REFUND-1"},
    ),
    Attempt("POST /base-rates", OFFICER, RATE),
    Attempt(
        "POST /base-rates/{rate_id}/corrections", OFFICER, {"percent": "14.00", "source": "so", "reason": "a slip"}
    ),
    Attempt("POST /base-rates/confirmations", OFFICER, unverified, when="by one", rests_on="/base-rates"),
    Attempt("POST /base-rates/confirmations", SECOND_OFFICER, unverified, when="by another", rests_on="/base-rates"),
    Attempt("POST /base-rates/imports", OFFICER, {"csv": CSV}),
    Attempt("POST /base-rates/coverage", OFFICER, {"known_until": "2026-11-30", "source": "so"}),
    Attempt(
        "POST /rule-sets",
        OFFICER,
        {"name": "trial", "effective_from": "2025-01-01", "content": {"tolerance": "0.95"}, "source": "Order 2"},
        keeps={"rule_set_id": "rule_set_id", "content_hash": "content_hash"},
    ),
    Attempt(f"POST {_S}/approval", OFFICER, content, when="by the one who proposed"),
    Attempt(f"POST {_S}/approval", SECOND_OFFICER, content, when="by another"),
    Attempt(f"POST {_S}/rejection", SECOND_OFFICER, lambda house: content(house) | {"reason": "Too mild."}),
    Attempt(f"POST {_S}/confirmation", OFFICER, content, when="by one"),
    Attempt(f"POST {_S}/confirmation", SECOND_OFFICER, content, when="by another"),
    Attempt("POST /repayment-calculations", APPLICANT, QUESTION),
    *reference.ATTEMPTS,
)

ATTEMPTS = {attempt.name: attempt for attempt in _ALL}
"""Each by its name: the verb, and under which circumstances where there are several."""
