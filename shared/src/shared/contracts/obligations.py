"""The vocabulary of obligations: monitoring (Art. 27(3)), recovery (Art. 27(4)); its base rates stand apart."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from shared.contracts.amounts import Amount, Figure
from shared.contracts.event import Event
from shared.contracts.support import Direction, Measure


class BreachReason(StrEnum):
    """Why an obligation counts as breached."""

    SHORTFALL = "shortfall"
    NOT_REPORTED = "not-reported"


class ObligationOpened(Event):
    """A counter-obligation of one reporting year is monitored from now on; its report is due at the end of `due_on`."""

    type = "obligations.obligation-opened.v1"
    obligation_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    indicator: str
    direction: Direction
    reporting_year: int
    due_on: date


class ObligationAmended(Event):
    """The obligation is held to other terms from now on: by an addendum, or by a rule set that became known late."""

    type = "obligations.obligation-amended.v1"
    obligation_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int
    due_on: date
    reason: str


class ObligationAwaited(Event):
    """An evaluation no longer stands and the report is not overdue: it is awaited; closes the cause of a hold."""

    type = "obligations.obligation-awaited.v1"
    obligation_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int


class ReportRecorded(Event):
    """The recipient stated what it achieved, for the first time or as a correction (`revision` counts from 1)."""

    type = "obligations.report-recorded.v1"
    obligation_id: UUID
    agreement_id: UUID
    report_id: UUID
    reporting_year: int
    revision: int
    achieved: Figure


class ReportWithdrawn(Event):
    """The recipient took its report back; the obligation stands as if not reported."""

    type = "obligations.report-withdrawn.v1"
    obligation_id: UUID
    agreement_id: UUID
    report_id: UUID
    reporting_year: int
    revision: int


class ObligationFulfilled(Event):
    """The obligation was evaluated and is fulfilled within its tolerance; closes the cause of a hold, if it was one."""

    type = "obligations.obligation-fulfilled.v1"
    obligation_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int
    fulfilment: Figure


class ObligationBreached(Event):
    """The obligation is not fulfilled within its tolerance, or was not reported by its due day.

    Published anew whenever its fulfilment changes while it stays breached. `provisional` until a report replaces it.
    `obligation_id` is the cause of the hold.
    """

    type = "obligations.obligation-breached.v1"
    obligation_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int
    fulfilment: Figure
    reason: BreachReason
    provisional: bool


class ObligationExcused(Event):
    """A cause beyond the recipient's control was accepted (assumed, after Art. 28(4)); closes the cause of a hold."""

    type = "obligations.obligation-excused.v1"
    obligation_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int
    reason: str


class ObligationCancelled(Event):
    """The obligation is void: opened in error, or replaced by an addendum; closes the cause of a hold."""

    type = "obligations.obligation-cancelled.v1"
    obligation_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int
    reason: str


class ClaimCalculated(Event):
    """A new version of the repayment claim of an agreement and reporting year.

    `claim_version` counts from 1 and is the claim's own; `as_of` is the day to which interest was counted. Where a rate
    is unknown the figures are absent and `refusal` says what is missing: nothing is guessed.
    """

    type = "obligations.claim-calculated.v1"
    claim_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int
    claim_version: int
    as_of: date
    fulfilment: Figure
    principal: Amount | None
    interest: Amount | None
    total: Amount | None
    outstanding: Amount | None
    trigger: str
    refusal: str | None = None


class ClaimNotified(Event):
    """The recipient was told and may be heard until the end of `hearing_until` (APPC, Art. 73)."""

    type = "obligations.claim-notified.v1"
    claim_id: UUID
    agreement_id: UUID
    recipient_id: UUID
    claim_version: int
    hearing_until: date


class ClaimDemanded(Event):
    """Two officers decided: the claim's version is demanded and served."""

    type = "obligations.claim-demanded.v1"
    claim_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    claim_version: int
    as_of: date
    principal: Amount
    interest: Amount
    total: Amount
    proposed_by: str
    approved_by: str


class ClaimDisputed(Event):
    """The recipient complained; the demand stands still until the complaint is decided."""

    type = "obligations.claim-disputed.v1"
    claim_id: UUID
    agreement_id: UUID
    recipient_id: UUID
    reason: str


class DisputeDecided(Event):
    """The complaint was decided: `upheld` means that the recipient was right."""

    type = "obligations.dispute-decided.v1"
    claim_id: UUID
    agreement_id: UUID
    recipient_id: UUID
    upheld: bool
    reason: str


class RepaymentReceived(Event):
    """Money came back on a claim; what exceeds the claim is `overpaid`.

    While a base rate is not known nobody can say what it covers: all of it is `unallocated` then, the parts are zero.
    The first version of the claim that has figures again counts it, on the day on which it came.
    """

    type = "obligations.repayment-received.v1"
    claim_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    repayment_id: UUID
    amount: Amount
    to_principal: Amount
    to_interest: Amount
    overpaid: Amount
    received_on: date
    bank_reference: str
    unallocated: Amount = Decimal("0.00")


class ClaimSettled(Event):
    """Nothing is left of the claim; closes the causes of the hold named in `obligation_ids`."""

    type = "obligations.claim-settled.v1"
    claim_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int
    obligation_ids: tuple[UUID, ...]


class ClaimReopened(Event):
    """A settled claim grew: its new version is open for the difference; the causes in `obligation_ids` open again."""

    type = "obligations.claim-reopened.v1"
    claim_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int
    outstanding: Amount
    obligation_ids: tuple[UUID, ...]


class ClaimCancelled(Event):
    """The claim no longer stands: the breach was lifted, excused or void."""

    type = "obligations.claim-cancelled.v1"
    claim_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    reporting_year: int
    obligation_ids: tuple[UUID, ...]
    reason: str


class RefundDue(Event):
    """More was paid on a claim than it now comes to: the difference is owed back to the recipient."""

    type = "obligations.refund-due.v1"
    claim_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    amount: Amount


class RefundPaid(Event):
    """A refund that two officers decided was paid to the recipient; the funding account is debited."""

    type = "obligations.refund-paid.v1"
    claim_id: UUID
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    refund_id: UUID
    amount: Amount
    paid_on: date
    bank_reference: str
    proposed_by: str
    approved_by: str
