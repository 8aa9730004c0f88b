"""What fulfilment refuses: a target, a weight or a value of which no level can be made."""

from shared.refusals import RuleBroken


class TargetOfZero(RuleBroken):
    """A level is measured against its target, and a target of zero or less is no measure."""

    title = "The target is zero"
    detail = "A level is measured against its target; the target is {target}."
    remedy = "Correct the target of the obligation."
    field = "/target"


class BaselineMissing(RuleBroken):
    """Growth is measured from a baseline."""

    title = "The baseline is missing"
    detail = "Growth towards {target} is measured from a baseline, and there is none."
    remedy = "Give the baseline of the obligation."
    field = "/baseline"


class TargetNotBeyondBaseline(RuleBroken):
    """Growth needs a target beyond its baseline, in the direction that counts as better."""

    title = "The target does not lie beyond the baseline"
    detail = "The target is {target} and the baseline {baseline}; {better} is better."
    remedy = "Correct the target or the baseline of the obligation."
    field = "/target"


class AchievedBelowZero(RuleBroken):
    """An indicator to keep low has no level below zero."""

    title = "The achieved value is below zero"
    detail = "The achieved value is {achieved}; an indicator to keep low, measured by level, cannot be below zero."
    remedy = "Correct the reported value."
    field = "/achieved"


class WeightNotPositive(RuleBroken):
    """An obligation without weight says nothing about its year."""

    title = "A weight is above zero"
    detail = "The weight of an obligation is {weight}."
    remedy = "Give each obligation of the year a weight above zero."
    field = "/weights"


class NothingToWeigh(RuleBroken):
    """A year without obligations has no fulfilment; a sum without weights has no parts."""

    title = "There is nothing to weigh"
    detail = "At least one weight above zero is needed."
    remedy = "Name what the year or the sum is divided among."
    field = "/weights"


class TrancheAfterLastYear(RuleBroken):
    """No reporting year stands for money paid after the last of them."""

    title = "The tranche was paid after the last reporting year"
    detail = "The tranche is of {on}; the last reporting year ends on {last}."
    remedy = "Add a reporting year that ends on or after that day, by an addendum."
    field = "/on"


class AmountNegative(RuleBroken):
    """A sum below zero cannot be allotted."""

    title = "A sum below zero cannot be allotted"
    detail = "The amount is {amount}."
    remedy = "Give an amount of zero or more, to the tiyn."
    field = "/amount"
