"""How dated rows are shown: with source, mark and verification, so that a reader sees what a decision rested on."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from shared.reference.cells import columns_of
from shared.reference.confirming import ConfirmationReport
from shared.reference.lists import ListDefinition
from shared.reference.rows import Entry, Parameter
from shared.values.dates import Day, Moment
from shared.values.text import CsvText, Name, Reference, ShortText


class DatedRowView(BaseModel):
    """What every dated row tells of itself."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    effective_from: date
    mark: str = Field(description="law, practice, assumed, sample or unmarked")
    source: str
    known_from: datetime
    known_to: datetime | None = Field(description="When another row took its place.")
    import_id: UUID
    verified: bool
    first_confirmed_at: datetime | None
    second_confirmed_at: datetime | None
    withdrawal_proposed_at: datetime | None
    withdrawal_reason: str | None


class ParameterView(DatedRowView):
    """A value in force from a day until the next one of its name."""

    name: str
    value: str
    unit: str

    @classmethod
    def of(cls, parameter: Parameter) -> "ParameterView":
        """The view of a parameter."""
        return cls.model_validate(parameter)


class EntryView(DatedRowView):
    """A key of a list, with its attributes; `effective_to` is its last day."""

    list_name: str
    key: str
    effective_to: date | None
    attributes: dict[str, str]

    @classmethod
    def of(cls, entry: Entry) -> "EntryView":
        """The view of an entry."""
        return cls.model_validate(entry)


class EntryQuestion(BaseModel):
    """A key and a day. In a body, because the key of the register of producers may be an IIN."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    key: Reference
    on: Day
    known_at: Moment | None = None
    by_longest_prefix: StrictBool = Field(False, description="Match an FEA CN code by its longest heading on the list.")


class EntryAnswer(BaseModel):
    """The entry, or null; `loaded` tells "not on the list" from "nothing is known of this list"."""

    loaded: bool
    entry: EntryView | None


class ColumnView(BaseModel):
    """A column of a list's file; what is not required may be empty or left out."""

    name: str
    required: bool


class ListView(BaseModel):
    """A list that the service keeps: the columns of its files, and whether only the staff reads it."""

    name: str
    columns: list[ColumnView]
    personal: bool

    @classmethod
    def of(cls, name: str, definition: ListDefinition | None) -> "ListView":
        """The view of a list; None are the parameters."""
        cells = [ColumnView(name=cell.name, required=cell.required) for cell in columns_of(definition)]
        return cls(name=name, columns=cells, personal=definition is not None and definition.personal)


class NewImport(BaseModel):
    """A CSV file for a list, or for `parameters`; taken whole or not at all, every row unverified."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    list_name: Name
    csv: CsvText


class NewWithdrawal(BaseModel):
    """Why the row should never have been."""

    model_config = ConfigDict(extra="forbid")

    reason: ShortText


class ReportView(BaseModel):
    """What became of a file; `import_id` is null where it said nothing new."""

    model_config = ConfigDict(from_attributes=True)

    list_name: str
    digest: str = Field(
        description="SHA-256 of the text as it was taken in: line ends as LF, blanks at both ends left out, NFC."
    )
    rows: int
    added: int
    corrected: int
    unchanged: int
    waiting: int = Field(
        description="Values that come in behind a verified one of their parameter: not in force until verified."
    )
    import_id: UUID | None


class ImportView(BaseModel):
    """A file that changed something: who brought it, what it did."""

    import_id: UUID
    list_name: str
    digest: str
    rows: int
    added: int
    corrected: int
    unchanged: int
    imported_by: str | None
    imported_at: datetime

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "ImportView":
        """The view of a stored row."""
        return cls.model_validate({**row, "import_id": row["id"]})


class ImportConfirmationView(BaseModel):
    """What a confirmation of a whole import did: rows confirmed first, verified, and left as they were."""

    model_config = ConfigDict(from_attributes=True)

    import_id: UUID
    first: int
    verified: int
    left: int

    @classmethod
    def of(cls, report: ConfirmationReport) -> "ImportConfirmationView":
        """The view of a report."""
        return cls.model_validate(report)
