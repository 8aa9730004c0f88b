"""The vocabulary of all measures: an agreement and its payments, told the same way by every funding service.

`measure` says which: `industrial-grant`, `cluster-support` or `export-reimbursement`. The partition key of each is the
agreement, so that all about one agreement arrives in the order in which it happened.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.amounts import Amount, Figure
from shared.contracts.event import Event


class Measure(StrEnum):
    """A measure of support (Law 86-VII, Art. 29)."""

    INDUSTRIAL_GRANT = "industrial-grant"
    CLUSTER_SUPPORT = "cluster-support"
    EXPORT_REIMBURSEMENT = "export-reimbursement"


class Direction(StrEnum):
    """What a counter-obligation is about (Law 86-VII, Art. 27(3))."""

    LABOUR_PRODUCTIVITY = "labour-productivity"
    EXPORT = "export-oriented-output"
    DOMESTIC_DEMAND = "domestic-demand"


class TargetMode(StrEnum):
    """How the achieved value is held against the target: as a level, or as growth from a baseline."""

    LEVEL = "level"
    GROWTH = "growth"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ObligationTerm(_Part):
    """One counter-obligation as agreed: an indicator, a target, the reporting years.

    An indicator with other targets in other years stands once for each, under one `term_id`.
    `weight` is its part of the year: those of a year sum to 1, and a reader takes each as its share of their sum (one
    that is void has none). `baseline` stands for `growth` only.
    """

    term_id: UUID
    indicator: str
    direction: Direction
    mode: TargetMode
    lower_is_better: bool = False
    target: Figure
    baseline: Figure | None = None
    unit: str
    weight: Figure
    reporting_years: tuple[int, ...]


class PlannedTranche(_Part):
    """A part of the money as planned in the agreement; `number` counts from 1."""

    tranche_id: UUID
    number: int
    amount: Amount
    planned_on: date


class YearWeight(_Part):
    """The share of each tranche that a reporting year stands for, relative to the other years."""

    year: int
    weight: Figure


class AgreementSigned(Event):
    """State and recipient are bound: the measure on one side, the counter-obligations on the other (Art. 27(1)).

    `rule_set` names the calculation parameters that are frozen from now on. `year_weights` absent means equal weights.
    """

    type = "support.agreement-signed.v1"
    agreement_id: UUID
    number: str
    measure: Measure
    recipient_id: UUID
    amount: Amount
    signed_on: date
    rule_set: str
    obligations: tuple[ObligationTerm, ...]
    tranches: tuple[PlannedTranche, ...]
    year_weights: tuple[YearWeight, ...] | None = None
    region: str | None = None


class AgreementAmended(Event):
    """An addendum replaced the counter-obligations of reporting years not yet closed, or the rule set."""

    type = "support.agreement-amended.v1"
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    amended_on: date
    rule_set: str
    obligations: tuple[ObligationTerm, ...]
    reason: str


class AgreementCompleted(Event):
    """Everything that was agreed has been done or settled; nothing more is paid."""

    type = "support.agreement-completed.v1"
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    completed_on: date


class AgreementTerminated(Event):
    """The agreement ended before its time; nothing more is paid, what has been paid stays under its obligations."""

    type = "support.agreement-terminated.v1"
    agreement_id: UUID
    measure: Measure
    recipient_id: UUID
    terminated_on: date
    reason: str


class TrancheDisbursed(Event):
    """A tranche was paid on a day; interest of a later claim counts from it."""

    type = "support.tranche-disbursed.v1"
    agreement_id: UUID
    tranche_id: UUID
    number: int
    measure: Measure
    recipient_id: UUID
    amount: Amount
    disbursed_on: date
    bank_reference: str


class TrancheReversed(Event):
    """The bank returned a tranche: the money counts as never paid."""

    type = "support.tranche-reversed.v1"
    agreement_id: UUID
    tranche_id: UUID
    measure: Measure
    recipient_id: UUID
    amount: Amount
    reversed_on: date
    bank_reference: str
    reason: str


class TrancheCancelled(Event):
    """A tranche that was not paid will not be; its commitment is released."""

    type = "support.tranche-cancelled.v1"
    agreement_id: UUID
    tranche_id: UUID
    measure: Measure
    recipient_id: UUID
    amount: Amount
    cancelled_on: date
    reason: str


class AgreementHeld(Event):
    """No further tranche is paid while this cause is open; its event (`ce_causationid`) tells when it happened."""

    type = "support.agreement-held.v1"
    agreement_id: UUID
    measure: Measure
    cause_id: UUID
    cause: str


class AgreementReleased(Event):
    """A cause of a hold was closed; `open_causes` counts those that are left."""

    type = "support.agreement-released.v1"
    agreement_id: UUID
    measure: Measure
    cause_id: UUID
    closed_by: str
    open_causes: int


class RepaymentCredited(Event):
    """Returned money was entered in the funding account (that it credits the same account is an assumption)."""

    type = "support.repayment-credited.v1"
    agreement_id: UUID
    measure: Measure
    claim_id: UUID
    amount: Amount
    credited_on: date


class RefundDebited(Event):
    """Money that a claim no longer supports went back to the recipient out of the funding account."""

    type = "support.refund-debited.v1"
    agreement_id: UUID
    measure: Measure
    claim_id: UUID
    amount: Amount
    debited_on: date
