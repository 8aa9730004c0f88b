"""The vocabulary of export cost reimbursement before there is an agreement (Law 86-VII, Art. 38(1)(1))."""

from datetime import date
from uuid import UUID

from shared.contracts.amounts import Amount
from shared.contracts.event import Event


class CallOpened(Event):
    """Requests are taken from `opens_on` to the end of `closes_on`, within a budget."""

    type = "export-support.call-opened.v1"
    call_id: UUID
    title: str
    budget: Amount
    opens_on: date
    closes_on: date


class RequestSubmitted(Event):
    """A company signed a request for reimbursement; `number` is its place in the order of signatures."""

    type = "export-support.request-submitted.v1"
    request_id: UUID
    call_id: UUID
    number: str
    recipient_id: UUID
    lines: int
    estimated: Amount
    submitted_on: date


class RequestWithdrawn(Event):
    """A company took its request back; the documents of its costs are free again."""

    type = "export-support.request-withdrawn.v1"
    request_id: UUID
    call_id: UUID
    number: str
    recipient_id: UUID
