"""The aggregates of monitoring: agreements as heard of, obligations, their reports, excuses and cancellations."""

from obligations.agreements.model import AgreementStatus
from obligations.cancellations.model import CancellationStatus
from obligations.excuses.model import ExcuseStatus
from obligations.obligations.model import ObligationStatus
from tests.states.obligations.attempts import DUE
from tests.states.obligations.ways import (
    ACTIVE,
    BREACHED,
    OBLIGATION,
    PAID,
    REPORT,
    VOIDED,
    VOIDED_ANEW,
    heard,
    named,
    on,
    under_an_unknown_rule_set,
)
from tests.states.tables import State, Table

_V = CancellationStatus
_A = AgreementStatus
AGREEMENTS = Table(
    "agreement",
    "Agreement, as heard of",
    "agreement",
    "agreement_id",
    (
        State("unknown", None, (named,)),
        State("in force", "unknown", heard("agreement-signed"), _A.IN_FORCE),
        State(
            "in force, under an unknown rule set",
            "unknown",
            (under_an_unknown_rule_set, *heard("agreement-signed")),
            _A.IN_FORCE,
        ),
        State("in force, a tranche paid", "in force", PAID, _A.IN_FORCE),
        State("in force, a tranche reversed", "in force, a tranche paid", heard("tranche-reversed"), _A.IN_FORCE),
        State("completed", "in force, a tranche paid", ("monitoring hears support.agreement-completed",), _A.COMPLETED),
        State(
            "terminated", "in force, a tranche paid", ("monitoring hears support.agreement-terminated",), _A.TERMINATED
        ),
    ),
    rooms=("agreements",),
    statuses=tuple(_A),
    also=tuple(
        f"{consumer} hears support.{event}"
        for consumer, events in (
            (
                "monitoring",
                (
                    "agreement-signed",
                    "agreement-amended",
                    "agreement-completed",
                    "agreement-terminated",
                    "tranche-disbursed",
                    "tranche-reversed",
                    "tranche-cancelled",
                ),
            ),
            ("recovery", ("agreement-signed", "agreement-amended", "tranche-disbursed", "tranche-reversed")),
        )
        for event in events
    ),
)

_W = ObligationStatus
OBLIGATIONS = Table(
    "obligation",
    "Obligation, with its reports and excuses",
    "obligation",
    "obligation_id",
    (
        State("none", None, (named,)),
        State("active", "none", ACTIVE, _W.ACTIVE),
        State("reported, rules unknown", "none", (under_an_unknown_rule_set, *BREACHED), _W.REPORTED),
        State("fulfilled", "active", (f"POST {OBLIGATION}/reports, fulfilled",), _W.FULFILLED),
        State("breached by a report", "active", (f"POST {OBLIGATION}/reports, short",), _W.BREACHED),
        State("breached, not reported", "active", ("job evaluate-due, after the due day",), _W.BREACHED),
        State(
            "excused",
            "active",
            (f"POST {OBLIGATION}/excuses", "POST /excuses/{excuse_id}/decision, accepted"),
            _W.EXCUSED,
        ),
        State(
            "breached, then excused",
            "breached by a report",
            (f"POST {OBLIGATION}/excuses", "POST /excuses/{excuse_id}/decision, accepted"),
            _W.EXCUSED,
        ),
        State("cancelled", "active", VOIDED, _W.CANCELLED),
        State("breached, then cancelled", "breached by a report", VOIDED, _W.CANCELLED),
    ),
    rooms=("obligations", "reports", "excuses"),
    statuses=tuple(_W),
    also=("monitoring hears support.agreement-amended",),
)

_E = ExcuseStatus
EXCUSES = Table(
    "excuse",
    "Excuse",
    "excuse",
    "excuse_id",
    (
        State("none", None, BREACHED),
        State("requested", "none", (f"POST {OBLIGATION}/excuses",), _E.REQUESTED),
        State("accepted", "requested", ("POST /excuses/{excuse_id}/decision, accepted",), _E.ACCEPTED),
        State("rejected", "requested", ("POST /excuses/{excuse_id}/decision, rejected",), _E.REJECTED),
        State("requested, the report corrected", "requested", (f"POST {REPORT}/corrections, fulfilled",), _E.REQUESTED),
    ),
    rooms=("excuses",),
    statuses=tuple(_E),
    also=(f"POST {OBLIGATION}/cancellation-proposal", f"POST {REPORT}/corrections", f"POST {REPORT}/withdrawal"),
)

CANCELLATIONS = Table(
    "cancellation",
    "Cancellation of an obligation",
    "cancellation",
    "cancellation_id",
    (
        State("none", None, BREACHED),
        State("proposed", "none", (VOIDED[0],), _V.PROPOSED),
        State(
            "proposed, the report corrected since", "proposed", (f"POST {REPORT}/corrections, less short",), _V.PROPOSED
        ),
        State("void", "proposed, the report corrected since", (VOIDED_ANEW,), _V.VOID),
        State("approved", "proposed", (VOIDED[1],), _V.APPROVED),
    ),
    rooms=("cancellations",),
    statuses=tuple(_V),
)

REPORTS = Table(
    "report",
    "Report",
    "report_entry",
    "report_id",
    (
        State("none", None, ACTIVE),
        State("standing, short", "none", (f"POST {OBLIGATION}/reports, short",)),
        State("standing, short, after the due day", "standing, short", (on(DUE),)),
        State("corrected", "standing, short", (f"POST {REPORT}/corrections, less short",)),
        State("withdrawn before the due day", "standing, short", (f"POST {REPORT}/withdrawal",)),
        State("withdrawn after the due day", "standing, short, after the due day", (f"POST {REPORT}/withdrawal",)),
    ),
    rooms=("reports",),
    also=("job evaluate-due",),
)
