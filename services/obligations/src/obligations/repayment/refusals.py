"""What a calculation refuses, and what the caller can do about it: nothing is guessed, nothing is extrapolated."""

from shared.refusals import RuleBroken


class RateUnknown(RuleBroken):
    """A day that bears interest has no known base rate."""

    title = "The base rate is not known"
    detail = "No base rate is known for {day}."
    remedy = "Import the base rate of that day, or ask as of an earlier day."
    field = "/rates"


class TwoRatesOfOneDay(RuleBroken):
    """Two rates claim the same day."""

    title = "Two base rates of one day"
    detail = "Two base rates take effect on {day}."
    remedy = "Leave one rate for that day."
    field = "/rates"


class PercentNegative(RuleBroken):
    """A base rate below zero, or one that is no number."""

    title = "A base rate is a percentage of zero or more"
    detail = "The rate of {day} is {percent} percent."
    remedy = "Give a percentage of zero or more."
    field = "/rates"


class CombinationUndefined(RuleBroken):
    """Two rules that are not defined together."""

    title = "These rules are not defined together"
    detail = "{first} = {first_value} is not defined together with {second} = {second_value}."
    remedy = "Change one of the two rules."
    field = "/rules"


class CompoundingWithRepayments(RuleBroken):
    """How a repayment meets interest that has joined the base is not defined."""

    title = "Compounding is not defined together with repayments"
    detail = "compounding = annual is not defined for a case with {count} repayments."
    remedy = "Choose compounding = none, or calculate without the repayments."
    field = "/rules/compounding"


class TrancheMissing(RuleBroken):
    """Nothing was paid, so nothing can return."""

    title = "There is no tranche"
    detail = "A calculation needs at least one tranche."
    remedy = "Give the tranches that were paid."
    field = "/tranches"


class AsOfBeforeTranche(RuleBroken):
    """A question about a day on which a tranche had not been paid."""

    title = "The day asked about lies before a tranche"
    detail = "Tranche {tranche} was paid on {on}, after {as_of}."
    remedy = "Ask as of {on} or later, or leave that tranche out."
    field = "/as_of"


class RepaymentOutsideTerm(RuleBroken):
    """Money that came back before any was paid, or after the day asked about."""

    title = "A repayment lies outside the time between the first tranche and the day asked about"
    detail = "Repayment {repayment} is of {on}; the term is {first} to {as_of}."
    remedy = "Correct the day of the repayment, or leave it out."
    field = "/repayments"


class SuspensionReversed(RuleBroken):
    """A suspension that ends before it begins."""

    title = "A suspension ends before it begins"
    detail = "Suspension {suspension} runs from {first} to {last}."
    remedy = "Give the first day before the last."
    field = "/suspensions"


class FulfilmentTooPrecise(RuleBroken):
    """A fulfilment with more decimals than it is ever rounded to."""

    title = "Fulfilment has at most six decimals"
    detail = "The fulfilment {fulfilment} has more than six decimals."
    remedy = "Round it half up to six decimals."
    field = "/fulfilment"


class FulfilmentOutOfRange(RuleBroken):
    """A fulfilment below nothing or above all."""

    title = "Fulfilment lies between 0 and 1"
    detail = "The fulfilment is {fulfilment}."
    remedy = "Give a fulfilment from 0 to 1."
    field = "/fulfilment"


class AmountNotMoney(RuleBroken):
    """An amount that is negative, no number, or finer than a tiyn; for a repayment, zero too."""

    title = "An amount is not a sum of money"
    detail = "The amount {amount} is negative, nothing, or finer than a tiyn."
    remedy = "Give an amount in tenge with at most two decimals."


class SegmentsTooMany(RuleBroken):
    """A question whose answer would have more lines than anybody redoes by hand."""

    title = "The calculation has too many segments"
    detail = "The answer would have more than {most} segments."
    remedy = "Ask about fewer tranches at once, or a shorter time: the answers add up."
    field = "/tranches"


class PeriodEndMissing(RuleBroken):
    """Interest is to run from the end of a period that is not named."""

    title = "The end of the period is not known"
    detail = "Interest runs from the end of the reporting period, and the question does not name it."
    remedy = "Name the last day of the period, or let interest run from the disbursement or from a day."
    field = "/period_end"


class SumTooLarge(RuleBroken):
    """A sum beyond what money is here: more than fifteen digits of tenge."""

    title = "A sum is larger than money can be"
    detail = "A sum of the calculation has more than {digits} digits of tenge."
    remedy = "Give smaller amounts or lower rates, or ask as of an earlier day."
    field = "/tranches"
