"""What the API takes and shows of tranches."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from grants.tranches.model import Document, Tranche, TrancheStatus
from shared.values.dates import Day
from shared.values.documents import DocumentReference, Sha256
from shared.values.money import Money
from shared.values.text import Reference, ShortText


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TrancheRequest(_Body):
    """The documents on which the recipient asks for the tranche."""

    documents: Annotated[list[DocumentReference], Field(min_length=1, max_length=100)]

    def read(self) -> list[Document]:
        """The same for the command."""
        return [Document(**document.model_dump()) for document in self.documents]


class Approval(_Body):
    """What is approved: the content as the approver has read it."""

    content: Sha256


class Disbursement(_Body):
    """A payment that the bank made."""

    disbursed_on: Day
    bank_reference: Reference


class Reversal(_Body):
    """A payment that the bank returned."""

    reversed_on: Day
    bank_reference: Reference
    reason: ShortText


class Cancellation(_Body):
    """Why the tranche will not be paid."""

    reason: ShortText


class Replacement(_Body):
    """When the returned money is to be paid anew."""

    planned_on: Day


class TrancheView(BaseModel):
    """A tranche. `content` is what a proposal and an approval are of; amounts in tenge."""

    id: UUID
    agreement_id: UUID
    number: int
    amount: Money
    planned_on: date
    replaces: UUID | None
    status: TrancheStatus
    due_on: date | None = Field(description="The last day of the review, then of the payment; absent else.")
    due_calendar: str | None = Field(description="The version of the working calendar that the day was computed with.")
    overdue: bool
    revision: int
    documents: list[Document]
    content: str
    requested_at: datetime | None
    proposed_by: str | None
    proposed_at: datetime | None
    approved_by: str | None
    approved_at: datetime | None
    disbursed_on: date | None
    bank_reference: str | None
    reversed_on: date | None
    reversal_reference: str | None
    cancelled_on: date | None
    reason: str | None

    @classmethod
    def of(cls, tranche: Tranche, today: date) -> Self:
        """The view of a tranche as of a local day."""
        shown = {name: getattr(tranche, name) for name in cls.model_fields if name not in {"documents", "overdue"}}
        overdue = tranche.due_on is not None and today > tranche.due_on
        return cls(
            **shown, overdue=overdue, documents=[Document.model_validate(document) for document in tranche.documents]
        )
