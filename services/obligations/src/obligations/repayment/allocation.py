"""Where a repayment goes: the interest of all tranches, then principal, oldest first, or the reverse by the rule."""

from dataclasses import dataclass

from obligations.repayment.facts import Repayment
from obligations.repayment.rules import Allocation
from obligations.repayment.standing import Standing


@dataclass(frozen=True, slots=True)
class Allocated:
    """One repayment in tiyn: what it covered, and what was left over and stays so."""

    repayment: Repayment
    interest: int
    principal: int
    overpaid: int


def allocate(
    repayment: Repayment,
    amount: int,
    interest_due: int,
    tranches: list[Standing],
    order: Allocation,
) -> Allocated:
    """Lay a repayment against what is due on its day, and mark the tranches it repays.

    It reaches the tranches disbursed by its day, that day included; of two tranches of one day the first given is the
    older.
    """
    rest = amount
    interest = principal = 0
    if order is Allocation.INTEREST_FIRST:
        interest = min(rest, interest_due)
        rest -= interest
    for tranche in sorted(tranches, key=lambda t: t.on):
        if tranche.on <= repayment.on:
            part = min(rest, tranche.owed)
            tranche.repaid += part
            principal += part
            rest -= part
    if order is Allocation.PRINCIPAL_FIRST:
        interest = min(rest, interest_due)
        rest -= interest
    return Allocated(repayment, interest, principal, rest)
