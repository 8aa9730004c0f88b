"""What is refused about base rates, and what the caller can do about it."""

from collections.abc import Sequence

from shared.http.fields import MOST_ERRORS, FieldError, FieldsNamed
from shared.refusals import Conflict, NotFound, RuleBroken


class BaseRateNotFound(NotFound):
    """There is no such rate."""

    title = "There is no such base rate"
    detail = "No base rate {id} is known."
    remedy = "Take the id from the list of base rates."


class RateSuperseded(Conflict):
    """A correction has taken the row's place."""

    title = "The base rate has been corrected"
    detail = "The rate of {effective_from} was replaced at {known_until}."
    remedy = "Read the list again and work on the row that is known now."


class RateKnownAlready(Conflict):
    """A rate takes effect on that day already."""

    title = "A base rate of that day is known"
    detail = "A base rate that takes effect on {effective_from} is known."
    remedy = "Where it is wrong, correct it and give the reason."


class RateKnownOtherwise(Conflict):
    """A file says of a known day something else than is known."""

    title = "Another base rate of that day is known"
    detail = "Of {effective_from}, {percent} percent is known; correct it and give the reason."


class ConfirmedRateHolds(Conflict):
    """A file brings a rate for days on which a confirmed one holds."""

    title = "A confirmed base rate holds on that day"
    detail = "On {effective_from} the rate of {since} holds, which two people have confirmed."
    remedy = "Enter the missing rate by itself, or correct the confirmed one and give the reason."


class RateBeforeAnnouncement(RuleBroken):
    """A rate cannot take effect before it is announced, nor be announced in the future."""

    title = "The day of announcement does not fit"
    detail = "A rate in force from {effective_from} cannot have been announced on {announced_on}, as of {today}."
    remedy = "Give the day of the National Bank's decision."
    field = "/announced_on"


class CorrectionChangesNothing(RuleBroken):
    """A correction must say something else than what is known."""

    title = "The correction changes nothing"
    detail = "The rate of {effective_from} is {percent} percent already."
    remedy = "Give what is right, or leave the rate as it is."


class CoverageShrinks(RuleBroken):
    """What was known stays known."""

    title = "Base rates are known further than that"
    detail = "Base rates are known up to {known}; {asked} is not later."
    remedy = "Give a later day."
    field = "/known_until"


class ImportRefused(RuleBroken, FieldsNamed):
    """Nothing was imported: some rows are wrong, each is named by its line."""

    title = "Nothing was imported"
    detail = "The file has {count} errors. The first: {first}"
    remedy = "Correct the named rows and import the whole file again; it is taken whole or not at all."

    def __init__(self, errors: Sequence[FieldError]) -> None:
        self.errors = tuple(errors[:MOST_ERRORS])
        super().__init__(count=len(errors), first=errors[0].message)
