"""How each verb of grants is tried: by whom, with what, on which day."""

from typing import Any

from shared.access.callers import Role
from tests.grants.builders import a_content
from tests.grants.desk import EXPERTS, MEMBERS, OFFICER, Person, a_conclusion, a_refusal
from tests.states import reference
from tests.states.grants import changing, facts
from tests.states.grants.changing import APPLICANT, GOAL
from tests.states.house import NOBODY, Attempt, House

APPROVER = MEMBERS[0]

CALL = {
    "title": "Pumps", "description": "For makers of pumps.", "budget": "500000000.00", "opens_on": "2024-11-01",
    "closes_on": "2025-12-31",
}  # fmt: skip  # fmt: skip
PAPER = {"type": "invoice", "name": "invoice", "sha256": "a" * 64, "size": 1000}


def application(house: House) -> Any:
    """A new application to the call."""
    applicant = {"name": "Sample", "number": facts.BIN}
    return {"call_id": house.ids.get("call_id", NOBODY), "applicant": applicant, "content": a_content()}


def offer(house: House) -> Any:
    """Two tranches of 50,000,000.00 tenge, one obligation for 2025."""
    parts = [{"amount": "50000000.00", "planned_on": day} for day in ("2025-02-03", "2025-03-03")]
    return {
        "application_id": house.ids.get("application_id", NOBODY), "obligations": [GOAL], "tranches": parts,
        "reporting_years": [2025], "rule_set": "default",
    }  # fmt: skip


async def seen_content(house: House) -> None:
    """Somebody reads what is proposed for payment."""
    house.facts["content"] = (await house.read("/tranches/{tranche_id}", OFFICER))["content"]


_A = "/applications/{application_id}"
_APART = "/accounts/{account_id}/payment-conflicts/{payment_id}"
_OWN = "/conclusions/{conclusion_id}"
_G = "/agreements/{agreement_id}"
_T = "/tranches/{tranche_id}"
_F = "/accounts/{account_id}"
_CORRECTED = {"content": a_content(title="A second line for pumps")}
_APPROVE = {"motion": {"outcome": "approve", "amount": "100000000.00"}}
_REASON = {"reason": "Agreed."}
_H, _K, _R = "holds hears obligations.", "known-obligations hears obligations.", "recoveries hears obligations."
LATE = "2026-01-12"

_ALL = (
    Attempt("POST /calls", OFFICER, CALL, keeps={"call_id": "id"}),
    Attempt("PUT /calls/{call_id}", OFFICER, CALL | {"title": "Valves"}),
    Attempt("POST /calls/{call_id}/opening", OFFICER),
    Attempt("POST /calls/{call_id}/opening", OFFICER, on=LATE, when="after its window"),
    Attempt("POST /applications", APPLICANT, application, keeps={"application_id": "id"}),
    Attempt(f"PUT {_A}/content", APPLICANT, _CORRECTED),
    Attempt(f"POST {_A}/submission", APPLICANT),
    Attempt(f"POST {_A}/submission", APPLICANT, on=LATE, when="after the window of the call"),
    Attempt(f"POST {_A}/return", OFFICER, {"remarks": [{"field": "/title", "remark": "Say it clearly."}]}),
    Attempt(f"POST {_A}/correction", APPLICANT, {"answers": [{"number": 1, "answer": "Said."}]}),
    Attempt(f"POST {_A}/correction", APPLICANT, {"answers": []}, on=LATE, when="after the term"),
    Attempt(f"POST {_A}/completeness", OFFICER),
    Attempt(f"POST {_A}/hearing-statement", APPLICANT, {"statement": "It was in the plan."}),
    Attempt(f"POST {_A}/hearing-statement", APPLICANT, {"statement": "Late."}, on=LATE, when="after the hearing"),
    Attempt(f"POST {_A}/withdrawal", APPLICANT, {"reason": "Begun anew."}),
    Attempt("job annul applications not corrected in time", when="within the term"),
    Attempt("job annul applications not corrected in time", on=LATE, when="after the term"),
    Attempt(f"POST {_A}/experts", OFFICER, {"expert": "expert-1"}, keeps={"conclusion_id": "id"}),
    Attempt(f"POST {_A}/experts", OFFICER, {"expert": "expert-2"}, when="a second one", keeps={"second_id": "id"}),
    Attempt(f"POST {_A}/conflict-declaration", EXPERTS[0], {"conflict": False}, when="none", rests_on=_OWN),
    Attempt(
        f"POST {_A}/conflict-declaration",
        EXPERTS[0],
        {"conflict": True, "reason": "Kin."},
        when="a conflict",
        rests_on=_OWN,
    ),
    Attempt(f"POST {_A}/conclusion", EXPERTS[0], a_conclusion(), rests_on=_OWN),
    Attempt("POST /conclusions/{conclusion_id}/discharge", OFFICER, {"reason": "Away."}),
    Attempt(f"POST {_A}/examination", OFFICER),
    Attempt(f"POST {_A}/motion", OFFICER, _APPROVE, when="to approve", keeps={"motion_id": "id"}),
    Attempt(f"POST {_A}/motion", OFFICER, {"motion": a_refusal()}, when="to refuse", keeps={"motion_id": "id"}),
    Attempt(
        f"POST {_A}/motion",
        OFFICER,
        {"motion": a_refusal()},
        on=LATE,
        when="to refuse, after the hearing",
        keeps={"motion_id": "id"},
    ),
    Attempt(f"POST {_A}/votes", MEMBERS[0], {"choice": "for"}),
    Attempt(f"POST {_A}/votes", MEMBERS[0], {"choice": "against", "reason": "No."}, when="against"),
    Attempt(f"POST {_A}/decision", OFFICER, {"minutes": "Minutes."}),
    Attempt(f"POST {_A}/decision", OFFICER, {"minutes": "Minutes."}, on=LATE, when="after the hearing"),
    Attempt(f"POST {_A}/motion/dropping", OFFICER, {"reason": "Another amount."}),
    Attempt(
        "POST /agreements",
        OFFICER,
        offer,
        keeps={"agreement_id": "id"},
    ),
    Attempt(f"POST {_G}/signature", APPLICANT),
    Attempt(f"POST {_G}/signature", APPLICANT, on="2025-02-03", when="after the last day"),
    Attempt(f"POST {_G}/completion", OFFICER),
    *changing.ATTEMPTS,
    Attempt("job lapse offers not signed in time", when="within the term"),
    Attempt("job lapse offers not signed in time", on="2025-02-03", when="after the last day"),
    Attempt(f"POST {_T}/request", APPLICANT, {"documents": [PAPER]}),
    Attempt(f"POST {_T}/proposal", OFFICER),
    Attempt(f"POST {_T}/approval", APPROVER, lambda house: {"content": house.facts.get("content", "0" * 64)}),
    Attempt(
        f"POST {_T}/approval",
        Person("officer-1", (Role.APPROVER,)),
        lambda house: {"content": house.facts.get("content", "0" * 64)},
        when="by the one who proposed",
    ),
    Attempt(f"POST {_T}/disbursement", OFFICER, {"disbursed_on": "2025-02-03", "bank_reference": "OUT-1"}),
    Attempt(
        f"POST {_T}/disbursement",
        OFFICER,
        {"disbursed_on": "2025-02-03", "bank_reference": "IN-1"},
        when="under a reference that the account knows",
    ),
    Attempt(
        f"POST {_T}/disbursement",
        OFFICER,
        {"disbursed_on": "2025-02-03", "bank_reference": "OUT-2"},
        when="under another reference",
    ),
    Attempt(f"POST {_T}/reversal", OFFICER, {"reversed_on": "2025-02-03", "bank_reference": "RETURN-1"} | _REASON),
    Attempt(
        f"POST {_T}/reversal",
        OFFICER,
        {"reversed_on": "2025-02-03", "bank_reference": "RETURN-2"} | _REASON,
        when="under another reference",
    ),
    Attempt(f"POST {_T}/cancellation", OFFICER, _REASON),
    Attempt(f"POST {_T}/replacement", OFFICER, {"planned_on": "2025-04-01"}, keeps={"replacement_id": "id"}),
    Attempt(
        "POST /accounts", OFFICER, {"bank": "Sample Bank", "iban": "KZ86125KZT5004100100"}, keeps={"account_id": "id"}
    ),
    Attempt(
        f"POST {_F}/allocations",
        OFFICER,
        {"amount": "900000000.00", "allocated_on": "2024-11-11", "bank_reference": "IN-1", "act": "Order 1"},
    ),
    Attempt(
        f"POST {_F}/allocations",
        OFFICER,
        {"amount": "1000000.00", "allocated_on": "2024-11-11", "bank_reference": "IN-2", "act": "Order 2"},
        when="under another reference",
    ),
    Attempt(f"POST {_F}/year-closing", OFFICER),
    Attempt(f"POST {_F}/year-closing", OFFICER, on=LATE, when="after the year"),
    Attempt("job close years that are over", when="within the year"),
    Attempt("job close years that are over", on=LATE, when="after the year"),
    Attempt(
        f"POST {_APART}/resolution-proposal",
        OFFICER,
        {"bank_reference": "BACK-9", "reason": "The bank says so."},
        when="a payment of its own",
        rests_on=_APART,
    ),
    Attempt(
        f"POST {_APART}/resolution-proposal",
        OFFICER,
        {"reason": "The same one."},
        when="the one recorded first",
        rests_on=_APART,
    ),
    Attempt(f"POST {_APART}/resolution-approval", OFFICER, when="by the one who proposed", rests_on=_APART),
    Attempt(f"POST {_APART}/resolution-approval", MEMBERS[0], when="by another", rests_on=_APART),
    Attempt(f"POST {_APART}/resolution-rejection", MEMBERS[0], rests_on=_APART),
    Attempt(f"{_H}obligation-breached", event=facts.breached, subject="obligation_id"),
    Attempt(f"{_H}obligation-fulfilled", event=facts.fulfilled, subject="obligation_id"),
    Attempt(f"{_H}obligation-awaited", event=facts.awaited, subject="obligation_id"),
    Attempt(f"{_H}obligation-excused", event=facts.excused, subject="obligation_id"),
    Attempt(f"{_H}obligation-cancelled", event=facts.void, subject="obligation_id"),
    Attempt(f"{_H}claim-settled", event=facts.settled, subject="claim_id"),
    Attempt(f"{_H}claim-cancelled", event=facts.claim_void, subject="claim_id"),
    Attempt(f"{_H}claim-reopened", event=facts.reopened, subject="claim_id"),
    Attempt(f"{_K}obligation-opened", event=facts.opened, subject="obligation_id"),
    Attempt(f"{_K}obligation-fulfilled", event=facts.fulfilled, subject="obligation_id"),
    Attempt(f"{_K}obligation-breached", event=facts.breached, subject="obligation_id"),
    Attempt(f"{_K}obligation-excused", event=facts.excused, subject="obligation_id"),
    Attempt(f"{_K}obligation-cancelled", event=facts.void, subject="obligation_id"),
    Attempt(f"{_K}obligation-awaited", event=facts.awaited, subject="obligation_id"),
    Attempt(f"{_K}obligation-amended", event=facts.amended, subject="obligation_id"),
    Attempt(f"{_K}report-withdrawn", event=facts.withdrawn, subject="obligation_id"),
    Attempt(f"{_R}repayment-received", event=facts.repaid, subject="claim_id"),
    Attempt(
        f"{_R}repayment-received",
        event=lambda house: facts.repaid(house, "IN-1"),
        subject="claim_id",
        when="under a reference that the account knows",
    ),
    Attempt(f"{_R}refund-paid", event=facts.refunded, subject="claim_id"),
    *reference.ATTEMPTS,
)

ATTEMPTS = {attempt.name: attempt for attempt in _ALL}
"""Each by its name: the verb, and under which circumstances where there are several."""
