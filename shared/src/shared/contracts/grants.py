"""The vocabulary of industrial grants before there is an agreement (Law 86-VII, Art. 42)."""

from datetime import date
from uuid import UUID

from shared.contracts.amounts import Amount
from shared.contracts.event import Event


class CallOpened(Event):
    """Applications are taken from `opens_on` to the end of `closes_on`, within a budget."""

    type = "grants.call-opened.v1"
    call_id: UUID
    title: str
    budget: Amount
    opens_on: date
    closes_on: date


class ApplicationSubmitted(Event):
    """A company asked for a grant."""

    type = "grants.application-submitted.v1"
    application_id: UUID
    call_id: UUID
    number: str
    recipient_id: UUID
    requested: Amount
    submitted_on: date


class ApplicationReturned(Event):
    """The application went back with remarks, to be corrected by the end of `correct_until`."""

    type = "grants.application-returned.v1"
    application_id: UUID
    recipient_id: UUID
    remarks: int
    correct_until: date


class ApplicationCorrected(Event):
    """The applicant answered the remarks."""

    type = "grants.application-corrected.v1"
    application_id: UUID
    recipient_id: UUID


class ApplicationCompleted(Event):
    """The application is complete and goes to examination."""

    type = "grants.application-completed.v1"
    application_id: UUID
    recipient_id: UUID


class ApplicationExamined(Event):
    """The experts have scored; the commission may decide."""

    type = "grants.application-examined.v1"
    application_id: UUID
    recipient_id: UUID
    score: str


class HearingOpened(Event):
    """The answer will be no: the applicant is heard until the end of `hearing_until` (APPC, Art. 73)."""

    type = "grants.hearing-opened.v1"
    application_id: UUID
    recipient_id: UUID
    hearing_until: date


class ApplicationApproved(Event):
    """The commission said yes, to this amount."""

    type = "grants.application-approved.v1"
    application_id: UUID
    recipient_id: UUID
    approved: Amount


class ApplicationRefused(Event):
    """The commission said no, on one of the four grounds of Art. 25(5), (6)."""

    type = "grants.application-refused.v1"
    application_id: UUID
    recipient_id: UUID
    ground: str
    reason: str


class ApplicationAnnulled(Event):
    """The application ended without a decision: not corrected in time, or withdrawn."""

    type = "grants.application-annulled.v1"
    application_id: UUID
    recipient_id: UUID
    reason: str


class AgreementOffered(Event):
    """The grant agreement lies ready for signature until the end of `expires_on`."""

    type = "grants.agreement-offered.v1"
    agreement_id: UUID
    application_id: UUID
    recipient_id: UUID
    amount: Amount
    expires_on: date


class OfferLapsed(Event):
    """The offer was not signed in time; the commitment is released."""

    type = "grants.offer-lapsed.v1"
    agreement_id: UUID
    recipient_id: UUID


class TrancheRequested(Event):
    """The recipient asked for a planned tranche, with its documents."""

    type = "grants.tranche-requested.v1"
    agreement_id: UUID
    tranche_id: UUID
    recipient_id: UUID
    amount: Amount


class TrancheApproved(Event):
    """A second person approved the payment of a tranche."""

    type = "grants.tranche-approved.v1"
    agreement_id: UUID
    tranche_id: UUID
    recipient_id: UUID
    amount: Amount
    proposed_by: str
    approved_by: str


class FundsAllocated(Event):
    """Budget money was entered in a funding account."""

    type = "grants.funds-allocated.v1"
    account_id: UUID
    amount: Amount
    allocated_on: date
    bank_reference: str


class YearClosed(Event):
    """The account's year ended; its free balance is carried over (Law 86-VII, Art. 42(5))."""

    type = "grants.year-closed.v1"
    account_id: UUID
    year: int
    carried_over: Amount
