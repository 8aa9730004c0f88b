"""What is refused about a file of cost lines: each thing wrong by sheet, row and column; nothing of it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.http.fields import IN_FILE, MOST_ERRORS, FieldError, FieldsNamed, pointer
from shared.refusals import RuleBroken
from shared.values.wrong import Words

PLACE = "Sheet {sheet}, row {row}, column {column}: found {found}; wanted {wanted}."
PLACE_OF_ROW = "Sheet {sheet}, row {row}: found {found}; wanted {wanted}."
PLACE_OF_SHEET = "Sheet {sheet}: found {found}; wanted {wanted}."


@dataclass(frozen=True, slots=True)
class SheetError:
    """One thing wrong: `row` 0 is the sheet as a whole, an empty `sheet` the file, an empty `column` the row."""

    sheet: str
    row: int
    column: str
    found: str
    wanted: str

    @property
    def said(self) -> Words:
        """The error in a sentence, with its place."""
        form = PLACE if self.column else PLACE_OF_ROW if self.row else PLACE_OF_SHEET if self.sheet else IN_FILE
        return Words(
            form,
            sheet=self.sheet,
            row=self.row,
            column=self.column,
            found=_words(self.found),
            wanted=_words(self.wanted),
        )

    def named(self) -> FieldError:
        """The error as the edge names it."""
        place = [part for part in (self.sheet, self.row, self.column) if part]
        return FieldError("body", pointer(place), self.said, found=self.found, wanted=self.wanted)


def _words(text: str) -> str:
    return text if isinstance(text, Words) or "{" in text or text.startswith('"') else Words(text)


class LinesFileRefused(RuleBroken, FieldsNamed):
    """The file has errors; nothing of it was taken."""

    title = "The file of lines was not imported"
    detail = "The file has {count} errors; nothing of it was taken. The first: {first}"
    remedy = "Correct the cells named and import the whole file again."

    def __init__(self, errors: Sequence[SheetError]) -> None:
        self.errors = tuple(error.named() for error in errors[:MOST_ERRORS])
        super().__init__(count=len(errors), first=errors[0].said)
