"""Laws of the calculation that hold whatever the figures are, tried on an implementation by asking it twice."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.conformance.asking import Ask, Question, Said
from tests.conformance.definitions import rules_of

Law = Callable[[Ask, Question], None]
TIYN = Fraction(1, 100)


class Broken(Exception):
    """The law does not hold here; the argument says how."""


def applies(name: str, question: Question) -> bool:
    """Whether a law speaks of such a question."""
    if not question["rates"]:
        return False
    rules = rules_of(question)
    if name in NOT_OF_THE_CLAIM_DATE and rules["rate_pick"] == "claim_date":
        return False
    if name == SPLIT and (rules["compounding"] == "annual" or rules["segments"] == "outstanding"):
        return False
    return name != NO_DAYS or rules["day_inclusion"] == "first_in_last_out"


def interest(ask: Ask, question: Question) -> Fraction:
    """The interest of a question; `Broken` where it is refused."""
    return Fraction(figures(ask, question)["interest"])


def figures(ask: Ask, question: Question) -> Said:
    """The answer to a question that has one."""
    said = ask(question)
    if "refused" in said:
        raise Broken(f"refused as {said['refused']!r}")
    return said


def plain(question: Question) -> Question:
    """The question without payments, rounded once and down, so that figures can be compared."""
    rules = {**question["rules"], "rounding": {"mode": "down", "scope": "total", "unit": "0.01"}}
    return {**question, "repayments": [], "rules": rules}


def moved(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()


def demand(holds: bool, told: str) -> None:
    if not holds:
        raise Broken(told)


def a_rate_of_zero_bears_nothing(ask: Ask, question: Question) -> None:
    idle = [{**rate, "percent": "0.00"} for rate in question["rates"]]
    demand(interest(ask, {**question, "rates": idle}) == 0, "interest at a rate of zero")


def no_days_bear_nothing(ask: Ask, question: Question) -> None:
    tranche = {**question["tranches"][0], "on": question["as_of"]}
    only = {**question, "tranches": [tranche], "repayments": []}
    demand(interest(ask, only) == 0, "interest on the day of the tranche")


def full_fulfilment_returns_nothing(ask: Ask, question: Question) -> None:
    said = figures(ask, {**question, "fulfilment": "1", "rates": []})
    demand(said["total"] == "0.00", f"{said['total']} returns at K = 1")


def a_suspension_over_all_leaves_nothing(ask: Ask, question: Question) -> None:
    always = {"from": "2010-01-01", "to": "2040-01-01"}
    demand(interest(ask, {**question, "suspensions": [always], "rates": []}) == 0, "interest in a suspension")


def interest_does_not_fall_when_rates_rise(ask: Ask, question: Question) -> None:
    asked = plain(question)
    higher = [{**rate, "percent": str(Decimal(rate["percent"]) + Decimal("1.25"))} for rate in asked["rates"]]
    demand(interest(ask, {**asked, "rates": higher}) >= interest(ask, asked), "less interest at higher rates")


def interest_does_not_fall_when_a_tranche_grows(ask: Ask, question: Question) -> None:
    asked = plain(question)
    first, *others = asked["tranches"]
    whole, _, tiyn = first["amount"].partition(".")
    grown = {**first, "amount": f"{int(whole) + 1000}.{tiyn}"}
    demand(interest(ask, {**asked, "tranches": [grown, *others]}) >= interest(ask, asked), "less on a larger tranche")


def interest_and_principal_do_not_fall_when_less_is_fulfilled(ask: Ask, question: Question) -> None:
    asked = plain(question)
    more, less = figures(ask, {**asked, "fulfilment": "0.25"}), figures(ask, {**asked, "fulfilment": "0.75"})
    for name in ("interest", "principal"):
        demand(Fraction(more[name]) >= Fraction(less[name]), f"less {name} for a larger shortfall")


def interest_does_not_fall_with_days(ask: Ask, question: Question) -> None:
    asked = plain(question)
    later = {**asked, "as_of": moved(asked["as_of"], 45)}
    demand(interest(ask, later) >= interest(ask, asked), "less interest 45 days later")


def a_repeated_rate_changes_nothing(ask: Ask, question: Question) -> None:
    last = max(question["rates"], key=lambda rate: str(rate["effective_from"]), default=None)
    if last is not None:
        repeated = [*question["rates"], {**last, "effective_from": moved(last["effective_from"], 3)}]
        said, again = figures(ask, question), figures(ask, {**question, "rates": repeated})
        demand(said["total"] == again["total"], "another total with a rate repeated three days later")


def what_is_paid_on_the_day_of_the_tranche_has_not_accrued(ask: Ask, question: Question) -> None:
    tranche = question["tranches"][0]
    rules = {**question["rules"], "day_inclusion": "first_in_last_out", "compounding": "none"}
    asked = {**question, "tranches": [tranche], "repayments": [], "rules": rules}
    due = figures(ask, asked)["principal"]
    if Fraction(due):
        said = figures(ask, {**asked, "repayments": [{"amount": due, "on": tranche["on"]}]})
        demand(
            (said["interest"], said["outstanding"]["total"]) == ("0.00", "0.00"), "interest on what was paid at once"
        )


def a_span_split_at_a_day_adds_up(ask: Ask, question: Question) -> None:
    asked = {**plain(question), "tranches": question["tranches"][:1]}
    first, last = (date.fromisoformat(text) for text in (asked["tranches"][0]["on"], asked["as_of"]))
    given = rules_of(asked)["accrual_from"]
    named = {
        "disbursement": first.isoformat(),
        "period_end": asked.get("period_end"),
        "demand": asked.get("demanded_on"),
    }
    first = max(first, date.fromisoformat(named.get(given, given) or "9999-01-01"))
    cut = first + (last - first) / 2
    if not first < cut < last:
        return
    until = cut - timedelta(days=1) if rules_of(asked)["day_inclusion"] == "both_in" else cut
    before = interest(ask, {**asked, "as_of": until.isoformat()})
    after = interest(ask, {**asked, "rules": {**asked["rules"], "accrual_from": cut.isoformat()}})
    rest = interest(ask, asked) - before - after
    demand(0 <= rest <= TIYN, f"split at {cut}, {float(rest)} is left over")


def a_corrected_rate_leaves_the_old_answer_as_it_was(ask: Ask, question: Question) -> None:
    corrected = [{**rate, "percent": "13.37"} for rate in question["rates"]]
    before, _, after = figures(ask, question), ask({**question, "rates": corrected}), figures(ask, question)
    demand(before["total"] == after["total"], "another answer after a question with corrected rates")


def what_was_repaid_is_accounted_for(ask: Ask, question: Question) -> None:
    said = figures(ask, question)
    paid, left = said["paid"], said["outstanding"]
    covered = sum(Fraction(part) for part in (paid["principal"], paid["interest"], said["overpaid"]))
    given = sum((Fraction(part["amount"]) for part in question.get("repayments", [])), Fraction(0))
    demand(covered == given, "what came back is not what was covered and left over")
    for name in ("principal", "interest"):
        demand(Fraction(said[name]) - Fraction(paid[name]) == Fraction(left[name]) >= 0, f"{name} does not add up")


def _spoken(law: Law) -> str:
    return law.__name__.replace("_", " ")


LAWS: dict[str, Law] = {
    _spoken(law): law
    for law in (
        a_rate_of_zero_bears_nothing,
        no_days_bear_nothing,
        full_fulfilment_returns_nothing,
        a_suspension_over_all_leaves_nothing,
        interest_does_not_fall_when_rates_rise,
        interest_does_not_fall_when_a_tranche_grows,
        interest_and_principal_do_not_fall_when_less_is_fulfilled,
        interest_does_not_fall_with_days,
        a_repeated_rate_changes_nothing,
        what_is_paid_on_the_day_of_the_tranche_has_not_accrued,
        a_span_split_at_a_day_adds_up,
        a_corrected_rate_leaves_the_old_answer_as_it_was,
        what_was_repaid_is_accounted_for,
    )
}
NO_DAYS = _spoken(no_days_bear_nothing)
SPLIT = _spoken(a_span_split_at_a_day_adds_up)
NOT_OF_THE_CLAIM_DATE = {_spoken(interest_does_not_fall_with_days), SPLIT}
