"""Refusals of dated lists and parameters: an unknown value is named, never guessed."""

from collections.abc import Sequence

from shared.http.fields import MOST_ERRORS, FieldsNamed
from shared.reference.cells import CellError
from shared.refusals import Conflict, NotFound, RuleBroken


class ParameterUnknown(RuleBroken):
    """No value of this parameter is known for the day."""

    title = "A parameter has no value for this day"
    detail = "No value of {name} is known for {on}."
    remedy = "Import a value of the parameter that is in force on that day."


class EntryUnknown(RuleBroken):
    """The list has no such key on the day."""

    title = "Not on the list on this day"
    detail = "The list {list_name} has no entry {key} on {on}."
    remedy = "Check the key and the day, or import the entry."


class ListUnknown(NotFound):
    """No list of this name is defined."""

    title = "No such list"
    detail = "There is no list {list_name}; known are {known}."


class ListFileRefused(RuleBroken, FieldsNamed):
    """The file has errors, each named by line and column; nothing of it was taken."""

    title = "The file was not imported"
    detail = "The file for {list_name} has {count} errors; nothing of it was taken. The first: {first}"
    remedy = "Correct the cells named and import the whole file again."

    def __init__(self, errors: Sequence[CellError], *, list_name: str) -> None:
        self.errors = tuple(error.named() for error in errors[:MOST_ERRORS])
        super().__init__(list_name=list_name, count=len(errors), first=errors[0].said)


class ReferenceRowNotFound(NotFound):
    """There is no such dated row."""

    title = "No such row"
    detail = "There is no row {row_id} in the lists and parameters."


class ReferenceRowSuperseded(Conflict):
    """The row was corrected or withdrawn; only what is known today can be confirmed."""

    title = "The row was superseded"
    detail = "The row {row_id} was superseded at {known_to}."
    remedy = "Look at the row that took its place."


class KnownLater(Conflict):
    """The clock stands before the moment at which a row became known."""

    title = "Known only later"
    detail = "A row of {list_name} became known at {known_from}, after {at}: it cannot be superseded before that."
    remedy = "Check the clock."


class WithdrawalProposedAlready(Conflict):
    """A row's withdrawal is proposed once."""

    title = "The withdrawal is proposed already"
    detail = "The withdrawal of the row {row_id} was proposed before."
    remedy = "A second person approves or rejects it; who proposed it may take it back."


class WithdrawalNotProposed(Conflict):
    """A withdrawal is approved after somebody has proposed it."""

    title = "No withdrawal is proposed"
    detail = "Nobody has proposed to withdraw the row {row_id}."
    remedy = "Propose it first, with the reason."
