"""The aggregates of grants: in which states each can be, how it comes there, and which verbs are tried on it."""

from grants.agreements.model import AgreementStatus
from grants.tranches.model import TrancheStatus
from tests.states import reference
from tests.states.grants.attempts import seen_content
from tests.states.grants.changing import (
    ALL_REPORTED,
    CHANGE,
    ENDED,
    REPORT,
    after_the_year,
    closing_report,
    first_report,
)
from tests.states.grants.intake import APPLICATIONS, CALLS, COMMISSIONS, EXAMINATIONS
from tests.states.grants.ways import (
    ACCOUNT,
    AGREEMENT,
    APPROVED,
    FUNDED,
    HELD,
    KNOWN,
    OFFERED,
    PAID,
    SIGNED,
    TRANCHE,
    a_payment_apart,
    facts_of_others,
    give_up_the_second,
    in_february,
)
from tests.states.tables import State, Table

_CHANGE, _REPORT = "/changes/{change_id}", "/reports/{report_id}"
_S = AgreementStatus
_READY = (*PAID, give_up_the_second, facts_of_others, f"{KNOWN}obligation-opened", f"{KNOWN}obligation-fulfilled")
AGREEMENTS = Table(
    "agreement",
    "Agreement",
    "agreement",
    "agreement_id",
    (
        State("none", None, (*FUNDED, *APPROVED)),
        State("offered", "none", ("POST /agreements",), _S.OFFERED),
        State("lapsed", "offered", ("job lapse offers not signed in time, after the last day",), _S.LAPSED),
        State("signed", "offered", SIGNED, _S.SIGNED),
        State("signed, held", "signed", (facts_of_others, *HELD), _S.SIGNED),
        State("signed, a tranche paid", "signed", PAID, _S.SIGNED),
        State("signed, all done", "signed", (*_READY, *ALL_REPORTED), _S.SIGNED),
        State("completed", "signed, all done", (f"POST {AGREEMENT}/completion",), _S.COMPLETED),
        State("terminated", "signed", ENDED, _S.TERMINATED),
        State("terminated, a tranche paid", "signed, a tranche paid", ENDED, _S.TERMINATED),
    ),
    rooms=("agreements", "course"),
    statuses=tuple(_S),
    also=(
        f"POST {AGREEMENT}/addenda",
        f"POST {AGREEMENT}/termination",
        f"POST {AGREEMENT}/change-requests",
        f"POST {TRANCHE}/request",
        f"POST {TRANCHE}/disbursement",
        f"POST {TRANCHE}/reversal",
        "holds hears obligations.obligation-breached",
        "recoveries hears obligations.repayment-received",
    ),
)

_P = TrancheStatus
TRANCHES = Table(
    "tranche",
    "Tranche",
    "tranche",
    "tranche_id",
    (
        State("planned", None, (*OFFERED, *SIGNED, facts_of_others), _P.PLANNED),
        State("requested", "planned", (f"POST {TRANCHE}/request", seen_content), _P.REQUESTED),
        State("requested, held", "requested", HELD, _P.REQUESTED),
        State("proposed", "requested", (f"POST {TRANCHE}/proposal", seen_content), _P.REQUESTED),
        State("proposed, held", "proposed", HELD, _P.REQUESTED),
        State("approved", "proposed", (f"POST {TRANCHE}/approval", in_february), _P.APPROVED),
        State("approved, held", "approved", HELD, _P.APPROVED),
        State("disbursed", "approved", (f"POST {TRANCHE}/disbursement",), _P.DISBURSED),
        State("disbursed, held", "disbursed", HELD, _P.DISBURSED),
        State("disbursed, agreement terminated", "disbursed", ENDED, _P.DISBURSED),
        State("reversed", "disbursed", (f"POST {TRANCHE}/reversal",), _P.REVERSED),
        State("reversed, replaced", "reversed", (f"POST {TRANCHE}/replacement",), _P.REVERSED),
        State("reversed, agreement terminated", "reversed", ENDED, _P.REVERSED),
        State("cancelled", "planned", (f"POST {TRANCHE}/cancellation",), _P.CANCELLED),
        State("cancelled, agreement terminated", "planned", ENDED, _P.CANCELLED),
    ),
    rooms=("tranches",),
    statuses=tuple(_P),
)

ACCOUNTS = Table(
    "account",
    "Funding account",
    "funding_account",
    "account_id",
    (
        State("none", None, APPROVED),
        State("empty", "none", ("POST /accounts",)),
        State("funded", "empty", (f"POST {ACCOUNT}/allocations",)),
        State("money set aside", "funded", ("POST /agreements",)),
        State("money paid out", "money set aside", (*SIGNED, *PAID, facts_of_others)),
        State("money paid out, termination proposed", "money paid out", (f"POST {AGREEMENT}/termination",)),
        State("year closed", "money paid out", (f"POST {ACCOUNT}/year-closing, after the year",)),
    ),
    rooms=("account",),
    also=(
        "POST /agreements",
        f"POST {AGREEMENT}/signature",
        "POST /changes/{change_id}/approval",
        "job lapse offers not signed in time",
        f"POST {TRANCHE}/disbursement",
        f"POST {TRANCHE}/reversal",
        f"POST {TRANCHE}/cancellation",
        f"POST {TRANCHE}/replacement",
        "recoveries hears obligations.repayment-received",
        "recoveries hears obligations.refund-paid",
    ),
)

HOLDS = Table(
    "hold",
    "Hold, and what is known of an obligation",
    "agreement",
    "agreement_id",
    (
        State("no cause", None, (*OFFERED, *SIGNED, facts_of_others), _S.SIGNED),
        State("known", "no cause", (f"{KNOWN}obligation-opened",), _S.SIGNED),
        State("open", "known", (f"{KNOWN}obligation-breached", *HELD), _S.SIGNED),
        State(
            "lifted by a report",
            "open",
            (f"{KNOWN}obligation-fulfilled", "holds hears obligations.obligation-fulfilled"),
            _S.SIGNED,
        ),
        State("lifted by the settlement", "open", ("holds hears obligations.claim-settled",), _S.SIGNED),
        State(
            "opened again by the claim",
            "lifted by the settlement",
            ("holds hears obligations.claim-reopened",),
            _S.SIGNED,
        ),
        State("settled before the breach", "known", ("holds hears obligations.claim-settled",), _S.SIGNED),
        State("open, agreement terminated", "open", ENDED, _S.TERMINATED),
    ),
    rooms=("holds",),
    also=(f"POST {TRANCHE}/request", f"POST {AGREEMENT}/completion"),
)

APART = f"POST {ACCOUNT}/payment-conflicts/{{payment_id}}"

RECOVERIES = Table(
    "recovery",
    "Recovery: money that came back",
    "agreement",
    "agreement_id",
    (
        State("nothing came back", None, (*OFFERED, *SIGNED, *PAID, facts_of_others), _S.SIGNED),
        State("repaid", "nothing came back", ("recoveries hears obligations.repayment-received",), _S.SIGNED),
        State("a payment apart", "nothing came back", (a_payment_apart,), _S.SIGNED),
        State(
            "proposed: its own", "a payment apart", (f"{APART}/resolution-proposal, a payment of its own",), _S.SIGNED
        ),
        State(
            "proposed: the first one",
            "a payment apart",
            (f"{APART}/resolution-proposal, the one recorded first",),
            _S.SIGNED,
        ),
        State("decided: its own", "proposed: its own", (f"{APART}/resolution-approval, by another",), _S.SIGNED),
        State(
            "decided: the first one",
            "proposed: the first one",
            (f"{APART}/resolution-approval, by another",),
            _S.SIGNED,
        ),
        State("agreement terminated", "nothing came back", ENDED, _S.TERMINATED),
    ),
    rooms=("recoveries",),
)

CHANGES = Table(
    "change",
    "Change of an agreement: addendum, termination, the recipient's request",
    "agreement_change",
    "change_id",
    (
        State("none", None, (*OFFERED, *SIGNED)),
        State("requested by the recipient", "none", (f"POST {AGREEMENT}/change-requests",), CHANGE.REQUESTED),
        State("request proposed", "requested by the recipient", (f"POST {_CHANGE}/proposal",), CHANGE.PROPOSED),
        State("request approved", "request proposed", (f"POST {_CHANGE}/approval",), CHANGE.APPROVED),
        State("request refused", "requested by the recipient", (f"POST {_CHANGE}/refusal",), CHANGE.REFUSED),
        State("request withdrawn", "requested by the recipient", (f"POST {_CHANGE}/withdrawal",), CHANGE.WITHDRAWN),
        State("addendum proposed", "none", (f"POST {AGREEMENT}/addenda",), CHANGE.PROPOSED),
        State("addendum approved", "addendum proposed", (f"POST {_CHANGE}/approval",), CHANGE.APPROVED),
        State("termination proposed", "none", (f"POST {AGREEMENT}/termination",), CHANGE.PROPOSED),
        State("termination approved", "termination proposed", (f"POST {_CHANGE}/approval",), CHANGE.APPROVED),
    ),
    rooms=("changes",),
    statuses=tuple(CHANGE),
)

PROJECT_REPORTS = Table(
    "project-report",
    "Report on the project",
    "project_report",
    "report_id",
    (
        State("awaited", None, (*OFFERED, *SIGNED, *PAID, give_up_the_second, first_report), REPORT.AWAITED),
        State("awaited, after the year", "awaited", (after_the_year,), REPORT.AWAITED),
        State("submitted", "awaited, after the year", (f"POST {_REPORT}/submission",), REPORT.SUBMITTED),
        State("returned", "submitted", (f"POST {_REPORT}/return",), REPORT.RETURNED),
        State("accepted", "submitted", (f"POST {_REPORT}/acceptance",), REPORT.ACCEPTED),
        State("closing report awaited", "accepted", ("job ask for closing reports", closing_report), REPORT.AWAITED),
        State("dropped, agreement terminated", "awaited", ENDED, REPORT.DROPPED),
    ),
    rooms=("reports",),
    statuses=tuple(REPORT),
    also=(f"POST {AGREEMENT}/completion",),
)

TABLES = (
    CHANGES,
    PROJECT_REPORTS,
    CALLS,
    APPLICATIONS,
    EXAMINATIONS,
    COMMISSIONS,
    AGREEMENTS,
    TRANCHES,
    ACCOUNTS,
    HOLDS,
    RECOVERIES,
    reference.TABLE,
)
