"""What a claim refuses, and what the caller can do about it."""

from shared.refusals import Conflict, NotFound, RuleBroken


class ClaimNotFound(NotFound):
    """There is no such claim, or none that this caller may see."""

    title = "There is no such claim"
    detail = "No claim {id} is known here."
    remedy = "Look the claim up in the list of claims, /v1/claims."


class ClaimVersionNotFound(NotFound):
    """The claim had no such version, or none yet on the day asked about."""

    title = "The claim has no such version"
    detail = "The claim has no version {wanted}."
    remedy = "Look the versions up, /v1/claims/{{id}}/versions."


class ClaimNotCalculated(Conflict):
    """Only a claim that stands calculated, and was not yet told, is notified."""

    title = "The claim does not stand calculated"
    detail = "The claim is {status}; a recipient is told of a claim that is calculated."
    remedy = "Read the claim again; a claim that was told already needs no second notification."


class ClaimNotNotified(Conflict):
    """A demand follows upon a notification."""

    title = "The recipient has not been told of the claim"
    detail = "The claim is {status}; only a claim that was notified is demanded."
    remedy = "Notify the recipient and wait for the end of the hearing."


class ClaimNotDemanded(Conflict):
    """Only a demand is complained of."""

    title = "The claim is not demanded"
    detail = "The claim is {status}; a complaint is about a demand."
    remedy = "Before a demand, speak in the hearing or correct the report."


class ClaimNotDisputed(Conflict):
    """There is no complaint to decide."""

    title = "The claim is not disputed"
    detail = "The claim is {status}; no complaint is open."
    remedy = "Read the claim again."


class ClaimWithoutFigures(RuleBroken):
    """The current version bears a refusal instead of figures."""

    title = "The claim has no figures"
    detail = "The claim could not be calculated: {reason}"
    remedy = "Supply what is missing; the claim is then calculated anew."


class ClaimClosed(Conflict):
    """A settled or cancelled claim has nothing left to calculate, suspend or tell."""

    title = "The claim is closed"
    detail = "The claim is {status}; nothing is owed."
    remedy = "A new fact opens the claim again by itself."


class AsOfOutsideFacts(RuleBroken):
    """A version would leave out a fact, or look into the future."""

    title = "A version cannot be made as of that day"
    detail = "The claim can be calculated as of {first} to {last}, not as of {as_of}."
    remedy = "Ask for a payoff quote to see another day's figures."
    field = "/as_of"


class DayNotReached(RuleBroken):
    """What will be known on a day to come is not known now."""

    title = "That day has not come"
    detail = "{day} lies after today, {today}."
    remedy = "Give a day up to today."


class SuspensionEndsBeforeItBegins(RuleBroken):
    """The last day lies before the first."""

    title = "The suspension ends before it begins"
    detail = "The suspension would run from {first} to {last}."
    remedy = "Give the first day before the last."
    field = "/to"


class YearsOutOfStep(Conflict):
    """Another year's claim of the agreement has not yet taken in a fact that moved money between the years."""

    title = "Another year's claim is not up to date"
    detail = "The agreement's years have changed; the claims of all of them are being calculated anew."
    remedy = "Send the same request again a little later."
    retry_after = 2


class RecalculationPending(Conflict):
    """A rate has changed, and the claims of the agreement are yet to be calculated by it."""

    title = "The claim is being calculated anew"
    detail = "The claims of the agreement are being looked at because of {trigger}; their figures may change."
    remedy = "Send the same request again a little later."
    retry_after = 2
