"""What a report says, as the recipient writes it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.values.documents import DocumentReference, Slug
from shared.values.money import Money
from shared.values.text import LongText

MOST_LINES = 100


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Spent(_Part):
    """What was spent on a cost item of the budget by the end of the period, in tenge, from whichever source."""

    item: Slug
    amount: Money


class ReportContent(_Part):
    """What was done by the plan, what was spent on it, and the documents that show it."""

    summary: LongText
    spent: Annotated[list[Spent], Field(max_length=MOST_LINES)] = []
    documents: Annotated[list[DocumentReference], Field(max_length=MOST_LINES)] = []
