"""What the agreement says no to, and why."""

from shared.refusals import Conflict, NotFound, RuleBroken


class AgreementNotFound(NotFound):
    """There is no such agreement, or none that this caller may see."""

    title = "There is no such agreement"
    remedy = "Look the agreement up in the list of agreements."


class AgreementNotOffered(Conflict):
    """Only an offer that lies ready can be signed or lapse."""

    title = "The agreement is not on offer"
    detail = "The agreement is {status}; only an offer can be signed."
    remedy = "Read the agreement to see where it stands."


class AgreementNotSigned(Conflict):
    """Only an agreement in force can be amended, completed, terminated or paid."""

    title = "The agreement is not in force"
    detail = "The agreement is {status}; this wants one that is signed."
    remedy = "Read the agreement to see where it stands."


class SignatureTooLate(RuleBroken):
    """An offer can be signed until the end of its last day."""

    title = "The offer has lapsed"
    detail = "The offer could be signed until the end of {expires_on}."
    remedy = "Ask the institute for a new offer."


class OfferStillOpen(Conflict):
    """An offer lapses when its last day is over."""

    title = "The offer has not lapsed"
    detail = "The offer can be signed until the end of {expires_on}."
    remedy = "Wait until the last day is over."


class TermsInconsistent(RuleBroken):
    """The counter-obligations, years or tranches of the offer contradict each other."""

    title = "The terms contradict each other"
    remedy = "Correct the terms and offer again."


class TranchesDoNotSum(TermsInconsistent):
    """The planned tranches make up the whole amount, to the tiyn."""

    detail = "The tranches come to {sum} tenge, the grant is {amount} tenge."
    field = "/tranches"


class TooManyTranches(TermsInconsistent):
    """The rules allow so many tranches."""

    detail = "{count} tranches are planned, at most {most} are allowed: {source}."
    field = "/tranches"


class AdvanceTooHigh(TermsInconsistent):
    """The rules allow so large a share in advance."""

    detail = "The first tranche is {advance} tenge, at most {percent} % of the grant are paid in advance: {source}."
    field = "/tranches"


class TranchesOutOfOrder(TermsInconsistent):
    """Tranches are planned one after the other, none before the offer."""

    detail = "The tranche {number} is planned on {planned_on}, before {earliest}."
    field = "/tranches"


class YearsInconsistent(TermsInconsistent):
    """Reporting years are distinct, and each of them has an obligation."""

    detail = "The reporting years {years} do not fit the years of the obligations or of the weights."
    field = "/reporting_years"


class YearBeyondCalendar(TermsInconsistent):
    """A year's report falls due in working days of the year after, which the calendar must know."""

    detail = "The report of {year} is due in the year after it, but the working calendar ends on {last_day}."
    remedy = "Agree on earlier years, or let an operator import the holidays of the year after."
    field = "/reporting_years"


class TargetUndefined(TermsInconsistent):
    """Fulfilment cannot be calculated: a target of zero, or growth that does not lead from baseline to target."""

    detail = "The fulfilment of the indicator {indicator} is not defined by its target and baseline."
    field = "/obligations"


class IndicatorTwice(TermsInconsistent):
    """An indicator has one target in a reporting year; in another year it may have another."""

    detail = "The indicator {indicator} stands twice in {year}."
    field = "/obligations"


class WeightsNotOne(TermsInconsistent):
    """The weights of a year's indicators are their parts of the whole: they make up 1, exactly."""

    detail = "The weights of the indicators of {year} come to {sum}, not to 1."
    field = "/obligations"


class AgreementUnsettled(Conflict):
    """An agreement is completed when everything is done: paid or cancelled, evaluated, reported, and no hold open."""

    title = "The agreement is not settled"
    detail = (
        "Still open: {tranches} tranches, {causes} causes of a hold, {obligations} obligations, {reports} reports on"
        " the project's plan."
    )
    remedy = (
        "Pay or cancel the tranches; wait for the obligations to be evaluated, the claims to be settled and the"
        " reports, the closing one last, to be accepted."
    )


class NothingAmended(RuleBroken):
    """An addendum changes something."""

    title = "The addendum changes nothing"
    detail = "The obligations and the rule set are the same as before."
    remedy = "Send the terms as they shall be from now on."


class YearClosedForAddendum(RuleBroken):
    """An addendum replaces the counter-obligations of reporting years that are not closed yet."""

    title = "The reporting year is over"
    detail = "The obligations of {year} can no longer be changed: the year is over."
    remedy = "Leave the obligations of past years as they are."
