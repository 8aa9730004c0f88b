"""The aggregates of obligations: in which states each can be, how it comes there, and which verbs are tried on it."""

from obligations.claims.status import ClaimStatus
from obligations.demands.model import DemandStatus
from obligations.refunds.model import RefundStatus
from obligations.rule_sets.model import RuleSetStatus
from tests.states import reference
from tests.states.obligations.monitoring import AGREEMENTS, CANCELLATIONS, EXCUSES, OBLIGATIONS, REPORTS
from tests.states.obligations.ways import (
    ACTIVE,
    CALCULATED,
    CLAIM,
    NOTIFIED,
    OBLIGATION,
    OWED_A_LITTLE_MORE,
    PAID,
    PROPOSED,
    PROPOSED_ANEW,
    RATE_CORRECTED,
    REFUND,
    REFUND_PROPOSED_ANEW,
    REPORT,
    RULE_SET,
    SIGNED,
    VOIDED,
    heard,
    named,
    on,
    one_rate,
    read_rule_set,
    under_an_unknown_rule_set,
)
from tests.states.tables import State, Table

_Q = ClaimStatus
CLAIMS = Table(
    "claim",
    "Claim, with its demand, dispute and suspension",
    "claim",
    "claim_id",
    (
        State("none", None, ACTIVE),
        State("calculated", "none", CALCULATED[len(ACTIVE) :], _Q.CALCULATED),
        State("calculated, cancellation proposed", "calculated", (VOIDED[0],), _Q.CALCULATED),
        State("calculated, a rate changed since", "calculated", (RATE_CORRECTED,), _Q.CALCULATED),
        State("notified, hearing", "calculated", NOTIFIED, _Q.NOTIFIED),
        State("notified, heard", "notified, hearing", (on("2026-03-16"),), _Q.NOTIFIED),
        State("demand proposed", "notified, heard", (f"POST {CLAIM}/demand-proposal",), _Q.NOTIFIED),
        State("demand proposed, a rate changed since", "demand proposed", (RATE_CORRECTED,), _Q.NOTIFIED),
        State("demanded", "demand proposed", (f"POST {CLAIM}/demand-approval",), _Q.DEMANDED),
        State("disputed", "demanded", (f"POST {CLAIM}/dispute",), _Q.DISPUTED),
        State("settled, overpaid", "demanded", (f"POST {CLAIM}/repayments, more than all",), _Q.SETTLED),
        State("cancelled", "calculated", (f"POST {REPORT}/corrections, fulfilled",), _Q.CANCELLED),
        State(
            "repaid before it was told, overpaid",
            "calculated",
            (f"POST {CLAIM}/repayments, more than all",),
            _Q.SETTLED,
        ),
    ),
    rooms=("claims", "demands", "disputes", "repayments", "suspensions"),
    statuses=tuple(_Q),
    also=(
        f"POST {OBLIGATION}/reports",
        f"POST {REPORT}/corrections",
        f"POST {REPORT}/withdrawal",
        VOIDED[1],
        "monitoring hears support.agreement-terminated",
        "POST /base-rates/{rate_id}/corrections",
    ),
)

_D = DemandStatus
DEMANDS = Table(
    "demand",
    "Demand",
    "demand",
    "demand_id",
    (
        State("none", None, (*CALCULATED, *NOTIFIED, on("2026-03-16"))),
        State("proposed", "none", (f"POST {CLAIM}/demand-proposal",), _D.PROPOSED),
        State("proposed, a new version since", "proposed", (f"POST {CLAIM}/repayments, a part",), _D.PROPOSED),
        State("void", "proposed, a new version since", (PROPOSED_ANEW,), _D.VOID),
        State("approved", "proposed", (f"POST {CLAIM}/demand-approval",), _D.APPROVED),
    ),
    rooms=("demands",),
    statuses=tuple(_D),
    also=(f"POST {CLAIM}/repayments",),
)

_F = RefundStatus
REFUNDS = Table(
    "refund",
    "Refund",
    "refund",
    "refund_id",
    (
        State("nothing overpaid", None, CALCULATED),
        State("overpaid", "nothing overpaid", (f"POST {CLAIM}/repayments, more than all",)),
        State("proposed", "overpaid", (f"POST {CLAIM}/refunds",), _F.PROPOSED),
        State("approved", "proposed", (f"POST {REFUND}/approval",), _F.APPROVED),
        State("paid", "approved", (f"POST {REFUND}/payment",), _F.PAID),
        State("void", "proposed", (OWED_A_LITTLE_MORE, REFUND_PROPOSED_ANEW), _F.VOID),
        State("proposed, then owed again", "proposed", (f"POST {REPORT}/corrections, shorter",), _F.PROPOSED),
        State("approved, then owed again", "approved", (f"POST {REPORT}/corrections, shorter",), _F.APPROVED),
    ),
    rooms=("refunds",),
    statuses=tuple(_F),
    also=(f"POST {CLAIM}/repayments", f"POST {REPORT}/corrections"),
)

_T = RuleSetStatus
RULE_SETS = Table(
    "rule-set",
    "Rule set",
    "rule_set",
    "rule_set_id",
    (
        State("none", None, (named, under_an_unknown_rule_set, *heard("agreement-signed"))),
        State("proposed", "none", ("POST /rule-sets", read_rule_set), _T.PROPOSED),
        State("approved", "proposed", (f"POST {RULE_SET}/approval, by another",), _T.APPROVED),
        State("approved, confirmed by one", "approved", (f"POST {RULE_SET}/confirmation, by one",), _T.APPROVED),
        State("verified", "approved, confirmed by one", (f"POST {RULE_SET}/confirmation, by another",), _T.APPROVED),
        State("rejected", "proposed", (f"POST {RULE_SET}/rejection",), _T.REJECTED),
    ),
    rooms=("rule_sets",),
    statuses=tuple(_T),
    also=("job freeze-rule-sets",),
)

RATES = Table(
    "base-rate",
    "Base rate",
    "base_rate",
    "rate_id",
    (
        State("unverified", None, (*SIGNED, *PAID, on("2026-01-20"), f"POST {OBLIGATION}/reports, short", one_rate)),
        State("confirmed by one", "unverified", ("POST /base-rates/confirmations, by one",)),
        State("verified", "confirmed by one", ("POST /base-rates/confirmations, by another",)),
        State("corrected", "unverified", ("POST /base-rates/{rate_id}/corrections",)),
    ),
    rooms=("rates",),
    also=("POST /repayment-calculations", "job recalculate-pending"),
)

DISPUTES = Table(
    "dispute",
    "Dispute",
    "dispute",
    "dispute_id",
    (
        State("nothing demanded", None, (*CALCULATED, *NOTIFIED)),
        State("none", "nothing demanded", (*PROPOSED, f"POST {CLAIM}/demand-approval")),
        State("open", "none", (f"POST {CLAIM}/dispute",)),
        State("open, the claim has grown", "open", (f"POST {REPORT}/corrections, shorter",)),
        State("open, paid meanwhile", "open", (f"POST {CLAIM}/repayments, more than all",)),
        State("upheld", "open", (f"POST {CLAIM}/dispute-decision, upheld",)),
        State("turned down", "open", (f"POST {CLAIM}/dispute-decision, turned down",)),
    ),
    rooms=("disputes",),
    also=(f"POST {CLAIM}/notification", f"POST {CLAIM}/demand-proposal"),
)

TABLES = (
    AGREEMENTS,
    OBLIGATIONS,
    CANCELLATIONS,
    REPORTS,
    EXCUSES,
    CLAIMS,
    DEMANDS,
    DISPUTES,
    REFUNDS,
    RULE_SETS,
    RATES,
    reference.TABLE,
)
