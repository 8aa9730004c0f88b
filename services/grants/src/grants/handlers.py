"""Table of contents: which event this service reacts to, under which consumer name, with which function."""

from grants.holds.known import (
    on_evaluation_void,
    on_obligation_amended,
    on_obligation_evaluated,
    on_obligation_lifted,
    on_obligation_opened,
)
from grants.holds.reactions import (
    on_claim_closed,
    on_claim_reopened,
    on_obligation_breached,
    on_obligation_closed,
)
from grants.recoveries.reactions import on_refund_paid, on_repayment_received
from grants.tranches.model import Tranche
from shared.contracts.obligations import (
    ClaimCancelled,
    ClaimReopened,
    ClaimSettled,
    ObligationAmended,
    ObligationAwaited,
    ObligationBreached,
    ObligationCancelled,
    ObligationExcused,
    ObligationFulfilled,
    ObligationOpened,
    RefundPaid,
    RepaymentReceived,
    ReportWithdrawn,
)
from shared.service import Consumer

MODELS = (Tranche,)
"""Imported so that the tables that the handlers write to are complete."""

OBLIGATIONS = ("obligations.v1",)

CONSUMERS = (
    Consumer(
        "holds",
        topics=OBLIGATIONS,
        handlers={
            ObligationBreached: on_obligation_breached,
            ObligationFulfilled: on_obligation_closed,
            ObligationAwaited: on_obligation_closed,
            ObligationExcused: on_obligation_closed,
            ObligationCancelled: on_obligation_closed,
            ClaimSettled: on_claim_closed,
            ClaimCancelled: on_claim_closed,
            ClaimReopened: on_claim_reopened,
        },
    ),
    Consumer(
        "recoveries",
        topics=OBLIGATIONS,
        handlers={RepaymentReceived: on_repayment_received, RefundPaid: on_refund_paid},
    ),
    Consumer(
        "known-obligations",
        topics=OBLIGATIONS,
        handlers={
            ObligationOpened: on_obligation_opened,
            ObligationFulfilled: on_obligation_evaluated,
            ObligationBreached: on_obligation_evaluated,
            ObligationExcused: on_obligation_lifted,
            ObligationCancelled: on_obligation_lifted,
            ObligationAmended: on_obligation_amended,
            ObligationAwaited: on_evaluation_void,
            ReportWithdrawn: on_evaluation_void,
        },
        projection=True,
    ),
)
